//! Parts of the JSON Schema of the project file, made of what reads them: the tables of limits and of views, the keys of
//! exceptions and of ignored differences.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{imports, rules};
use crate::import::Difference;
use crate::limits::{ComponentLimits, Limit, LimitTable as _, ScriptLimits, TemplateLimits, Unit};
use crate::policy::SeveritySetting;
use crate::view::{OPTIONS, Values};

/// The schema of `[view.NAME]`.
pub(super) fn views(_: &mut SchemaGenerator) -> Schema {
    let keys = OPTIONS.iter().map(|option| {
        let one = json!({ "type": ["string", "integer"] });
        let mut schema = match option.values {
            Values::One => one,
            Values::OneOf(words) => json!({ "enum": words }),
            Values::Many => json!({ "anyOf": [one, { "type": "array", "items": { "type": "string" } }] }),
        };
        schema["description"] = option.summary.into();
        (option.name.to_owned(), schema)
    });
    let view = json!({ "type": "object", "properties": Map::from_iter(keys), "additionalProperties": false });
    json_schema!({ "type": "object", "additionalProperties": view })
}

/// The schema of `[rule-limits]`.
pub(super) fn rule_limits(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "object", "properties": of_limits(ScriptLimits::ROWS), "additionalProperties": false })
}

/// The schema of `[limits]`, in which a plugin may have a table of its own.
pub(super) fn limits(_: &mut SchemaGenerator) -> Schema {
    let keys = of_limits(TemplateLimits::ROWS.iter().chain(ComponentLimits::ROWS));
    let of_plugin = json!({ "type": "object", "properties": keys, "additionalProperties": false });
    json_schema!({ "type": "object", "properties": keys, "additionalProperties": of_plugin })
}

fn of_limits<'l>(limits: impl IntoIterator<Item = &'l Limit>) -> Map<String, Value> {
    let schema = |limit: &Limit| {
        let text = match limit.unit {
            Unit::Count | Unit::Bytes => "^0*[1-9][0-9]*[KMGkmg]?$",
            Unit::Milliseconds => "^0*[1-9][0-9]*[KMGkmg]?(ms|s)?$",
        };
        let (default, maximum) = (limit.unit.show(limit.default), limit.maximum);
        let description = format!("{}. Default: {default}.", limit.summary);
        let number = json!({ "type": "integer", "minimum": 1, "maximum": maximum });
        json!({ "description": description, "anyOf": [number, { "type": "string", "pattern": text }] })
    };
    limits.into_iter().map(|limit| (limit.key.to_owned(), schema(limit))).collect()
}

/// The schema of `[rules]`: which rules there are is not known without the project.
pub(super) fn rules(_: &mut SchemaGenerator) -> Schema {
    let severity = json!({ "enum": SeveritySetting::WORDS });
    let parameter = json!({
        "anyOf": [{ "type": ["string", "integer", "boolean"] }, { "type": "array", "items": { "type": ["string", "integer"] } }],
    });
    let table = json!({
        "type": "object",
        "properties": { "severity": { "enum": SeveritySetting::WORDS, "description": "The severity of its findings." } },
        "additionalProperties": parameter,
    });
    json_schema!({ "type": "object", "additionalProperties": { "anyOf": [severity, table] } })
}

/// The schema of `[[exceptions]]`.
pub(super) fn exceptions(_: &mut SchemaGenerator) -> Schema {
    let exception = entry(rules::KEYS.map(|key| (key, of_entry(key))), &["rule", "at", "reason"]);
    json_schema!({ "type": "array", "items": exception })
}

/// The schema of `[import]`.
pub(super) fn imports(_: &mut SchemaGenerator) -> Schema {
    let rule = entry(imports::KEYS.map(|key| (key, of_entry(key))), &["at", "reason"]);
    let sections = imports::SECTION.map(|key| {
        let schema = match key {
            "names" => json!({
                "type": "object",
                "description": "Names of services and resources in the files, each with that of the document.",
                "additionalProperties": { "type": "string", "minLength": 1 },
            }),
            "covers" => json!({
                "type": "object",
                "description": "The parts of a document of which the files of an importer show everything, by its name.",
                "additionalProperties": { "type": "array", "items": { "type": "string", "minLength": 1 } },
            }),
            "ignore" => json!({ "type": "array", "description": "Differences that stay.", "items": rule }),
            other => unreachable!("the key {other} has a schema"),
        };
        (key.to_owned(), schema)
    });
    json_schema!({ "type": "object", "properties": Map::from_iter(sections), "additionalProperties": false })
}

/// The schema of an entry that accepts something somewhere.
fn entry<const N: usize>(keys: [(&str, Value); N], required: &[&str]) -> Value {
    let properties = Map::from_iter(keys.map(|(key, schema)| (key.to_owned(), schema)));
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The schema of a key of such an entry.
fn of_entry(key: &str) -> Value {
    let text = |description: &str| json!({ "type": "string", "pattern": "\\S", "description": description });
    match key {
        "rule" => text("The id of the rule."),
        "at" => json!({
            "type": "string",
            "pattern": "^[/*?\\[{]",
            "description": "Where: a JSON Pointer in which `*` stands for anything.",
        }),
        "is" => json!({ "enum": Difference::ALL.map(Difference::as_str), "description": "The kind of difference." }),
        "document" => text("In which documents: a pattern on their paths from the project's folder."),
        "reason" => text("Why this is right here."),
        "until" => json!({ "type": "string", "format": "date", "description": "The last day, without quotes." }),
        other => unreachable!("the key {other} has a schema"),
    }
}
