//! The options of a render: what a renderer takes, and what the host takes for it (the view).
//!
//! A renderer describes its options by a JSON Schema of a deliberately small kind, so that checking one takes a time
//! that is linear in the text, whoever wrote it: one object, whose properties are single values.

use std::borrow::Cow;

use serde::Deserialize as _;
use serde_json::{Map as Object, Value, json};

use crate::graph::{GroupBy, ViewOptions};
use crate::text::{nearest, quote, visible};

/// The most bytes that the schema of a renderer's options may have.
pub const MAX_SCHEMA_BYTES: usize = 64 * 1024;

/// The words that a schema of a property may use.
const PROPERTY_WORDS: [&str; 7] = ["type", "title", "description", "default", "enum", "minimum", "maximum"];

/// Reads the schema of a renderer's options. Empty text means that there are none.
///
/// # Errors
/// A sentence that says what is not of the small kind that the host takes.
pub fn read_schema(text: &str) -> Result<Value, String> {
    if text.len() > MAX_SCHEMA_BYTES {
        return Err(format!("the options schema has {} bytes; the most is {MAX_SCHEMA_BYTES}", text.len()));
    }
    if text.trim().is_empty() {
        return Ok(json!({ "type": "object", "properties": {}, "additionalProperties": false }));
    }
    let schema: Value =
        serde_json::from_str(text).map_err(|error| format!("the options schema is not JSON: {error}"))?;
    if schema["type"] != "object" {
        return Err("the options schema has to be of type object".to_owned());
    }
    let known = ["$schema", "title", "description", "type", "properties", "additionalProperties"];
    if let Some(word) = unknown_word(&schema, &known) {
        return Err(format!("the options schema uses {}, which this host does not take", quote(word)));
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        check_property(property).map_err(|reason| format!("the options schema: property {}: {reason}", quote(name)))?;
    }
    Ok(schema)
}

fn check_property(property: &Value) -> Result<(), String> {
    if let Some(word) = unknown_word(property, &PROPERTY_WORDS) {
        return Err(format!("uses {}; a property has {}", quote(word), PROPERTY_WORDS.join(", ")));
    }
    if !matches!(property["type"].as_str(), Some("string" | "boolean" | "integer" | "number")) {
        return Err("its type has to be string, boolean, integer or number".to_owned());
    }
    if !property.get("enum").is_none_or(Value::is_array) {
        return Err("`enum` has to be a list".to_owned());
    }
    match property.get("default") {
        Some(default) => check(default, property).map_err(|reason| format!("its default {reason}")),
        None => Ok(()),
    }
}

/// Says whether no text in a schema, key or value, has characters that a terminal acts on.
pub(crate) fn is_printable(schema: &Value) -> bool {
    let is_plain = |text: &str| matches!(visible(text), Cow::Borrowed(_));
    match schema {
        Value::String(text) => is_plain(text),
        Value::Array(values) => values.iter().all(is_printable),
        Value::Object(fields) => fields.iter().all(|(key, value)| is_plain(key) && is_printable(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn unknown_word<'v>(schema: &'v Value, known: &[&str]) -> Option<&'v str> {
    schema.as_object()?.keys().map(String::as_str).find(|word| !known.contains(word))
}

/// Returns the options that every renderer has, since the host applies them before it calls one, as properties of a
/// JSON Schema.
pub fn view_properties() -> Object<String, Value> {
    let properties = json!({
        "group-by": {
            "type": "string",
            "enum": GroupBy::WORDS,
            "default": "provider",
            "description": "What the nodes are grouped by.",
        },
        "deployments": {
            "type": "boolean",
            "default": true,
            "description": "Whether Helm and Terraform deployments are drawn.",
        },
    });
    let Value::Object(properties) = properties else { unreachable!("an object was written") };
    properties
}

/// Returns every option that a render with a renderer takes: those of the view, with the defaults that the renderer has
/// for them, then its own.
pub fn properties(schema: &Value) -> Object<String, Value> {
    let mut properties = view_properties();
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    properties
}

/// Checks what the user set against what a renderer takes. Later settings win over earlier ones.
///
/// # Errors
/// One sentence for each setting that is wrong.
pub fn resolve(schema: &Value, settings: &[(String, Value)]) -> Result<(ViewOptions, Value), Vec<String>> {
    let mut options = fill(&properties(schema), settings)?;
    let view: Object<String, Value> =
        view_properties().keys().filter_map(|name| Some((name.clone(), options.get(name)?.clone()))).collect();
    let view = ViewOptions::deserialize(Value::Object(view)).map_err(|error| vec![error.to_string()])?;
    let own = schema["properties"].as_object();
    options.retain(|name, _| own.is_some_and(|own| own.contains_key(name)));
    Ok((view, Value::Object(options)))
}

/// Checks what the user set against what an importer takes: there is no view of files.
///
/// # Errors
/// One sentence for each setting that is wrong.
pub fn resolve_own(schema: &Value, settings: &[(String, Value)]) -> Result<Value, Vec<String>> {
    let own = schema["properties"].as_object().cloned().unwrap_or_default();
    fill(&own, settings).map(Value::Object)
}

/// Returns every option with the value that the user set, else its default.
fn fill(
    properties: &Object<String, Value>,
    settings: &[(String, Value)],
) -> Result<Object<String, Value>, Vec<String>> {
    let defaults =
        properties.iter().filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone())));
    let mut options: Object<String, Value> = defaults.collect();
    let mut wrong = Vec::new();
    for (name, value) in settings {
        let Some(property) = properties.get(name) else {
            let names: Vec<&str> = properties.keys().map(String::as_str).collect();
            let hint = nearest(name, names.iter().copied()).map_or_else(
                || format!("the options are {}", names.join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            );
            wrong.push(format!("there is no option {}; {hint}", quote(name)));
            continue;
        };
        let value = convert(value, property);
        match check(&value, property) {
            Ok(()) => drop(options.insert(name.clone(), value)),
            Err(reason) => wrong.push(format!("the option {} {reason}", quote(name))),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(options)
}

/// Tells a renderer that has the option `changes` what became of each node and edge, in a graph of two versions.
pub fn with_changes(mut options: Value, marks: Option<&str>) -> Value {
    if let (Some(marks), Some(changes)) = (marks, options.get_mut("changes").filter(|changes| changes.is_string())) {
        *changes = marks.into();
    }
    options
}

/// Reads the text of a setting from the command line as the type that the property has; another value stays as it is.
fn convert(value: &Value, property: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    match property["type"].as_str() {
        Some("boolean") => text.parse::<bool>().map_or_else(|_| value.clone(), Value::from),
        Some("integer") => text.parse::<i64>().map_or_else(|_| value.clone(), Value::from),
        Some("number") => text.parse::<f64>().map_or_else(|_| value.clone(), Value::from),
        _ => value.clone(),
    }
}

/// Checks a value against the schema of a property; the error goes on from "the option X …".
///
/// # Errors
/// What the value is, and what it has to be.
pub(crate) fn check(value: &Value, property: &Value) -> Result<(), String> {
    let (fits, expected) = match property["type"].as_str() {
        Some("boolean") => (value.is_boolean(), "true or false"),
        Some("integer") => (value.is_i64() || value.is_u64(), "a whole number"),
        Some("number") => (value.is_number(), "a number"),
        _ => (value.is_string(), "a string"),
    };
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if !fits {
        return Err(format!("is {}, and has to be {expected}", quote(&shown)));
    }
    if let Some(words) = property["enum"].as_array().filter(|words| !words.contains(value)) {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        let hint = nearest(&shown, words.iter().copied()).map(|meant| format!("; did you mean `{meant}`?"));
        return Err(format!(
            "is {}, and has to be one of {}{}",
            quote(&shown),
            words.join(", "),
            hint.unwrap_or_default()
        ));
    }
    if let Some(number) = value.as_f64() {
        if let Some(minimum) = property["minimum"].as_f64().filter(|minimum| number < *minimum) {
            return Err(format!("is {shown}, and has to be at least {minimum}"));
        }
        if let Some(maximum) = property["maximum"].as_f64().filter(|maximum| number > *maximum) {
            return Err(format!("is {shown}, and has to be at most {maximum}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{read_schema, resolve};
    use crate::graph::GroupBy;

    fn schema() -> Value {
        let text = r#"{"type":"object","properties":{
            "direction":{"type":"string","enum":["right","down"],"default":"right"},
            "size":{"type":"integer","minimum":1,"maximum":9,"default":3}}}"#;
        read_schema(text).unwrap()
    }

    fn set(name: &str, value: &str) -> (String, Value) {
        (name.to_owned(), value.into())
    }

    #[test]
    fn defaults_are_filled_in_and_the_view_is_taken_out() {
        let (view, options) = resolve(&schema(), &[set("group-by", "owner"), set("size", "5")]).unwrap();
        assert_eq!(view.group_by, GroupBy::Owner);
        assert!(view.deployments);
        assert_eq!(options, json!({ "direction": "right", "size": 5 }));
    }

    #[test]
    fn every_wrong_setting_is_named() {
        let settings =
            [set("directoin", "up"), set("direction", "dwn"), set("size", "10"), set("size", "x"), set("size", "0")];
        let wrong = resolve(&schema(), &settings).unwrap_err();
        assert_eq!(
            wrong,
            [
                "there is no option `directoin`; did you mean `direction`?",
                "the option `direction` is `dwn`, and has to be one of right, down; did you mean `down`?",
                "the option `size` is 10, and has to be at most 9",
                "the option `size` is `x`, and has to be a whole number",
                "the option `size` is 0, and has to be at least 1",
            ]
        );
    }

    #[test]
    fn a_schema_that_would_be_slow_to_check_is_refused() {
        for (text, reason) in [
            ("[", "not JSON"),
            ("[]", "type object"),
            (r#"{"type":"object","allOf":[]}"#, "`allOf`"),
            (r#"{"type":"object","properties":{"a":{"$ref":"x"}}}"#, "`$ref`"),
            (r#"{"type":"object","properties":{"a":{"type":"array"}}}"#, "its type"),
            (r#"{"type":"object","properties":{"a":{"type":"integer","default":"x"}}}"#, "its default"),
        ] {
            assert!(read_schema(text).unwrap_err().contains(reason), "{text}");
        }
        assert!(read_schema("").is_ok());
    }
}
