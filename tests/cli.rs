//! The command line as a person uses it: the built binary, real files, real exit statuses.

use std::process::Stdio;

use crate::support::workspace::{PAYMENTS, Workspace};

#[test]
fn validate_says_what_it_checked() {
    let ran = Workspace::new().run(&["validate", PAYMENTS]).ends(0);
    let summary = "payments-platform, 4 services, 3 connections, 8 resources, 3 deployments: 1 warning, 4 infos";
    assert_eq!(ran.stdout.lines().last(), Some(format!("{PAYMENTS}: {summary}").as_str()));
    let workspace = Workspace::new();
    let image = format!(r#""image": {{"name": "i", "digest": "sha256:{}"}}"#, "0".repeat(64));
    let resources = r#""aws": {"rds": [{"name": "db"}]}"#;
    let api = format!(r#"{{{image}, {resources}, "connections": {{"users": {{"port": 1, "protocol": "grpc"}}}}}}"#);
    let users = format!(r#"{{{image}, {resources}, "exposes": [{{"port": 1, "protocol": "grpc"}}]}}"#);
    workspace.write("s.json", format!(r#"{{"name": "s", "services": {{"api": {api}, "users": {users}}}}}"#));
    let ran = workspace.run(&["validate", "s.json", "--strict"]).ends(0);
    assert_eq!(ran.stdout, "s.json: s, 2 services, 1 connection, 1 resource, 0 deployments: no findings\n");
}

#[test]
fn every_error_is_shown_at_once_with_its_place() {
    let workspace = Workspace::new();
    workspace.write("bad.json", include_str!("cli/bad.json"));
    let pretty = workspace.run(&["validate", "bad.json"]).ends(1);
    insta::assert_snapshot!("validate-pretty", pretty.stdout);
    let compact = workspace.run(&["validate", "bad.json", "--output", "compact"]).ends(1);
    insta::assert_snapshot!("validate-compact", compact.stdout);
    let json = workspace.run(&["validate", "bad.json", "--output", "json"]).ends(1);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let report = &report["documents"][0];
    assert_eq!(report["findings"].as_array().unwrap().len(), compact.stdout.lines().count());
    assert_eq!(report["findings"][0]["start"]["line"], 3);
    assert_eq!(report["findings"][0]["pointer"], "/owner");
}

#[test]
fn strict_fails_on_warnings() {
    let workspace = Workspace::new();
    workspace.write("s.json", r#"{"name": "s", "services": {"a": {"owner": "x", "image": {"name": "a"}}}}"#);
    workspace.run(&["validate", "s.json"]).ends(0).says("warning[unknown-owner]");
    workspace.run(&["validate", "s.json", "--strict"]).ends(1).says("--strict");
}

#[test]
fn the_document_is_found_where_nobody_names_it() {
    let workspace = Workspace::new();
    let payments = std::fs::read(PAYMENTS).unwrap();
    workspace.run(&["validate"]).ends(2).says("system.json").says("spec-engine.toml").says("standard input");
    workspace.run_with_stdin(&["validate"], &payments).ends(0).says("<stdin>: payments-platform");
    workspace.run_with_stdin(&["validate", "-"], &payments).ends(0).says("<stdin>: payments-platform");
    workspace.write("system-spec.json", &payments);
    workspace.run(&["validate"]).ends(0).says("system-spec.json: payments-platform");
    workspace.write("system.json", &payments);
    workspace.run(&["validate"]).ends(0).says("system.json: payments-platform");
    workspace.write("docs/p.json", &payments).write("spec-engine.toml", "document = \"docs/p.json\"\n");
    workspace.run(&["validate"]).ends(0).says("docs/p.json: payments-platform");
}

#[test]
fn a_mistake_in_the_project_file_has_a_place() {
    let workspace = Workspace::new();
    workspace.write("spec-engine.toml", "documnet = \"x\"\n");
    workspace.run(&["validate"]).ends(2).says("documnet").says("line 1");
}

#[test]
fn input_that_is_no_document_gets_a_clear_error() {
    let workspace = Workspace::new();
    let deep = "[".repeat(1_000_000);
    let balanced = format!("{deep}{}", "]".repeat(1_000_000));
    let payments = std::fs::read_to_string(PAYMENTS).unwrap();
    let cases: [(&[u8], &str); 13] = [
        (b"", "1:1: error[invalid-json]: the document is empty"),
        (b" \n\n", "the document is empty"),
        (b"{\"name\": \"x\"", "1:13: error[invalid-json]"),
        (&payments.as_bytes()[..500], "error[invalid-json]"),
        (deep.as_bytes(), "1:1000001: error[invalid-json]"),
        (balanced.as_bytes(), "1:1: error[wrong-type]: expected an object as the document, found an array"),
        (b"[]", "1:1: error[wrong-type]"),
        (b"\xef\xbb\xbf{}", "1:1: error[invalid-encoding]: the document starts with a byte order mark"),
        (b"{\"name\": \"\xff\"}", "1:11: error[invalid-encoding]"),
        (b"\xff\xfe{\0}\0", "UTF-16"),
        (b"{\"name\": \"a\0b\"}", "1:12: error[invalid-json]"),
        (b"{\"name\": \"x\", // comment\n}", "1:15: error[invalid-json]"),
        (b"{\"name\": \"\\ud800\", \"services\": {}}", "error[invalid-json]"),
    ];
    for (bytes, expected) in cases {
        workspace.write("x.json", bytes);
        let ran = workspace.run(&["validate", "x.json", "--output", "compact"]).ends(1).says(expected);
        assert!(ran.stdout.len() < 2_000, "{}", ran.stdout.len());
        let ran = workspace.run(&["validate", "x.json"]).ends(1);
        assert!(ran.stdout.len() < 4_000, "{}", ran.stdout.len());
        let ran = workspace.run(&["render", "x.json", "--plugin", "graph", "-o", "out.json"]).ends(1);
        assert!(!ran.stderr.is_empty());
        assert!(!workspace.path().join("out.json").exists(), "{expected}");
    }
}

#[test]
fn numbers_that_no_port_can_be_get_a_place() {
    let workspace = Workspace::new();
    for (port, rule) in [
        ("0", "port-out-of-range"),
        ("-1", "port-out-of-range"),
        ("65536", "port-out-of-range"),
        ("99999999999999999999999999", "port-out-of-range"),
        ("1e400", "wrong-type"),
        ("80.5", "wrong-type"),
        ("\"80\"", "wrong-type"),
        ("null", "wrong-type"),
    ] {
        let document = format!(
            r#"{{"name": "s", "services": {{"a": {{"image": {{"name": "a"}}, "exposes": [{{"port": {port}, "protocol": "http"}}]}}}}}}"#
        );
        workspace.write("x.json", document);
        let ran = workspace.run(&["validate", "x.json", "--output", "compact"]).ends(1);
        let errors: Vec<&str> = ran.stdout.lines().filter(|line| line.contains("error[")).collect();
        assert_eq!(errors.len(), 1, "{port}: {errors:?}");
        assert!(errors[0].starts_with(&format!("x.json:1:79: error[{rule}]")), "{port}: {errors:?}");
    }
}

#[test]
fn a_very_long_line_is_cut_in_the_excerpt() {
    let workspace = Workspace::new();
    let name = "x".repeat(100_000_000);
    workspace.write("x.json", format!(r#"{{"name": "{name}", "services": {{"{name}": {{}}}}}}"#));
    let ran = workspace.run(&["validate", "x.json"]).ends(1).says("missing-image-name");
    assert!(ran.stdout.lines().all(|line| line.len() < 1_000), "a line is too long");
    let ran = workspace.run(&["validate", "x.json", "--output", "compact"]).ends(1);
    assert!(ran.stdout.len() < 1_000);
}

#[test]
fn what_cannot_be_read_is_not_a_finding() {
    let workspace = Workspace::new();
    workspace.write("payments.json", "{}");
    workspace.run(&["render", ".", "--plugin", "d2"]).ends(2).says("is a folder");
    workspace.run(&["validate", "payment.json"]).ends(2).says("did you mean").says("payments.json");
    workspace.run(&["validate", "missing/x.json"]).ends(2).says("there is no document missing/x.json");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let workspace = Workspace::new();
    for arguments in [&["graph", PAYMENTS][..], &["schema"], &["render", PAYMENTS, "--plugin", "markdown"], &["man"]] {
        let mut child = workspace.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert!(output.status.success(), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn render_refuses_a_document_with_errors_unless_they_are_allowed() {
    let workspace = Workspace::new();
    workspace.write("bad.json", include_str!("cli/bad.json"));
    let ran = workspace.run(&["render", "bad.json", "--plugin", "d2"]).ends(1).says("--allow-errors");
    assert_eq!(ran.stdout, "");
    let ran = workspace.run(&["render", "bad.json", "--plugin", "d2", "--allow-errors"]).ends(0);
    assert!(ran.stdout.contains("users-service"), "{}", ran.stdout);
    assert!(ran.stderr.contains("error[unknown-field]"), "{}", ran.stderr);
}

#[test]
fn render_writes_to_standard_output_a_file_or_a_folder() {
    let workspace = Workspace::new();
    let printed = workspace.run(&["render", PAYMENTS, "--plugin", "d2"]).ends(0).stdout;
    assert!(printed.contains("payments-service"));
    assert_eq!(workspace.run(&["render", PAYMENTS, "--format", "d2"]).ends(0).stdout, printed);
    workspace.run(&["render", PAYMENTS, "--plugin", "d2", "-o", "payments.d2"]).ends(0);
    assert_eq!(std::fs::read_to_string(workspace.path().join("payments.d2")).unwrap(), printed);
    workspace.run(&["render", PAYMENTS, "--plugin", "d2", "-o", "out/"]).ends(0);
    assert_eq!(std::fs::read_to_string(workspace.path().join("out/diagram.d2")).unwrap(), printed);
    workspace
        .run(&["render", PAYMENTS, "--plugin", "d2", "-o", "payments.d2/x"])
        .ends(2)
        .says("cannot make the folder");
    let left: Vec<_> = std::fs::read_dir(workspace.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".spec-engine-")), "{left:?}");
}

#[test]
fn settings_are_checked_and_a_wrong_one_gets_a_suggestion() {
    let workspace = Workspace::new();
    let down = workspace.run(&["render", PAYMENTS, "--plugin", "d2", "--set", "direction=down"]).ends(0);
    assert!(down.stdout.contains("direction: down"), "{}", down.stdout);
    workspace
        .run(&["render", PAYMENTS, "--plugin", "d2", "--set", "direction=dwn"])
        .ends(2)
        .says("did you mean `down`?");
    workspace
        .run(&["render", PAYMENTS, "--plugin", "d2", "--set", "drection=down"])
        .ends(2)
        .says("did you mean `direction`?");
    workspace.run(&["render", PAYMENTS, "--plugin", "d2", "--set", "direction"]).ends(2).says("KEY=VALUE");
    workspace.run(&["render", PAYMENTS, "--plugin", "dd2"]).ends(2).says("did you mean `d2`?");
    workspace.run(&["render", PAYMENTS]).ends(2).says("--plugin d2");
    workspace.run(&["render", PAYMENTS, "--plugin", "./gone.wasm"]).ends(2).says("there is no plugin file ./gone.wasm");
    let project = "plugin = \"d2\"\n[options.d2]\ndirection = \"left\"\n";
    workspace.write("spec-engine.toml", project).write("system.json", std::fs::read(PAYMENTS).unwrap());
    assert!(workspace.run(&["render"]).ends(0).stdout.contains("direction: left"));
    assert!(workspace.run(&["render", "--set", "direction=up"]).ends(0).stdout.contains("direction: up"));
}

#[test]
fn deployments_and_groups_are_up_to_the_user() {
    let workspace = Workspace::new();
    let with = workspace.run(&["render", PAYMENTS, "--plugin", "mermaid"]).ends(0).stdout;
    assert!(with.contains("platform-chart"), "{with}");
    let without =
        workspace.run(&["render", PAYMENTS, "--plugin", "mermaid", "--set", "deployments=false"]).ends(0).stdout;
    assert!(!without.contains("platform-chart"), "{without}");
    let flat = workspace.run(&["render", PAYMENTS, "--plugin", "mermaid", "--group-by", "none"]).ends(0).stdout;
    assert!(!flat.contains("subgraph"), "{flat}");
}

#[test]
fn a_template_dropped_into_a_folder_is_a_renderer_at_once() {
    let workspace = Workspace::new();
    let template = "{% for node in graph.nodes %}{{ node.label }}\n{% endfor %}";
    workspace.write("my-table.md.tera", template).write(".spec-engine/templates/labels.txt.tera", template);
    let named = workspace.run(&["render", PAYMENTS, "--plugin", "./my-table.md.tera"]).ends(0).stdout;
    assert!(named.starts_with("api-gateway\n"), "{named}");
    workspace.write("system.json", std::fs::read(PAYMENTS).unwrap());
    assert_eq!(workspace.run(&["render", "--plugin", "labels"]).ends(0).stdout, named);
    workspace.run(&["plugins", "list"]).ends(0).says("labels").says("project: ");
    workspace.write(".spec-engine/templates/d2.d2.tera", "mine");
    assert_eq!(workspace.run(&["render", "--plugin", "d2"]).ends(0).stdout, "mine");
    workspace.run(&["plugins", "list"]).ends(0).says("shadows the one of that name: built in");
}

#[test]
fn a_component_of_somebody_else_runs_and_is_compiled_once() {
    let workspace = Workspace::new();
    let d2 = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/dist/d2.wasm");
    workspace.write("theirs.wasm", std::fs::read(d2).unwrap());
    let built_in = workspace.run(&["render", PAYMENTS, "--plugin", "d2"]).ends(0).stdout;
    // Where the machine is slow, the cache also remembers how the file looked.
    let is_entry = |entry: &std::fs::DirEntry| entry.path().extension().is_some_and(|is| is != "seen");
    let cache = workspace.path().join("home/cache/spec-engine");
    let entries = || std::fs::read_dir(&cache).into_iter().flatten().flatten().filter(is_entry).count();
    assert_eq!(
        workspace.run(&["render", PAYMENTS, "--plugin", "./theirs.wasm", "--no-cache"]).ends(0).stdout,
        built_in
    );
    assert_eq!(entries(), 0);
    for _ in 0..2 {
        assert_eq!(workspace.run(&["render", PAYMENTS, "--plugin", "./theirs.wasm"]).ends(0).stdout, built_in);
        assert_eq!(entries(), 2, "the compiled code and what goes with it");
    }
    workspace.run(&["plugins", "info", "./theirs.wasm"]).ends(0).says("theirs: Draws").says("calls itself d2");
    workspace
        .run(&["render", PAYMENTS, "--plugin", "./theirs.wasm", "--limit", "fuel=10K"])
        .ends(2)
        .says("the plugin `theirs` was stopped")
        .says("--limit theirs.fuel=");
    workspace.run(&["render", PAYMENTS, "--plugin", "d2", "--limit", "feul=1"]).ends(2).says("feul");
    workspace.write("broken.wasm", &std::fs::read(d2).unwrap()[..1000]);
    workspace.run(&["render", PAYMENTS, "--plugin", "./broken.wasm"]).ends(2).says("the plugin `broken`");
    workspace.run(&["plugins", "list", "--plugins-dir", "."]).ends(0).says("broken").says("cannot be used:");
}

#[test]
fn what_a_target_cannot_hold_is_left_out_with_a_warning() {
    let workspace = Workspace::new();
    let hostile = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hostile.json");
    for plugin in ["d2", "mermaid", "dot"] {
        let ran = workspace.run(&["render", hostile, "--plugin", plugin]).ends(0);
        assert!(ran.stderr.contains(&format!("warning[{plugin}/characters-dropped]")), "{plugin}: {}", ran.stderr);
        assert!(!ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\0'), "{plugin}");
    }
}

#[test]
fn a_mistake_in_a_template_has_a_place_in_it() {
    let workspace = Workspace::new();
    workspace.write("bad.txt.tera", "one\n{{ missing }}\n");
    workspace.run(&["render", PAYMENTS, "--plugin", "./bad.txt.tera"]).ends(2).says("bad.txt.tera:2:4").says("missing");
}

#[test]
fn the_renderers_are_listed_and_explained() {
    let workspace = Workspace::new();
    let json = workspace.run(&["plugins", "list", "--output", "json"]).ends(0).stdout;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    let shipped = [
        "compose",
        "d2",
        "kubernetes",
        "mermaid",
        "terraform",
        "dot",
        "cytoscape",
        "sigma",
        "graph",
        "markdown",
        "html",
        "svg",
        "png",
        "pdf",
    ];
    assert_eq!(names, shipped);
    assert!(rows.iter().all(|row| row.get("error").is_none() && row["origin"] == "built in"), "{json}");
    workspace.run(&["plugins", "info", "d2"]).ends(0).says("right|").says("group-by").says("[default: \"right\"]");
    workspace.run(&["plugins", "info", "nope"]).ends(2).says("there is no plugin `nope`");
}

#[test]
fn rules_are_listed_and_explained() {
    let workspace = Workspace::new();
    workspace.run(&["rules", "list"]).ends(0).says("unknown-connection-target");
    workspace.run(&["rules", "explain", "unknown-owner"]).ends(0).says("## Use instead");
    workspace.run(&["rules", "explain", "unkown-owner"]).ends(2).says("did you mean `unknown-owner`?");
}

#[test]
fn help_man_page_and_completions_come_of_the_same_definitions() {
    let workspace = Workspace::new();
    workspace
        .run(&["--help"])
        .ends(0)
        .says("Examples:")
        .says("Exit status: 0 clean, 1 findings, 2 the command failed.");
    workspace.run(&["man"]).ends(0).says(".TH spec-engine 1");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        workspace.run(&["completions", shell]).ends(0).says("validate");
    }
}
