#!/usr/bin/env python3
"""A preprocessor of mdBook: `{{#guide PATH}}` stands for a page of the repository, with its links turned.

A link to a page that is in the book leads there; any other link leads to the file in the repository, whose address is in
Cargo.toml.
"""

import json
import os
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUIDE = re.compile(r"^\{\{#guide (\S+)\}\}$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")


def chapters(items):
    for item in items:
        chapter = item.get("Chapter") if isinstance(item, dict) else None
        if chapter:
            yield chapter
            yield from chapters(chapter["sub_items"])


def turned(text, source, page, in_book, repository):
    """The text of the file `source` with links as the page `page` of the book needs them."""

    def turn(match):
        target, anchor = match[1], match[2] or ""
        if not target or "://" in target or target.startswith("mailto:"):
            return match[0]
        path = os.path.normpath(os.path.join(os.path.dirname(source), target))
        if not (ROOT / path).exists():
            sys.exit(f"{source}: there is no {target}")
        page_of = in_book.get(path) or in_book.get(os.path.join(path, "README.md"))
        if page_of:
            return f"]({os.path.relpath(page_of, os.path.dirname(page) or '.')}{anchor})"
        kind = "tree" if (ROOT / path).is_dir() else "blob"
        return f"]({repository}/{kind}/main/{path}{anchor})"

    return LINK.sub(turn, text)


def main():
    _, book = json.load(sys.stdin)
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
    repository = manifest["workspace"]["package"]["repository"]
    found = [chapter for chapter in chapters(book["items"]) if chapter.get("path")]
    in_book = {source: chapter["path"] for chapter in found for source in GUIDE.findall(chapter["content"])}
    in_book |= {f"docs/src/{chapter['path']}": chapter["path"] for chapter in found}
    for chapter in found:

        def guide(match):
            text = (ROOT / match[1]).read_text(encoding="utf-8")
            return turned(text, match[1], chapter["path"], in_book, repository)

        own = turned(chapter["content"], f"docs/src/{chapter['path']}", chapter["path"], in_book, repository)
        chapter["content"] = GUIDE.sub(guide, own)
    json.dump(book, sys.stdout)


if sys.argv[1:2] == ["supports"]:
    sys.exit(0 if sys.argv[2] == "html" else 1)
main()
