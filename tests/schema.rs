//! The JSON Schema, judged by a real validator: what loads without errors of shape passes, and the rest fails.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use spec_engine::diagnostic::Severity;
use spec_engine::load::load;
use spec_engine::policy::{Policy, Scope};
use spec_engine::schema::schema;
use spec_engine::source::Source;

fn documents(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} has documents", folder.display());
    paths
}

fn validator() -> jsonschema::Validator {
    assert!(jsonschema::meta::is_valid(schema()), "the schema is one of 2020-12");
    assert_eq!(schema()["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::validator_for(schema()).unwrap()
}

#[test]
fn what_is_valid_passes() {
    let validator = validator();
    for path in ["examples", "tests/fixtures", "tests/fixtures/valid"].into_iter().flat_map(documents) {
        let document = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

/// The rules that look at more than one place, or inside a text: the schema does not say what they say.
const BEYOND_A_SCHEMA: [&str; 11] = [
    "unknown-connection-target",
    "unknown-helm-service",
    "unknown-terraform-service",
    "unknown-terraform-resource",
    "unknown-owner",
    "credentials-in-url",
    "invalid-cidr",
    "invalid-network-rule",
    "conflicting-network-rules",
    "conflicting-resource",
    "invalid-env-var-name",
];

#[test]
fn the_validator_and_the_loader_agree_on_what_is_invalid() {
    let validator = validator();
    let mut beyond = BTreeSet::new();
    for path in documents("tests/fixtures/invalid") {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(document) = serde_json::from_slice(&bytes) else { continue };
        let source = Source::new(path.display().to_string(), bytes);
        let loaded = load(&source);
        let checked = Policy::built_in().check(loaded.system.as_ref(), loaded.findings, Scope::All);
        let findings = checked.findings;
        let name = path.file_stem().unwrap().to_str().unwrap();
        if ["port-exponent", "port-whole-fraction"].contains(&name) {
            // To JSON Schema 80.0 and 1e3 are whole numbers; the format wants them written as such.
            continue;
        }
        if findings.iter().any(|finding| finding.rule.as_str() == "duplicate-key") {
            // The validator was handed the last of two equal keys, and the loader keeps the first.
            continue;
        }
        let of_shape = findings
            .iter()
            .any(|finding| finding.severity == Severity::Error && !BEYOND_A_SCHEMA.contains(&finding.rule.as_str()));
        assert_eq!(validator.is_valid(&document), !of_shape, "{}: {findings:#?}", path.display());
        if !of_shape {
            beyond.extend(findings.iter().map(|finding| finding.rule.as_str().to_owned()));
        }
    }
    for rule in BEYOND_A_SCHEMA {
        assert!(beyond.contains(rule), "no document shows that the schema cannot say what {rule} says");
    }
}

#[test]
fn every_object_and_field_has_a_title_and_a_description() {
    fn check(schema: &serde_json::Value, at: &str) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}/{name}");
            assert!(property["title"].is_string(), "{at} has no title");
            assert!(property["description"].is_string(), "{at} has no description");
            check(property, &at);
            check(&property["items"], &at);
        }
    }
    check(schema(), "");
    for (name, definition) in schema()["$defs"].as_object().unwrap() {
        assert!(definition["title"].is_string() && definition["description"].is_string(), "{name}");
        check(definition, name);
    }
}
