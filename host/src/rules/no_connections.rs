//! A service uses resources and talks to no other service.
//!
//! ## What it does
//! Reports a service that binds resources, connects to nothing, and that no other service connects to. A service that does not even bind a resource is `isolated-service`.
//!
//! ## Why is this bad
//! A job on its own is fine; a service that somebody calls has a connection that the document leaves out.
//!
//! ## Example
//! ```json
//! { "services": { "jobs": { "image": { "name": "jobs" }, "aws": { "sqs": [{ "name": "jobs" }] } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "jobs": { "port": 8080, "protocol": "http" } } },
//!     "jobs": { "image": { "name": "jobs" }, "aws": { "sqs": [{ "name": "jobs" }] } }
//!   }
//! }
//! ```

use super::{BuiltIn, Check, Context};
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A service uses resources and talks to no other service.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "no-connections",
    severity: Severity::Info,
    summary: "A service uses resources and talks to no other service.",
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (position, (name, service)) in (0..).zip(&context.system.services) {
        if !context.is_connected(position) && service.bindings.resources().next().is_some() {
            let place = Place::Key(Pointer::of(["services", name]));
            let message = format!("{} connects to no service, and none connects to it", quote(name));
            findings.push(RULE.at(place, message).help("add its `connections`, if there are any"));
        }
    }
}
