//! Every rule on documents of its own, tests/fixtures/rules/ID/{fires,quiet}*.json, and all of them together.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use spec_engine::diagnostic::{Diagnostic, Place};
use spec_engine::load::load;
use spec_engine::policy::{Policy, Scope};
use spec_engine::rules::{Check, RULES, Rule as _};
use spec_engine::source::Source;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The ids of the rules that look at a system.
fn of_systems() -> impl Iterator<Item = &'static str> {
    RULES
        .iter()
        .map(|registered| registered.rule)
        .filter(|rule| matches!(rule.check, Check::Format(_) | Check::System(_)))
        .map(|rule| rule.id)
}

/// The documents of a rule whose names start with a word, in their order.
fn documents(id: &str, word: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/fixtures/rules").join(id);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(word));
    paths.sort();
    paths
}

fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_str().unwrap();
    Source::new(name, std::fs::read(path).unwrap())
}

fn check(source: &Source) -> Vec<Diagnostic> {
    let loaded = load(source);
    Policy::built_in().check(loaded.system.as_ref(), loaded.findings, Scope::All).findings
}

fn of(id: &str, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.into_iter().filter(|finding| finding.rule.as_str() == id).collect()
}

/// Writes a finding as a person has to judge it.
fn shown(source: &Source, finding: &Diagnostic) -> String {
    let at = |place: &Place| {
        let position = source.position(source.locate([place])[0].start);
        format!("{}:{}", position.line, position.column)
    };
    let mut text = format!("{} {}[{}] {}\n", at(&finding.place), finding.severity, finding.rule, finding.message);
    if let Some(label) = &finding.label {
        writeln!(text, "  label: {label}").unwrap();
    }
    for related in &finding.related {
        writeln!(text, "  related: {} {}", at(&related.place), related.message).unwrap();
    }
    if let Some(help) = &finding.help {
        writeln!(text, "  help: {help}").unwrap();
    }
    text
}

#[test]
fn every_rule_has_its_documents_and_every_document_its_rule() {
    let folder = root().join("tests/fixtures/rules");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(folders.collect::<BTreeSet<_>>(), of_systems().map(str::to_owned).collect());
    for id in of_systems() {
        let (fires, quiet) = (documents(id, "fires").len(), documents(id, "quiet").len());
        assert!(fires > 0 && quiet > 0, "{id}: {fires} documents on which it fires, {quiet} on which it is quiet");
        assert_eq!(documents(id, "").len(), fires + quiet, "{id}: a document is named fires*.json or quiet*.json");
    }
}

#[test]
fn every_rule_fires_where_it_should_and_is_quiet_elsewhere() {
    for id in of_systems() {
        for path in documents(id, "quiet") {
            let source = source(&path);
            let findings = of(id, check(&source));
            let findings: Vec<String> = findings.iter().map(|finding| shown(&source, finding)).collect();
            assert!(findings.is_empty(), "{}: {findings:?}", path.display());
        }
        let mut text = String::new();
        for path in documents(id, "fires") {
            let source = source(&path);
            let findings = of(id, check(&source));
            assert!(!findings.is_empty(), "{}: it finds nothing", path.display());
            writeln!(text, "{}", source.name()).unwrap();
            text.extend(findings.iter().map(|finding| shown(&source, finding)));
        }
        insta::assert_snapshot!(id, text);
    }
}

#[test]
fn no_finding_shows_credentials() {
    for path in documents("credentials-in-url", "fires") {
        let source = source(&path);
        for finding in check(&source) {
            let shown = shown(&source, &finding);
            assert!(!shown.contains("s3cret") && !shown.contains("token@"), "{shown}");
        }
    }
}

/// Every text of a document that uses the whole format is replaced in turn.
#[test]
fn credentials_are_found_in_every_text() {
    let text = std::fs::read(root().join("tests/fixtures/all-kinds.json")).unwrap();
    let mut document: Value = serde_json::from_slice(&text).unwrap();
    let mut pointers = Vec::new();
    texts(&document, "", &mut pointers);
    assert!(pointers.len() > 250, "{} texts", pointers.len());
    for pointer in pointers {
        let before = document.pointer_mut(&pointer).unwrap().take();
        *document.pointer_mut(&pointer).unwrap() = "https://user:pass@example.com".into();
        let findings = of("credentials-in-url", check(&Source::new("x", document.to_string().into_bytes())));
        let found: Vec<&str> = findings.iter().filter_map(|finding| Some(finding.place.pointer()?.as_str())).collect();
        assert_eq!(found, [pointer.as_str()]);
        *document.pointer_mut(&pointer).unwrap() = before;
    }
}

/// Collects the pointers of the texts that are not one of a few words.
fn texts(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let is_word =
                    pointer.contains("/rules/") && ["direction", "protocol", "action"].contains(&key.as_str());
                if !is_word {
                    texts(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), pointers);
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                texts(element, &format!("{pointer}/{index}"), pointers);
            }
        }
        Value::String(_) => pointers.push(pointer.to_owned()),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What the example of the format's own project gets: each of them is justified.
#[test]
fn the_payments_example_gets_what_it_deserves() {
    let source = source(&root().join("examples/payments.json"));
    let text: String = check(&source).iter().map(|finding| shown(&source, finding)).collect();
    insta::assert_snapshot!("payments", text);
}

/// The catalogue is made of the rules; `SPEC_ENGINE_UPDATE=1 cargo test --test rules` writes it.
#[test]
fn the_catalogue_says_what_the_rules_say() {
    let path = root().join("host/src/rules/README.md");
    let catalogue = catalogue();
    if std::env::var_os("SPEC_ENGINE_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &catalogue).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == catalogue, "{} is out of date: run this test with SPEC_ENGINE_UPDATE=1", path.display());
}

fn catalogue() -> String {
    let mut page =
        "# The rules of the engine\n\nGenerated from the files of this folder by `tests/rules.rs`.\n\n".to_owned();
    page += "A setting names a rule, or several by a tag: `\"tag:security\" = \"error\"`. Of the rules with the tags `reading` and \
             `project` the severity is fixed.\n\n";
    page += "| rule | severity | | tags |\n|---|---|---|---|\n";
    for rule in RULES {
        let tags: Vec<String> = rule.tags().iter().map(|tag| format!("`{tag}`")).collect();
        let (severity, summary, tags) = (rule.severity(), rule.summary(), tags.join(", "));
        writeln!(page, "| [`{0}`](#{0}) | {severity} | {summary} | {tags} |", rule.id()).unwrap();
    }
    for rule in RULES {
        let always = if rule.is_fixed() { ", always: it is part of reading" } else { "" };
        writeln!(page, "\n## {}\n\nSeverity: {}{always}", rule.id(), rule.severity()).unwrap();
        for param in rule.params() {
            let (kind, default) = (param.default.type_name(), param.default.to_json());
            writeln!(page, "\nParameter `{}` ({kind}, default `{default}`): {}", param.name, param.summary).unwrap();
        }
        let docs = rule.docs().replace("\n## ", "\n### ");
        writeln!(page, "\n{}", docs.trim_end()).unwrap();
    }
    page
}

#[test]
fn the_examples_in_the_documentation_are_json() {
    for rule in RULES {
        let docs = rule.docs();
        for example in docs.split("```json\n").skip(1) {
            let (example, _) = example.split_once("```").unwrap();
            let is_json = serde_json::from_str::<Value>(example).is_ok();
            assert!(
                is_json || rule.id().starts_with("invalid-") || rule.id() == "duplicate-key",
                "{}: {example}",
                rule.id()
            );
        }
    }
}

/// Where the examples of a rule are whole enough to be a document, they are held against it.
#[test]
fn an_example_fires_and_what_to_use_instead_does_not() {
    let mut held = 0;
    for id in of_systems() {
        let docs = RULES.iter().find(|rule| rule.rule.id == id).unwrap().docs();
        let examples: Vec<Value> = docs
            .split("```json\n")
            .skip(1)
            .map(|example| serde_json::from_str(example.split_once("```").unwrap().0).unwrap())
            .collect();
        let [example, instead] = examples.as_slice() else { panic!("{id}: an example, and what to use instead") };
        let (Some(example), Some(instead)) = (document(id, example), document(id, instead)) else { continue };
        held += 1;
        let findings = |document: &Value| of(id, check(&Source::new("x", document.to_string().into_bytes())));
        assert!(!findings(&example).is_empty(), "{id}: the example {example} does not fire");
        assert!(findings(&instead).is_empty(), "{id}: what to use instead fires: {instead}");
    }
    assert!(held > 25, "{held} rules have examples that are documents");
}

/// Makes a document of an example: the system, a service, a network rule, or a list of them.
fn document(id: &str, example: &Value) -> Option<Value> {
    let mut document = json!({ "services": { "a": { "image": { "name": "i" } } } });
    if id != "missing-system-name" {
        document["name"] = "s".into();
    }
    let rules = |rules: Value| json!({ "n": { "rules": rules } });
    if let Some(list) = example.as_array() {
        document["networks"] = rules(list.clone().into());
    } else if example.get("direction").is_some() {
        document["networks"] = rules(json!([example]));
        document["services"]["api"] = document["services"]["a"].clone();
    } else if example.get("services").is_some_and(Value::is_object) || example.get("networks").is_some() {
        for (key, value) in example.as_object()? {
            document[key] = value.clone();
        }
    } else if ["image", "repo", "envVars", "exposes"].iter().any(|field| example.get(field).is_some()) {
        for (key, value) in example.as_object()? {
            document["services"]["a"][key] = value.clone();
        }
    } else {
        return None;
    }
    Some(document)
}

#[test]
fn a_project_says_which_tags_move() {
    let text = r#"{"name": "s", "services": {"a": {"image": {"name": "i", "tag": "main"}}, "b": {"image": {"name": "i", "tag": "latest"}}}}"#;
    let loaded = load(&Source::new("x", text.into()));
    let pointers = |policy: &Policy, id: &str| {
        let findings = of(id, policy.check(loaded.system.as_ref(), Vec::new(), Scope::All).findings);
        findings.iter().map(|finding| finding.place.pointer().unwrap().to_string()).collect::<Vec<_>>()
    };
    let mut policy = Policy::built_in();
    assert_eq!(pointers(&policy, "mutable-tag"), ["/services/b/image/tag"]);
    assert_eq!(pointers(&policy, "unpinned-image"), ["/services/a/image/tag"]);
    for id in ["mutable-tag", "unpinned-image"] {
        policy.set_param(id, "tags", &json!(["main"])).unwrap();
    }
    assert_eq!(pointers(&policy, "mutable-tag"), ["/services/a/image/tag"]);
    assert_eq!(pointers(&policy, "unpinned-image"), ["/services/b/image/tag"]);
}

/// Makes a document whose service `i` connects to those that a function names.
fn connected(services: usize, targets: impl Fn(usize) -> Vec<usize>) -> Source {
    let mut text = r#"{"name": "s", "services": {"#.to_owned();
    for service in 0..services {
        let connections =
            targets(service).into_iter().map(|target| format!(r#""s{target}": {{"port": 1, "protocol": "p"}}"#));
        let connections = connections.collect::<Vec<_>>().join(", ");
        let comma = if service == 0 { "" } else { ", " };
        write!(text, r#"{comma}"s{service}": {{"image": {{"name": "i"}}, "connections": {{{connections}}}}}"#).unwrap();
    }
    text += "}}";
    Source::new("x", text.into_bytes())
}

#[test]
fn fifty_thousand_services_are_checked_in_any_shape() {
    const MANY: usize = 50_000;
    let start = Instant::now();
    let cycles = |source: &Source| of("dependency-cycle", check(source));
    assert!(cycles(&connected(MANY, |service| if service + 1 < MANY { vec![service + 1] } else { vec![] })).is_empty());
    let ring = cycles(&connected(MANY, |service| vec![(service + 1) % MANY]));
    assert_eq!(ring.len(), 1);
    assert!(ring[0].message.contains("(49992 more)") && ring[0].message.len() < 200, "{}", ring[0].message);
    assert_eq!(ring[0].related.len(), 100);
    let star = cycles(&connected(MANY, |service| if service == 0 { (1..MANY).collect() } else { vec![0] }));
    assert_eq!(star.len(), 1);
    assert!(star[0].message.ends_with("`s0` -> `s1` -> `s0`"), "{}", star[0].message);
    let pairs = cycles(&connected(MANY, |service| vec![service ^ 1]));
    assert_eq!(pairs.len(), MANY / 2);
    let themselves = cycles(&connected(MANY, |service| vec![service]));
    assert_eq!(themselves.len(), MANY);
    // A minute would be quadratic: it takes about two seconds.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn the_findings_are_the_same_each_time() {
    let source = connected(5_000, |service| vec![(service * 7) % 5_000, (service * 11 + 1) % 5_000]);
    assert_eq!(check(&source), check(&source));
}

#[test]
fn the_binary_carries_no_source_of_a_rule() {
    let binary = std::fs::read(env!("CARGO_BIN_EXE_spec-engine")).unwrap();
    let docs = "Reports the second of two endpoints of a service with the same port.";
    assert!(memchr::memmem::find(&binary, docs.as_bytes()).is_some(), "the documentation is there");
    for line in ["pub(crate) const RULE: BuiltIn", "use super::{BuiltIn, Check"] {
        assert!(memchr::memmem::find(&binary, line.as_bytes()).is_none(), "{line}");
    }
}
