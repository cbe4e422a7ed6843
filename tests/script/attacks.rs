//! Scripts that try to take the machine: each is run by the command, which has to end, soon and small, say which limit it
//! was, and go on with the other rules.

use std::time::Duration;

use crate::support::measured::{Measured, measured};
use crate::support::workspace::{PAYMENTS, Workspace};

/// Ten times what any of them takes on a machine that has nothing else to do.
const MOST: Duration = Duration::from_secs(120);

/// The memory of a script, twice, since a step may copy what there is, and what the command itself takes, in MiB.
const MOST_MEMORY: u64 = 2 * 128 + 150;

const GOOD: &str = "const RULE = #{ id: \"test/good\", description: \"x\" };\nfn check(system, ctx) { ctx.report(system, \"the good rule ran\"); }";

/// Validates a document with a script and a good one.
fn validate(text: &str) -> Measured {
    let workspace = Workspace::new();
    workspace.write(".spec-engine/rules/bad.rhai", text).write(".spec-engine/rules/good.rhai", GOOD);
    workspace.write("payments.json", std::fs::read(PAYMENTS).unwrap());
    let ran = measured(&workspace, &["validate", "payments.json"], MOST);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said.contains("the good rule ran"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(ran.peak < MOST_MEMORY, "{} MiB\n{text}", ran.peak);
    ran
}

/// A script with a body of `fn check(system, ctx)`, and functions.
fn script(functions: &str, body: &str) -> String {
    format!(
        "const RULE = #{{ id: \"test/bad\", description: \"x\" }};\n{functions}\nfn check(system, ctx) {{\n{body}\n}}"
    )
}

/// Asserts that a limit ended a script.
#[track_caller]
fn ends_at(limits: &[&str], text: &str) {
    let ran = validate(text);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.status, 2, "{said}");
    assert!(limits.iter().any(|limit| said.contains(&format!("(limit `{limit}`)"))), "{limits:?}: {said}");
    assert!(said.contains("bad.rhai") && said.contains("--rule-limit"), "{said}");
}

#[test]
fn closures_that_capture_closures_are_weighed_once() {
    let body = "let f = || 1;\nfor i in 0..45 { let g = f; let h = f; f = || { g; h; 1 }; }\n\
                let i = 0;\nwhile i < 20_000 { let same = f; i += 1; }\nctx.report(system, `closures: ${i}`);";
    let ran = validate(&script("", body));
    assert!(ran.stdout.contains("closures: 20000") || ran.stderr.contains("closures: 20000"), "{ran:?}");
}

#[test]
fn copies_count() {
    let copies: String = (0..120).map(|index| format!("let b{index} = a;\n")).collect();
    ends_at(&["memory"], &script("", &format!("let a = [];\na.pad(1_000_000, 1);\n{copies}")));
    ends_at(
        &["memory", "call-depth"],
        &script(
            "fn down(a, n) { let b = a; let c = a; let d = a; let e = a; down(a, n + 1) }",
            "let a = [];\na.pad(1_000_000, 1);\ndown(a, 0);",
        ),
    );
    // In one step, and in what closures hold.
    ends_at(
        &["memory", "array-items"],
        &script(
            "fn one(x, y) { y }",
            "let a = [];\na.pad(100_000, 1);\nlet f = Fn(\"one\").curry(a);\nlet b = [];\nb.pad(100_000, f);",
        ),
    );
    ends_at(
        &["memory"],
        &script(
            "fn one(x, y) { y }",
            "let a = [];\na.pad(100_000, 1);\nlet f = Fn(\"one\").curry(a);\nlet b = [];\nloop { b.push(f); }",
        ),
    );
    let items = "f, ".repeat(2_000);
    ends_at(
        &["memory"],
        &script(
            "fn one(x, y) { y }",
            &format!("let a = [];\na.pad(100_000, 1);\nlet f = Fn(\"one\").curry(a);\nlet b = [{items}];"),
        ),
    );
}

#[test]
fn what_holds_itself_is_freed_with_its_rule() {
    let functions = "fn leak() { let l = []; l.pad(100_000, 1); l[0] = || l; }";
    ends_at(&["memory"], &script(functions, "loop { leak(); }"));
    // Each within its limit, many after each other.
    let workspace = Workspace::new();
    workspace.write("payments.json", std::fs::read(PAYMENTS).unwrap());
    for index in 0..40 {
        let text = script(functions, "for i in 0..30 { leak(); }").replace("test/bad", &format!("test/leak{index}"));
        workspace.write(&format!(".spec-engine/rules/leak{index}.rhai"), text);
    }
    let ran = measured(&workspace, &["validate", "payments.json"], MOST);
    assert!(ran.status < 2, "{ran:?}");
    assert!(ran.peak < MOST_MEMORY, "{} MiB", ran.peak);
}

#[test]
fn a_closure_is_no_json() {
    let ran = validate(&script("", "let x = 1;\nlet m = #{ a: [|| x] };\nm.to_json();"));
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.status, 2, "{said}");
    assert!(said.contains("bad.rhai:6:3") && said.contains("a closure"), "{said}");
}

#[test]
fn the_parser_is_bounded() {
    let lets: String = (0..100_000).map(|index| format!("let v{index}=1;")).collect();
    ends_at(&["tokens", "script-size"], &script("", &lets));
    let keys: String = (0..60_000).map(|index| format!("k{index}:1,")).collect();
    ends_at(&["tokens", "time"], &script("", &format!("let m = #{{{keys}}};")));
    ends_at(&["tokens"], &script("", &"1;".repeat(60_000)));
    ends_at(&["script-size"], &script("", &format!("// {}", "x".repeat(1 << 20))));
    // As much as may be: this is what the parser takes the longest for.
    let lets: String = (0..19_000).map(|index| format!("let v{index}=1;")).collect();
    ends_at(&["variables", "time"], &script("", &lets));
    let keys: String = (0..24_000).map(|index| format!("k{index}:1,")).collect();
    let ran = validate(&script("", &format!("let m = #{{{keys}}};")));
    assert!(
        ran.status < 2 || ran.stdout.contains("(limit `time`)") || ran.stderr.contains("(limit `time`)"),
        "{ran:?}"
    );
}

#[test]
fn steps_that_take_long_are_timed() {
    let body = "let a = [];\na.pad(1_000_000, 1);\nlet b = a;\nloop { a == b; a == b; a == b; a == b; }";
    let ran = validate(&script("", body));
    assert!(ran.stdout.contains("(limit `time`)") || ran.stderr.contains("(limit `time`)"), "{ran:?}");
}

/// A document with a fault that a rule of the engine finds.
const FAULTY: &str = r#"{"name": "x", "services": {"a": {"image": {"name": "x"}, "owner": "nobody"}}}"#;

/// Validates a document with many rules, each of which stays within its own limits.
fn validate_many(rules: usize, body: &str, limits: &[&str]) -> Measured {
    let workspace = Workspace::new();
    workspace.write("x.json", FAULTY).write(".spec-engine/rules/a-good.rhai", GOOD);
    for index in 0..rules {
        let text = script("", body).replace("test/bad", &format!("test/bad{index}"));
        workspace.write(&format!(".spec-engine/rules/bad{index}.rhai"), text);
    }
    let limits = limits.iter().flat_map(|limit| ["--rule-limit", limit]);
    let arguments: Vec<&str> = ["validate", "x.json", "--output", "compact"].into_iter().chain(limits).collect();
    let ran = measured(&workspace, &arguments, MOST);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.stdout.contains("the good rule ran") && ran.stdout.contains("unknown-owner"), "{ran:?}");
    ran
}

#[test]
fn many_rules_have_a_time_together() {
    let body = "let i = 0; while i < 400_000 { i += 1; }";
    let ran = validate_many(60, body, &["all-rules-time=1s"]);
    let stopped = ran.stdout.matches("all scripted rules together used more than 1s").count();
    assert!((1..=60).contains(&stopped), "{ran:?}");
    let last = ran.stdout.lines().find(|line| line.contains("bad59.rhai")).unwrap_or_default();
    assert!(last.contains("(limit `all-rules-time`)"), "{ran:?}");
}

#[test]
fn many_scripts_have_a_time_to_be_read_together() {
    let keys: String = (0..20_000).map(|index| format!("k{index}:1,")).collect();
    let ran = validate_many(20, &format!("let m = #{{{keys}}};"), &["all-rules-time=1s"]);
    assert!(ran.stdout.contains("bad"), "{ran:?}");
    assert!(ran.stdout.contains("the script was not read: all scripts together need more than 1s"), "{ran:?}");
}

#[test]
fn many_rules_have_findings_together() {
    let body = "let text = \"x\"; text.pad(5_000, 'x'); for i in 0..9_000 { ctx.report(system, text + i); }";
    let ran = validate_many(10, body, &["all-findings-bytes=100M"]);
    assert!(ran.stdout.contains("all scripted rules together used more than 100M of findings"), "{:.2000}", ran.stderr);
    assert!(ran.peak < 800, "{} MiB", ran.peak);
}

/// Each file of the folder was read again for each script that was named.
#[test]
fn a_folder_is_read_once_however_many_scripts_are_named() {
    let workspace = Workspace::new();
    workspace.write("x.json", FAULTY).write("rules/a-good.rhai", GOOD);
    workspace.write("rules/_large.rhai", format!("// {}", "x".repeat(1 << 20)));
    let named = "\"rules/a-good.rhai\", ".repeat(2_000);
    workspace.write("spec-engine.toml", format!("scripts = [{named}]\n"));
    let ran = measured(&workspace, &["validate", "x.json"], MOST);
    assert!(ran.peak < MOST_MEMORY, "{} MiB", ran.peak);
}
