//! A rule of a script or a plugin failed.
//!
//! ## What it does
//! Reports a script that cannot be read, that fails or that exceeds a limit, and a plugin with rules of which the same is true. The place is in the script, or is the file of the plugin. The other rules still run.
//!
//! ## Why is this bad
//! The rule does not check the document.
//!
//! ## Example
//! ```rhai
//! fn service(svc, ctx) {
//!     if svc.imgae.tag == "latest" { ctx.report(svc, "moves"); }
//! }
//! ```
//!
//! ## Use instead
//! ```rhai
//! fn service(svc, ctx) {
//!     if svc.image.tag == "latest" { ctx.report(svc, "moves"); }
//! }
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// A rule of a script or a plugin failed.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "failed-rule",
    severity: Severity::Error,
    summary: "A rule of a script or a plugin failed.",
    tags: &["project"],
    params: &[],
    check: Check::Project,
};

/// A finding of this rule. `place` is in the script, or the whole of a component.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message)
}
