//! A value has the wrong type.
//!
//! ## What it does
//! Reports a value that is not what its field holds: a string where a number belongs, `null` anywhere.
//!
//! ## Why is this bad
//! Whoever reads the document finds nothing there, or something that it does not expect.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::source::{Json, Kind, Source};

/// A value has the wrong type.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "wrong-type",
    severity: Severity::Error,
    summary: "A value has the wrong type.",
    params: &[],
    check: Check::Load,
};

/// `expected` is the word that the JSON Schema has for the type.
pub(crate) fn finding(value: Json<'_>, expected: &str, pointer: &Pointer) -> Diagnostic {
    let wanted = match expected {
        "object" => "an object",
        "array" => "a list",
        "string" => "a string",
        "integer" => "a whole number",
        other => other,
    };
    let name = match pointer.segments().last() {
        Some(name) if name.parse::<usize>().is_err() => quote(&name),
        Some(index) => format!("entry {index}"),
        None => "the document".to_owned(),
    };
    let found = match value.kind() {
        Kind::Number if expected == "integer" => value.raw().to_owned(),
        Kind::Array => "a list".to_owned(),
        kind => kind.as_str().to_owned(),
    };
    let finding = RULE
        .at(Place::Value(pointer.clone()), format!("{name} is {found}, and has to be {wanted}"))
        .label(format!("expected {wanted}"));
    let unquoted = value.string().filter(|text| expected == "integer" && text.parse::<u16>().is_ok());
    match (value.kind(), unquoted) {
        (Kind::Null, _) if !pointer.as_str().is_empty() => finding.help("leave the field out where there is nothing to say"),
        (_, Some(number)) => finding.help(format!("write {number} without quotes")),
        _ => finding,
    }
}

/// Reports an error that the model has found and the schema has not, so that it does not get lost.
pub(crate) fn unreadable(source: &Source, first: &serde_json::Error, error: &serde_json::Error) -> Diagnostic {
    let offset = source.text().floor_char_boundary(source.offset_of(first.line(), first.column()));
    RULE.at(Place::Bytes(offset..offset), format!("the document cannot be read: {error}"))
}
