//! Every field of the format can be read by its name, and none is hidden by a function of the language.

use serde_json::{Value, json};

use crate::script::asking::ask;

/// The full document, with a service whose name is that of a field.
fn full() -> Value {
    let mut document = crate::support::full::full();
    document["services"]["tag"] = document["services"]["some"].clone();
    document
}

/// Lists every scalar with the expression that reads it and with its pointer.
fn scalars(value: &Value, expression: &str, pointer: &str, found: &mut Vec<(String, String, String)>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                scalars(value, &format!("{expression}.{name}"), &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                scalars(value, &format!("{expression}[{index}]"), &format!("{pointer}/{index}"), found);
            }
        }
        Value::String(text) => found.push((expression.to_owned(), pointer.to_owned(), text.clone())),
        other => found.push((expression.to_owned(), pointer.to_owned(), other.to_string())),
    }
}

#[test]
fn every_field_of_the_format_can_be_read() {
    let document = full();
    let mut found = Vec::new();
    scalars(&document, "system", "", &mut found);
    assert!(found.len() > 200, "{}", found.len());
    for chunk in found.chunks(50) {
        let body: Vec<String> =
            chunk.iter().map(|(expression, ..)| format!("ctx.report(system, `${{{expression}}}`);")).collect();
        let asked = ask(&body.join("\n"), &document);
        assert!(asked.failed.is_none(), "{:?}", asked.failed.map(|failed| failed.finding));
        for ((expression, _, expected), (_, said)) in chunk.iter().zip(&asked.findings) {
            assert_eq!(said, expected, "{expression}");
        }
    }
}

#[test]
fn every_field_of_the_format_knows_its_pointer() {
    let document = full();
    let mut found = Vec::new();
    scalars(&document, "system", "", &mut found);
    for chunk in found.chunks(50) {
        let body: Vec<String> = chunk
            .iter()
            .map(|(expression, ..)| {
                let place = match expression.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
                    Some((list, index)) => format!("{list}.at({index})"),
                    None => {
                        let (object, name) = expression.rsplit_once('.').unwrap();
                        format!("{object}.at(\"{name}\")")
                    }
                };
                format!("ctx.report({place}, {place}.pointer());")
            })
            .collect();
        let asked = ask(&body.join("\n"), &document);
        assert!(asked.failed.is_none(), "{:?}", asked.failed.map(|failed| failed.finding));
        for ((_, pointer, _), (place, said)) in chunk.iter().zip(&asked.findings) {
            assert_eq!((place, said), (pointer, pointer));
        }
    }
}

#[test]
fn every_field_that_the_document_does_not_have_is_unit_or_empty() {
    let (whole, document) = (full(), json!({ "name": "x", "services": { "api": { "image": { "name": "x" } } } }));
    for name in whole["services"]["some"].as_object().unwrap().keys().filter(|name| *name != "image") {
        let asked = ask(&format!("if system.services.api.{name} == () {{ ctx.report(system, \"\"); }}"), &document);
        assert_eq!(asked.findings.len(), 1, "{name} {:?}", asked.failed.map(|failed| failed.finding));
    }
}
