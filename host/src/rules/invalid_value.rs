//! A value is not one of the allowed values.
//!
//! ## What it does
//! Reports a `direction`, `protocol` or `action` of a network rule that is not one of the words of the format.
//!
//! ## Why is this bad
//! The rule has no effect: nobody can tell what it allows.
//!
//! ## Example
//! ```json
//! { "direction": "in", "port": 443, "protocol": "tcp", "action": "allow" }
//! ```
//!
//! ## Use instead
//! ```json
//! { "direction": "inbound", "port": 443, "protocol": "tcp", "action": "allow" }
//! ```

use serde_json::Value;

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::{nearest, quote};

/// A value is not one of the allowed values.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-value",
    severity: Severity::Error,
    summary: "A value is not one of the allowed values.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

pub(crate) fn finding(found: &str, words: &[Value], pointer: &Pointer) -> Diagnostic {
    let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
    let name = pointer.segments().last().unwrap_or_default();
    let meant = nearest(found, words.iter().copied())
        .or_else(|| words.iter().copied().find(|word| !found.is_empty() && word.starts_with(&found.to_lowercase())));
    RULE.at(Place::Value(pointer.clone()), format!("invalid value {} for {}", quote(found), quote(&name)))
        .label(format!("expected {}", words.join(" or ")))
        .help_if(meant.map(|meant| format!("did you mean `{meant}`?")))
}
