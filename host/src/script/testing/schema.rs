//! The JSON Schema of `NAME.test.json`, made of the keys by which it is read.

use serde_json::{Map, Value, json};

use super::keys::{CASE_KEYS, EXPECTED_KEYS, KEYS};

/// The JSON Schema (2020-12) of the tests of a rule.
pub fn schema() -> Value {
    let mut schema = object(&KEYS, &["cases"], |key| match key {
        "$schema" => json!({ "description": "Where this schema is, for editors." }),
        "cases" => {
            let description = "Documents, each with what the rule reports on it.";
            json!({ "type": "array", "minItems": 1, "items": case(), "description": description })
        }
        other => unreachable!("the key {other} has a schema"),
    });
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "NAME.test.json".into();
    schema["description"] = "The tests of a scripted rule.".into();
    schema
}

fn case() -> Value {
    let mut case = object(&CASE_KEYS, &["name", "expect"], |key| match key {
        "name" => json!({ "type": "string", "pattern": "\\S", "description": "What the case shows, each another." }),
        "patch" => json!({
            "type": ["object", "array"],
            "description": "What is changed in a minimal document, a system with the service `api`: a merge patch, or a JSON Patch.",
        }),
        "document" => json!({ "type": "string", "description": "A file with the document, relative to this one." }),
        "params" => json!({ "type": "object", "description": "Parameters of the rule, by their names." }),
        "expect" => {
            json!({ "type": "array", "items": expected(), "description": "Exactly what the rule reports; empty for nothing." })
        }
        other => unreachable!("the key {other} has a schema"),
    });
    case["not"] = json!({ "required": ["patch", "document"] });
    case
}

fn expected() -> Value {
    object(&EXPECTED_KEYS, &["at"], |key| match key {
        "at" => json!({
            "type": "string",
            "pattern": "^(/|$)",
            "description": "Where: a JSON Pointer such as `/services/api/image`.",
        }),
        "severity" => json!({ "enum": ["error", "warning", "info"], "description": "How bad it is." }),
        "contains" => json!({ "type": "string", "description": "A part of the message." }),
        other => unreachable!("the key {other} has a schema"),
    })
}

/// An object with these keys and no other.
fn object(keys: &[&'static str], required: &[&str], schema: impl Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|&key| (key.to_owned(), schema(key))).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}
