//! A key stands twice in one object.
//!
//! ## What it does
//! Reports the second of two equal keys: two services of one name, a field given twice.
//!
//! ## Why is this bad
//! Readers of JSON silently keep one of the two, and not all the same one.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::{Json, Source};

/// A key stands twice in one object.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "duplicate-key",
    severity: Severity::Error,
    summary: "A key stands twice in one object.",
    params: &[],
    check: Check::Load,
};

pub(crate) fn finding(source: &Source, key: &str, first: Json<'_>, second: Json<'_>) -> Diagnostic {
    RULE.at(Place::Bytes(second.range(source.text())), format!("{} stands twice in this object", quote(key)))
        .label("again here")
        .related(Place::Bytes(first.range(source.text())), "first here")
        .help("rename one of the two, or take it out")
}
