//! An exception has expired.
//!
//! ## What it does
//! Reports an exception of `spec-engine.toml` whose `until` is in the past.
//!
//! ## Why is this bad
//! The finding was to be fixed by then.
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

/// An exception has expired.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "expired-exception",
    severity: Severity::Error,
    summary: "An exception has expired.",
    tags: &["project"],
    params: &[],
    check: Check::Project,
};

/// A finding of this rule. `place` is in `spec-engine.toml`.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message).help("repair what it is about and remove it, or agree on a later date")
}
