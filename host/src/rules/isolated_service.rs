//! A service has neither connections nor resources.
//!
//! ## What it does
//! Reports a service that connects to nothing, that no other service connects to, and that binds no resource.
//!
//! ## Why is this bad
//! Either it can go, or the document does not say yet what it does. In a diagram it stands alone.
//!
//! ## Example
//! ```json
//! { "services": { "reports": { "image": { "name": "reports" } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "services": { "reports": { "image": { "name": "reports" }, "aws": { "s3": [{ "name": "reports" }] } } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A service has neither connections nor resources.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "isolated-service",
    severity: Severity::Warning,
    summary: "A service has neither connections nor resources.",
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (position, (name, service)) in (0..).zip(&context.system.services) {
        if !context.is_connected(position) && service.bindings.resources().next().is_none() {
            let place = Place::Key(Pointer::of(["services", name]));
            let message = format!("{} has neither connections nor resources, and nothing connects to it", quote(name));
            findings.push(RULE.at(place, message).help("say what it talks to, or take it out"));
        }
    }
}
