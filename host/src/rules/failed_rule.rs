//! A scripted rule could not do its work.
//!
//! ## What it does
//! Reports a script that cannot be read, that failed while it ran, or that went beyond a limit. The place is in the script. The other rules are asked all the same.
//!
//! ## Why is this bad
//! What the rule guards is not guarded.
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

/// A scripted rule could not do its work.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "failed-rule",
    severity: Severity::Error,
    summary: "A scripted rule could not do its work.",
    params: &[],
    check: Check::Project,
};

/// Makes the finding. `place` is in the script.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message)
}
