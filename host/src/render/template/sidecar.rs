//! The file `NAME.toml` beside a template: what it is and which options it takes.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::Spanned;

use super::folder;
use crate::options::{check, is_printable, view_properties};
use crate::plugin::{TemplateError, TemplateFault};

/// The content of a sidecar.
#[derive(Debug)]
pub(super) struct Sidecar {
    /// One line on what the template makes.
    pub(super) summary: Option<String>,
    /// Its version.
    pub(super) version: Option<String>,
    /// The media type of what it makes.
    pub(super) media_type: Option<String>,
    /// The renderers whose output it embeds.
    pub(super) embed: Vec<String>,
    /// The renderer of which it wants further layouts.
    pub(super) layouts: Option<String>,
    /// The JSON Schema of its options.
    pub(super) options: Value,
}

impl Sidecar {
    /// Reads the text of the sidecar of a template; empty text is an empty sidecar.
    pub(super) fn of(template: &str, text: &str) -> Result<Self, TemplateError> {
        let (name, _) = folder::name_and_extension(template)?;
        Self::read(&format!("{name}.toml"), text)
    }

    fn read(file: &str, text: &str) -> Result<Self, TemplateError> {
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let position = error.span().map_or(0, |span| span.start);
            TemplateError::at(file, text, position, TemplateFault::Sidecar(error.message().to_owned()))
        })?;
        let mut properties = Map::new();
        for (key, default) in raw.view {
            let position = default.span().start;
            let property = view_property(&key, default.into_inner()).map_err(|reason| {
                let fault = TemplateFault::SidecarOption { key: key.clone(), reason };
                TemplateError::at(file, text, position, fault)
            })?;
            properties.insert(key, property);
        }
        for (key, option) in raw.options {
            let position = option.span().start;
            let schema = option.into_inner().schema(&key).map_err(|reason| {
                let fault = TemplateFault::SidecarOption { key: key.clone(), reason };
                TemplateError::at(file, text, position, fault)
            })?;
            properties.insert(key, schema);
        }
        let options = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        let Raw { summary, version, media_type, embed, layouts, .. } = raw;
        if !is_printable(&json!([summary, version, media_type, embed, layouts, options])) {
            return Err(TemplateError::at(file, text, 0, TemplateFault::Unprintable));
        }
        Ok(Self { summary, version, media_type, embed, layouts, options })
    }
}

/// What a template is, beside it: `NAME.toml` of `NAME.EXT.tera`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "NAME.toml")]
struct Raw {
    /// One line on what the template makes.
    summary: Option<String>,
    /// Its version.
    version: Option<String>,
    /// The media type of what it makes.
    media_type: Option<String>,
    /// The renderers whose output it embeds.
    #[serde(default)]
    embed: Vec<String>,
    /// The renderer whose layouts of the document it wants in every grouping and of every group: `svg`.
    layouts: Option<String>,
    /// The defaults of what every renderer takes: `group-by`, `deployments`, `edge-labels`.
    #[serde(default)]
    #[schemars(schema_with = "view")]
    view: BTreeMap<String, Spanned<Value>>,
    /// The options that it takes, by their names.
    #[serde(default)]
    #[schemars(schema_with = "options")]
    options: BTreeMap<String, Spanned<RawOption>>,
}

/// An option of a template.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Option")]
struct RawOption {
    /// The type of its values.
    r#type: OptionType,
    /// What it decides, a sentence.
    description: String,
    /// The value where nobody sets another.
    default: Value,
    /// The values that it may have.
    r#enum: Option<Vec<Value>>,
    /// The smallest value of a number.
    minimum: Option<Value>,
    /// The largest value of a number.
    maximum: Option<Value>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum OptionType {
    String,
    Boolean,
    Integer,
    Number,
}

/// The JSON Schema (2020-12) of the file beside a template.
pub fn schema() -> Value {
    crate::schema::of::<Raw>()
}

/// An option of the view, with the default that a template has for it.
fn view_property(key: &str, default: Value) -> Result<Value, String> {
    let mut properties = view_properties();
    let known: Vec<String> = properties.keys().cloned().collect();
    let Some(mut property) = properties.remove(key) else {
        return Err(format!("the options of the view are {}", known.join(", ")));
    };
    check(&default, &property).map_err(|fault| fault.to_string())?;
    property["default"] = default;
    Ok(property)
}

/// The schema of the defaults of the view.
fn view(_: &mut SchemaGenerator) -> Schema {
    let bare = |property: &Value| match &property["enum"] {
        Value::Null => json!({ "type": property["type"] }),
        words => json!({ "enum": words }),
    };
    let properties: Map<String, Value> =
        view_properties().iter().map(|(key, property)| (key.clone(), bare(property))).collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The schema of the options: their names, and their values by their types.
fn options(generator: &mut SchemaGenerator) -> Schema {
    let of_type = |option: OptionType| {
        let (word, _) = option.test();
        let is_number = matches!(option, OptionType::Integer | OptionType::Number);
        let limit = if is_number { json!({ "type": word }) } else { json!(false) };
        let value = json!({ "type": word });
        let properties = json!({ "default": value, "enum": { "items": value }, "minimum": limit, "maximum": limit });
        json!({ "if": { "properties": { "type": { "const": word } } }, "then": { "properties": properties } })
    };
    let by_type = [OptionType::String, OptionType::Boolean, OptionType::Integer, OptionType::Number].map(of_type);
    let taken: Vec<String> = view_properties().keys().cloned().collect();
    json_schema!({
        "type": "object",
        "propertyNames": { "pattern": "^[a-z][a-z0-9-]*$", "not": { "enum": taken } },
        "additionalProperties": { "allOf": by_type, "$ref": generator.subschema_for::<RawOption>().get("$ref") },
    })
}

impl RawOption {
    fn schema(self, key: &str) -> Result<Value, String> {
        let is_kebab = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !is_kebab || !key.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err("a key has lower-case letters, digits and `-`, and starts with a letter".to_owned());
        }
        if view_properties().contains_key(key) {
            return Err(
                "every renderer has this option: it decides what is in `graph`; its default is set under [view]"
                    .to_owned(),
            );
        }
        let (word, has) = self.r#type.test();
        let values =
            [("default", Some(&self.default)), ("minimum", self.minimum.as_ref()), ("maximum", self.maximum.as_ref())]
                .into_iter()
                .filter_map(|(field, value)| Some((field, value?)))
                .chain(self.r#enum.iter().flatten().map(|value| ("enum", value)));
        for (field, value) in values {
            if !has(value) {
                return Err(format!("`{field}` is not of the type {word}: {value}"));
            }
        }
        if self.r#enum.as_ref().is_some_and(|values| !values.contains(&self.default)) {
            return Err(format!("`default` is not in `enum`: {}", self.default));
        }
        if !matches!(self.r#type, OptionType::Integer | OptionType::Number)
            && (self.minimum.is_some() || self.maximum.is_some())
        {
            return Err(format!("a {word} has no `minimum` and no `maximum`"));
        }
        let default = self.default.as_f64();
        let beyond = |limit: &Option<Value>, is_beyond: fn(f64, f64) -> bool| {
            limit.as_ref().and_then(Value::as_f64).zip(default).is_some_and(|(limit, value)| is_beyond(value, limit))
        };
        if beyond(&self.minimum, |value, limit| value < limit) || beyond(&self.maximum, |value, limit| value > limit) {
            return Err(format!("`default` is out of range: {}", self.default));
        }

        let mut schema = Map::from_iter([
            ("type".to_owned(), word.into()),
            ("description".to_owned(), self.description.into()),
            ("default".to_owned(), self.default),
        ]);
        let optional = [("enum", self.r#enum.map(Value::from)), ("minimum", self.minimum), ("maximum", self.maximum)];
        schema.extend(optional.into_iter().filter_map(|(keyword, value)| Some((keyword.to_owned(), value?))));
        Ok(Value::Object(schema))
    }
}

impl OptionType {
    /// JSON Schema's word for the type, and what says whether a value has it.
    fn test(self) -> (&'static str, fn(&Value) -> bool) {
        match self {
            Self::String => ("string", Value::is_string),
            Self::Boolean => ("boolean", Value::is_boolean),
            Self::Integer => ("integer", Value::is_i64),
            Self::Number => ("number", Value::is_number),
        }
    }
}
