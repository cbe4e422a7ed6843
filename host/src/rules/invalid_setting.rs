//! A setting of a rule cannot be.
//!
//! ## What it does
//! Reports what `spec-engine.toml` says of a rule and cannot: a rule that there is not, a severity or parameter that the rule does not have, a value of another type, an exception without a reason.
//!
//! ## Why is this bad
//! The document would be held against other rules than somebody meant.
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

/// A setting of a rule cannot be.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-setting",
    severity: Severity::Error,
    summary: "A setting of a rule cannot be.",
    params: &[],
    check: Check::Project,
};

/// Makes the finding. `place` is in `spec-engine.toml`.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message)
}
