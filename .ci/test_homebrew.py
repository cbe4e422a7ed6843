#!/usr/bin/env python3
"""Tries homebrew.py and version."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
RELEASES = "https://example.org/o/spec-engine/releases/download"
NAMES = [f"spec-engine-{m}-{s}.tgz" for m in ("x86_64", "aarch64") for s in ("apple-darwin", "unknown-linux-musl")]


def run(script, *arguments):
    ran = subprocess.run([sys.executable, HERE / script, *arguments], capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


class Release(unittest.TestCase):
    def formula(self, names):
        with tempfile.TemporaryDirectory() as folder:
            sums = pathlib.Path(folder) / "SHA256SUMS"
            sums.write_text("".join(f"{number:064x}  {name}\n" for number, name in enumerate(names)))
            return run("homebrew.py", "1.2.3", RELEASES, str(sums))

    def test_the_formula_has_an_archive_for_each_machine(self):
        status, text = self.formula(NAMES)
        self.assertEqual(status, 0, text)
        for number, name in enumerate(NAMES):
            self.assertIn(f'url "{RELEASES}/v1.2.3/{name}"\n      sha256 "{number:064x}"', text)
        self.assertIn('homepage "https://example.org/o/spec-engine"', text)
        self.assertEqual(text.count(" do\n"), text.count("  end\n") - 1, text)
        self.assertNotIn("{{", text)

    def test_a_sum_that_is_missing_is_told(self):
        status, text = self.formula(NAMES[:-1])
        self.assertEqual((status, "no sum of spec-engine-aarch64-unknown-linux-musl.tgz" in text), (1, True), text)

    def test_a_tag_needs_the_version_and_an_address(self):
        self.assertEqual(run("version"), (0, ""))
        status, text = run("version", "v9.9.9")
        self.assertEqual((status, "the tag v9.9.9" in text), (1, True), text)


if __name__ == "__main__":
    unittest.main()
