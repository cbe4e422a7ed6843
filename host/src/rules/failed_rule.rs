//! A rule of a script or of a plugin could not do its work.
//!
//! ## What it does
//! Reports a script that cannot be read, that failed while it ran, or that went beyond a limit; and a plugin with rules of which the same is true. The place is in the script, or is the file of the plugin. The other rules are asked all the same.
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

/// A rule of a script or of a plugin could not do its work.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "failed-rule",
    severity: Severity::Error,
    summary: "A rule of a script or of a plugin could not do its work.",
    params: &[],
    check: Check::Project,
};

/// Makes the finding. `place` is in the script, or the whole of a component.
pub(crate) fn finding(place: Place, message: impl Into<String>) -> Diagnostic {
    RULE.at(place, message)
}
