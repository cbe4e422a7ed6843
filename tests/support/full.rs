//! A document in which every field of every type of the format stands once, made of the schema.

use serde_json::{Map, Value, json};
use spec_engine::schema::schema;

/// Makes the document. Each map has one entry, `some`, and each list one element.
pub fn full() -> Value {
    example(schema())
}

/// Follows a reference into the definitions of the schema.
pub fn resolve(of: &'static Value) -> &'static Value {
    let Some(reference) = of["$ref"].as_str() else { return of };
    schema().pointer(reference.strip_prefix('#').unwrap()).unwrap()
}

fn example(of: &'static Value) -> Value {
    let of = resolve(of);
    match of["type"].as_str() {
        Some("object") => {
            let mut object: Map<String, Value> = Map::new();
            for (name, property) in of["properties"].as_object().into_iter().flatten() {
                object.insert(name.clone(), example(property));
            }
            if of["additionalProperties"].is_object() {
                object.insert("some".to_owned(), example(&of["additionalProperties"]));
            }
            object.into()
        }
        Some("array") => json!([example(&of["items"])]),
        Some("integer") => 7.into(),
        _ => of["enum"].as_array().map_or_else(|| "text".into(), |words| words[0].clone()),
    }
}

/// Calls a function with every value of a document, the document included, its pointer and its schema.
pub fn each(value: &Value, visit: &mut impl FnMut(&str, &Value, &'static Value)) {
    walk(value, "", schema(), visit);
}

fn walk(value: &Value, pointer: &str, of: &'static Value, visit: &mut impl FnMut(&str, &Value, &'static Value)) {
    let of = resolve(of);
    visit(pointer, value, of);
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let inner = of["properties"].get(name).unwrap_or(&of["additionalProperties"]);
                walk(value, &format!("{pointer}/{name}"), inner, visit);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                walk(value, &format!("{pointer}/{index}"), &of["items"], visit);
            }
        }
        _ => {}
    }
}
