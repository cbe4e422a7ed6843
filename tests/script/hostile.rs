//! What a script cannot do: each limit, and each way out, against a script that tries.

use std::time::{Duration, Instant};

use serde_json::json;
use spec_engine::diagnostic::Help;
use spec_engine::limits::{LimitTable as _, ScriptLimits};
use spec_engine::script::Script;

use crate::script::asking::{Asked, ask, ask_limited, ask_with, failure, read, shop, source};

fn limits(settings: &[(&str, &str)]) -> ScriptLimits {
    let mut limits = ScriptLimits::default();
    for (key, value) in settings {
        limits.set(key, value).unwrap();
    }
    limits
}

/// Which limit ended a script, and where.
fn ended(asked: &Asked) -> (String, usize, usize) {
    let (_, line, column, message) = asked.failure();
    let limit = message.rsplit_once("(limit `").unwrap_or_else(|| panic!("{message}")).1;
    (limit.trim_end_matches("`)").to_owned(), line, column)
}

fn raise(key: &'static str, value: &str) -> Help {
    Help::RaiseLimit { plugin: None, key, value: Some(value.to_owned()) }
}

#[test]
fn a_loop_without_end_is_ended_by_the_operations() {
    let asked = ask_limited("let x = 0;\nloop { x += 1; }", &shop(), limits(&[("operations", "100K")]));
    let (limit, line, _) = ended(&asked);
    assert_eq!((limit.as_str(), line), ("operations", 4));
    let finding = asked.failed.unwrap().finding;
    assert_eq!(
        finding.message,
        "the rule `test/rule` was stopped: it used more than 100K operations (limit `operations`)"
    );
    assert_eq!(finding.help, Some(raise("operations", "200K")));
}

#[test]
fn a_loop_in_a_function_is_found_where_it_is_called() {
    let text = "const RULE = #{ id: \"test/rule\", description: \"x\" };\nfn spin() { loop { } }\nfn check(system, ctx) {\n    let a = 1;\n    spin();\n}";
    let asked = ask_with(read(text, limits(&[("operations", "10K")])), &[], &shop());
    assert_eq!(ended(&asked), ("operations".to_owned(), 5, 5));
}

#[test]
fn the_operations_of_closures_count() {
    let body = "let a = []; a.pad(1000, 0);\nloop { a.map(|x| { let y = x; while y < 100 { y += 1; } y }); }";
    let asked = ask_limited(body, &shop(), limits(&[("operations", "1M")]));
    let (limit, line, _) = ended(&asked);
    assert_eq!((limit.as_str(), line), ("operations", 4));
}

#[test]
fn the_clock_ends_what_the_operations_do_not() {
    let start = Instant::now();
    let asked = ask_limited("loop { }", &shop(), limits(&[("time", "100ms"), ("operations", "1000G")]));
    let (limit, line, _) = ended(&asked);
    assert_eq!((limit.as_str(), line), ("time", 3));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_limit_cannot_be_caught() {
    let body = "loop { try { loop { } } catch { } }";
    let asked = ask_limited(body, &shop(), limits(&[("operations", "100K")]));
    assert_eq!(ended(&asked).0, "operations");
    let body = "loop { try { ctx.report(system, \"x\"); } catch { } }";
    let asked = ask_limited(body, &shop(), limits(&[("findings", "10")]));
    assert_eq!(ended(&asked), ("findings".to_owned(), 3, 18));
    assert_eq!(asked.findings.len(), 10);
}

#[test]
fn the_places_that_findings_name_are_bounded() {
    let body = "let found = ctx.report(system, \"x\");\nloop { found.related(system, \"x\"); }";
    let asked = ask_limited(body, &shop(), limits(&[("findings", "10")]));
    assert_eq!(ended(&asked), ("findings".to_owned(), 4, 14));
    assert_eq!(asked.diagnostics[0].related.len(), 100);
}

#[test]
fn recursion_is_ended_before_the_stack_is() {
    let text = |inner: &str| {
        format!(
            "const RULE = #{{ id: \"test/rule\", description: \"x\" }};\nfn down(n) {{ {inner} }}\nfn check(system, ctx) {{ down(0); }}"
        )
    };
    for inner in [
        "down(n + 1)".to_owned(),
        "[n].map(|x| down(x + 1))".to_owned(),
        "let f = |x| down(x); f.call(n)".to_owned(),
        format!("{}down(n + 1){}", "(1 + ".repeat(12), ")".repeat(12)),
        format!("{}down(n + 1){}", "if true { ".repeat(12), " }".repeat(12)),
    ] {
        let deepest = limits(&[("call-depth", "64"), ("expression-depth", "64")]);
        let asked = ask_with(read(&text(&inner), deepest), &[], &shop());
        assert_eq!(ended(&asked).0, "call-depth", "{inner}");
    }
    // As deep as can be read, in every way to be deep.
    for (before, after) in [
        ("(1 + ", ")"),
        ("[", "][0]"),
        ("if true { ", " }"),
        ("#{ x: ", " }.x"),
        ("`${", "}`"),
        ("[1].map(|y| ", ")"),
        ("-", ""),
    ] {
        let deepest = limits(&[("call-depth", "64"), ("expression-depth", "64")]);
        let script = (1..64).rev().find_map(|depth| {
            let inner = format!("{}down(n){}", before.repeat(depth), after.repeat(depth));
            Script::read(source("rule.rhai", &text(&inner)), [], deepest.clone()).ok()
        });
        let asked = ask_with(script.expect("some depth can be read"), &[], &shop());
        assert!(asked.failed.is_some(), "{before}");
    }
}

#[test]
fn an_expression_that_is_too_deep_is_not_read() {
    for deep in [
        format!("let x = {}1{};", "(".repeat(5_000), ")".repeat(5_000)),
        format!("let x = {}1{};", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{}{}", "if true { ".repeat(5_000), "}".repeat(5_000)),
        format!("let x = {}1;", "-".repeat(5_000)),
        format!("let x = {}true;", "!".repeat(5_000)),
        format!("let x = system{};", ".name".repeat(5_000)),
        format!("let x = 1{};", " + 1".repeat(5_000)),
        format!("let x = {}1;", "|| ".repeat(5_000)),
        format!("if true {{ }}{}", " else if true { }".repeat(5_000)),
        format!("let x = true{};", " && true".repeat(5_000)),
        format!("let x = 1{};", " ?? 1".repeat(5_000)),
        format!("let x = 1; x{};", "[0]".repeat(5_000)),
        format!("let x = 1; x{};", ".len()".repeat(5_000)),
        format!("{}{}", "{ ".repeat(5_000), "}".repeat(5_000)),
        format!("{}{}", "switch 1 { 1 => ".repeat(5_000), "}".repeat(5_000)),
        format!("let x = {}1{};", "f(".repeat(5_000), ")".repeat(5_000)),
        format!("let x = {}1{};", "#{ x: ".repeat(5_000), "}".repeat(5_000)),
        format!("{}{}", "while true { ".repeat(5_000), "}".repeat(5_000)),
        format!("{}{}", "try { ".repeat(5_000), "} catch { }".repeat(5_000)),
        format!("let x = {}1{};", "`${".repeat(5_000), "}`".repeat(5_000)),
    ] {
        let text = format!("const RULE = #{{ id: \"a/b\", description: \"x\" }};\nfn check(system, ctx) {{ {deep} }}");
        let Err(failed) = Script::read(source("rule.rhai", &text), [], ScriptLimits::default()) else {
            panic!("{} is read", &deep[..40])
        };
        assert_eq!(failed[0].finding.rule.as_str(), "failed-rule");
    }
}

#[test]
fn texts_arrays_and_maps_are_bounded() {
    for (body, limit) in [
        ("let s = \"x\"; loop { s += s; }", "string-bytes"),
        ("let s = \"x\"; loop { s = `${s}${s}`; }", "string-bytes"),
        ("let s = \"x\"; s.pad(9_000_000_000, ' ');", "string-bytes"),
        ("let s = \"x\"; s.pad(9_000_000_000, \"ab\");", "string-bytes"),
        ("let s = \"a\"; s.pad(1_000_000, 'a'); let t = s; s.replace(\"a\", t);", "string-bytes"),
        ("let s = \"a\"; s.pad(1_000_000, 'a'); let t = s; s.replace('a', t);", "string-bytes"),
        ("let a = [1]; loop { a += a; }", "array-items"),
        ("let a = []; a.pad(9_000_000_000, 1);", "array-items"),
        ("let a = [\"x\"]; a[0].pad(1_000_000, 'x'); loop { a += a; }", "string-bytes"),
        ("let m = #{}; let i = 0; loop { m[i.to_string()] = 1; i += 1; }", "map-entries"),
        ("let m = #{}; let i = 0; loop { m.set(i.to_string(), 1); i += 1; }", "map-entries"),
        ("let m = #{}; let s = \"\"; s.pad(1_000_000, 'x'); loop { m.x = #{ m: m, s: s + 1 }; }", "string-bytes"),
    ] {
        let asked = ask_limited(body, &shop(), limits(&[("map-entries", "1000")]));
        let (found, line, _) = ended(&asked);
        assert_eq!((found.as_str(), line), (limit, 3), "{body}");
    }
}

#[test]
fn values_inside_each_other_are_bounded() {
    for body in [
        "let a = []; loop { a = [a]; }",
        "let a = []; loop { a = [[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]; }",
        "let m = #{}; loop { m = #{ m: m }; }",
        "let f = || 1; loop { let g = f; f = || g; }",
        "let a = []; a.pad(500_000, 1); let deep = a.reduce(|all, x| [all], 0); loop { deep = [deep]; }",
    ] {
        let asked = ask(body, &shop());
        let (limit, line, _) = ended(&asked);
        assert!(["nesting", "array-items"].contains(&limit.as_str()), "{body}: {limit}");
        assert_eq!(line, 3);
    }
}

#[test]
fn what_is_shared_does_not_upset_the_interpreter() {
    for body in [
        "let x = 1; let f = || x; let a = [x]; a.push(x); a += x; a[0] = x; ctx.report(system, `${a}`);",
        "let x = []; let f = || x; let a = [x]; a.push(x); x.push(a); ctx.report(system, `${a}`);",
        "let x = #{}; let f = || x; x.x = x; let m = #{ x: x }; m.y = x; ctx.report(system, `${m}`);",
        "let x = \"a\"; let f = || x; let m = #{ x: x }; ctx.report(system, `${m}${x}` + x);",
        "let f = (); f = || f; let a = [f]; ctx.report(system, `${a.len()}`);",
    ] {
        let asked = ask(body, &shop());
        if let Some(failed) = &asked.failed {
            assert!(!failed.finding.message.contains("defect"), "{body}: {}", failed.finding.message);
        }
    }
}

#[test]
fn all_variables_together_are_bounded() {
    let many: String = (0..200).map(|index| format!("let v{index} = s + {index}; ")).collect();
    let body = format!("let s = \"\"; s.pad(1_000_000, 'x'); {many}");
    assert_eq!(ended(&ask_limited(&body, &shop(), limits(&[("memory", "64M")]))).0, "memory");
    let text = "const RULE = #{ id: \"test/rule\", description: \"x\" };\nfn down(n) { let a = []; a.pad(500_000, 0); let i = 0; while i < 5_000 { i += 1; } down(n + 1) }\nfn check(system, ctx) { down(0); }";
    assert_eq!(ended(&ask_with(read(text, limits(&[("time", "60s")])), &[], &shop())).0, "memory");
}

#[test]
fn variables_and_imports_are_bounded() {
    let many: String = (0..300).map(|index| format!("let v{index} = 1; ")).collect();
    assert_eq!(ended(&ask(&many, &shop())).0, "variables");
    let text = "const RULE = #{ id: \"test/rule\", description: \"x\" };\nfn check(system, ctx) { loop { import \"_s\" as s; } }";
    let siblings = [source("_s.rhai", "fn one() { 1 }")];
    let script = Script::read(source("rule.rhai", text), &siblings[..], ScriptLimits::default()).unwrap();
    assert_eq!(ended(&ask_with(script, &[], &shop())).0, "modules");
}

#[test]
fn patterns_take_time_by_the_length_of_the_text() {
    let body = "let s = \"\"; s.pad(1_000_000, 'a'); let s = s + \"!\";\nif s.matches(\"(a+)+$\") { ctx.report(system, \"x\"); }";
    let start = Instant::now();
    let asked = ask(body, &shop());
    assert!(asked.failed.is_none() && asked.findings.is_empty(), "{:?}", asked.failed);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let asked = ask("\"x\".matches(\"a{1000}{1000}\");", &shop());
    assert!(asked.failure().3.ends_with("the pattern `a{1000}{1000}` needs more than 512 KiB when compiled"));
    let asked = ask_limited(
        "let i = 0; loop { \"x\".matches(`(a{100}){100}${i}`); i += 1; }",
        &shop(),
        limits(&[("time", "200ms"), ("memory", "1G")]),
    );
    assert_eq!(ended(&asked).0, "time");
}

#[test]
fn there_is_no_way_out() {
    for gone in [
        "sleep(1)",
        "timestamp()",
        "parse_json(\"1\")",
        "exit()",
        "open_file(\"/etc/passwd\")",
        "get_fn_metadata_list()",
    ] {
        let asked = ask(&format!("{gone};"), &shop());
        let message = asked.failure().3;
        assert!(message.contains("unknown function"), "{gone}: {message}");
    }
    let text = "const RULE = #{ id: \"a/b\", description: \"x\" };\nfn check(system, ctx) { eval(\"1\"); }";
    let failed = Script::read(source("rule.rhai", text), [], ScriptLimits::default()).unwrap_err();
    assert_eq!(failure(&failed[0]).1, 2);
}

#[test]
fn only_files_of_the_folder_are_imported() {
    let ask_import = |path: &str, siblings: &[(&str, &str)]| {
        let text = format!(
            "const RULE = #{{ id: \"test/rule\", description: \"x\" }};\nimport \"{path}\" as s;\nfn check(system, ctx) {{ ctx.report(system, `${{s::two()}}`); }}"
        );
        let siblings: Vec<_> = siblings.iter().map(|(name, text)| source(&format!("rules/{name}"), text)).collect();
        let script =
            Script::read(source("rules/rule.rhai", &text), &siblings[..], limits(&[("operations", "100K")])).unwrap();
        ask_with(script, &[], &shop())
    };
    let two = ("_shared.rhai", "fn two() { 2 }");
    for path in ["_shared", "_shared.rhai"] {
        assert_eq!(ask_import(path, &[two]).findings, [(String::new(), "2".to_owned())]);
    }
    for path in ["../_shared", "/etc/passwd", "./x/../../y", "x/y", "..", ".hidden", "C:x", "x\\\\y", "./_shared"] {
        let (_, line, _, message) = ask_import(path, &[two]).failure();
        assert!(message.contains("a rule imports files of its own folder, by name"), "{path}: {message}");
        assert_eq!(line, 2);
    }
    let (_, line, column, message) = ask_import("_sharde", &[two]).failure();
    assert_eq!((line, column), (2, 8));
    assert!(
        message.ends_with("there is no `_sharde.rhai` in the folder of the rule; did you mean `_shared.rhai`?"),
        "{message}"
    );

    let cycle = [("_a.rhai", "import \"_b\" as b;\nfn two() { 2 }"), ("_b.rhai", "import \"_a\" as a;")];
    let (file, line, _, message) = ask_import("_a", &cycle).failure();
    assert!(message.ends_with("imports itself: rule.rhai -> _a.rhai -> _b.rhai -> _a.rhai"), "{message}");
    assert_eq!((file.as_str(), line), ("rules/_b.rhai", 1));

    let (file, line, _, message) = ask_import("_loop", &[("_loop.rhai", "fn two() { 2 }\nloop { }")]).failure();
    assert!(message.ends_with("(limit `operations`)"), "{message}");
    assert_eq!((file.as_str(), line), ("rules/_loop.rhai", 2));

    let (file, line, _, message) = ask_import("_bad", &[("_bad.rhai", "fn two() {\n let = 2 }")]).failure();
    assert_eq!((file.as_str(), line), ("rules/_bad.rhai", 2), "{message}");

    let failing = [("_shared.rhai", "fn two() {\n    let x = 1;\n    throw \"no\"\n}")];
    let (file, line, column, message) = ask_import("_shared", &failing).failure();
    assert_eq!((file.as_str(), line, column), ("rules/_shared.rhai", 3, 5), "{message}");
}

#[test]
fn what_a_rule_found_before_it_failed_counts_and_the_others_go_on() {
    let asked = ask("ctx.report(system, \"first\");\nsystem.nope;", &shop());
    assert_eq!(asked.findings.len(), 1);
    let (file, line, column, message) = asked.failure();
    assert_eq!((file.as_str(), line, column), ("rule.rhai", 4, 8));
    assert!(message.starts_with("the rule `test/rule` failed: no field `nope` on System"), "{message}");
}

#[test]
fn every_failure_has_a_line_and_a_column() {
    for (body, line, column) in [
        ("nope();", 3, 1),
        ("let x = 1;\n  x.nope();", 4, 5),
        ("let x = [1];\nx[5];", 4, 3),
        ("let x = 1 / 0;", 3, 11),
        ("throw \"x\";", 3, 1),
        ("let n = 5; for x in n { }", 3, 21),
        ("let n = 1; if n { }", 3, 15),
        ("system.services.map(|s| s.nope);", 3, 27),
        ("ctx.report(5, \"x\");", 3, 5),
        ("\"ü\".matches(\"(\");", 3, 5),
    ] {
        let (_, found_line, found_column, message) = ask(body, &shop()).failure();
        assert_eq!((found_line, found_column), (line, column), "{body}: {message}");
    }
}

#[test]
fn a_service_that_fails_is_where_it_fails() {
    let text = "const RULE = #{ id: \"test/rule\", description: \"x\" };\nfn service(svc, ctx) {\n    if svc.key() == \"users\" {\n        loop { }\n    }\n    ctx.report(svc, \"x\");\n}";
    let asked = ask_with(
        read(text, limits(&[("operations", "10K")])),
        &[],
        &json!({
            "name": "x",
            "services": { "api": { "image": { "name": "x" } }, "users": { "image": { "name": "x" } } }
        }),
    );
    assert_eq!(asked.findings.len(), 1);
    assert_eq!(ended(&asked), ("operations".to_owned(), 4, 14));
}
