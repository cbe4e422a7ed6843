"""Writes a system as a Backstage catalog: a System, a Group an owner, a Component a service, a Resource a cloud resource."""

import json
import re

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports import host
from wit_world.imports.types import Artifact, Content_Text, Diagnostic, Response, Severity

OPTIONS = {
    "type": "object",
    "properties": {
        "lifecycle": {
            "type": "string",
            "enum": ["experimental", "production", "deprecated"],
            "default": "production",
            "description": "The lifecycle of every component.",
        },
        "owner": {
            "type": "string",
            "default": "unknown",
            "description": "The owner of what the document gives none.",
        },
    },
}

MOST_CHARACTERS = 63
"""The most that Backstage takes as the name of an entity."""


class Names:
    """Gives each thing of a kind a name that Backstage takes, and no other thing of that kind has."""

    def __init__(self):
        self.taken = set()
        self.last = {}

    def make(self, kind: str, text: str) -> str:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-_.")[:MOST_CHARACTERS].rstrip("-_.") or "unnamed"
        # Backstage compares names without regard to case.
        same = (kind, plain.lower())
        name, number = plain, self.last.get(same, 1)
        # Counts on from the last number: thousands of names may come down to one word.
        while number > 1 or (kind, name.lower()) in self.taken:
            number += 1
            end = f"-{number}"
            name = plain[: MOST_CHARACTERS - len(end)] + end
            if (kind, name.lower()) not in self.taken:
                break
        self.last[same] = number
        self.taken.add((kind, name.lower()))
        return name


ENCODER = json.JSONEncoder(ensure_ascii=False)
UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def scalar(value) -> str:
    """Writes a value as JSON, which is YAML too where what YAML cannot print is escaped."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", ENCODER.encode(value))


def yaml(value, indent=0) -> str:
    """Writes maps and lists as YAML. Keys are words of Backstage, which stand unquoted."""
    space = "  " * indent
    lines = []
    for key, inner in value.items():
        if isinstance(inner, dict):
            lines.append(f"{space}{key}:\n{yaml(inner, indent + 1)}")
        elif isinstance(inner, list):
            lines.append(f"{space}{key}:\n" + "".join(f"{space}  - {scalar(item)}\n" for item in inner))
        else:
            lines.append(f"{space}{key}: {scalar(inner)}\n")
    return "".join(lines)


def entity(kind: str, name: str, title: str, spec: dict, description=None, annotations=None) -> dict:
    metadata = {"name": name}
    if title.strip():
        metadata["title"] = title
    if description:
        metadata["description"] = description
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec}


class Meta(exports.Meta):
    def describe(self) -> Description:
        return Description(
            name="backstage",
            version="0.1.0",
            summary="A Backstage catalog: system, groups, components, resources",
            media_types=["application/yaml"],
            file_extension="yaml",
            options_schema=json.dumps(OPTIONS),
        )


class Renderer(exports.Renderer):
    def render(self, graph, request) -> Response:
        options = json.loads(request.options)
        # What the user did wrong is an `Err`, and is a finding; any other exception is a fault of the plugin.
        if not options["owner"].strip():
            message = "the option `owner` is empty: Backstage wants an owner of everything"
            raise Err([Diagnostic(Severity.ERROR, "no-owner", message, place=None, help="name a group")])
        owners = json.loads(host.source_json()).get("owners", {})
        names = Names()
        system = names.make("System", graph.name)
        entities = [entity("System", system, graph.name, {"owner": "default"}, graph.description)]

        groups = {}
        unknown = names.make("Group", options["owner"])

        def group_of(owner):
            if owner not in groups:
                groups[owner] = names.make("Group", owner)
            return groups[owner]

        refs, kinds = [], []
        for node in graph.nodes:
            kind = graph.words[node.kind]
            entity_kind = {"service": "Component", "helm": None, "terraform": None}.get(kind, "Resource")
            kinds.append(entity_kind)
            refs.append(entity_kind and f"{entity_kind.lower()}:{names.make(entity_kind, node.label)}")
        depends = [[] for _ in graph.nodes]
        users = [[] for _ in graph.nodes]
        for edge in graph.edges:
            if refs[edge.source] and refs[edge.target] and refs[edge.target] not in depends[edge.source]:
                depends[edge.source].append(refs[edge.target])
                users[edge.target].append(edge.source)

        # What the document says is asked for only where it is used: services alone have owners.
        said = [
            json.loads(host.node_attributes(index)) if kind == "Component" else {} for index, kind in enumerate(kinds)
        ]
        for index, node in enumerate(graph.nodes):
            if kinds[index] is None:
                continue
            service = said[index] if kinds[index] == "Component" else {}
            owning = {service.get("owner")} if service else {said[user].get("owner") for user in users[index]}
            owner = group_of(owning.pop()) if len(owning) == 1 and None not in owning else unknown
            spec = {"type": graph.words[node.kind]}
            if kinds[index] == "Component":
                spec["lifecycle"] = options["lifecycle"]
            spec |= {"owner": f"group:{owner}", "system": system}
            if depends[index]:
                spec["dependsOn"] = depends[index]
            annotations = {}
            url = service.get("repo", {}).get("url", "")
            if url.startswith("https://"):
                annotations["backstage.io/source-location"] = f"url:{url}"
            name = refs[index].split(":", 1)[1]
            entities.append(entity(kinds[index], name, node.label, spec, service.get("description"), annotations))

        if any(made["spec"].get("owner") == f"group:{unknown}" for made in entities):
            groups[None] = unknown
        for owner, name in groups.items():
            title = owners.get(owner, {}).get("name", owner) if owner is not None else options["owner"]
            entities.append(entity("Group", name, title, {"type": "team", "children": []}))
        entities[0]["spec"]["owner"] = f"group:{next(iter(groups.values()), unknown)}"
        text = "---\n".join(yaml(made).replace("children:\n", "children: []\n") for made in entities)
        artifact = Artifact(path="catalog-info.yaml", media_type="application/yaml", content=Content_Text(text))
        return Response(artifacts=[artifact], diagnostics=[])
