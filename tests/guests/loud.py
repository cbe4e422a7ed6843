"""Does what its option says, so that a test sees what the user reads of it: `.ci/scaffolds` builds it."""

import json
import random
import sys
import time

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports import host
from wit_world.imports.types import Artifact, Content_Text, Diagnostic, Response, Severity

WHAT = {"type": "string", "default": "print", "enum": ["print", "raise", "exit", "answer", "deep", "late"]}


class Meta(exports.Meta):
    def describe(self) -> Description:
        print("describing")
        return Description(
            name="my-list",
            version="0.1.0",
            summary="Does what its option says",
            media_types=["text/plain"],
            file_extension="txt",
            options_schema=json.dumps({"type": "object", "properties": {"act": WHAT}}),
        )


def deep(depth):
    return {}["missing"] if depth == 0 else deep(depth - 1)


class Renderer(exports.Renderer):
    def render(self, graph, request) -> Response:
        what = json.loads(request.options)["act"]
        print("to standard output")
        print("to standard error", file=sys.stderr)
        # Pollables, clocks and chance: each ends, and is the same at every run.
        time.sleep(1)
        print(f"at {time.time():.0f} {random.randrange(10)}")
        print("without ", end="")
        print("an end", end="")
        host.log(host.Level.INFO, "to the log")
        if what == "raise":
            raise ValueError("raised on purpose")
        if what == "exit":
            sys.exit("left on purpose")
        if what == "answer":
            raise Err([Diagnostic(Severity.ERROR, "on-purpose", "answered on purpose", place=None, help="Do not")])
        if what == "deep":
            deep(3)
        if what == "late":
            import colorsys
        artifact = Artifact(path="loud.txt", media_type="text/plain", content=Content_Text("done\n"))
        return Response(artifacts=[artifact], diagnostics=[])
