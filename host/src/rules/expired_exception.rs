//! An exception is out of date.
//!
//! ## What it does
//! Reports an exception of `spec-engine.toml` whose `until` is past.
//!
//! ## Why is this bad
//! Somebody promised to have the fault corrected by then.
//!
//! ## Example
//! ```toml
//! [[exceptions]]
//! rule = "mutable-tag"
//! at = "/services/legacy/image/**"
//! reason = "replaced in June"
//! until = 2020-06-30
//! ```
//!
//! ## Use instead
//! ```toml
//! [[exceptions]]
//! rule = "mutable-tag"
//! at = "/services/legacy/image/**"
//! reason = "replaced next June"
//! until = 2099-06-30
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// An exception is out of date.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "expired-exception",
    severity: Severity::Error,
    summary: "An exception is out of date.",
    params: &[],
    check: Check::Project,
};

/// Makes the finding. `place` is in `spec-engine.toml`.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message).help("correct what it excuses and take it out, or agree on a later date")
}
