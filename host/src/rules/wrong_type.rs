//! A value has the wrong type.
//!
//! ## What it does
//! Reports a value that is not of the type of its field: a string instead of an integer, `null` anywhere.
//!
//! ## Why is this bad
//! Consumers of the document ignore the field or fail.
//!
//! ## Example
//! ```json
//! { "port": "8080", "protocol": "http" }
//! ```
//!
//! ## Use instead
//! ```json
//! { "port": 8080, "protocol": "http" }
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::source::{Json, Kind, Source};
use crate::text::quote;

/// A value has the wrong type.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "wrong-type",
    severity: Severity::Error,
    summary: "A value has the wrong type.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

/// `schema_type` is the type in the JSON Schema.
pub(crate) fn finding(value: Json<'_>, schema_type: &str, pointer: &Pointer) -> Diagnostic {
    let expected = match schema_type {
        "object" => "an object",
        "array" => "an array",
        "string" => "a string",
        "integer" => "an integer",
        other => other,
    };
    let what = match pointer.segments().last() {
        Some(name) if name.parse::<usize>().is_err() => format!("{expected} for {}", quote(&name)),
        Some(index) => format!("{expected} for element {index}"),
        None => format!("{expected} as the document"),
    };
    let found = match value.kind() {
        Kind::Number if schema_type == "integer" => value.raw().to_owned(),
        kind => kind.as_str().to_owned(),
    };
    let finding = RULE
        .at(Place::Value(pointer.clone()), format!("expected {what}, found {found}"))
        .label(format!("expected {expected}"));
    let unquoted = value.string().filter(|text| schema_type == "integer" && text.parse::<u16>().is_ok());
    match (value.kind(), unquoted) {
        (Kind::Null, _) if !pointer.as_str().is_empty() => finding.help("remove the field: the format has no null"),
        (_, Some(number)) => finding.help(format!("write {number} without quotes")),
        _ => finding,
    }
}

/// An error that the model has found and the schema has not.
pub(crate) fn unreadable(source: &Source, first: &serde_json::Error, error: &serde_json::Error) -> Diagnostic {
    let offset = source.text().floor_char_boundary(source.offset_of(first.line(), first.column()));
    RULE.at(Place::Bytes(offset..offset), format!("the document cannot be read: {error}"))
}
