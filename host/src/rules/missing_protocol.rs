//! A connection, an endpoint or a network rule has no protocol.
//!
//! ## What it does
//! Reports a connection or an endpoint whose `protocol` is missing or empty, and a network rule without one.
//!
//! ## Why is this bad
//! A port alone does not say which protocol is used on it.
//!
//! ## Example
//! ```json
//! { "port": 8080 }
//! ```
//!
//! ## Use instead
//! ```json
//! { "port": 8080, "protocol": "grpc" }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A connection, an endpoint or a network rule has no protocol.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-protocol",
    severity: Severity::Error,
    summary: "A connection, an endpoint or a network rule has no protocol.",
    tags: &["completeness", "connections"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        for (target, connection) in &service.connections {
            if connection.protocol.is_empty() {
                let pointer = Pointer::of(["services", name, "connections", target]);
                findings.push(missing(pointer, format!("the connection from {} to {}", quote(name), quote(target))));
            }
        }
        for (index, endpoint) in service.exposes.iter().enumerate() {
            if endpoint.protocol.is_empty() {
                let pointer = Pointer::of(["services", name, "exposes"]).index(index);
                findings.push(missing(pointer, format!("endpoint {index} of {}", quote(name))));
            }
        }
    }
    for (name, network) in &system.networks {
        for (index, rule) in network.rules.iter().enumerate() {
            if rule.protocol.is_none() {
                let pointer = Pointer::of(["networks", name, "rules"]).index(index);
                findings.push(missing(pointer, format!("rule {index} of the network {}", quote(name))));
            }
        }
    }
}

fn missing(pointer: Pointer, what: String) -> Diagnostic {
    RULE.at(Place::Value(pointer.join("protocol")), format!("{what} has no protocol")).help("add \"protocol\": \"…\"")
}
