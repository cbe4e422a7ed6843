//! Tests of rules: those of the examples and of a new rule pass, and those that should not do not.

use std::path::Path;
use std::sync::Arc;

use spec_engine::limits::ScriptLimits;
use spec_engine::rules::Rule as _;
use spec_engine::script::scaffold::scaffold;
use spec_engine::script::testing::{CaseError, CaseResult, TestFileError, TestReport, Tests, test_file};
use spec_engine::script::{Script, is_rule_file};
use spec_engine::source::Source;

use crate::script::asking::{read, source};

/// Reads every rule of a folder.
pub fn rules_in(folder: &Path) -> Vec<Script> {
    let mut sources: Vec<Arc<Source>> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rhai"))
        .map(|path| source(path.file_name().unwrap().to_str().unwrap(), &std::fs::read_to_string(&path).unwrap()))
        .collect();
    sources.sort_by(|a, b| a.name().cmp(b.name()));
    let rules = sources.iter().filter(|source| is_rule_file(source.name()));
    rules
        .map(|rule| {
            Script::read(Arc::clone(rule), &sources[..], ScriptLimits::default()).unwrap_or_else(|failed| {
                panic!("{}: {}", rule.name(), failed[0].finding.message);
            })
        })
        .collect()
}

fn run(script: &Script, tests: &str) -> TestReport {
    let tests = Tests::read(tests).unwrap_or_else(|why| panic!("{}: {why}", script.id()));
    tests.run(script, |_| Err(std::io::ErrorKind::NotFound.into()))
}

#[test]
fn the_tests_of_the_examples_pass_and_reach_every_report() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules");
    let rules = rules_in(&folder);
    assert!(rules.len() >= 5, "{rules:?}");
    for rule in rules {
        let name = rule.id().rsplit('/').next().unwrap();
        let tests = std::fs::read_to_string(folder.join(test_file(&format!("{name}.rhai")))).unwrap();
        let tested = run(&rule, &tests);
        assert!(tested.is_passed(), "{}: {:#?}", rule.id(), tested.cases);
        assert_eq!(tested.never_fired, [], "{}", rule.id());
    }
}

#[test]
fn a_new_rule_passes_its_tests() {
    let new = scaffold("acme/team/a-new-one").unwrap();
    assert_eq!((new.script_file.as_str(), new.test_file.as_str()), ("a-new-one.rhai", "a-new-one.test.json"));
    let rule = read(&new.script, ScriptLimits::default());
    assert_eq!(rule.id(), "acme/team/a-new-one");
    let tested = run(&rule, &new.test);
    assert!(tested.is_passed(), "{:#?}", tested.cases);
    assert_eq!(tested.never_fired, []);
    for wrong in ["image-digest", "Acme/x", "acme/", "/x", "acme/x y", "acme/-x", "../x/y", "acme//x"] {
        assert_eq!(scaffold(wrong).unwrap_err().0, wrong);
    }
}

#[test]
fn what_a_rule_does_not_do_is_told() {
    let rule = read(
        "const RULE = #{ id: \"a/b\", severity: \"info\", description: \"x\" };\nfn service(svc, ctx) {\n    ctx.report(svc, \"seen\");\n    if svc.owner != () { ctx.report(svc, \"owned\"); }\n}",
        ScriptLimits::default(),
    );
    let tested = run(
        &rule,
        r#"{ "cases": [{ "name": "one", "expect": [
        { "at": "/services/api", "severity": "error" }, { "at": "/services/api", "contains": "seen" }] },
        { "name": "two", "expect": [] }, { "name": "three", "patch": { "owner": "x" }, "expect": [] },
        { "name": "four", "document": "gone.json", "expect": [] },
        { "name": "five", "params": { "x": 1 }, "expect": [] },
        { "name": "six", "patch": [{ "op": "remove", "path": "/x" }], "expect": [] }] }"#,
    );
    let results: Vec<_> = tested.cases.iter().map(|case| &case.result).collect();
    let CaseResult::Differs { missing, unexpected } = results[0] else { panic!("{results:?}") };
    assert_eq!(missing, &["error at `/services/api`"]);
    assert!(unexpected.is_empty());
    let CaseResult::Differs { missing, unexpected } = results[1] else { panic!("{results:?}") };
    assert!(missing.is_empty());
    assert_eq!(unexpected, &["info at `/services/api`: seen"]);
    let error = |result: usize| match results[result] {
        CaseResult::Invalid(error) => error.clone(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(error(2), CaseError::InvalidDocument { pointer, .. } if pointer.as_str() == "/owner"));
    assert!(matches!(error(3), CaseError::Unreadable { file, .. } if file == "gone.json"));
    assert_eq!(error(4), CaseError::UnknownParameter { name: "x".to_owned(), suggestion: None });
    assert!(matches!(error(5), CaseError::PatchFailed(_)));
    assert_eq!(tested.never_fired, [(4, 30)]);
}

#[test]
fn a_rule_that_fails_fails_its_test() {
    let rule = read(
        "const RULE = #{ id: \"a/b\", description: \"x\" };\nfn check(system, ctx) { system.nope; }",
        ScriptLimits::default(),
    );
    let tested = run(&rule, r#"{ "cases": [{ "name": "one", "expect": [] }] }"#);
    assert!(matches!(tested.cases[0].result, CaseResult::Failed(_)));
    assert!(!tested.is_passed());
}

#[test]
fn a_file_of_tests_that_is_wrong_is_refused() {
    let expected = |text| match Tests::read(text).unwrap_err() {
        TestFileError::Expected { place, expected } => format!("{place}: {expected}"),
        other => panic!("{text}: {other:?}"),
    };
    for (text, what) in [
        ("[]", "the file: an object"),
        ("{}", "the file: an array `cases`"),
        (r#"{ "cases": [{ "expect": [] }] }"#, "the case 1: a string `name`"),
        (r#"{ "cases": [{ "name": "x" }] }"#, "the case `x`: an array `expect`, empty where the rule reports nothing,"),
        (
            r#"{ "cases": [{ "name": "x", "patch": 1, "expect": [] }] }"#,
            "the case `x`: an object (merge patch) or an array (JSON Patch) as `patch`",
        ),
        (
            r#"{ "cases": [{ "name": "x", "expect": [{ "severity": "error" }] }] }"#,
            "`expect` of the case `x`: a string `at`",
        ),
    ] {
        assert_eq!(expected(text), what, "{text}");
    }
    let unknown = |text| match Tests::read(text).unwrap_err() {
        TestFileError::Unknown { place, what, name, suggestion, .. } => {
            format!("{place}: {what} {name}, {}", suggestion.unwrap_or("nothing near"))
        }
        other => panic!("{text}: {other:?}"),
    };
    for (text, what) in [
        (r#"{ "case": [] }"#, "the file: key case, cases"),
        (r#"{ "cases": [{ "name": "x", "expects": [] }] }"#, "the case 1: key expects, expect"),
        (
            r#"{ "cases": [{ "name": "x", "expect": [{ "at": "", "severity": "warn" }] }] }"#,
            "`expect` of the case `x`: severity warn, nothing near",
        ),
    ] {
        assert_eq!(unknown(text), what, "{text}");
    }
    let error = |text| Tests::read(text).unwrap_err();
    assert!(matches!(error("{"), TestFileError::Json(_)));
    assert_eq!(error(r#"{ "cases": [] }"#), TestFileError::NoCases);
    let both = r#"{ "cases": [{ "name": "x", "patch": {}, "document": "y", "expect": [] }] }"#;
    assert!(matches!(error(both), TestFileError::TwoDocuments { .. }));
    let pointer = r#"{ "cases": [{ "name": "x", "expect": [{ "at": "services" }] }] }"#;
    assert!(matches!(error(pointer), TestFileError::InvalidPointer { text, .. } if text == "services"));
    let twice = r#"{ "cases": [{ "name": "x", "expect": [] }, { "name": "x", "expect": [] }] }"#;
    assert_eq!(error(twice), TestFileError::DuplicateCase("x".to_owned()));
}

#[test]
fn a_case_may_name_a_document() {
    let rule = read(
        "const RULE = #{ id: \"a/b\", description: \"x\" };\nfn check(system, ctx) { ctx.report(system, system.name); }",
        ScriptLimits::default(),
    );
    let tests = Tests::read(
        r#"{ "cases": [{ "name": "x", "document": "a.json", "expect": [{ "at": "", "contains": "shop" }] }] }"#,
    )
    .unwrap();
    assert_eq!(tests.documents().collect::<Vec<_>>(), ["a.json"]);
    let tested = tests.run(&rule, |_| Ok(br#"{"name":"shop","services":{}}"#.to_vec()));
    assert!(tested.is_passed(), "{:?}", tested.cases);
}
