//! Every field of the format is known to whatever has to see every field: the walk over a document, the schema, the
//! comparison of two versions, the search for credentials, the rules on required fields. (`script/fields.rs` has the
//! scripts.)

use std::collections::BTreeSet;

use crate::support::full::{each, full, resolve};
use serde_json::Value;
use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::diff::{ChangeKind, Diff, Part};
use spec_engine::load::load;
use spec_engine::model::{self, Object, System};
use spec_engine::policy::{Policy, Scope};
use spec_engine::schema::schema;
use spec_engine::source::Source;

fn system(document: &Value) -> System {
    let loaded = load(&Source::new("document.json", document.to_string().into()));
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    loaded.system.unwrap()
}

fn findings(document: &Value) -> Vec<Diagnostic> {
    let loaded = load(&Source::new("document.json", document.to_string().into()));
    Policy::built_in().check(loaded.system.as_ref(), loaded.findings, Scope::All).findings
}

/// Lists the full document with each of its values changed in turn, and the pointer of the value.
fn changed() -> Vec<(String, Value)> {
    let (document, mut all) = (full(), Vec::new());
    each(&document, &mut |pointer, value, schema| {
        let other: Value = match (value, &schema["enum"]) {
            (Value::String(_), Value::Array(words)) => words[1].clone(),
            (Value::String(_), _) => "other".into(),
            (Value::Number(_), _) => 8.into(),
            _ => return,
        };
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = other;
        all.push((pointer.to_owned(), document));
    });
    assert!(all.len() > 100, "{}", all.len());
    all
}

/// Lists the full document without each of its fields, entries and elements in turn, and the pointer of what is missing.
fn without() -> Vec<(String, Value)> {
    let (document, mut all) = (full(), Vec::new());
    each(&document, &mut |pointer, _, _| {
        let Some((around, name)) = pointer.rsplit_once('/') else { return };
        let mut document = document.clone();
        match document.pointer_mut(around).unwrap() {
            Value::Object(object) => drop(object.remove(name).unwrap()),
            Value::Array(elements) => drop(elements.remove(name.parse().unwrap())),
            other => panic!("{other} has no parts"),
        }
        all.push((pointer.to_owned(), document));
    });
    all
}

/// Whether a difference tells of a place, of something around it or of something in it.
fn tells_of(diff: &Diff<'_>, pointer: &str) -> bool {
    let is_within =
        |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    diff.changes.iter().flat_map(|change| [change.old, change.new]).flatten().any(|side| {
        let told = side.at.pointer();
        !told.as_str().is_empty() && (is_within(pointer, told.as_str()) || is_within(told.as_str(), pointer))
    })
}

#[test]
fn a_walk_over_a_document_sees_what_the_schema_has() {
    fn compare(object: Object<'_>, of: &'static Value, seen: &mut usize) {
        let of = resolve(of);
        let names: BTreeSet<&str> = object.fields().map(|field| field.name).collect();
        let properties: BTreeSet<&str> = of["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, properties, "{}", object.type_name());
        assert_eq!(object.values().count(), names.len(), "{}: every field is filled", object.type_name());
        for field in object.fields() {
            *seen += 1;
            let of = resolve(&of["properties"][field.name]);
            match field.value.unwrap() {
                model::Value::Object(object) => compare(object, of, seen),
                model::Value::Map(entries) => {
                    let (name, object) = entries.get(0).unwrap();
                    assert_eq!((name.as_str(), entries.position("some")), ("some", Some(0)));
                    compare(object, &of["additionalProperties"], seen);
                }
                model::Value::List(elements) => match elements.get(0).unwrap() {
                    model::Value::Object(object) => compare(object, &of["items"], seen),
                    element => assert_eq!(element, model::Value::Text("text")),
                },
                model::Value::Text(_) => assert_eq!(of["type"], "string", "{}", field.name),
                model::Value::Port(_) => assert_eq!(of["type"], "integer", "{}", field.name),
            }
        }
    }
    let (system, mut seen) = (system(&full()), 0);
    compare((&system).into(), schema(), &mut seen);
    assert!(seen > 200, "{seen}");
    assert_eq!(serde_json::to_value(&system).unwrap(), full(), "what is read is written");
}

#[test]
fn a_difference_tells_of_every_field() {
    let old = system(&full());
    for (pointer, document) in changed() {
        let new = system(&document);
        assert!(tells_of(&Diff::of(&old, &new), &pointer), "{pointer} changed");
        assert!(tells_of(&Diff::of(&new, &old), &pointer), "{pointer} changed back");
    }
    for (pointer, document) in without() {
        let new = system(&document);
        assert!(tells_of(&Diff::of(&old, &new), &pointer), "{pointer} went");
        assert!(tells_of(&Diff::of(&new, &old), &pointer), "{pointer} came");
    }
}

/// Gives the entry of a section another name, where it stands and where others name it.
fn renamed(document: &Value, section: &str) -> Value {
    let mut renamed = document.clone();
    let mut rename = |around: &str| {
        let entries = renamed.pointer_mut(around).unwrap().as_object_mut().unwrap();
        let entry = entries.remove("some").unwrap();
        entries.insert("other".to_owned(), entry);
    };
    if section == "/services" {
        rename("/services/some/connections");
    }
    rename(section);
    renamed
}

#[test]
fn a_part_is_only_renamed_where_every_field_is_the_same() {
    let is_renamed = |old: &System, new: &Value| {
        let new = system(new);
        let diff = Diff::of(old, &new);
        diff.changes.iter().any(|change| change.kind == ChangeKind::Renamed && change.at().part == Part::Whole)
    };
    for section in ["/owners", "/services", "/networks", "/deployments/helm", "/deployments/terraform"] {
        let old = system(&full());
        assert!(is_renamed(&old, &renamed(&full(), section)), "{section}");
        let entry = format!("{section}/some/");
        for (pointer, document) in changed().into_iter().filter(|(pointer, _)| pointer.starts_with(&entry)) {
            assert!(!is_renamed(&old, &renamed(&document, section)), "{pointer} is a part of the content");
        }
    }
}

#[test]
fn credentials_are_found_in_every_string() {
    let (document, mut pointers) = (full(), Vec::new());
    each(&document, &mut |pointer, value, schema| {
        if value.is_string() && schema["enum"].is_null() {
            pointers.push(pointer.to_owned());
        }
    });
    assert!(pointers.len() > 100, "{}", pointers.len());
    for pointer in pointers {
        let mut document = document.clone();
        *document.pointer_mut(&pointer).unwrap() = "https://ci:hunter2@host/path".into();
        let found = findings(&document);
        let mut found = found.iter().filter(|finding| finding.rule.as_str() == "credentials-in-url");
        let places: Vec<&str> = found.by_ref().filter_map(|finding| Some(finding.place.pointer()?.as_str())).collect();
        assert_eq!(places, [pointer.as_str()]);
    }
}

#[test]
fn a_required_field_that_is_missing_is_an_error() {
    let (document, mut required) = (full(), Vec::new());
    each(&document, &mut |pointer, _, schema| {
        let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        required.extend(names.map(|name| format!("{pointer}/{name}")));
    });
    assert!(required.len() > 60, "{}", required.len());
    for (pointer, document) in without().into_iter().filter(|(pointer, _)| required.contains(pointer)) {
        let found = findings(&document);
        let is_told = found.iter().any(|finding| {
            let place = finding.place.pointer().map_or("", |place| place.as_str());
            finding.severity == Severity::Error && (place == pointer || place.starts_with(&format!("{pointer}/")))
        });
        assert!(is_told, "{pointer} is missing: {found:#?}");
    }
}
