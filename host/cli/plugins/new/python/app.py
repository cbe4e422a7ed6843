"""Writes every node of a system as CSV."""

import csv
import io
import json

from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports.types import Artifact, Content_Text, Response

OPTIONS = {
    "type": "object",
    "properties": {
        "header": {"type": "boolean", "default": True, "description": "Whether the first line names the columns."},
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
        out = io.StringIO()
        rows = csv.writer(out)
        if options["header"]:
            rows.writerow(["kind", "name"])
        rows.writerows([graph.words[node.kind], node.label] for node in graph.nodes)
        artifact = Artifact(path="NAME.csv", media_type="text/csv", content=Content_Text(out.getvalue()))
        return Response(artifacts=[artifact], diagnostics=[])
