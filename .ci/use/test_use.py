#!/usr/bin/env python3
"""Tries what the action and the GitLab component do: in a repository of git, against a server that answers as GitHub does.

Usage: PATH=FOLDER-OF-SPEC-ENGINE:$PATH test_use.py
"""

import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHOP = json.loads((ROOT / "examples" / "shop.json").read_text(encoding="utf-8"))


class GitHub(http.server.BaseHTTPRequestHandler):
    """Comments of one pull request. `refused` answers everything with that status."""

    def answer(self, status, content=None):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if status != 204 else 0))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def handle_any(self):
        server = self.server
        length = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(length)) if length else None
        server.seen.append((self.command, self.path, self.headers.get("Authorization")))
        if server.refused:
            return self.answer(server.refused, {"message": "Resource not accessible by integration"})
        if self.command == "GET":
            page = int(re.search(r"&page=(\d+)", self.path)[1])
            return self.answer(200, server.comments[(page - 1) * 100 : page * 100])
        if self.command == "POST":
            server.comments.append({"id": len(server.comments) + 1, "body": content["body"]})
            return self.answer(201, server.comments[-1])
        number = int(self.path.rsplit("/", 1)[1])
        if self.command == "PATCH":
            next(comment for comment in server.comments if comment["id"] == number)["body"] = content["body"]
            return self.answer(200, {})
        server.comments[:] = [comment for comment in server.comments if comment["id"] != number]
        return self.answer(204)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any

    def log_message(self, *arguments):
        pass


class Use(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
        self.server.comments, self.server.seen, self.server.refused = [], [], None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.write("systems/shop.json", SHOP)
        self.git("init", "-q", "-b", "main")
        self.commit()
        self.git("switch", "-q", "-c", "change")
        event = self.folder.parent / f"{self.folder.name}.event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
        self.addCleanup(event.unlink)
        self.summary = self.folder.parent / f"{self.folder.name}.summary.md"
        self.addCleanup(lambda: self.summary.unlink(missing_ok=True))
        self.environment = os.environ | {
            "GITHUB_API_URL": f"http://127.0.0.1:{self.server.server_port}",
            "GITHUB_BASE_REF": "main",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_TOKEN": "t0ken",
            "no_proxy": "*",
        }

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), encoding="utf-8")

    def git(self, *arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def use(self, what, **inputs):
        command = [sys.executable, str(HERE / "use.py"), what]
        ran = subprocess.run(
            command, cwd=self.folder, env=self.environment | inputs, capture_output=True, text=True, encoding="utf-8"
        )
        return ran.returncode, ran.stdout + ran.stderr

    def changed(self):
        shop = json.loads(json.dumps(SHOP))
        shop["services"]["orders"]["exposes"][0]["port"] = 8443
        self.write("systems/shop.json", shop)
        self.commit()

    def test_findings_are_annotations(self):
        status, said = self.use("validate")
        self.assertEqual(status, 0, said)
        self.assertIn("::notice file=systems/shop.json,line=", said)
        self.write("systems/bad.json", {"name": "x", "services": {"a": {"image": {"name": "i"}, "connections": {"b": {}}}}})
        status, said = self.use("validate", SARIF_FILE=str(self.folder / "x.sarif"))
        self.assertEqual(status, 1, said)
        self.assertIn("::error file=systems/bad.json,line=", said)
        self.assertEqual(json.loads((self.folder / "x.sarif").read_text(encoding="utf-8"))["version"], "2.1.0")

    def test_strict_and_arguments_are_passed_on(self):
        shop = json.loads(json.dumps(SHOP))
        shop["services"]["web"]["image"]["tag"] = "latest"
        self.write("systems/shop.json", shop)
        self.assertEqual(self.use("validate")[0], 0)
        self.assertEqual(self.use("validate", STRICT="true")[0], 1)
        self.assertEqual(self.use("validate", STRICT="true", ARGUMENTS="--rule\nmutable-tag=off")[0], 0)
        self.assertEqual(self.use("validate", DOCUMENTS="systems/gone.json")[0], 2)

    def test_a_change_is_one_comment_that_is_kept_up_to_date(self):
        self.server.comments[:] = [{"id": 1000 + n, "body": "by people"} for n in range(150)]
        self.changed()
        self.assertEqual(self.use("comment")[0], 0)
        self.assertEqual(len(self.server.comments), 151)
        body = self.server.comments[-1]["body"]
        self.assertTrue(body.startswith("<!-- spec-engine"))
        self.assertIn("### systems/shop.json", body)
        self.assertIn("8443", body)
        self.assertEqual(self.summary.read_text(encoding="utf-8"), body)
        self.write("systems/new.json", SHOP)
        self.commit()
        self.assertEqual(self.use("comment")[0], 0)
        self.assertEqual(len(self.server.comments), 151)
        self.assertIn("### systems/new.json\n\nA new document.", self.server.comments[-1]["body"])
        self.git("reset", "-q", "--hard", "main")
        self.assertEqual(self.use("comment")[0], 0)
        self.assertEqual(len(self.server.comments), 150)
        self.assertTrue(all(authorization == "Bearer t0ken" for _, _, authorization in self.server.seen))

    def test_a_breaking_change_fails_where_it_should(self):
        self.changed()
        status, said = self.use("comment", FAIL_ON="breaking")
        self.assertEqual((status, "a change is breaking" in said), (1, True), said)
        self.assertEqual(len(self.server.comments), 1)
        self.assertEqual(self.use("comment", FAIL_ON="none")[0], 0)

    def test_without_permission_nothing_fails_and_the_summary_has_it(self):
        self.changed()
        for refused in (403, 404, 500):
            self.server.refused = refused
            status, said = self.use("comment")
            self.assertEqual(status, 0, said)
            self.assertIn("::warning title=spec-engine::", said)
            self.assertEqual("pull-requests: write" in said, refused != 500, said)
            self.assertNotIn("t0ken", said)
        self.assertIn("8443", self.summary.read_text(encoding="utf-8"))
        self.server.shutdown()
        self.server.server_close()
        status, said = self.use("comment")
        self.assertEqual((status, "was not written" in said), (0, True), said)

    def test_a_shallow_checkout_is_told(self):
        self.changed()
        status, said = self.use("comment", GITHUB_BASE_REF="gone")
        self.assertEqual((status, "fetch-depth: 0" in said), (2, True), said)

    def test_a_document_with_errors_is_not_compared(self):
        self.write("systems/shop.json", {"name": "x", "services": {"a": {}}})
        self.commit()
        self.assertEqual(self.use("comment", FAIL_ON="breaking")[0], 0)
        self.assertIn("It cannot be compared", self.server.comments[0]["body"])

    def test_a_long_comment_is_cut(self):
        sys.path.insert(0, str(HERE))
        import use

        body = "line\n" * 20_000
        self.assertLess(len(use.shortened(body)), 60_200)
        self.assertTrue(use.shortened(body).endswith("has all of it.\n"))
        self.assertEqual(use.shortened("short"), "short")

    def test_pictures_are_files_by_document(self):
        self.write("systems/deep/other.json", SHOP)
        status, said = self.use("pictures", OUT="out")
        self.assertEqual(status, 0, said)
        made = sorted(str(path.relative_to(self.folder)) for path in (self.folder / "out").rglob("*.svg"))
        self.assertEqual(len(made), 2, said)
        self.assertTrue(made[0].startswith("out/systems/deep/other/"), made)

    def test_what_is_not_installed_is_told(self):
        status, said = self.use("validate", PATH="/nowhere")
        self.assertEqual((status, "spec-engine is not installed" in said), (2, True), said)

    def test_the_component_of_gitlab_runs(self):
        text = (ROOT / "templates" / "spec-engine" / "template.yml").read_text(encoding="utf-8")
        script = re.search(r"^  script:\n    - \|\n((?:      .*\n)+)", text, re.MULTILINE)[1]
        script = script.replace("$[[ inputs.documents ]]", "systems")
        ran = subprocess.run(["sh", "-ec", script], cwd=self.folder, env=self.environment | {"STRICT": "true"})
        self.assertEqual(ran.returncode, 0)
        report = json.loads((self.folder / "gl-code-quality-report.json").read_text(encoding="utf-8"))
        self.assertTrue(all(finding["location"]["path"] == "systems/shop.json" for finding in report))
        self.assertIn("<testsuites", (self.folder / "spec-engine.xml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
