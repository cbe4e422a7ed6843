#!/usr/bin/env python3
"""Tries install.sh against a server of its own. Usage: PATH=FOLDER-OF-SPEC-ENGINE:$PATH test_install.py"""

import hashlib
import http.server
import io
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
# A stand-in: what is tried is the installer, and the binary is large.
BINARY = b'#!/bin/sh\necho "spec-engine 9.8.7"\n'
TARGETS = [f"{machine}-unknown-linux-{libc}" for machine in ("x86_64", "aarch64") for libc in ("gnu", "musl")]
TARGETS += ["x86_64-apple-darwin", "aarch64-apple-darwin"]


def archive(target, content=BINARY):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        entry = tarfile.TarInfo(f"spec-engine-{target}/spec-engine")
        entry.size, entry.mode = len(content), 0o755
        tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


class Release(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        content = self.server.files.get(self.path)
        self.send_response(200 if content is not None else 404)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *arguments):
        pass


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.to = pathlib.Path(folder.name) / "bin"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Release)
        self.server.files = {f"/v9.8.7/spec-engine-{target}.tgz": archive(target) for target in TARGETS}
        sums = [f"{hashlib.sha256(content).hexdigest()}  {path.rsplit('/', 1)[1]}" for path, content in self.server.files.items()]
        self.server.files["/v9.8.7/SHA256SUMS"] = ("\n".join(sums) + "\n").encode()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def install(self, *arguments, **environment):
        releases = f"http://127.0.0.1:{self.server.server_port}"
        environment = os.environ | {"SPEC_ENGINE_RELEASES": releases, "no_proxy": "127.0.0.1"} | environment
        arguments = arguments or ("--version", "9.8.7")
        command = ["sh", str(HERE / "install.sh"), *arguments, "--to", str(self.to)]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True)
        return ran.returncode, ran.stdout + ran.stderr

    def assert_nothing(self):
        self.assertEqual(list(self.to.parent.rglob("*")), [])

    def test_it_installs_what_was_released(self):
        for _ in range(2):
            status, said = self.install()
            self.assertEqual((status, "installed spec-engine 9.8.7 in" in said), (0, True), said)
            self.assertIn("add it to PATH", said)
        self.assertEqual([path.name for path in self.to.iterdir()], ["spec-engine"])
        self.assertEqual((self.to / "spec-engine").read_bytes(), BINARY)

    def test_another_sum_installs_nothing(self):
        for path in list(self.server.files):
            if path.endswith(".tgz"):
                self.server.files[path] = archive("x", b"#!/bin/sh\necho evil\n")
        status, said = self.install()
        self.assertEqual((status, "was expected; nothing was installed" in said), (1, True), said)
        self.assert_nothing()

    def test_a_sum_that_is_missing_installs_nothing(self):
        self.server.files["/v9.8.7/SHA256SUMS"] = b"abc  other.tgz\n"
        status, said = self.install()
        self.assertEqual((status, "does not name" in said), (1, True), said)
        self.assert_nothing()

    def test_a_release_that_is_not_there_is_told(self):
        status, said = self.install("--version", "1.0.0")
        self.assertEqual((status, "is there a release 1.0.0?" in said, "HTTPS_PROXY" in said), (1, True, True), said)
        self.assert_nothing()

    def test_no_version_and_nonsense_are_told(self):
        for arguments in (["--to", "x"], ["--version", "../../x"], ["--version", "main branch"], ["--what"]):
            status, said = self.install(*arguments)
            self.assertEqual((status, "help: " in said), (1, True), said)
        self.assert_nothing()

    def test_a_proxy_is_asked(self):
        seen = []

        class Proxy(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append(self.path)
                self.send_response(502)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{proxy.server_port}"
        status, said = self.install(SPEC_ENGINE_RELEASES="http://releases.invalid", http_proxy=address, no_proxy="")
        proxy.shutdown()
        proxy.server_close()
        self.assertEqual((status, "behind a proxy" in said), (1, True), said)
        self.assertTrue(seen and seen[0] == "http://releases.invalid/v9.8.7/SHA256SUMS", seen)

    def test_a_machine_without_a_binary_is_told(self):
        folder = self.to.parent / "tools"
        folder.mkdir()
        (folder / "uname").write_text("#!/bin/sh\n[ \"$1\" = -m ] && echo riscv64 || echo Linux\n")
        (folder / "uname").chmod(0o755)
        status, said = self.install(PATH=f"{folder}:{os.environ['PATH']}")
        shutil.rmtree(folder)
        self.assertEqual((status, "no binary for riscv64" in said, "cargo install" in said), (1, True, True), said)
        self.assert_nothing()

    def test_a_binary_that_does_not_run_is_told(self):
        for path in list(self.server.files):
            if path.endswith(".tgz"):
                target = path.split("spec-engine-")[1].removesuffix(".tgz")
                self.server.files[path] = archive(target, b"#!/bin/sh\nexit 1\n")
        sums = [f"{hashlib.sha256(content).hexdigest()}  {path.rsplit('/', 1)[1]}" for path, content in self.server.files.items()]
        self.server.files["/v9.8.7/SHA256SUMS"] = ("\n".join(sums) + "\n").encode()
        status, said = self.install()
        self.assertEqual((status, "does not run here" in said), (1, True), said)
        self.assert_nothing()


if __name__ == "__main__":
    unittest.main()
