//! The JSON Schema (2020-12) of the format, made of the same description that reads a document.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::model::System;

/// The mark of a field that the format requires: to schemars it looks optional, since the model reads a document without
/// it, too.
const REQUIRED: &str = "x-required";

/// The schema of the format.
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let mut schema = of::<System>();
        let definitions = schema.get_mut("$defs").and_then(Value::as_object_mut);
        for (name, definition) in definitions.into_iter().flatten() {
            definition["title"] = name.as_str().into();
        }
        schema
    })
}

/// The schema of what serde reads into a type.
pub(crate) fn of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    RecursiveTransform(as_the_format_has_it).transform(&mut schema);
    schema.to_value()
}

/// Takes back what schemars concludes from Rust's types and what the format does not have: `null` beside every
/// optional field, and defaults.
fn as_the_format_has_it(schema: &mut Schema) {
    schema.remove("default");
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
    let required = properties
        .filter_map(|(name, property)| property.as_object_mut()?.remove(REQUIRED).map(|_| Value::from(name.as_str())));
    let required: Vec<Value> = required.collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    let only = schema.get_mut("type").and_then(Value::as_array_mut).and_then(|types| {
        types.retain(|name| name != "null");
        (types.len() == 1).then(|| types.remove(0))
    });
    if let Some(only) = only {
        schema.insert("type".to_owned(), only);
    }
    let words = schema.get_mut("enum").and_then(Value::as_array_mut);
    words.into_iter().for_each(|words| words.retain(|word| !word.is_null()));
    let alternatives = schema.get_mut("anyOf").and_then(Value::as_array_mut).and_then(|alternatives| {
        alternatives.retain(|alternative| alternative.get("type") != Some(&Value::from("null")));
        (alternatives.len() == 1).then(|| alternatives.remove(0))
    });
    if let Some(Value::Object(only)) = alternatives {
        schema.remove("anyOf");
        for (key, value) in only {
            // What the field says of itself wins over what its type says.
            if !schema.as_object().is_some_and(|schema| schema.contains_key(&key)) {
                schema.insert(key, value);
            }
        }
    }
    if let Some(words) = schema.get("oneOf").and_then(Value::as_array).and_then(|words| constants(words)) {
        schema.remove("oneOf");
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), words.into());
    }
}

/// The words of alternatives that are all one word each.
fn constants(alternatives: &[Value]) -> Option<Vec<Value>> {
    alternatives.iter().map(|alternative| alternative.get("const").cloned()).collect()
}
