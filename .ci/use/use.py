#!/usr/bin/env python3
"""What action.yml does on a pull request: checks documents, comments what changed, draws pictures.

Usage: use.py validate | comment | pictures

The inputs are environment variables, as action.yml sets them: DOCUMENTS, STRICT, ARGUMENTS, FAIL_ON, PICTURE_FORMAT,
OUT, and what GitHub sets. Exit status: 0 clean, 1 findings or changes that fail, 2 it could not run.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

MARK = "<!-- spec-engine: what changed -->"
# GitHub takes 65,536 characters.
MOST = 60_000


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", **options)


def lines(name, default=""):
    return [line.strip() for line in os.environ.get(name, default).splitlines() if line.strip()]


def warn(message, title="spec-engine"):
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::warning title={title}::{escaped}", flush=True)


def fail(message):
    print(f"::error title=spec-engine::{message}", flush=True)
    sys.exit(2)


def documents():
    """The documents that DOCUMENTS names, those in folders among them."""
    ran = run("spec-engine", "validate", *lines("DOCUMENTS", "."), "--output", "json")
    if not ran.stdout:
        sys.exit(2)
    return [file["document"] for file in json.loads(ran.stdout)["documents"] if file["kind"] == "document"]


def validate():
    arguments = [*lines("DOCUMENTS", "."), "--output", "github", *lines("ARGUMENTS")]
    if os.environ.get("STRICT") == "true":
        arguments.append("--strict")
    if sarif := os.environ.get("SARIF_FILE"):
        arguments += ["--report", f"sarif={sarif}"]
    return subprocess.run(["spec-engine", "validate", *arguments]).returncode


def base():
    """The commit that a pull request starts from: where the branches parted."""
    name = os.environ.get("GITHUB_BASE_REF", "")
    if not name:
        return None
    for reference in (f"origin/{name}", name):
        ran = run("git", "merge-base", reference, "HEAD", stderr=subprocess.DEVNULL)
        if ran.returncode == 0:
            return ran.stdout.strip()
    fail(f"the commit that this branch starts from is not here: say `fetch-depth: 0` for actions/checkout ({name})")


def changes():
    """The comment, and whether a change is one that fails."""
    start = base()
    if start is None:
        return None, 0
    status, parts = 0, []
    fail_on = os.environ.get("FAIL_ON", "none")
    for document in documents():
        path = document.replace(os.sep, "/")
        old = subprocess.run(["git", "show", f"{start}:./{path}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if old.returncode != 0:
            parts.append(f"### {path}\n\nA new document.\n")
            continue
        if old.stdout == pathlib.Path(document).read_bytes():
            continue
        arguments = ["diff", "-", document, "--output", "markdown"]
        if fail_on != "none":
            arguments += ["--fail-on", fail_on]
        ran = subprocess.run(["spec-engine", *arguments], input=old.stdout, stdout=subprocess.PIPE)
        status = max(status, ran.returncode if ran.returncode != 2 else 0)
        said = ran.stdout.decode("utf-8")
        parts.append(f"### {path}\n\n" + (said or "It cannot be compared: one of the versions has errors.\n"))
    return (f"{MARK}\n" + "\n".join(parts) if parts else None), status


def shortened(body):
    if len(body) <= MOST:
        return body
    cut = body.rfind("\n", 0, MOST)
    return body[:cut] + "\n\nThere is more; the summary of the job has all of it.\n"


def request(method, path, token, content=None):
    api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    data = json.dumps(content).encode() if content is not None else None
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    asked = urllib.request.Request(f"{api}{path}", data=data, method=method, headers=headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def post(body):
    """Writes the comment, over the one that is there; removes it where nothing changed any more."""
    token = os.environ.get("GITHUB_TOKEN", "")
    with open(os.environ["GITHUB_EVENT_PATH"], encoding="utf-8") as file:
        number = json.load(file).get("pull_request", {}).get("number")
    if not number:
        return
    issues = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    there = None
    for page in range(1, 11):
        found = request("GET", f"{issues}/{number}/comments?per_page=100&page={page}", token)
        there = next((comment["id"] for comment in found if comment["body"].startswith(MARK)), there)
        if len(found) < 100:
            break
    if body and there:
        request("PATCH", f"{issues}/comments/{there}", token, {"body": shortened(body)})
    elif body:
        request("POST", f"{issues}/{number}/comments", token, {"body": shortened(body)})
    elif there:
        request("DELETE", f"{issues}/comments/{there}", token)


def comment():
    body, status = changes()
    if body and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        with open(summary, "a", encoding="utf-8") as file:
            file.write(body)
    if os.environ.get("GITHUB_EVENT_PATH") and os.environ.get("GITHUB_BASE_REF"):
        try:
            post(body)
        except urllib.error.HTTPError as why:
            if why.code in (401, 403, 404):
                warn(
                    "may not comment on the pull request: give the job `permissions: pull-requests: write`. A pull "
                    "request from a fork never has it. What changed is in the summary of the job."
                )
            else:
                warn(f"the comment was not written: the server answers {why.code}; it is in the summary of the job")
        except OSError as why:
            warn(f"the comment was not written: {why}; it is in the summary of the job")
    if status:
        print(f"::error title=spec-engine::a change is {os.environ.get('FAIL_ON')}: see the summary of the job")
    return status


def pictures():
    out = pathlib.Path(os.environ.get("OUT", "spec-engine-pictures"))
    kind = os.environ.get("PICTURE_FORMAT", "svg")
    status = 0
    for document in documents():
        target = out / pathlib.Path(document).with_suffix("")
        with tempfile.TemporaryDirectory() as folder:
            ran = subprocess.run(["spec-engine", "render", document, "--plugin", kind, "--out", f"{folder}/"])
            if ran.returncode:
                warn(f"{document} was not drawn: the log of this step says why")
                status = max(status, ran.returncode)
                continue
            for file in pathlib.Path(folder).iterdir():
                made = target / file.name
                made.parent.mkdir(parents=True, exist_ok=True)
                made.write_bytes(file.read_bytes())
                print(made)
    return status


if __name__ == "__main__":
    what = {"validate": validate, "comment": comment, "pictures": pictures}.get("".join(sys.argv[1:]))
    if what is None:
        sys.exit(__doc__)
    try:
        sys.exit(what())
    except FileNotFoundError as why:
        fail(f"{why.filename} is not installed, or not on PATH")
