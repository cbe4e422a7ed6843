//! A service that others connect to exposes no endpoints.
//!
//! ## What it does
//! Reports a service that another one connects to, but whose `exposes` is missing or empty.
//!
//! ## Why is this bad
//! No rule can check whether the connection uses a port that the service listens on.
//!
//! ## Example
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "users": { "port": 8080, "protocol": "grpc" } } },
//!     "users": { "image": { "name": "users" } }
//!   }
//! }
//! ```
//!
//! ## Use instead
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "users": { "port": 8080, "protocol": "grpc" } } },
//!     "users": { "image": { "name": "users" }, "exposes": [{ "port": 8080, "protocol": "grpc" }] }
//!   }
//! }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::{quote, shorten};

/// A service that others connect to exposes no endpoints.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-exposes",
    severity: Severity::Warning,
    summary: "A service that others connect to exposes no endpoints.",
    tags: &["completeness", "connections"],
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut first = vec![None; context.system.services.len()];
    for link in context.links() {
        if let Some(target) = link.target.filter(|&target| target != link.source) {
            first[target as usize].get_or_insert(*link);
        }
    }
    for ((name, service), link) in context.system.services.iter().zip(first) {
        let Some(link) = link.filter(|_| service.exposes.is_empty()) else { continue };
        let (client, _) = context.service(link.source);
        let (_, connection) = context.connection(link);
        let place = Place::Value(Pointer::of(["services", name, "exposes"]));
        let message = format!("{} connects to {}, which exposes no endpoints", quote(client), quote(name));
        let finding = RULE.at(place, message);
        let finding = finding.related(Place::Key(context.link_pointer(link)), "first connection");
        findings.push(match connection.port {
            Some(port) if !connection.protocol.is_empty() => {
                let protocol = shorten(&connection.protocol);
                let endpoint = format!("{{ \"port\": {port}, \"protocol\": \"{protocol}\" }}");
                finding.help(format!("add \"exposes\": [{endpoint}]"))
            }
            _ => finding.help("add \"exposes\""),
        });
    }
}
