"""Reads what the plugins wrote with Python's csv and with networkx, and holds it against the graph."""

import csv
import json
import pathlib
import re
import sys

import networkx

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

for folder in map(pathlib.Path, sys.argv[1:]):
    if not (folder / "graph.json").exists():
        continue
    graph = json.loads((folder / "graph.json").read_text())
    services = [node["label"] for node in graph["nodes"] if node["kind"] == "service"]

    with open(folder / "inventory.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    assert all(len(row) == 8 for row in rows), f"{folder}: a row has not 8 fields"
    assert [row[0] for row in rows[1:]] == services, f"{folder}: the services are others"

    read = networkx.read_graphml(folder / "diagram.graphml", force_multigraph=True)
    # The JavaScript toolchain takes a byte order mark off the start of every text that a component gets.
    labels = [NOT_XML.sub("", node["label"]).removeprefix("\ufeff") for node in graph["nodes"]]
    kinds = [node["kind"] for node in graph["nodes"]]
    # networkx leaves out an empty text.
    assert [data.get("label") or "" for _, data in read.nodes(data=True)] == labels, f"{folder}: the labels are others"
    assert [data["kind"] for _, data in read.nodes(data=True)] == kinds, f"{folder}: the kinds are others"
    assert read.number_of_edges() == len(graph["edges"]), f"{folder}: the edges are others"
    print(f"{folder.name}: {len(services)} services in CSV, {len(labels)} nodes and {len(graph['edges'])} edges in GraphML")
