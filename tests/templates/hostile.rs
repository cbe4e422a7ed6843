//! A system whose names try to be something else.

use serde_json::{Map, Value, json};
use spec_engine::model::System;

/// The names. No two are equal once what XML cannot hold is left out, but for the last two.
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "end",
        "a.b",
        "a-b",
        "a_b",
        "A.B",
        "\"quoted\"",
        "'",
        "back\\slash",
        "\\",
        "\\\"",
        "line\nbreak",
        "\n",
        "tab\there",
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "<html>",
        "<br/>",
        "&amp;",
        "&#35;",
        "&",
        "\\N",
        "\\G",
        "\\l",
        "\\n",
        "${HOME}",
        "{{ system.name }}",
        "{% include \"x\" %}",
        "%%{init: {}}%%",
        "%",
        "%00",
        "style",
        "node",
        "graph",
        "direction LR",
        "__proto__",
        "constructor",
        "a->b",
        "svc:a",
        "a|b",
        "`code`",
        "``",
        "*bold*",
        "_it_",
        "~~no~~",
        "[a](javascript:alert(1))",
        "![x](http://x/y.png)",
        "# heading",
        "- item",
        "1. item",
        "| --- |",
        "--",
        "$x$",
        "",
        " ",
        " padded ",
        "(no name)",
        "Services",
        "services",
        "diagram",
        "https://example.com",
        "@someone",
        "🦀",
        "e\u{301}",
        "\u{202e}right to left",
        "שלום",
        "日本語",
        "İ",
        "ß",
        "null",
        "0",
        "-1",
        "]]>",
        "<!-- -->",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("x".repeat(600));
    names.extend(["nul".to_owned(), "n\0u\u{1b}l".to_owned()]);
    names
}

/// Makes a system in which every name stands wherever a name can stand.
pub fn system() -> System {
    let names = names();
    let services = names.iter().zip(names.iter().cycle().skip(1)).map(|(name, next)| {
        let service = json!({
            "description": name,
            "owner": name,
            "repo": { "url": format!("javascript:{name}"), "commit": name, "path": name, "ref": name },
            "image": { "name": if name.is_empty() { "x" } else { name }, "tag": name },
            "connections": { next: { "port": 1, "protocol": format!("p{name}"), "description": name } },
            "exposes": [{ "port": 80, "protocol": format!("p{name}"), "description": name }],
            "aws": { "rds": [{ "name": format!("r{name}") }], "vpc": name },
        });
        (name.clone(), service)
    });
    let map =
        |value: &dyn Fn(&str) -> Value| names.iter().map(|name| (name.clone(), value(name))).collect::<Map<_, _>>();
    let rule = |name: &str| json!({ "direction": "inbound", "fromService": name, "port": 1, "protocol": "tcp", "action": "deny" });
    let system = json!({
        "name": "\"</h1>\n# x | \\",
        "description": "a\n\n# b\n| c |",
        "services": services.collect::<Map<_, _>>(),
        "owners": map(&|name| json!({ "name": name, "email": name, "slack": name, "pager": name })),
        "networks": map(&|name| json!({ "description": name, "cidr": name, "rules": [rule(name)] })),
        "deployments": {
            "helm": map(&|name| json!({ "chart": name, "repo": name, "version": name, "services": [name] })),
            "terraform": map(&|name| json!({ "source": name, "version": name, "resources": [format!("rds:r{name}")] })),
        },
    });
    // Through a text, since a map of serde_json's may sort its keys.
    serde_json::from_str(&system.to_string()).unwrap()
}
