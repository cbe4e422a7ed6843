"""Makes a system-spec document of a Structurizr workspace: containers become services, relationships connections.

Usage: structurizr.py workspace.json > system.json
"""

import json
import re
import sys


def main(path):
    with open(path, encoding="utf-8") as file:
        workspace = json.load(file)
    containers = {
        container["id"]: container
        for system in workspace["model"].get("softwareSystems", [])
        for container in system.get("containers", [])
    }
    name = {id: re.sub(r"[^a-z0-9]+", "-", container["name"].lower()).strip("-") for id, container in containers.items()}
    services = {}
    for id, container in containers.items():
        service = {"image": {"name": f"unknown/{name[id]}"}}
        if container.get("description"):
            service["description"] = container["description"]
        for relationship in container.get("relationships", []):
            target = name.get(relationship["destinationId"])
            if target and target != name[id]:
                connection = {"port": 443, "protocol": relationship.get("technology", "https").lower()}
                service.setdefault("connections", {})[target] = connection
        services[name[id]] = service
    json.dump({"name": workspace.get("name", "system"), "services": services}, sys.stdout, indent=2)
    print()


main(sys.argv[1])
