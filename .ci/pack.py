#!/usr/bin/env python3
"""Packs the archive of a release: the binary, manual pages, completions, licences and notices.

Usage: pack.py TARGET BINARIES OUT
"""

import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHELLS = {"bash": "spec-engine.bash", "zsh": "_spec-engine", "fish": "spec-engine.fish"}
SHELLS |= {"powershell": "_spec-engine.ps1", "elvish": "spec-engine.elv"}
TEXTS = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "licences/THIRD-PARTY.md", "licences/DEJAVU"]


def main(target, binaries, out):
    is_windows = "windows" in target
    binary = pathlib.Path(binaries) / ("spec-engine.exe" if is_windows else "spec-engine")
    name = f"spec-engine-{target}"
    files = {binary.name: binary.read_bytes()}
    files |= {pathlib.Path(text).name: (ROOT / text).read_bytes() for text in TEXTS}

    def printed(*arguments):
        return subprocess.run([binary.resolve(), *arguments], check=True, stdout=subprocess.PIPE).stdout

    files["spec-engine.1"] = printed("man")
    files |= {f"completions/{file}": printed("completions", shell) for shell, file in SHELLS.items()}
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    if is_windows:
        with zipfile.ZipFile(out / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files.items():
                archive.writestr(f"{name}/{file}", content)
        return
    with tempfile.TemporaryDirectory() as folder, tarfile.open(out / f"{name}.tgz", "w:gz") as archive:
        for file, content in files.items():
            path = pathlib.Path(folder) / file
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755 if file == "spec-engine" else 0o644)
            entry = archive.gettarinfo(path, f"{name}/{file}")
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = "root"
            with path.open("rb") as opened:
                archive.addfile(entry, opened)


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(*sys.argv[1:])
