//! `plugins test`, and what the user reads of a plugin that fails: samples of the author, values that are refused, a log.

use crate::support::workspace::{PAYMENTS, Workspace};
use crate::wasm::guest::Guest;

const COMPOSE: &str = "services:\n  web: {image: \"nginx:1\", depends_on: [api]}\n  api: {image: \"acme/api:1\"}\n";

#[test]
fn an_importer_is_tried_on_samples() {
    let workspace = Workspace::new();
    workspace.run(&["plugins", "test", "compose"]).ends(0).says("no samples: it imports what is in samples/");
    workspace.write("samples/shop.yml", COMPOSE).write("samples/two/a.yml", COMPOSE).write("samples/words", "nothing");
    workspace.write("samples/two/b.yml", "services:\n  jobs: {image: \"acme/jobs:1\"}\n").write("samples/.hidden", "");
    let ran = workspace.run(&["plugins", "test", "compose"]).ends(0);
    ran.says("imports 2 samples: shop.yml, two; refuses 1 sample: words; twice the same").says("no snapshots in");
    workspace.run(&["plugins", "test", "compose", "--update"]).ends(0).says("snapshots written into snapshots/compose");
    let snapshot = |name: &str| std::fs::read_to_string(workspace.path().join("snapshots/compose").join(name)).unwrap();
    assert!(snapshot("two/document.json").contains("\"jobs\""));
    assert!(
        snapshot("words/remarks.txt").starts_with("samples/words:1:1: error[compose/"),
        "{}",
        snapshot("words/remarks.txt")
    );
    workspace.run(&["plugins", "test", "compose"]).ends(0).says("snapshots are unchanged");
    workspace.write("samples/shop.yml", COMPOSE.replace("web", "front"));
    workspace.run(&["plugins", "test", "compose"]).ends(1).says("shop.yml/document.json: line").says("front");
    let ran = workspace.run(&["plugins", "test", "compose", "--input", "samples/two", "--snapshots", "none"]).ends(0);
    assert!(ran.stdout.contains("imports 1 sample: two") && !ran.stdout.contains("shop.yml"), "{ran:?}");
    workspace.run(&["plugins", "test", "compose", "--input", "missing"]).ends(2).says("cannot read missing");
    let twice = ["plugins", "test", "compose", "--input", "samples/shop.yml", "--input", "./samples/shop.yml"];
    workspace.run(&twice).ends(2).says("two samples are called shop.yml");
}

#[test]
fn a_renderer_is_tried_on_documents_of_its_author() {
    let workspace = Workspace::new();
    let template = "{% for node in graph.nodes %}{{ node.label }}\n{% endfor %}";
    workspace.write("list.txt.tera", template).write("samples/notes.txt", "no document");
    workspace.write("samples/mine.json", std::fs::read(PAYMENTS).unwrap());
    let ran = workspace.run(&["plugins", "test", "./list.txt.tera"]).ends(0);
    ran.says(
        "renders 6 systems, twice the same: one-service, payments, boutique, hostile-names, 500-services, mine.json",
    );
    // What it is to draw and cannot be drawn is said; what is named has to be a document.
    workspace.write("samples/broken.json", r#"{"name": "x", "services": {}}"#);
    let ran = workspace.run(&["plugins", "test", "./list.txt.tera"]).ends(1);
    ran.says("FAILED  broken.json: it cannot be drawn: the system has no services");
    let named = ["plugins", "test", "./list.txt.tera", "--input", "samples/notes.txt"];
    workspace.run(&named).ends(1).says("FAILED  notes.txt: it cannot be drawn");
}

/// The guest's own answer: the result is an error, and `entries` is what is in the list at 0x7100.
fn refusing(condition: &str, entries: usize) -> Guest {
    let text = |at: usize, length: usize| [at, length].map(bytes).concat();
    let diagnostic = [
        bytes(0),
        text(0x7200, 8),
        text(0x7208, 12),
        // No place and no help, each with the room that it would take.
        bytes(0).repeat(4),
        bytes(0).repeat(3),
    ]
    .concat();
    let schema = r#"{"type": "object", "properties": {"wide": {"type": "boolean", "default": true}}}"#;
    Guest {
        schema: schema.to_owned(),
        imports: format!(
            r#"(data (i32.const 0x7000) "{}{}") (data (i32.const 0x7100) "{diagnostic}") (data (i32.const 0x7200) "too-widetoo wide now")"#,
            bytes(1),
            text(0x7100, entries),
        ),
        ..Guest::rendering(&format!("{condition} (if (result i32) (then (i32.const 0x7000)) (else (i32.const 0x200)))"))
    }
}

/// A number as four bytes of WebAssembly text.
fn bytes(number: usize) -> String {
    u32::try_from(number).unwrap().to_le_bytes().map(|byte| format!("\\{byte:02x}")).concat()
}

/// Whether the options, the eighteenth word of the parameters, are `{"wide":false}`.
const NOT_WIDE: &str = "(i32.eq (i32.load offset=68 (local.get 0)) (i32.const 14))";

#[test]
fn a_value_that_is_refused_with_a_reason_is_no_failure() {
    let workspace = Workspace::new();
    workspace.write("good.wasm", refusing(NOT_WIDE, 1).build());
    let ran = workspace.run(&["plugins", "test", "./good.wasm"]).ends(0);
    ran.says(", and refuses 1 value: --set wide=false (too wide now)");
    workspace.write("good.wasm", refusing(NOT_WIDE, 0).build());
    let ran = workspace.run(&["plugins", "test", "./good.wasm"]).ends(1);
    ran.says("FAILED  --set wide=false: payments: it made no file: the plugin `good` made nothing and gave no reason");
    // Who refuses every document fails.
    workspace.write("good.wasm", refusing("(i32.const 1)", 1).build());
    workspace
        .run(&["plugins", "test", "./good.wasm"])
        .ends(1)
        .says("FAILED  one-service: it made no file: too wide now");
}

#[test]
fn an_error_without_a_place_shows_no_line() {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    for (entries, said) in [(1, "error[good/too-wide]: too wide now"), (0, "made nothing and gave no reason")] {
        workspace.write("good.wasm", refusing("(i32.const 1)", entries).build());
        let ran = workspace.run(&["render", "s.json", "--plugin", "./good.wasm"]).ends(1);
        assert!(ran.stderr.contains(said) && ran.stderr.contains("--> s.json\n"), "{ran:?}");
        assert!(!ran.stderr.contains("s.json:1:1") && !ran.stderr.contains("1 |"), "{ran:?}");
    }
}

#[test]
fn a_plugin_that_fails_to_describe_itself_names_its_file() {
    let workspace = Workspace::new();
    workspace.write("s.json", std::fs::read(PAYMENTS).unwrap());
    let log = r#"(import "spec-engine:plugin/host@0.1.2" "log" (func $log (param i32 i32 i32)))"#;
    let say = "(call $log (i32.const 0) (i32.const 0x5000) (i32.const 5))";
    let guest = |describe: String| Guest { imports: log.into(), describe, ..Guest::default() }.build();
    workspace.write("good.wasm", guest(format!("{say} (unreachable)")));
    workspace.write(".spec-engine/plugins/good.wasm", guest(format!("{say} (unreachable)")));
    for (arguments, file) in [
        (&["render", "s.json", "--plugin", "./good.wasm"][..], "./good.wasm"),
        (&["plugins", "test", "./good.wasm"], "./good.wasm"),
        (&["plugins", "add", "good.wasm"], "good.wasm"),
        (&["render", "s.json", "--plugin", "good", "--trust"], ".spec-engine/plugins/good.wasm"),
    ] {
        let ran = workspace.run(arguments).ends(2);
        let ran = ran.says("the plugin `good` was stopped: it panicked").says("error: hello");
        let line = ran.stderr.lines().find(|line| line.contains("| while it described itself: ")).unwrap();
        assert!(line.ends_with(file), "{line}");
        ran.says("help: report it to the author of `good`");
    }
    workspace.write("good.wasm", guest(format!("(loop {say} (br 0)) (unreachable)")));
    let ran = workspace.run(&["plugins", "info", "./good.wasm"]).ends(2);
    ran.says("while it described itself: ./good.wasm").says("raise it with --limit good.log=2M");
}

#[test]
fn a_template_that_asks_for_findings_is_tried_with_some() {
    let workspace = Workspace::new();
    workspace.write(
        "faults.txt.tera",
        "{% for fault in findings() %}{{ fault.rule }} at {{ fault.pointer }}\n{% endfor %}.",
    );
    workspace.run(&["plugins", "test", "./faults.txt.tera", "--update"]).ends(0).says("snapshots written");
    let made: Vec<String> = std::fs::read_dir(workspace.path().join("snapshots/faults"))
        .unwrap()
        .map(|folder| std::fs::read_to_string(folder.unwrap().path().join("faults.txt")).unwrap())
        .collect();
    assert!(made.iter().any(|text| text.contains("missing-owner at /services/")), "{made:?}");
}
