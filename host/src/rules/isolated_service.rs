//! A service has no connections and no resources.
//!
//! ## What it does
//! Reports a service without connections, to or from other services, and without resources.
//!
//! ## Why is this bad
//! The service is obsolete, or the document is incomplete. Diagrams show it on its own.
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
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A service has no connections and no resources.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "isolated-service",
    severity: Severity::Warning,
    summary: "A service has no connections and no resources.",
    tags: &["completeness"],
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (position, (name, service)) in (0..).zip(&context.system.services) {
        if !context.is_connected(position) && service.bindings.resources().next().is_none() {
            let place = Place::Key(Pointer::of(["services", name]));
            let message = format!("{} has no connections and no resources", quote(name));
            findings.push(RULE.at(place, message).help("add its connections and resources, or remove it"));
        }
    }
}
