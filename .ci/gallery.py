#!/usr/bin/env python3
"""Draws every example in every grouping, light and dark, into one page for people to look at.

    .ci/gallery.py target/debug/spec-engine target/gallery.html
"""

import base64
import html
import pathlib
import subprocess
import sys

GROUPINGS = ["auto", "provider", "kind", "owner", "network", "deployment", "none"]
THEMES = ["light", "dark"]
STYLE = """
body { margin: 24px; font: 14px system-ui, sans-serif; color: #1d2430; background: #eceff3; }
figure { display: inline-block; margin: 8px; padding: 8px; vertical-align: top; background: #fff; }
img { display: block; max-width: 640px; max-height: 640px; }
figcaption { padding-top: 6px; }
"""


def drawn(binary, document, grouping, theme):
    """The picture as SVG; a drawing that fails is an error of the gallery."""
    command = [binary, "render", str(document), "--plugin", "svg", "--allow-errors"]
    command += ["--group-by", grouping, "--set", f"theme={theme}"]
    done = subprocess.run(command, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode()}")
    return done.stdout


def main():
    binary, out = sys.argv[1:]
    root = pathlib.Path(__file__).resolve().parent.parent
    documents = sorted((root / "examples").glob("*.json"))
    parts = []
    for document in documents:
        parts.append(f"<h2>{html.escape(document.stem)}</h2>")
        for grouping in GROUPINGS:
            for theme in THEMES:
                data = base64.b64encode(drawn(binary, document, grouping, theme)).decode()
                caption = html.escape(f"{document.stem}, {grouping}, {theme}")
                image = f'<img loading="lazy" alt="{caption}" src="data:image/svg+xml;base64,{data}">'
                parts.append(f"<figure>{image}<figcaption>{caption}</figcaption></figure>")
    head = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>{STYLE}</style>'
    pathlib.Path(out).write_text(f"{head}<h1>Gallery</h1>{''.join(parts)}</html>\n")
    print(f"{out}: {len(documents) * len(GROUPINGS) * len(THEMES)} pictures")


main()
