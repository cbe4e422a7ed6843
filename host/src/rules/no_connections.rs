//! A service uses resources but has no connections.
//!
//! ## What it does
//! Reports a service with resources but without connections, to or from other services. `isolated-service` covers a service without resources.
//!
//! ## Why is this bad
//! This is fine for a job that nothing calls; otherwise the document omits a connection.
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
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A service uses resources but has no connections.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "no-connections",
    severity: Severity::Info,
    summary: "A service uses resources but has no connections.",
    tags: &["completeness"],
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (position, (name, service)) in (0..).zip(&context.system.services) {
        if !context.is_connected(position) && service.bindings.resources().next().is_some() {
            let place = Place::Key(Pointer::of(["services", name]));
            let message = format!("{} has no connections to or from other services", quote(name));
            findings.push(RULE.at(place, message).help("add its `connections`, if it has any"));
        }
    }
}
