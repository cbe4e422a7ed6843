//! `key in found` is as good as `found[key] != ()`.

use std::time::{Duration, Instant};

use crate::script::asking::{ask, say, shop};

#[test]
fn it_says_what_contains_says() {
    for (expression, said) in [
        (
            "{ let m = #{ a: 1, b: () }; [\"a\" in m, \"b\" in m, \"c\" in m, \"a\" !in m] }",
            "[true, true, false, false]",
        ),
        ("{ let a = [1, \"x\", ()]; [1 in a, 2 in a, \"x\" in a, () in a] }", "[true, false, true, true]"),
        ("{ let t = \"abc\"; [\"b\" in t, 'c' in t, \"d\" in t] }", "[true, true, false]"),
        ("{ let r = 0..5; [3 in r, 7 in r] }", "[true, false]"),
        ("{ const M = #{ a: 1 }; \"a\" in M }", "true"),
        // What is searched can be changed afterwards, and closures share it.
        (
            "{ let m = #{}; let n = 0; for k in [\"a\", \"b\", \"a\"] { if k in m { n += 1; } m[k] = 1; } [n, m.len()] }",
            "[1, 2]",
        ),
        (
            "{ let m = #{ a: 1 }; let f = |k| k in m; m.b = 1; [f.call(\"b\"), \"b\" in m, f.call(\"c\")] }",
            "[true, true, false]",
        ),
        ("{ let m = #{ a: 1 }; \"a\" in m; set(m, \"b\", 2); m.len() }", "2"),
        ("{ let m = #{ a: 1 }; let o = m; \"a\" in m; m.b = 1; o.len() }", "1"),
        ("{ let a = [[1]]; [1] in a && a.some(|x| x in a) }", "true"),
        ("{ let m = #{ a: \"b\", b: 1 }; m[\"a\"] in m }", "true"),
    ] {
        assert_eq!(say(expression, &shop()), said, "{expression}");
    }
    let asked = ask("let m = #{};\n1 in m;", &shop());
    assert!(asked.failure().3.contains("unknown function"), "{:?}", asked.failed);
}

#[test]
fn it_takes_no_longer_than_an_index() {
    let filled = "let m = #{}; for i in 0..10_000 { m[i.to_string()] = 1; } let n = 0;";
    let time = |test: &str| {
        let start = Instant::now();
        let body = format!("{filled} for i in 0..10_000 {{ if {test} {{ n += 1; }} }} ctx.report(system, `${{n}}`);");
        let asked = ask(&body, &shop());
        assert_eq!(asked.findings.first().map(|found| found.1.as_str()), Some("10000"), "{:?}", asked.failed);
        start.elapsed()
    };
    let (by_index, by_name) = (time("m[i.to_string()] != ()"), time("i.to_string() in m"));
    assert!(by_name < 3 * by_index + Duration::from_millis(200), "{by_name:?}, {by_index:?}");
}
