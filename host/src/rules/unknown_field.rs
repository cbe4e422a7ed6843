//! A field is not part of the format.
//!
//! ## What it does
//! Reports a field that the format does not have at this place.
//!
//! ## Why is this bad
//! It is usually a typo, and the field that was meant is silently missing.
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
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::{nearest, quote};

/// A field is not part of the format.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-field",
    severity: Severity::Error,
    summary: "A field is not part of the format.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

/// `schema` is that of the object that has the field.
pub(crate) fn finding(key: &str, schema: &Value, pointer: Pointer) -> Diagnostic {
    let known: Vec<&str> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let object = schema["title"].as_str().unwrap_or("this object");
    let help = nearest(key, known.iter().copied())
        .map(|meant| format!("did you mean `{meant}`?"))
        .unwrap_or_else(|| format!("the fields of {object} are {}", known.join(", ")));
    RULE.at(Place::Key(pointer), format!("unknown field {} in {object}", quote(key))).label("unknown field").help(help)
}
