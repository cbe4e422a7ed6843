//! An exception matches no finding.
//!
//! ## What it does
//! Reports an exception of `spec-engine.toml` whose rule and pointer pattern match none of the findings.
//!
//! ## Why is this bad
//! The finding is fixed, or the pattern has a typo; the exception would hide the next finding at that place.
//!
//! ## Example
//! ```toml
//! [[exceptions]]
//! rule = "mutable-tag"
//! at = "/services/gone/image/**"
//! reason = "replaced in June"
//! ```
//!
//! ## Use instead
//! ```toml
//! [[exceptions]]
//! rule = "mutable-tag"
//! at = "/services/legacy/image/**"
//! reason = "replaced in June"
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// An exception matches no finding.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unused-exception",
    severity: Severity::Warning,
    summary: "An exception matches no finding.",
    tags: &["project"],
    params: &[],
    check: Check::Project,
};

/// A finding of this rule. `place` is in `spec-engine.toml`.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message).help("remove it, or correct its pattern")
}
