//! What a script says of itself is read without running it, and checked.

use serde_json::json;
use spec_engine::diagnostic::Severity;
use spec_engine::limits::ScriptLimits;
use spec_engine::rules::Rule as _;
use spec_engine::script::{Script, is_rule_file};

use crate::script::asking::{failure, read, source};

#[test]
fn a_script_describes_itself() {
    let script = read(
        r#"const RULE = #{
            id: "acme/x", severity: "info", description: "What it finds", docs: "Why", tags: ["a", "b"],
            params: #{
                text: #{ type: "string", value: "x", description: "A text" },
                number: #{ type: "integer", value: -5 },
                on: #{ type: "boolean", value: true },
                texts: #{ type: "string[]", value: ["x"] },
                numbers: #{ type: "integer[]", value: [1, 2] },
            },
        };
        fn service(svc, ctx) { loop { } }"#,
        ScriptLimits::default(),
    );
    assert_eq!((script.id(), script.severity(), script.summary()), ("acme/x", Severity::Info, "What it finds"));
    assert_eq!((script.docs().as_str(), script.tags()), ("What it finds\n\nWhy", vec!["a", "b"]));
    let params: Vec<_> = script.params().iter().map(|param| (param.name.as_ref(), param.default.to_json())).collect();
    assert_eq!(
        params,
        [
            ("text", json!("x")),
            ("number", json!(-5)),
            ("on", json!(true)),
            ("texts", json!(["x"])),
            ("numbers", json!([1, 2]))
        ]
    );
    assert_eq!(script.params()[0].summary, "A text");
    assert_eq!(
        read("const RULE = #{ id: \"a/b\", description: \"x\" };\nfn service(s, c) { }", ScriptLimits::default())
            .severity(),
        Severity::Error
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_wrong_is_named_with_its_place() {
    let mut wrong = Vec::new();
    for (rule, functions, line, column, message, help) in [
        (
            "id: \"acme/x\", descripton: \"x\"",
            "",
            1,
            31,
            "unknown key of RULE `descripton`",
            "did you mean `description`?",
        ),
        ("id: \"x\", description: \"x\"", "", 1, 21, "invalid rule id `x`", "for example `acme/image-digest`"),
        ("id: \"Acme/x\", description: \"x\"", "", 1, 21, "invalid rule id `Acme/x`", ""),
        ("id: 5, description: \"x\"", "", 1, 21, "expected a literal string for `id`", ""),
        ("id: \"a/\" + \"b\", description: \"x\"", "", 1, 26, "expected a literal string for `id`", ""),
        ("id: \"a/b\"", "", 1, 14, "RULE has no `description`", ""),
        (
            "id: \"a/b\", description: \"x\", severity: \"eror\"",
            "",
            1,
            56,
            "unknown severity `eror`",
            "did you mean `error`?",
        ),
        ("id: \"a/b\", description: \"x\", tags: [1]", "", 1, 52, "expected a literal string[] for `tags`", ""),
        (
            "id: \"a/b\", description: \"x\", params: #{ p: #{ value: 1 } }",
            "",
            1,
            57,
            "the parameter `p` has no `type`",
            "",
        ),
        (
            "id: \"a/b\", description: \"x\", params: #{ p: #{ type: \"int\", value: 1 } }",
            "",
            1,
            69,
            "unknown type `int`",
            "",
        ),
        (
            "id: \"a/b\", description: \"x\", params: #{ p: #{ type: \"integer\", value: \"1\" } }",
            "",
            1,
            87,
            "expected a literal integer for `value`",
            "",
        ),
        (
            "id: \"a/b\", description: \"x\", params: #{ p: #{ type: \"integer\", vaule: 1 } }",
            "",
            1,
            80,
            "unknown key of a parameter `vaule`",
            "did you mean `value`?",
        ),
        ("id: \"a/b\", description: \"x\"", "fn check(system) { }", 2, 4, "`check` takes two parameters", ""),
        (
            "id: \"a/b\", description: \"x\"",
            "fn services(svc, ctx) { }",
            2,
            4,
            "the script has no entry point",
            "did you mean `service` for `services`?",
        ),
        ("id: \"a/b\", description: \"x\"", "fn check(system, ctx) { let = 5; }", 2, 29, "syntax error", ""),
        ("id: \"a/b\", description: \"x\"", "fn check(system, ctx) { systm.name; }", 2, 25, "syntax error", ""),
    ] {
        let functions = if functions.is_empty() { "fn check(system, ctx) { }" } else { functions };
        let text = format!("const RULE = #{{ {rule} }};\n{functions}");
        let failed = Script::read(source("rule.rhai", &text), [], ScriptLimits::default()).expect_err(rule);
        let (_, found_line, found_column, found) = failure(&failed[0]);
        assert!(found.starts_with(message), "{rule}: {found}");
        if (found_line, found_column) != (line, column) {
            wrong.push(format!("{rule}: {found_line}:{found_column}, not {line}:{column}"));
        }
        let found = failed[0].finding.help.as_ref().map(|help| help.to_string()).unwrap_or_default();
        assert!(found.starts_with(help), "{rule}: {found}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let failed =
        Script::read(source("rule.rhai", "fn check(system, ctx) { }"), [], ScriptLimits::default()).unwrap_err();
    assert!(failed[0].finding.message.starts_with("the script has no `const RULE"), "{}", failed[0].finding.message);
    assert!(Script::read(source("rule.rhai", ""), [], ScriptLimits::default()).is_err());
}

#[test]
fn a_file_is_a_rule_by_its_name() {
    for (name, is_rule) in
        [("x.rhai", true), ("_x.rhai", false), (".x.rhai", false), ("x.test.json", false), ("x.rhai~", false)]
    {
        assert_eq!(is_rule_file(name), is_rule, "{name}");
    }
}

#[test]
fn everything_that_is_wrong_with_a_script_is_said_at_once() {
    let text = "const RULE = #{ id: \"A\", severity: \"bad\", params: #{ a: #{ type: \"integer\", value: \"x\" } } };\nfn chek(system, ctx) { }";
    let failed = Script::read(source("rule.rhai", text), [], ScriptLimits::default()).unwrap_err();
    let messages: Vec<&str> = failed.iter().map(|failed| failed.finding.message.as_str()).collect();
    let starts = [
        "invalid rule id",
        "unknown severity",
        "expected a literal integer",
        "RULE has no `description`",
        "the script has no entry point",
    ];
    assert_eq!(messages.len(), starts.len(), "{messages:#?}");
    assert!(messages.iter().zip(starts).all(|(message, start)| message.starts_with(start)), "{messages:#?}");
}
