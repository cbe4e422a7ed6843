//! The schemas of what commands print as JSON hold both ways: what is printed passes, and every field that a schema has
//! is printed by some run of this test. Those of files that people write agree with what reads the files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spec_engine::render::template::Template;
use spec_engine::script::testing::Tests;

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
fn a_drift_is_as_its_schema_says() {
    let workspace = Workspace::new();
    let services = "services: {web: {image: 'a/web:2', ports: ['80:80']}, new: {image: 'a/new:1'}}\n";
    workspace.write("compose.yaml", services).write(
        "system.json",
        r#"{"name": "s", "services": {"web": {"image": {"name": "a/web", "tag": "1"}, "connections": {
            "old": {"port": 1, "protocol": "tcp"}}}, "old": {"image": {"name": "b/old"}}}}"#,
    );
    let from = ["drift", "system.json", "--from", "compose", "compose.yaml", "--output", "json"];
    hold("drift", &workspace, &[&from]);
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

/// The schema of a file that people write.
fn of_file(what: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&Workspace::new().run(&["schema", what]).ends(0).stdout).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{what}: {schema:#}");
    jsonschema::validator_for(&schema).unwrap()
}

/// TOML as editors see it: a date is a string.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(flag) => (*flag).into(),
    }
}

/// The files of the repository whose names end so.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() && !["target", ".git", "node_modules"].contains(&name.as_str()) {
            files(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

#[test]
fn the_schema_of_tests_of_rules_agrees_with_what_reads_them() {
    let validator = of_file("rule-test");
    let agrees = |text: &str, is_right: bool, what: &str| {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Tests::read(text).is_ok(), is_right, "{what}");
        assert_eq!(validator.is_valid(&value), is_right, "{what}: {:?}", validator.iter_errors(&value).next());
    };
    let mut found = Vec::new();
    files(Path::new(env!("CARGO_MANIFEST_DIR")), ".test.json", &mut found);
    assert!(found.len() >= 6, "{found:?}");
    for path in found {
        agrees(&std::fs::read_to_string(&path).unwrap(), true, &path.display().to_string());
    }
    let case = |more: &str| format!(r#"{{ "cases": [{{ "name": "a", "expect": [{{ "at": "/a~1b" }}]{more} }}] }}"#);
    for (text, is_right) in [
        (case(""), true),
        (case(r#", "patch": {}"#), true),
        (case(r#", "patch": [], "params": { "a": 1 }"#), true),
        (case(r#", "document": "a.json""#), true),
        (case(r#", "document": "a.json", "patch": {}"#), false),
        (case(r#", "patch": 1"#), false),
        (case(r#", "params": []"#), false),
        (case(r#", "more": 1"#), false),
        (r#"{ "$schema": "x", "cases": [{ "name": "a", "expect": [] }] }"#.to_owned(), true),
        (r#"{ "cases": [] }"#.to_owned(), false),
        (r#"{ "cases": [{ "name": " ", "expect": [] }] }"#.to_owned(), false),
        (r#"{ "cases": [{ "expect": [] }] }"#.to_owned(), false),
        (r#"{ "cases": [{ "name": "a" }] }"#.to_owned(), false),
        (r#"{ "cases": [{ "name": "a", "expect": [{}] }] }"#.to_owned(), false),
        (r#"{ "cases": [{ "name": "a", "expect": [{ "at": "api" }] }] }"#.to_owned(), false),
        (r#"{ "cases": [{ "name": "a", "expect": [{ "at": "", "severity": "bad" }] }] }"#.to_owned(), false),
        (r#"{ "cases": [], "case": 1 }"#.to_owned(), false),
    ] {
        agrees(&text, is_right, &text);
    }
}

#[test]
fn the_schema_of_project_files_agrees_with_what_reads_them() {
    let validator = of_file("project");
    for (text, is_right) in [
        (
            "document = \"a.json\"\ndocuments = [\"*.json\"]\nplugin = \"d2\"\nplugins = [\"p\"]\nscripts = [\"s\"]",
            true,
        ),
        ("[options.d2]\ntitle = \"x\"\ndetails = true", true),
        (
            "[view.a]\nfocus = \"x\"\ndepth = 2\nonly = [\"services\", \"resources\"]\ndirection = \"out\"\ngroup-by = \"owner\"",
            true,
        ),
        ("[rule-limits]\noperations = \"100M\"\ntime = 5000\ncall-depth = 64", true),
        ("[limits]\nfuel = 7\nmemory = \"1G\"\n[limits.d2]\ntime = \"9s\"\n", true),
        ("[rules]\nmutable-tag = \"error\"\n\"a/b\" = { severity = \"off\", allow = [\"x\"], most = 3 }", true),
        (
            "[[exceptions]]\nrule = \"mutable-tag\"\nat = \"/services/*\"\nreason = \"old\"\nuntil = 2099-12-31\ndocument = \"a.json\"",
            true,
        ),
        ("documnet = \"a\"", false),
        ("document = 1", false),
        ("scripts = \"s\"", false),
        ("[view.a]\nfocs = \"x\"", false),
        ("[view.a]\ndepth = [\"1\"]", false),
        ("[view.a]\nfocus = true", false),
        ("[rule-limits]\noperation = 1", false),
        ("[rule-limits]\noperations = \"1T\"", false),
        ("[rule-limits]\noperations = 0", false),
        ("[rule-limits]\ncall-depth = 65", false),
        ("[limits]\nfule = 1", false),
        ("[limits.d2]\nfule = 1", false),
        ("[rules]\nmutable-tag = \"bad\"", false),
        ("[rules]\nmutable-tag = { severity = \"bad\" }", false),
        ("[rules]\nmutable-tag = 1", false),
        ("[[exceptions]]\nrule = \"mutable-tag\"\nat = \"/a\"", false),
        ("[[exceptions]]\nrule = \"mutable-tag\"\nat = \"services.a\"\nreason = \"x\"", false),
        ("[[exceptions]]\nrule = \"mutable-tag\"\nat = \"/a\"\nreason = \"\"", false),
        ("[[exceptions]]\nrule = \"mutable-tag\"\nat = \"/a\"\nreason = \"x\"\nwhy = \"x\"", false),
        ("exceptions = 1", false),
        (
            "[import.names]\n\"rds:a\" = \"b\"\n[[import.ignore]]\nat = \"/a/*\"\nis = \"different\"\nreason = \"x\"",
            true,
        ),
        ("[import.names]\na = 1", false),
        ("[import]\nname = {}", false),
        ("[[import.ignore]]\nat = \"/a\"", false),
        ("[[import.ignore]]\nat = \"/a\"\nreason = \"x\"\nis = \"gone\"", false),
    ] {
        let value = as_json(&toml::Value::Table(text.parse().unwrap()));
        assert_eq!(validator.is_valid(&value), is_right, "{text}: {:?}", validator.iter_errors(&value).next());
        // What reads the file: the rules are known to the command, and so are limits and views.
        let workspace = Workspace::new();
        workspace.write("spec-engine.toml", text).write("a.json", r#"{ "name": "a", "services": {} }"#);
        workspace.write("p/.keep", "").write("s/.keep", "");
        let rule = "const RULE = #{ id: \"a/b\", description: \"c\", params: #{ allow: #{ type: \"string[]\", value: [] }, \
                    most: #{ type: \"integer\", value: 1 } } };\nfn check(system, ctx) {}\n";
        workspace.write(".spec-engine/rules/b.rhai", rule);
        let status = workspace.run(&["validate", "a.json"]).status;
        assert_eq!(status < 2, is_right, "{text}: {:?}", workspace.run(&["validate", "a.json"]));
    }
}

#[test]
fn the_schema_of_sidecars_agrees_with_what_reads_them() {
    let validator = of_file("sidecar");
    let agrees = |text: &str, is_right: bool, what: &str| {
        let value = as_json(&toml::Value::Table(text.parse().unwrap()));
        assert_eq!(validator.is_valid(&value), is_right, "{what}: {:?}", validator.iter_errors(&value).next());
        let read = Template::from_source("a.md.tera", "x", Some(text), &[]);
        assert_eq!(read.is_ok(), is_right, "{what}: {:?}", read.err());
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&root.join("templates"), ".toml", &mut found);
    files(&root.join("examples/templates"), ".toml", &mut found);
    assert!(found.len() >= 7, "{found:?}");
    for path in found {
        agrees(&std::fs::read_to_string(&path).unwrap(), true, &path.display().to_string());
    }
    let option = |more: &str| format!("[options.a]\ndescription = \"x\"\n{more}");
    for (text, is_right) in [
        (String::new(), true),
        ("summary = \"x\"\nversion = \"1\"\nmedia-type = \"text/x\"\nembed = [\"svg\"]".to_owned(), true),
        (option("type = \"integer\"\ndefault = 1\nminimum = 0\nmaximum = 3"), true),
        (option("type = \"string\"\ndefault = \"a\"\nenum = [\"a\", \"b\"]"), true),
        (option("type = \"number\"\ndefault = 1.5"), true),
        ("sumary = \"x\"".to_owned(), false),
        ("summary = 1".to_owned(), false),
        (option("type = \"text\"\ndefault = \"a\""), false),
        (option("type = \"string\""), false),
        (option("type = \"string\"\ndefault = 1"), false),
        (option("type = \"boolean\"\ndefault = true\nminimum = 1"), false),
        (option("type = \"string\"\ndefault = \"a\"\nenum = [\"a\", 1]"), false),
        (option("type = \"string\"\ndefault = \"a\"\nmore = 1"), false),
        ("[options.Up]\ndescription = \"x\"\ntype = \"string\"\ndefault = \"a\"".to_owned(), false),
        ("[options.group-by]\ndescription = \"x\"\ntype = \"string\"\ndefault = \"a\"".to_owned(), false),
        ("[options.a]\ntype = \"string\"\ndefault = \"a\"".to_owned(), false),
    ] {
        agrees(&text, is_right, &text);
    }
}

#[test]
fn definitions_are_written_for_editors() {
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", "");
    workspace.run(&["rules", "definitions"]).ends(0).says("wrote .spec-engine/definitions/engine.d.rhai");
    workspace.run(&["rules", "definitions", "-o", "more"]).ends(0);
    for folder in [".spec-engine/definitions", "more"] {
        let read = |name: &str| std::fs::read_to_string(workspace.path().join(folder).join(name)).unwrap();
        assert!(read("engine.d.rhai").contains("type Service = #{") && read("rhai.d.rhai").contains("fn split("));
        for (file, what) in
            [("system", "document"), ("project", "project"), ("rule-test", "rule-test"), ("sidecar", "sidecar")]
        {
            let printed: Value = serde_json::from_str(&workspace.run(&["schema", what]).ends(0).stdout).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&read(&format!("{file}.schema.json"))).unwrap(), printed);
        }
    }
    // They are no rules.
    workspace.run(&["rules", "check", "more"]).ends(2).says("there are no rules here");
}
