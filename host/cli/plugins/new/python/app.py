"""Writes every node of a system as CSV."""

# Import everything here: what is imported later, inside of a function, is not in the component.
import csv
import io
import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports.types import Artifact, Content_Text, Diagnostic, Response, Severity

OPTIONS = {
    "type": "object",
    "properties": {
        "header": {"type": "boolean", "default": True, "description": "Whether the first line names the columns."},
        "kind": {"type": "string", "default": "", "description": "List only nodes of this kind, such as `service`."},
    },
}


class Meta(exports.Meta):
    def describe(self) -> Description:
        return Description(
            name="NAME",
            version="0.1.0",
            summary="Lists every node as CSV",
            media_types=["text/csv"],
            file_extension="csv",
            options_schema=json.dumps(OPTIONS),
        )


class Renderer(exports.Renderer):
    # `graph` is what wit/plugin.wit says; kinds and labels of edges are positions in `graph.words`.
    def render(self, graph, request) -> Response:
        options = json.loads(request.options)
        nodes = [(graph.words[node.kind], node.label) for node in graph.nodes]
        rows = [node for node in nodes if options["kind"] in ("", node[0])]
        if options["kind"] and not rows:
            message = f"no node is of the kind {json.dumps(options['kind'])}"
            help = f"this document has {', '.join(dict.fromkeys(kind for kind, _ in nodes))}"
            # What the user did wrong is an `Err`. Any other exception ends the call as a fault of the plugin.
            raise Err([Diagnostic(Severity.ERROR, "no-such-kind", message, place=None, help=help)])
        out = io.StringIO()
        table = csv.writer(out)
        if options["header"]:
            table.writerow(["kind", "name"])
        table.writerows(rows)
        artifact = Artifact(path="NAME.csv", media_type="text/csv", content=Content_Text(out.getvalue()))
        return Response(artifacts=[artifact], diagnostics=[])
