//! A field is not part of the format.
//!
//! ## What it does
//! Reports a field that the format does not have at this place.
//!
//! ## Why is this bad
//! It is almost always a slip of the pen, and then the field that was meant is missing, silently.
//!
//! ## Example
//! ```json
//! { "imgae": { "name": "api" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "image": { "name": "api" } }
//! ```

use serde_json::Value;

use super::{BuiltIn, Check};
use crate::text::{nearest, quote};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A field is not part of the format.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-field",
    severity: Severity::Error,
    summary: "A field is not part of the format.",
    params: &[],
    check: Check::Load,
};

/// `schema` is that of the object that has the field.
pub(crate) fn finding(key: &str, schema: &Value, pointer: Pointer) -> Diagnostic {
    let known: Vec<&str> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let owner = match schema["title"].as_str() {
        Some(title) => format!("of {title}"),
        None => "here".to_owned(),
    };
    let help = nearest(key, known.iter().copied())
        .map(|meant| format!("did you mean `{meant}`?"))
        .unwrap_or_else(|| format!("the fields {owner} are {}", known.join(", ")));
    RULE.at(Place::Key(pointer), format!("{} is not a field {owner}", quote(key))).label("unknown field").help(help)
}
