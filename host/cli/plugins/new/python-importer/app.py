"""Makes a service of each line of a text: a name, and the names of those that it connects to."""

# Import everything here: what is imported later, inside of a function, is not in the component.
import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.importer import Imported, Position, Remark
from wit_world.exports.meta import Description
from wit_world.imports.types import Content_Text, Severity

OPTIONS = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "system", "description": "The name of the system."},
        "port": {
            "type": "integer",
            "default": 80,
            "minimum": 1,
            "maximum": 65535,
            "description": "The port of every connection.",
        },
    },
}


class Meta(exports.Meta):
    def describe(self) -> Description:
        return Description(
            name="NAME",
            version="0.1.0",
            summary="Makes a service of each line of a text",
            media_types=[],
            file_extension="",
            options_schema=json.dumps(OPTIONS),
        )


class Importer(exports.Importer):
    # `files` are those that the user named: `content` is text where a file is UTF-8, else bytes.
    def convert(self, files, request) -> Imported:
        options = json.loads(request.options)
        services, remarks = {}, []
        for number, file in enumerate(files):
            if not isinstance(file.content, Content_Text):
                message, at = f"{file.name} is not text", Position(number, line=1, column=1)
                # What is wrong with the files is an `Err`. Any other exception ends the call as a fault of the plugin.
                raise Err([Remark(Severity.ERROR, "not-text", message, position=at, help=None)])
            for line, text in enumerate(file.content.value.splitlines(), start=1):
                name, *targets = text.split() or [None]
                if name in services:
                    message, at = f"`{name}` is there already", Position(number, line, column=1)
                    help = "Put all that it connects to on one line"
                    remarks.append(Remark(Severity.WARNING, "repeated-service", message, position=at, help=help))
                elif name is not None:
                    services[name] = targets
        if not services:
            message = "no file has a line with a name"
            raise Err([Remark(Severity.ERROR, "no-services", message, position=None, help=None)])
        # A connection leads to a service, so one that has no line of its own gets an entry.
        for target in [target for targets in services.values() for target in targets]:
            services.setdefault(target, [])
        connection = {"protocol": "tcp", "port": options["port"]}

        def service(name, targets):
            connections = {"connections": {target: connection for target in targets}} if targets else {}
            return {"image": {"name": name}} | connections

        made = {"name": options["name"], "services": {name: service(name, to) for name, to in services.items()}}
        # As people write it: keys in their order, two spaces.
        return Imported(json.dumps(made, indent=2, ensure_ascii=False), remarks)
