//! The schemas of what commands print as JSON hold both ways: what is printed passes, and every field that a schema has
//! is printed by some run of this test.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::workspace::{PAYMENTS, Workspace};

const BOUTIQUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/boutique.json");
const OTEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/otel.json");
const BAD: &str = include_str!("cli/bad.json");

/// Prints JSON by some commands, and holds all of it against a schema of the command.
fn hold(what: &str, workspace: &Workspace, commands: &[&[&str]]) {
    let schema: Value = serde_json::from_str(&workspace.run(&["schema", what]).ends(0).stdout).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{what}");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut printed = BTreeSet::new();
    for command in commands {
        let ran = workspace.run(command);
        let value: Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{command:?}: {error}: {ran:?}"));
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{command:?}: {errors:#?}");
        keys(&value, &mut printed);
    }
    let mut described = BTreeSet::new();
    properties(&schema, &mut described);
    let never: Vec<_> = described.difference(&printed).collect();
    assert!(never.is_empty(), "{what}: no run prints {never:?}");
}

/// The keys of a value, wherever they are.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            keys(value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// The names of the properties that a schema has.
fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            if key == "properties" {
                found.extend(value.as_object().into_iter().flat_map(|properties| properties.keys().cloned()));
            }
            properties(value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| properties(value, found)),
        _ => {}
    }
}

#[test]
fn a_report_is_as_its_schema_says() {
    let workspace = Workspace::new();
    workspace.write("bad.json", BAD).write("broken.json", "{").write("rule.rhai", "const RULE = 1;");
    workspace.write("cycle.json", include_str!("fixtures/rules/dependency-cycle/fires.json"));
    let json = ["--output", "json"];
    let validate = |more: &[&'static str]| [&["validate"], more, &json].concat();
    let runs = [
        validate(&["bad.json", "broken.json", PAYMENTS]),
        validate(&["cycle.json"]),
        validate(&["bad.json", "--rules", "rule.rhai"]),
    ];
    hold("report", &workspace, &runs.iter().map(Vec::as_slice).collect::<Vec<_>>());
}

#[test]
fn a_graph_is_as_its_schema_says() {
    let workspace = Workspace::new();
    workspace.run(&["diff", PAYMENTS, BOUTIQUE, "--plugin", "graph", "-o", "union.json"]).ends(0);
    let runs: [&[&str]; 5] = [
        &["graph", PAYMENTS],
        &["graph", OTEL, "--allow-errors", "--collapse", "owner"],
        &["graph", PAYMENTS, "--collapse", "provider", "--group-by", "kind"],
        &["graph", PAYMENTS, "--group-by", "kind"],
        &["diff", PAYMENTS, BOUTIQUE, "--plugin", "graph", "--all"],
    ];
    hold("graph", &workspace, &runs);
}

#[test]
fn a_difference_is_as_its_schema_says() {
    let workspace = Workspace::new();
    workspace.write("old.json", include_str!("diff/old.json")).write("new.json", include_str!("diff/new.json"));
    let json = ["--output", "json"];
    let runs =
        [[&["diff", "old.json", "new.json"], &json[..]].concat(), [&["diff", PAYMENTS, BOUTIQUE], &json[..]].concat()];
    hold("diff", &workspace, &runs.iter().map(Vec::as_slice).collect::<Vec<_>>());
}

#[test]
fn a_way_is_as_its_schema_says() {
    let workspace = Workspace::new();
    let way = |from, to| ["path", PAYMENTS, from, to, "--output", "json"];
    let runs = [way("api-gateway", "payments-db"), way("notifications-service", "api-gateway")];
    hold("path", &workspace, &runs.iter().map(<[&str; 6]>::as_slice).collect::<Vec<_>>());
}

#[test]
fn lists_are_as_their_schemas_say() {
    let workspace = Workspace::new();
    workspace.write(".spec-engine/templates/d2.d2.tera", "mine").write("bad/broken.wasm", "not wasm");
    hold("plugins", &workspace, &[&["plugins", "list", "--output", "json", "--plugins-dir", "bad"]]);
    let rule = "const RULE = #{ id: \"a/b\", description: \"c\", tags: [\"d\"] };\nfn check(system, ctx) {}\n";
    workspace.write(".spec-engine/rules/b.rhai", rule).write("more/b.rhai", rule);
    hold("rules", &workspace, &[&["rules", "list", "--output", "json", "--rules", "more"]]);
}

/// A workspace whose project names an index, of which an older version is pinned.
fn with_index() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", "indexes = [\"index\"]\n");
    let text = std::fs::read(workspace_index("service-list/1.0.0.md.tera")).unwrap();
    workspace.write("index/index.json", std::fs::read(workspace_index("index.json")).unwrap());
    workspace.write("index/service-list/1.0.0.md.tera", text);
    workspace.run(&["plugins", "add", "service-list@1.0.0"]).ends(0);
    workspace
}

fn workspace_index(file: &str) -> std::path::PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples/index", file].iter().collect()
}

#[test]
fn what_is_known_of_indexes_is_as_its_schemas_say() {
    let workspace = with_index();
    hold("search", &workspace, &[&["plugins", "search", "--output", "json"]]);
    hold("outdated", &workspace, &[&["plugins", "outdated", "--output", "json"]]);
}

/// An index passes its schema where the command reads it, and every field of the schema is in one of them.
#[test]
fn an_index_is_as_its_schema_says() {
    let workspace = Workspace::new();
    let schema: Value = serde_json::from_str(&workspace.run(&["schema", "index"]).ends(0).stdout).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let example: Value = serde_json::from_slice(&std::fs::read(workspace_index("index.json")).unwrap()).unwrap();
    let sum = "0".repeat(64);
    let file = serde_json::json!({"source": "https://plugins.example/m.wasm", "sha256": sum});
    let release = serde_json::json!({"version": "1.0.0-rc.1", "contract": "0.1.2", "files": {"m.wasm": file}});
    let component = serde_json::json!({"kind": "component", "summary": "s", "versions": [release]});
    let full = serde_json::json!({"$schema": "index.schema.json", "version": 1, "indexes": ["more.json"], "plugins": {"m": component}});
    workspace.write("i/more.json", "{\"version\": 1}");
    let reads = |index: &Value| {
        workspace.write("i/index.json", index.to_string());
        workspace.run(&["plugins", "search", "--index", "i"]).status == 0
    };
    let mut used = BTreeSet::new();
    for index in [&example, &full] {
        assert!(validator.is_valid(index) && reads(index), "{index}");
        keys(index, &mut used);
    }
    let mut described = BTreeSet::new();
    properties(&schema, &mut described);
    assert_eq!(described.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new());
    for (pointer, wrong) in [
        ("/version", serde_json::json!(2)),
        ("/indexes", serde_json::json!("more.json")),
        ("/plugins/m/kind", serde_json::json!("plugin")),
        ("/plugins/m/kind", serde_json::json!("pack")),
        ("/plugins/m/summary", serde_json::json!("a\u{1b}[2J")),
        ("/plugins/m/versions/0/version", serde_json::json!("1.0")),
        ("/plugins/m/versions/0/contract", serde_json::json!("one")),
        ("/plugins/m/versions/0/files", serde_json::json!({})),
        ("/plugins/m/versions/0/files/m.wasm/sha256", serde_json::json!("12")),
    ] {
        let mut index = full.clone();
        *index.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&index) && !reads(&index), "{index}");
    }
}

#[test]
fn what_has_no_schema_is_refused() {
    let workspace = Workspace::new();
    workspace.run(&["schema", "reprot"]).ends(2).says("report");
    assert_eq!(workspace.run(&["schema"]).ends(0).stdout, workspace.run(&["schema", "document"]).ends(0).stdout);
}
