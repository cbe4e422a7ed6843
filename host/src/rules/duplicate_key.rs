//! An object has the same key twice.
//!
//! ## What it does
//! Reports the second of two equal keys of an object: two services with the same name, a field that is given twice.
//!
//! ## Why is this bad
//! JSON parsers silently keep one of the two, and not all of them the same one.
//!
//! ## Example
//! ```json
//! { "services": { "api": { "image": { "name": "a" } }, "api": { "image": { "name": "b" } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "services": { "api": { "image": { "name": "a" } }, "api-v2": { "image": { "name": "b" } } } }
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::{Json, Source};
use crate::text::quote;

/// An object has the same key twice.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "duplicate-key",
    severity: Severity::Error,
    summary: "An object has the same key twice.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

pub(crate) fn finding(source: &Source, key: &str, first: Json<'_>, second: Json<'_>) -> Diagnostic {
    RULE.at(Place::Bytes(second.range(source.text())), format!("duplicate key {}", quote(key)))
        .label("duplicate")
        .related(Place::Bytes(first.range(source.text())), "first occurrence")
        .help("rename or remove one of the two")
}
