//! What a document does not have is empty, and what the format does not have is an error.

use serde_json::json;

use crate::script::asking::{ask, say, shop};

#[track_caller]
fn says(cases: &[(&str, &str)]) {
    let document = json!({ "name": "x", "services": { "api": { "image": { "name": "x" } } } });
    for (expression, said) in cases {
        let expression = format!("{{ let s = system.services.api; {expression} }}");
        assert_eq!(say(&expression, &document), *said, "{expression}");
    }
}

#[test]
fn absent_objects_and_lists_read_as_empty() {
    says(&[
        ("let n = 0; for h in system.deployments.helm { n += 1; } n", "0"),
        ("let n = 0; for h in s.repo { n += 1; } n", "0"),
        ("system.deployments.helm.len()", "0"),
        ("system.deployments.helm.web.version == ()", "true"),
        ("system.deployments.helm.filter(|h| h.version == ()).map(|h| h.key())", "[]"),
        ("s.repo.url == ()", "true"),
        ("s.repo == ()", "true"),
        ("s.owner == ()", "true"),
        ("s.repo ?? 1", "1"),
        ("s.repo.url ?? \"none\"", "none"),
        ("s.aws.rds.some(|r| r.engine == \"x\")", "false"),
        ("s.aws.rds.all(|r| r.engine == \"x\")", "true"),
        ("s.aws.rds.find(|r| true).name == ()", "true"),
        ("s.aws.rds[0].name == ()", "true"),
        ("s.exposes[0].port == ()", "true"),
        ("s.aws.rds.reduce(|sum, r| sum + 1, 0)", "0"),
        ("s.azure.keys().len() + s.azure.values().len()", "0"),
        ("\"x\" in s.azure", "false"),
        ("s.azure.contains(\"x\") || s.azure.servicebus.is_empty", "true"),
        ("system.services.find(|s| s.owner == \"none\").image.tag == ()", "true"),
        ("ctx.graph.dependents(system.services.none).len()", "0"),
    ]);
}

#[test]
fn a_question_mark_leads_to_no_error() {
    says(&[
        ("if s.repo?.url.matches(\"x\") { 1 } else { 2 }", "2"),
        ("if s.repo?.url.starts_with(\"https\") { 1 } else { 2 }", "2"),
        ("let n = 0; for r in s.aws?.rds { n += 1; } n", "0"),
        ("s.azure?.subnets ?? \"none\"", "none"),
        ("s.azure?.servicebus.len()", "0"),
        ("let m = #{}; m.one?.two.three == ()", "true"),
        ("let m = #{}; m.one?.truncate(2) == ()", "true"),
        ("let m = #{}; m?[\"one\"] == ()", "true"),
        ("let m = #{ one: #{ two: 2 } }; m?.one?.two", "2"),
    ]);
}

#[test]
fn text_functions_take_what_is_absent() {
    says(&[
        ("s.owner.len()", "0"),
        ("s.owner.is_empty()", "true"),
        ("s.owner.contains(\"x\") || s.owner.starts_with(\"x\") || s.owner.ends_with(\"x\")", "false"),
        ("s.owner.matches(\"x\") || s.owner.glob(\"x\")", "false"),
        (
            "\"x\".contains(s.owner) || \"x\".starts_with(s.owner) || \"x\".matches(s.owner) || \"x\".glob(s.owner)",
            "false",
        ),
        ("s.owner.to_upper() ?? \"none\"", "none"),
        ("s.owner.to_lower() == ()", "true"),
        ("s.owner.split(\",\").len()", "0"),
        ("s.owner.index_of(\"x\") + \"x\".index_of(s.owner)", "-2"),
        ("s.owner.sub_string(1, 2) == ()", "true"),
        ("s.owner.trim() == ()", "true"),
        ("\"x\" in s.owner || s.owner in \"x\" || s.owner in [\"x\"] || s.owner in #{ x: 1 }", "false"),
        ("\"<\" + s.owner + \">\"", "<>"),
        ("`<${s.owner}>`", "<>"),
    ]);
}

#[test]
fn a_key_that_is_absent_or_unknown_finds_nothing() {
    says(&[
        ("system.owners[s.owner].email == ()", "true"),
        ("system.owners[()] == ()", "true"),
        ("system.services[\"none\"].image.tag == ()", "true"),
        ("let k = s.owner; system.services[k] == ()", "true"),
        ("let m = #{ a: 1 }; m[s.owner] == ()", "true"),
        ("let m = #{ a: 1 }; let k = s.owner; m[k] == ()", "true"),
        ("let m = #{ a: #{ b: 1 } }; m[s.repo.url]?.b == ()", "true"),
        ("let m = #{ a: 1 }; m[s.image.name] == ()", "true"),
        ("let m = #{ x: 1 }; m[s.image.name]", "1"),
        ("s[\"none\"] == ()", "true"),
        ("s.exposes[s.owner] == ()", "true"),
        ("ctx.params[s.owner] == ()", "true"),
        ("s.repo[\"none\"][0] == ()", "true"),
    ]);
}

#[test]
fn a_field_that_the_format_does_not_have_is_an_error() {
    let failed = "failed: the rule `test/rule` failed: no field";
    says(&[
        ("s.imgae", &format!("{failed} `imgae` on Service; did you mean `image`?")),
        ("s.image.tga", &format!("{failed} `tga` on ContainerImage; did you mean `tag`?")),
        (
            "s.repo.comit",
            &format!("{failed} `comit` on a value that the document does not have; did you mean `commit`?"),
        ),
        (
            "system.services.none.exposse.len()",
            &format!("{failed} `exposse` on a value that the document does not have; did you mean `exposes`?"),
        ),
    ]);
}

#[test]
fn a_key_that_is_absent_is_not_written() {
    let asked = ask("let m = #{};\nm[system.services.lonely.owner] = 1;", &shop());
    let failed = asked.failed.unwrap().finding;
    assert!(failed.message.ends_with("expected a string, found `()`, which the document does not have"), "{failed:?}");
    assert!(failed.help.unwrap().to_string().contains("`??`"));
}

#[test]
fn a_place_that_is_not_there_is_reported_where_the_function_was_called() {
    let body = "ctx.report(system.services.lonely.repo.at(\"url\"), \"x\").related(system.services.none, \"y\");";
    let asked = ask(body, &shop());
    assert!(asked.failed.is_none(), "{:?}", asked.failed);
    assert_eq!(asked.findings, [(String::new(), "x".to_owned())]);
    assert!(asked.diagnostics[0].related.is_empty());
}
