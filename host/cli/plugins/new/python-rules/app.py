"""Finds services that connect to too many others."""

# Import everything here: what is imported later, inside of a function, is not in the component.
import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.exports.rules import Finding, Rule
from wit_world.imports.types import Place_Node, Severity

# What a project can decide.
OPTIONS = {
    "type": "object",
    "properties": {
        "most": {"type": "integer", "default": 10, "minimum": 0, "description": "The most connections of a service."},
    },
}


class Meta(exports.Meta):
    def describe(self) -> Description:
        return Description(
            name="NAME",
            version="0.1.0",
            summary="Finds services that connect to too many others",
            media_types=[],
            file_extension="",
            options_schema="",
        )


class Rules(exports.Rules):
    def all(self) -> list[Rule]:
        return [
            Rule(
                name="too-many-connections",
                severity=Severity.WARNING,
                summary="A service has more connections than it may have.",
                docs="## Why is this bad\nWhoever changes it has to know all that it talks to.",
                options_schema=json.dumps(OPTIONS),
            )
        ]

    # `graph` is that of the whole document, as wit/plugin.wit says.
    def check(self, rule, graph, request) -> list[Finding]:
        if rule != "too-many-connections":
            # A rule that cannot do its work raises an `Err` of one sentence. Any other exception is a fault of the plugin.
            raise Err(f"there is no rule {rule}")
        most = json.loads(request.options)["most"]
        counts = [0] * len(graph.nodes)
        for edge in graph.edges:
            counts[edge.source] += 1
        return [
            Finding(f"`{node.label}` has {count} connections", place=Place_Node(position), help="Split it")
            for position, (node, count) in enumerate(zip(graph.nodes, counts))
            if count > most
        ]
