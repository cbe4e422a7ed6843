"""Reads what the plugins wrote with Python's csv and with networkx, and what the rules found, and holds it against the
graph."""

import csv
import json
import pathlib
import re
import sys

import networkx

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def row_of(node, dependencies):
    """Returns what the inventory is to say of a service."""
    said = node["attributes"]
    image = said.get("image", {})
    ports = [f"{port.get('protocol', '?')}:{port['port']}" for port in said.get("exposes", [])]
    return [
        node["label"],
        said.get("owner", ""),
        image.get("name", ""),
        image.get("tag", ""),
        image.get("digest", ""),
        said.get("repo", {}).get("url", ""),
        " ".join(ports),
        "; ".join(dependencies),
    ]


def in_xml(text):
    # The JavaScript toolchain takes a byte order mark off the start of every text that a component gets.
    # networkx leaves out an empty text.
    return NOT_XML.sub("", (text or "").removeprefix("\ufeff"))


def same(folder, what, written, expected):
    for number, (one, other) in enumerate(zip(written, expected)):
        assert one == other, f"{folder}: {what} {number} is {one!r}, and should be {other!r}"
    assert len(written) == len(expected), f"{folder}: {len(written)} {what}s, and should be {len(expected)}"


folders = [folder for folder in map(pathlib.Path, sys.argv[1:]) if (folder / "graph.json").exists()]
assert folders, "no folder with a graph.json: nothing was read"
for folder in folders:
    graph = json.loads((folder / "graph.json").read_text())
    position = {node["id"]: index for index, node in enumerate(graph["nodes"])}
    targets = {node["id"]: [] for node in graph["nodes"]}
    for edge in graph["edges"]:
        targets[edge["source"]].append(graph["nodes"][position[edge["target"]]]["label"])
    rows = [row_of(node, targets[node["id"]]) for node in graph["nodes"] if node["kind"] == "service"]

    with open(folder / "inventory.csv", newline="", encoding="utf-8") as file:
        written = list(csv.reader(file, strict=True))
    same(folder, "row", written[1:], rows)

    read = networkx.read_graphml(folder / "diagram.graphml", force_multigraph=True)
    keys = ("label", "kind", "resource")
    nodes = [(name, *(data.get(key, "") for key in keys)) for name, data in read.nodes(data=True)]
    expected = [
        (f"n{index}", *(in_xml(node.get(key)) for key in keys)) for index, node in enumerate(graph["nodes"])
    ]
    same(folder, "node", nodes, expected)
    edges = [(source, target, data.get("label", ""), data["kind"]) for source, target, data in read.edges(data=True)]
    expected = [
        (f"n{position[edge['source']]}", f"n{position[edge['target']]}", in_xml(edge.get("label")), edge["kind"])
        for edge in graph["edges"]
    ]
    # networkx lists edges by where they start.
    same(folder, "edge", sorted(edges), sorted(expected))
    # Where the rule `too-many-connections` has to find something: the project of the large system allows none.
    most = 0 if folder.name == "large" else 10
    findings = json.loads((folder / "findings.json").read_text())["documents"][0]["findings"]
    found = [finding["pointer"] for finding in findings if finding["rule"] == "house_rules/too-many-connections"]
    pointers = {
        "/services/" + node["label"].replace("~", "~0").replace("/", "~1"): len(targets[node["id"]])
        for node in graph["nodes"]
        if node["kind"] == "service"
    }
    same(folder, "finding", sorted(found), sorted(at for at, count in pointers.items() if count > most))

    print(f"{folder.name}: {len(rows)} services in CSV, {len(nodes)} nodes and {len(edges)} edges in GraphML")
    print(f"{folder.name}: {len(found)} services with too many connections")
