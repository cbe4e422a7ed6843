//! The system has no services.
//!
//! ## What it does
//! Reports a document whose `services` is missing or empty.
//!
//! ## Why is this bad
//! There is nothing to check and nothing to draw.
//!
//! ## Example
//! ```json
//! { "name": "payments", "services": {} }
//! ```
//!
//! ## Use instead
//! ```json
//! { "name": "payments", "services": { "api": { "image": { "name": "api" } } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// The system has no services.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "no-services",
    severity: Severity::Error,
    summary: "The system has no services.",
    tags: &["completeness"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    if system.services.is_empty() {
        let place = Place::Value(Pointer::of(["services"]));
        let help = "add one: \"services\": { \"api\": { \"image\": { \"name\": \"…\" } } }";
        findings.push(RULE.at(place, "the system has no services").help(help));
    }
}
