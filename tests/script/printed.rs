//! What a rule prints reaches its author, with the rule and the line.

use std::sync::{Arc, Mutex};

use spec_engine::limits::{LimitTable as _, ScriptLimits};
use spec_engine::script::testing::Tests;
use spec_engine::script::{PrintHook, Script};

use crate::script::asking::{ask_with, check, shop, source};
use crate::support::workspace::Workspace;

/// What a rule prints, a line each.
fn printed(script: Script) -> Vec<String> {
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let into = Arc::clone(&lines);
    let hook = PrintHook::new(move |rule, printed| {
        into.lock().unwrap().extend(printed.iter().map(|line| format!("{rule}: {line}")));
    });
    let asked = ask_with(script.on_print(hook), &[], &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    let lines = lines.lock().unwrap();
    lines.clone()
}

#[test]
fn every_type_is_printed_with_its_line() {
    let body = "print(\"a\");\nprint(1); print('c');\ndebug(\"a\");\nprint([1, \"x\"]);\nprint(#{ a: 1 });\nprint(());\nprint(true);\n\
                print(system.services.api);\ndebug(system.services.api.bindings()[0]);\nsystem.services.map(|s| { print(s.key()); });\nprint();";
    assert_eq!(
        printed(check(body, ScriptLimits::default())),
        [
            "rule.rhai:3: a",
            "rule.rhai:4: 1",
            "rule.rhai:4: c",
            "rule.rhai:5: \"a\"",
            "rule.rhai:6: [1, \"x\"]",
            "rule.rhai:7: #{\"a\": 1}",
            "rule.rhai:8: ",
            "rule.rhai:9: true",
            "rule.rhai:10: /services/api",
            "rule.rhai:11: rds:payments-db",
            "rule.rhai:12: api",
            "rule.rhai:12: lonely",
            "rule.rhai:12: users",
            "rule.rhai:13: ",
        ]
        .map(|line| format!("test/rule: {line}"))
    );
}

#[test]
fn an_imported_file_prints_in_its_own_name() {
    let text = "import \"_s\" as s;\nconst RULE = #{ id: \"test/rule\", description: \"x\" };\nfn check(system, ctx) { s::say(); }";
    let siblings = [source("rules/_s.rhai", "// A file.\nfn say() { print(\"here\"); }")];
    let script = Script::read(source("rules/rule.rhai", text), &siblings[..], ScriptLimits::default()).unwrap();
    assert_eq!(printed(script), ["test/rule: _s.rhai:2: here"]);
}

#[test]
fn what_is_printed_is_bounded() {
    let mut limits = ScriptLimits::default();
    limits.set("printed", "1K").unwrap();
    let lines = printed(check("for i in 0..100_000 { print(`line ${i}`); }", limits));
    assert!(lines.len() < 40, "{}", lines.len());
    assert_eq!(lines.last().unwrap(), "test/rule: rule.rhai:3: … the rest is left out (limit `printed`)");
}

#[test]
fn it_is_shown_by_rules_test_and_with_verbose() {
    let text = "const RULE = #{ id: \"test/rule\", description: \"x\" };\nfn check(system, ctx) {\n    print(`it is ${system.name}`);\n}";
    let tests = r#"{ "cases": [{ "name": "one", "expect": [] }] }"#;
    let workspace = Workspace::new();
    workspace.write(".spec-engine/rules/rule.rhai", text).write(".spec-engine/rules/rule.test.json", tests);
    workspace.write("x.json", r#"{"name": "shop", "services": {}}"#);
    let ran = workspace.run(&["rules", "test"]).ends(0);
    ran.says("    rule.rhai:3: it is test").says("test result: ok. 2 passed; 0 failed");
    workspace.run(&["validate", "x.json", "--verbose"]).says("test/rule: rule.rhai:3: it is shop");
    let quiet = workspace.run(&["validate", "x.json"]);
    assert!(!quiet.stderr.contains("it is shop") && !quiet.stdout.contains("it is shop"));
    // As the author of a test sees it.
    let rule = Script::read(source("rule.rhai", text), [], ScriptLimits::default()).unwrap();
    let tested = Tests::read(tests).unwrap().run(&rule, |_| Err(std::io::ErrorKind::NotFound.into()));
    assert_eq!(tested.cases[0].printed[0].to_string(), "rule.rhai:3: it is test");
}
