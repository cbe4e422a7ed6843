//! The options of a plugin: what it takes, and what the host takes for every renderer (the view).
//!
//! A renderer describes its options by a JSON Schema of a deliberately small kind, so that checking one takes a time
//! that is linear in the text, whoever wrote it: one object, whose properties are single values.

use std::borrow::Cow;

use serde::Deserialize as _;
use serde_json::{Map as Object, Value, json};

use crate::graph::{EdgeLabels, GroupBy, ViewOptions};
use crate::text::{nearest, quote, visible};

/// The most bytes that the schema of a renderer's options may have.
pub const MAX_SCHEMA_BYTES: usize = 64 * 1024;

/// The words that a schema of a property may use.
const PROPERTY_WORDS: [&str; 7] = ["type", "title", "description", "default", "enum", "minimum", "maximum"];

/// What is wrong with the schema of a plugin's options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It is too long.
    #[error("it has {0} bytes; at most {MAX_SCHEMA_BYTES} are allowed")]
    TooLong(usize),
    /// It is not JSON.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// It is not of type object.
    #[error("its type is not `object`")]
    NotAnObject,
    /// It uses a keyword that the host does not support.
    #[error("unsupported keyword {}", quote(.0))]
    Keyword(String),
    /// One of its properties is wrong.
    #[error("property {}: {fault}", quote(.name))]
    Property {
        /// The name of the property.
        name: String,
        /// What is wrong with it.
        fault: PropertyError,
    },
    /// It has characters that a terminal acts on.
    #[error("it contains control characters")]
    Unprintable,
}

/// What is wrong with a property of a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PropertyError {
    /// It uses a keyword that the host does not support.
    #[error("unsupported keyword {}; a property has {}", quote(.0), PROPERTY_WORDS.join(", "))]
    Keyword(String),
    /// Its type is none that an option can have.
    #[error("the type must be string, boolean, integer or number")]
    Type,
    /// Its `enum` is not a list.
    #[error("`enum` must be a list")]
    Enum,
    /// It has no default.
    #[error("it has no default")]
    NoDefault,
    /// It is a parameter of a rule, and of a type that a parameter cannot have.
    #[error("a parameter must be a string, a boolean or an integer of 64 bits")]
    ParameterType,
    /// Its default does not fit it.
    #[error("invalid default: {0}")]
    Default(ValueError),
}

/// An option that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    /// There is no such option.
    #[error("there is no option {}; {}", quote(.name), did_you_mean(suggestion.as_deref(), known))]
    Unknown {
        /// The name that was given.
        name: String,
        /// The name that may be meant.
        suggestion: Option<String>,
        /// Every name that there is.
        known: Vec<String>,
    },
    /// Its value is not allowed.
    #[error("option {}: {fault}", quote(.name))]
    Value {
        /// The name of the option.
        name: String,
        /// What is wrong with the value.
        fault: ValueError,
    },
}

/// A value that a property does not allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// It has another type.
    #[error("expected {expected}, found {}", quote(.found))]
    Type {
        /// The type with its article: `an integer`.
        expected: &'static str,
        /// The value.
        found: String,
    },
    /// It is not one of the allowed words.
    #[error("expected one of {}, found {}{}", .allowed.join(", "), quote(.found), suggested(suggestion.as_deref()))]
    Word {
        /// The value.
        found: String,
        /// The words that are allowed.
        allowed: Vec<String>,
        /// The word that may be meant.
        suggestion: Option<String>,
    },
    /// It is too small.
    #[error("expected at least {minimum}, found {found}")]
    BelowMinimum {
        /// The value.
        found: String,
        /// The smallest value.
        minimum: String,
    },
    /// It is too large.
    #[error("expected at most {maximum}, found {found}")]
    AboveMaximum {
        /// The value.
        found: String,
        /// The largest value.
        maximum: String,
    },
}

fn did_you_mean(suggestion: Option<&str>, known: &[String]) -> String {
    match suggestion {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None => format!("the options are {}", known.join(", ")),
    }
}

fn suggested(suggestion: Option<&str>) -> String {
    suggestion.map(|meant| format!("; did you mean {}?", quote(meant))).unwrap_or_default()
}

/// Reads the schema of a plugin's options. Empty text means that there are none.
///
/// # Errors
/// When it is not of the small kind that the host supports.
pub fn read_schema(text: &str) -> Result<Value, SchemaError> {
    if text.len() > MAX_SCHEMA_BYTES {
        return Err(SchemaError::TooLong(text.len()));
    }
    if text.trim().is_empty() {
        return Ok(json!({ "type": "object", "properties": {}, "additionalProperties": false }));
    }
    let schema: Value = serde_json::from_str(text).map_err(|error| SchemaError::Json(error.to_string()))?;
    if schema["type"] != "object" {
        return Err(SchemaError::NotAnObject);
    }
    let known = ["$schema", "title", "description", "type", "properties", "additionalProperties"];
    if let Some(word) = unknown_word(&schema, &known) {
        return Err(SchemaError::Keyword(word.to_owned()));
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        check_property(property).map_err(|fault| SchemaError::Property { name: name.clone(), fault })?;
    }
    Ok(schema)
}

fn check_property(property: &Value) -> Result<(), PropertyError> {
    if let Some(word) = unknown_word(property, &PROPERTY_WORDS) {
        return Err(PropertyError::Keyword(word.to_owned()));
    }
    if !matches!(property["type"].as_str(), Some("string" | "boolean" | "integer" | "number")) {
        return Err(PropertyError::Type);
    }
    if !property.get("enum").is_none_or(Value::is_array) {
        return Err(PropertyError::Enum);
    }
    match property.get("default") {
        Some(default) => check(default, property).map_err(PropertyError::Default),
        None => Ok(()),
    }
}

/// Whether no text in a schema, key or value, has characters that a terminal acts on.
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

/// The options that every renderer has, since the host applies them before it calls one, as properties of a
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
        "edge-labels": {
            "type": "string",
            "enum": EdgeLabels::WORDS,
            "default": "notable",
            "description": "Which edges are labelled with protocol and port: all, or connections of services and resources with an unusual protocol or port.",
        },
    });
    let Value::Object(properties) = properties else { unreachable!("an object was written") };
    properties
}

/// Every option that a render with a renderer takes: those of the view, with the defaults that the renderer has
/// for them, then its own.
pub fn properties(schema: &Value) -> Object<String, Value> {
    let mut properties = view_properties();
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    properties
}

/// Checks what the user set against what a renderer takes. Later settings win over earlier ones.
///
/// # Errors
/// One for each setting that is wrong.
pub fn resolve(schema: &Value, settings: &[(String, Value)]) -> Result<(ViewOptions, Value), Vec<OptionError>> {
    let mut options = fill(&properties(schema), settings)?;
    let view: Object<String, Value> =
        view_properties().keys().filter_map(|name| Some((name.clone(), options.get(name)?.clone()))).collect();
    let view = ViewOptions::deserialize(Value::Object(view)).expect("the values fit the schema of the view");
    let own = schema["properties"].as_object();
    options.retain(|name, _| own.is_some_and(|own| own.contains_key(name)));
    Ok((view, Value::Object(options)))
}

/// Checks what the user set against what an importer takes: there is no view of files.
///
/// # Errors
/// One for each setting that is wrong.
pub fn resolve_own(schema: &Value, settings: &[(String, Value)]) -> Result<Value, Vec<OptionError>> {
    let own = schema["properties"].as_object().cloned().unwrap_or_default();
    fill(&own, settings).map(Value::Object)
}

/// Every option with the value that the user set, else its default.
fn fill(
    properties: &Object<String, Value>,
    settings: &[(String, Value)],
) -> Result<Object<String, Value>, Vec<OptionError>> {
    let defaults =
        properties.iter().filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone())));
    let mut options: Object<String, Value> = defaults.collect();
    let mut wrong = Vec::new();
    for (name, value) in settings {
        let Some(property) = properties.get(name) else {
            let suggestion = nearest(name, properties.keys().map(String::as_str)).map(str::to_owned);
            let known = properties.keys().cloned().collect();
            wrong.push(OptionError::Unknown { name: name.clone(), suggestion, known });
            continue;
        };
        let value = convert(value, property);
        match check(&value, property) {
            Ok(()) => drop(options.insert(name.clone(), value)),
            Err(fault) => wrong.push(OptionError::Value { name: name.clone(), fault }),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(options)
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

/// Checks a value against the schema of a property.
///
/// # Errors
/// The value has another type, is not among the words of `enum`, or outside `minimum` and `maximum`.
pub(crate) fn check(value: &Value, property: &Value) -> Result<(), ValueError> {
    let (fits, expected) = match property["type"].as_str() {
        Some("boolean") => (value.is_boolean(), "true or false"),
        Some("integer") => (value.is_i64() || value.is_u64(), "an integer"),
        Some("number") => (value.is_number(), "a number"),
        _ => (value.is_string(), "a string"),
    };
    let found = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if !fits {
        return Err(ValueError::Type { expected, found });
    }
    if let Some(words) = property["enum"].as_array().filter(|words| !words.contains(value)) {
        let allowed: Vec<String> = words.iter().filter_map(|word| Some(word.as_str()?.to_owned())).collect();
        let suggestion = nearest(&found, allowed.iter().map(String::as_str)).map(str::to_owned);
        return Err(ValueError::Word { found, allowed, suggestion });
    }
    if let Some(number) = value.as_f64() {
        if let Some(minimum) = property["minimum"].as_f64().filter(|minimum| number < *minimum) {
            return Err(ValueError::BelowMinimum { found, minimum: minimum.to_string() });
        }
        if let Some(maximum) = property["maximum"].as_f64().filter(|maximum| number > *maximum) {
            return Err(ValueError::AboveMaximum { found, maximum: maximum.to_string() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{OptionError, ValueError, read_schema, resolve};
    use crate::graph::{EdgeLabels, GroupBy};

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
        assert_eq!(view.edge_labels, EdgeLabels::Notable);
        assert_eq!(options, json!({ "direction": "right", "size": 5 }));
    }

    #[test]
    fn every_wrong_setting_is_named() {
        let settings =
            [set("directoin", "up"), set("direction", "dwn"), set("size", "10"), set("size", "x"), set("size", "0")];
        let wrong = resolve(&schema(), &settings).unwrap_err();
        let faults: Vec<&ValueError> = wrong
            .iter()
            .filter_map(|wrong| match wrong {
                OptionError::Unknown { suggestion, .. } => {
                    assert_eq!(suggestion.as_deref(), Some("direction"));
                    None
                }
                OptionError::Value { fault, .. } => Some(fault),
            })
            .collect();
        assert!(matches!(faults[0], ValueError::Word { suggestion: Some(meant), .. } if meant == "down"));
        assert!(matches!(faults[1], ValueError::AboveMaximum { maximum, .. } if maximum == "9"));
        assert!(matches!(faults[2], ValueError::Type { expected: "an integer", .. }));
        assert!(matches!(faults[3], ValueError::BelowMinimum { minimum, .. } if minimum == "1"));
        assert_eq!(wrong[0].to_string(), "there is no option `directoin`; did you mean `direction`?");
        assert_eq!(wrong[3].to_string(), "option `size`: expected an integer, found `x`");
    }

    #[test]
    fn a_schema_that_would_be_slow_to_check_is_refused() {
        for (text, reason) in [
            ("[", "not JSON"),
            ("[]", "`object`"),
            (r#"{"type":"object","allOf":[]}"#, "`allOf`"),
            (r#"{"type":"object","properties":{"a":{"$ref":"x"}}}"#, "`$ref`"),
            (r#"{"type":"object","properties":{"a":{"type":"array"}}}"#, "the type"),
            (r#"{"type":"object","properties":{"a":{"type":"integer","default":"x"}}}"#, "invalid default"),
        ] {
            assert!(read_schema(text).unwrap_err().to_string().contains(reason), "{text}");
        }
        assert!(read_schema("").is_ok());
    }
}
