//! A service has connections but no resources.
//!
//! ## What it does
//! Reports a service that has connections, to or from other services, but binds no resource. `isolated-service` covers a service without connections. Plain fields such as `vpc` or `zone` are not resources.
//!
//! ## Why is this bad
//! This is fine for a service without state; otherwise the document omits where its data is.
//!
//! ## Example
//! ```json
//! { "services": { "orders": { "image": { "name": "orders" }, "connections": { "users": { "port": 8080, "protocol": "grpc" } } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! {
//!   "services": {
//!     "orders": {
//!       "image": { "name": "orders" },
//!       "connections": { "users": { "port": 8080, "protocol": "grpc" } },
//!       "aws": { "rds": [{ "name": "orders-db" }] }
//!     }
//!   }
//! }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A service has connections but no resources.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "no-resources",
    severity: Severity::Info,
    summary: "A service has connections but no resources.",
    tags: &["completeness"],
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (position, (name, service)) in (0..).zip(&context.system.services) {
        if context.is_connected(position) && service.bindings.resources().next().is_none() {
            let place = Place::Key(Pointer::of(["services", name]));
            let message = format!("{} has no resources", quote(name));
            findings.push(RULE.at(place, message).help("add its databases, queues and buckets, if it has any"));
        }
    }
}
