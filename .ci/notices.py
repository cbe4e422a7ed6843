#!/usr/bin/env python3
"""Notices of the third-party code that the binary contains: crates, their licences, and the texts.

Usage:
    notices.py LIST --check    fails where licences/THIRD-PARTY.md does not say what LIST says
    notices.py LIST --update   writes it
    notices.py LIST --texts    prints the licence texts of every crate, for the archives of a release

LIST is the answer of `cargo deny --config .ci/deny.toml list --layout crate --format json` (`-`: standard input).
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "licences" / "THIRD-PARTY.md"
HEAD = """# Third-party notices

The binary contains these crates, unchanged, each under one of its licences. The archives of a release have the texts in
`THIRD-PARTY.txt`. The font of pictures is DejaVu Sans Condensed: [DEJAVU](DEJAVU). Made by `.ci/notices.py`; do not
edit.

| crate | version | licences |
|---|---|---|
"""
# Names under which a crate keeps its licences.
TEXTS = ("licen", "copying", "copyright", "notice", "unlicense")


def shipped():
    """Names and versions of what is compiled into the binary or into a component in it, and where their sources are."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    roots = {"spec-engine", "spec-engine-compose", "spec-engine-d2", "spec-engine-mermaid"}
    waiting = [id for id in metadata["workspace_members"] if packages[id]["name"] in roots]
    seen = set(waiting)
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            is_normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            is_macro = any("proc-macro" in target["kind"] for target in packages[dependency["pkg"]]["targets"])
            if is_normal and not is_macro and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    return [packages[id] for id in seen if packages[id]["source"]]


def listed(path):
    """The licences that cargo-deny found, by name and version."""
    text = sys.stdin.read() if path == "-" else pathlib.Path(path).read_text(encoding="utf-8")
    answer = json.loads(text)
    found = {}
    for crate, said in answer.items():
        name, version = crate.split(" ")[:2]
        found[name, version] = said["licenses"]
    return found


def page(crates):
    rows = (f"| {crate['name']} | {crate['version']} | {', '.join(sorted(crate['licences']))} |\n" for crate in crates)
    return HEAD + "".join(rows)


def texts(crates):
    by_text = {}
    for crate in crates:
        folder = pathlib.Path(crate["manifest_path"]).parent
        found = [file for file in sorted(folder.iterdir()) if file.is_file() and file.name.lower().startswith(TEXTS)]
        label = f"{crate['name']} {crate['version']} ({crate['license'] or 'see below'})"
        if not found:
            by_text.setdefault("This crate has no file with its licence; its manifest names it.\n", []).append(label)
        for file in found:
            text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() + "\n"
            by_text.setdefault(text, []).append(label)
    for text, labels in by_text.items():
        print("=" * 100, *labels, "-" * 100, text, sep="\n")


def main(path, what):
    # What cargo resolves and cargo-deny does not list is compiled for none of the platforms.
    licences = listed(path)
    crates = [
        crate | {"licences": licences[crate["name"], crate["version"]]}
        for crate in sorted(shipped(), key=lambda crate: (crate["name"], crate["version"]))
        if (crate["name"], crate["version"]) in licences
    ]
    without = [crate["name"] for crate in crates if not crate["licences"]]
    if without or len(crates) < 150:
        sys.exit(f"of {len(crates)} crates, these have no licence: {without}; is LIST the answer of cargo-deny?")
    if what == "--texts":
        return texts(crates)
    made = page(crates)
    if what == "--update":
        PAGE.write_text(made, encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != made:
        sys.exit(f"{PAGE.relative_to(ROOT)} is out of date: run this with --update")


if len(sys.argv) != 3 or sys.argv[2] not in ("--check", "--update", "--texts"):
    sys.exit(__doc__)
main(sys.argv[1], sys.argv[2])
