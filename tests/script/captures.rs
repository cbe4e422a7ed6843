//! Closures find what stands around them, whatever its type.

use crate::script::asking::{ask, say, shop};

#[test]
fn a_closure_uses_the_value_whose_list_it_filters() {
    for (expression, said) in [
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
    ] {
        assert_eq!(say(expression, &shop()), said, "{expression}");
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
}

#[test]
fn what_is_assigned_is_still_shared() {
    for (expression, said) in [
        ("{ let n = 0; system.services.map(|s| { n += 1; }); n }", "3"),
        ("{ let last = (); system.services.map(|s| { last = s; }); last.key() }", "users"),
        ("{ let last = system; system.services.map(|s| { last = s; }); last.key() }", "users"),
        ("{ let names = []; system.services.map(|s| names.push(s.key())); names }", "[\"api\", \"lonely\", \"users\"]"),
    ] {
        assert_eq!(say(expression, &shop()), said, "{expression}");
    }
}
