//! Closures find what stands around them, whatever its type.

use spec_engine::limits::ScriptLimits;
use spec_engine::script::Script;

use crate::script::asking::{ask, ask_with, failure, read, say, shop, source};

#[track_caller]
fn says(cases: &[(&str, &str)]) {
    for (expression, said) in cases {
        assert_eq!(say(expression, &shop()), *said, "{expression}");
    }
}

#[test]
fn a_closure_uses_the_value_whose_list_it_filters() {
    says(&[
        // The cases that everybody writes.
        ("{ let s = system.services.api; s.exposes.filter(|e| s.owner == \"web\").len() }", "1"),
        ("{ let s = system.services.api; s.exposes.filter(|e| s.owner == ()).len() }", "0"),
        ("{ let s = system.services.lonely; s.exposes.filter(|e| s.owner == ()).len() }", "0"),
        (
            "{ let s = system.services.api; s.connections.map(|c| s.key() + \"/\" + c.key()) }",
            "[\"api/gone\", \"api/users\"]",
        ),
        // A map, a list, a place, a binding.
        ("{ let all = system.services; all.filter(|s| all.contains(s.key())).len() }", "3"),
        ("{ let e = system.services.api.exposes; e.all(|x| e.len() == 1) }", "true"),
        (
            "{ let spot = system.services.api.image.at(\"tag\"); [1].map(|x| spot.pointer()) }",
            "[\"/services/api/image/tag\"]",
        ),
        ("{ let b = system.services.api.bindings()[0]; [1].map(|x| b.id) }", "[\"rds:payments-db\"]"),
        // `ctx` and what it has.
        ("system.services.filter(|s| ctx.graph.dependents(s).len() > 0).len()", "2"),
        ("{ let g = ctx.graph; g.nodes.filter(|n| g.dependencies(n).is_empty()).len() > 0 }", "true"),
        ("{ let n = ctx.graph.node(\"svc:api\"); ctx.graph.nodes.filter(|o| o != n && n.kind == o.kind).len() }", "2"),
        ("{ let n = ctx.graph.node(\"svc:api\"); n.node.exposes.filter(|e| n.label == \"api\").len() }", "1"),
        ("{ let p = ctx.params; [1].filter(|x| p.contains(\"none\")).len() }", "0"),
        ("{ let f = ctx.report(system, \"first\"); [1].map(|x| f.help(\"h\")); 1 }", "first"),
        // Nested.
        (
            "{ let s = system.services.api; s.connections.filter(|c| s.exposes.some(|e| e.port == 443 && c.key() != s.key())).len() }",
            "2",
        ),
        (
            "system.services.filter(|s| s.connections.some(|c| system.services.contains(c.key()) && s.owner != ())).len()",
            "2",
        ),
        (
            "{ let s = system.services.api; s.connections.map(|c| s.exposes.map(|e| s.connections.filter(|d| d != c && s.exposes.len() == 1).len())) }",
            "[[1], [1]]",
        ),
    ]);
}

#[test]
fn a_closure_uses_what_is_assigned_too() {
    says(&[
        (
            "{ let s = system.services.lonely; s = system.services.api; s.exposes.filter(|e| s.owner == \"web\").len() }",
            "1",
        ),
        (
            "{ let n = 0; for s in system.services { let last = s; last = s; n += last.connections.filter(|c| last.owner != ()).len(); } n }",
            "3",
        ),
        (
            "{ let s = system.services.api; s.exposes.filter(|e| { s = system.services.users; true }).len(); s.key() }",
            "users",
        ),
        ("{ let g = (); g = ctx.graph; g.nodes.filter(|n| g.dependents(n).len() > 1).len() }", "3"),
    ]);
}

#[test]
fn a_closure_uses_the_array_map_or_text_that_calls_it() {
    says(&[
        // Filled before, as everybody fills them.
        ("{ let a = []; a.push(3); a.push(3); a.push(4); a.filter(|x| a.index_of(x) == a.len() - 1) }", "[4]"),
        ("{ let a = [3, 1, 2]; a.map(|x| a.filter(|y| y < x).len()) }", "[2, 0, 1]"),
        ("{ let a = [3, 1]; a.map(|x| { a.push(x); x }); a }", "[3, 1, 3, 1]"),
        ("{ let a = [3, 1]; a.order_by(|x, y| a.index_of(x) - a.index_of(y)) }", "[3, 1]"),
        ("{ let a = [3, 1]; a.reduce(|sum, x| sum + a.len(), 0) }", "4"),
        ("{ let m = #{ a: 1, b: 2 }; m.keys().filter(|k| m[k] > 1) }", "[\"b\"]"),
        ("{ let m = #{ a: [1], b: [2, 3] }; m.b.filter(|x| m.len() == x) }", "[2]"),
        ("{ let m = #{}; m.a = [1, 2]; m[\"a\"].filter(|x| x in m.a) }", "[1, 2]"),
        ("{ let m = #{ a: 1, b: 2 }; m.filter(|k| m.len() == 2).len() }", "2"),
        ("{ let t = \"a,b\"; t.split(\",\").filter(|x| t.starts_with(x)) }", "[\"a\"]"),
        // As arguments.
        ("{ let a = [1, 2]; let f = |b| a.filter(|x| b.contains(x) && a.contains(x)).len(); f.call(a) }", "2"),
        ("{ let a = [1, 2]; let f = |x| a.len() + x; a.map(f) }", "[3, 4]"),
        ("{ let m = #{ a: 1 }; let f = |k| m[k]; m.keys().map(f) }", "[1]"),
        // Which holds itself.
        ("{ let f = (); f = |n| if n == 0 { 0 } else { n + f.call(n - 1) }; f.call(4) }", "10"),
        ("{ let m = #{}; m.f = |n| if n == 0 { 0 } else { n + m.f.call(n - 1) }; m.f.call(4) }", "10"),
        // What is changed stays shared.
        ("{ let n = 0; system.services.map(|s| { n += 1; }); n }", "3"),
        ("{ let last = (); system.services.map(|s| { last = s; }); last.key() }", "users"),
        ("{ let last = system; system.services.map(|s| { last = s; }); last.key() }", "users"),
        ("{ let names = []; system.services.map(|s| names.push(s.key())); names }", "[\"api\", \"lonely\", \"users\"]"),
        ("{ let a = [1]; let f = || a.len(); a.push(2); a.push(3); f.call() }", "3"),
        ("{ let m = #{}; let f = || m.len(); m.x = 1; m[\"y\"] = 1; f.call() }", "2"),
    ]);
}

#[test]
fn a_function_of_the_script_uses_what_it_is_called_on() {
    let script = read(
        "const RULE = #{ id: \"test/rule\", description: \"x\" };\nfn large(f) { this.filter(f).len() }\nfn owned(o) { this.owner == o }\n\
         fn check(system, ctx) {\n  let a = [1, 2, 3];\n  let s = system.services.api;\n  let n = a.large(|x| a.len() - x > 0);\n\
         ctx.report(system, `${n} ${s.exposes.filter(|e| s.owned(\"web\")).len()}`);\n}",
        ScriptLimits::default(),
    );
    let asked = ask_with(script, &[], &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    assert_eq!(asked.findings[0].1, "2 1");
}

#[test]
fn what_cannot_be_is_said_in_words() {
    for body in ["let a = [1, 2];\na.retain(|x| a.len() > 1);", "let a = [];\nlet f = || a;\na.push(f);"] {
        let asked = ask(body, &shop());
        let failed = asked.failed.unwrap().finding;
        let expected = "a closure uses a variable while a method that changes the variable runs";
        assert!(failed.message.ends_with(expected), "{body}: {}", failed.message);
        assert!(failed.help.unwrap().to_string().starts_with("take a copy first"));
    }
}

#[test]
fn closures_a_hundred_deep_find_it() {
    // Each function has a closure that calls the next: an expression itself may not be so deep.
    let closures: String =
        (0..99).map(|index| format!("let f{} = |x| s.key() + f{index}.call(x);\n", index + 1)).collect();
    let body = format!(
        "let s = system.services.api;\nlet f0 = |x| s.exposes.filter(|e| s.key() == x).len().to_string();\n{closures}ctx.report(system, f20.call(\"api\"));"
    );
    let asked = ask(&body, &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    assert_eq!(asked.findings[0].1, format!("{}1", "api".repeat(20)));
    // All hundred are more calls inside each other than a rule may have, and more closures than may be written so.
    let asked = ask(&body.replace("f20.call(\"api\")", "f99.call(\"api\")"), &shop());
    let (file, line, _, message) = asked.failure();
    assert!(message.contains("(limit `call-depth`)") || message.contains("(limit `nesting`)"), "{message}");
    assert!(file == "rule.rhai" && line > 3, "{file}:{line}");
    let text = format!(
        "const RULE = #{{ id: \"a/b\", description: \"x\" }};\nfn check(system, ctx) {{\n  let f = {}1;\n}}",
        "|x| ".repeat(100)
    );
    let failed = Script::read(source("rule.rhai", &text), [], ScriptLimits::default()).unwrap_err();
    let (file, line, _, message) = failure(&failed[0]);
    assert_eq!((file.as_str(), line), ("rule.rhai", 3));
    assert_eq!(message, "the script has more than 64 nested expressions (limit `expression-depth`)");
    assert!(failed[0].finding.help.is_some());
}
