//! The system has no name.
//!
//! ## What it does
//! Reports a document whose `name` is missing or empty.
//!
//! ## Why is this bad
//! Diagrams and reports use it as their title.
//!
//! ## Example
//! ```json
//! { "services": { "api": { "image": { "name": "api" } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "name": "payments", "services": { "api": { "image": { "name": "api" } } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// The system has no name.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-system-name",
    severity: Severity::Error,
    summary: "The system has no name.",
    tags: &["completeness"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    if system.name.is_empty() {
        let place = Place::Value(Pointer::of(["name"]));
        findings.push(RULE.at(place, "the system has no name").help("add \"name\": \"…\""));
    }
}
