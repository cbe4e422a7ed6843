//! Rules and importers: those that behave, and those that do not.

use std::sync::Arc;

use serde_json::json;
use spec_engine::diagnostic::Help;
use spec_engine::diagnostic::Severity;
use spec_engine::import::{ImportFile, ImportOutput};
use spec_engine::model::System;
use spec_engine::plugin::{Abilities, Ability as Kind, ComponentFault, PluginError};
use spec_engine::policy::{Policy, RuleFindings, Scope, SeveritySetting};
use spec_engine::source::Source;
use spec_engine::wasm::{Component, ComponentRule};

use super::guest::{Ability, Guest};
use super::{load, refused};
use crate::support::renderers::draw;

/// Checks a document with the rules of a component, and against nothing else.
fn check(component: &Component) -> RuleFindings {
    let mut policy = Policy::built_in();
    let engine: Vec<String> = policy.rules().map(|configured| configured.rule.id().to_owned()).collect();
    for id in engine {
        // What is about reading finds nothing here.
        let _ = policy.set_severity(&id, SeveritySetting::Off);
    }
    let source = Arc::new(Source::new("bad.wasm", Vec::new()));
    for rule in ComponentRule::all(component, &source) {
        assert!(policy.add(Box::new(rule)).is_ok());
    }
    let system: System = serde_json::from_value(json!({ "name": "shop", "services": { "api": {} } })).unwrap();
    policy.check(Some(&system), Vec::new(), Scope::All)
}

/// Asserts that a rule fails with a message and a next step, as a finding against its component.
#[track_caller]
fn fails(guest: &Guest, message: &str, help: &Help) {
    let mut checked = check(&load(&guest.build()).expect("it loads"));
    let failed = checked.failed.pop().expect("it fails");
    assert!(checked.findings.is_empty() && failed.source.name() == "bad.wasm");
    assert!(failed.finding.message.starts_with("bad/bad-thing: "), "{}", failed.finding.message);
    assert!(failed.finding.message.contains(message), "{}", failed.finding.message);
    assert_eq!(failed.finding.help.as_ref(), Some(help));
}

fn raise(key: &'static str, value: &str) -> Help {
    Help::RaiseLimit { plugin: Some("bad".to_owned()), key, value: Some(value.to_owned()) }
}

fn import(guest: &Guest) -> Result<ImportOutput, PluginError> {
    let files = [ImportFile { name: "a.yml".into(), content: b"a: 1\n".to_vec() }];
    load(&guest.build()).expect("it loads").import(&files, &json!({}))
}

#[test]
fn a_finding_of_a_rule_has_its_severity_and_a_place_that_is_there() {
    let component = load(&Guest::with(Ability::HasRules).build()).unwrap();
    assert_eq!(component.abilities(), Abilities { has_rules: true, ..Abilities::default() });
    let RuleFindings { findings, failed } = check(&component);
    assert!(failed.is_empty());
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.rule.as_str(), finding.severity), ("bad/bad-thing", Severity::Warning));
    // There is no node 7: the finding is about the document.
    assert_eq!((finding.message.as_str(), finding.place.pointer().unwrap().as_str()), ("hello", ""));
}

#[test]
fn a_rule_that_fails_is_a_finding_against_its_component() {
    let rule = |body: &str| Guest { render: body.into(), ..Guest::with(Ability::HasRules) };
    fails(&rule("(loop (br 0)) (unreachable)"), "more than 100M instructions", &raise("fuel", "200M"));
    let body = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1000)) (i32.const -1)))) (unreachable)";
    fails(&rule(body), "more than 256M of memory", &raise("memory", "512M"));
    let said = r#"(import "spec-engine:plugin/host@0.1.3" "log" (func $log (param i32 i32 i32)))"#;
    let body = "(call $log (i32.const 0) (i32.const 0x5000) (i32.const 5)) (unreachable)";
    fails(
        &Guest { imports: said.into(), ..rule(body) },
        "it panicked (last log line: error: hello)",
        &"report it to the author of `bad`".into(),
    );
    let many = Guest { artifacts: 100_001, pages: 256, ..Guest::with(Ability::HasRules) };
    fails(&many, "more than 100K findings", &raise("findings", "200K"));
}

#[test]
fn the_rules_that_a_component_lists_are_checked() {
    let rules = |rule: &str, rules| Guest { rule: rule.into(), rules, ..Guest::with(Ability::HasRules) }.build();
    refused(&rules("Bad Name", 1), "a name is kebab-case");
    refused(&rules("../x", 1), "a name is kebab-case");
    refused(&rules("twice", 2), "has two rules `twice`");
    refused(&rules("many", 101), "has 101 rules; at most 100 are allowed");
    assert_eq!(check(&load(&rules("none", 0)).unwrap()).findings.len(), 0);
}

#[test]
fn an_importer_makes_a_document_and_says_what_there_is_to_say() {
    let guest = Guest { content: r#"{\"name\": \"x\"}"#.into(), length: 13, ..Guest::with(Ability::Imports) };
    let imported = import(&guest).unwrap();
    assert_eq!(imported.document.as_deref(), Some(r#"{"name": "x"}"#));
    // There is no file 7.
    assert_eq!((imported.remarks.len(), imported.remarks[0].position), (1, None));
    assert_eq!(imported.remarks[0].finding.rule.as_str(), "bad/bad-thing");
}

#[test]
fn an_importer_that_says_nothing_is_an_error() {
    // The result is an error, and the list of remarks is empty.
    let body =
        "(i32.store8 (i32.const 0x200) (i32.const 1)) (i32.store (i32.const 0x208) (i32.const 0)) (i32.const 0x200)";
    let imported = import(&Guest { render: body.into(), ..Guest::with(Ability::Imports) }).unwrap();
    assert!(imported.document.is_none());
    let [remark] = imported.remarks.as_slice() else { panic!("{imported:?}") };
    assert_eq!(remark.finding.severity, Severity::Error);
    assert_eq!(remark.finding.message, "the plugin `bad` made nothing and gave no reason");
}

#[test]
fn an_importer_that_does_not_behave_is_stopped() {
    let importer = |body: &str| Guest { render: body.into(), ..Guest::with(Ability::Imports) };
    let source = r#"(import "spec-engine:plugin/host@0.1.3" "source-json" (func $source (param i32)))"#;
    for (guest, message) in [
        (importer("(loop (br 0)) (unreachable)"), "more than 100M instructions"),
        (Guest { artifacts: 100_001, pages: 256, ..Guest::with(Ability::Imports) }, "more than 100K findings"),
        (Guest { length: (2 << 30) - 1, ..Guest::with(Ability::Imports) }, "was stopped"),
        (
            Guest { imports: source.into(), ..importer("(call $source (i32.const 0x9000)) (i32.const 0x200)") },
            "asked for the document where there is none",
        ),
    ] {
        let why = import(&guest).expect_err("it is stopped");
        assert!(why.to_string().starts_with("the plugin `bad` ") && why.to_string().contains(message), "{why}");
    }
    let component = load(&Guest::with(Ability::Imports).build()).unwrap();
    let large = [ImportFile { name: "a".into(), content: vec![0; (256 << 20) + 1] }];
    let why = component.import(&large, &json!({})).expect_err("it is too much");
    assert!(why.to_string().contains("more than 256M of input files"), "{why}");
    let PluginError::Component { fault: ComponentFault::Limit(exceeded), .. } = why else { panic!("{why:?}") };
    assert_eq!((exceeded.limit.key, exceeded.raised().as_deref()), ("input-bytes", Some("512M")));
}

#[test]
fn what_a_component_cannot_do_is_said() {
    let renderer = load(&Guest::default().build()).unwrap();
    let why = renderer.import(&[], &json!({})).expect_err("it does not import");
    assert_eq!(why.to_string(), "the plugin `bad` does not import");
    let importer = load(&Guest::with(Ability::Imports).build()).unwrap();
    let system = System::default();
    let why = draw(&importer, &spec_engine::graph::Graph::of(&system), &json!({})).expect_err("it does not render");
    assert_eq!(why.to_string(), "the plugin `bad` does not render");
    let abilities = Abilities { imports: true, ..Abilities::default() };
    assert_eq!(why, PluginError::MissingAbility { plugin: "bad".to_owned(), ability: Kind::Render, abilities });
    assert!(ComponentRule::all(&renderer, &Arc::new(Source::new("bad.wasm", Vec::new()))).is_empty());
}

#[test]
fn what_a_file_may_be_able_to_do_is_seen_without_compiling_it() {
    for ability in [Ability::Renders, Ability::HasRules, Ability::Imports] {
        let guest = Guest::with(ability);
        let wasm = guest.build();
        assert_eq!(Abilities::possible(&wasm), load(&wasm).unwrap().abilities());
        assert_eq!(Abilities::possible(&guest.module()), load(&wasm).unwrap().abilities());
    }
    assert!(Abilities::possible(b"PK").is_empty());
}
