//! A service talks to others and binds no resource.
//!
//! ## What it does
//! Reports a service that has connections, out or in, and binds no resource. A service without both is `isolated-service`. Plain fields, such as `vpc` or `zone`, are no resources.
//!
//! ## Why is this bad
//! A service that keeps nothing is fine; else the document leaves out where its data is.
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
use crate::text::quote;
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A service talks to others and binds no resource.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "no-resources",
    severity: Severity::Info,
    summary: "A service talks to others and binds no resource.",
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (position, (name, service)) in (0..).zip(&context.system.services) {
        if context.is_connected(position) && service.bindings.resources().next().is_none() {
            let place = Place::Key(Pointer::of(["services", name]));
            let message = format!("{} binds no resource", quote(name));
            findings.push(RULE.at(place, message).help("add its databases, queues and buckets, if there are any"));
        }
    }
}
