//! A setting of a rule is invalid.
//!
//! ## What it does
//! Reports an invalid setting of a rule in `spec-engine.toml`: an unknown rule, severity or parameter, a value of the wrong type, an exception without a reason.
//!
//! ## Why is this bad
//! The document would be checked against other rules than intended.
//!
//! ## Example
//! ```toml
//! [rules.mutable-tag]
//! tags = "latest"
//! ```
//!
//! ## Use instead
//! ```toml
//! [rules.mutable-tag]
//! tags = ["latest", "main"]
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// A setting of a rule is invalid.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-setting",
    severity: Severity::Error,
    summary: "A setting of a rule is invalid.",
    tags: &["project"],
    params: &[],
    check: Check::Project,
};

/// A finding of this rule. `place` is in `spec-engine.toml`.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message)
}
