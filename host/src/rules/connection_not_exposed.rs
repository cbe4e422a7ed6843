//! A connection uses a port that its target does not expose.
//!
//! ## What it does
//! Reports a connection whose target has endpoints in `exposes`, but none with the port of the connection. `missing-exposes` covers an empty `exposes`; nothing is reported where an endpoint has no valid port.
//!
//! ## Why is this bad
//! Nothing listens on the port, or the document omits an endpoint.
//!
//! ## Example
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "users": { "port": 9090, "protocol": "grpc" } } },
//!     "users": { "image": { "name": "users" }, "exposes": [{ "port": 8080, "protocol": "grpc" }] }
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
use crate::model::Endpoint;
use crate::text::{quote, shorten};

/// A connection uses a port that its target does not expose.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "connection-not-exposed",
    severity: Severity::Warning,
    summary: "A connection uses a port that its target does not expose.",
    tags: &["connections"],
    params: &[],
    check: Check::System(check),
};

/// The endpoints that the next step names.
const SHOWN: usize = 5;

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for &link in context.links() {
        let Some((target, service)) = link.target.map(|target| context.service(target)) else { continue };
        let (_, connection) = context.connection(link);
        let Some(port) = connection.port.filter(|_| !service.exposes.is_empty()) else { continue };
        if service.exposes.iter().any(|endpoint| endpoint.port.is_none_or(|exposed| exposed == port)) {
            continue;
        }
        let (source, _) = context.service(link.source);
        let place = Place::Value(context.link_pointer(link).join("port"));
        let message =
            format!("{} connects to port {port} of {}, which does not expose it", quote(source), quote(target));
        let exposes = Place::Value(Pointer::of(["services", target, "exposes"]));
        let finding = RULE.at(place, message).related(exposes, "its endpoints");
        findings.push(finding.help(format!("{} exposes {}", quote(target), listed(&service.exposes))));
    }
}

fn listed(endpoints: &[Endpoint]) -> String {
    let shown = endpoints.iter().take(SHOWN).filter_map(|endpoint| {
        let port = endpoint.port?;
        Some(if endpoint.protocol.is_empty() {
            port.to_string()
        } else {
            format!("{port} ({})", shorten(&endpoint.protocol))
        })
    });
    let mut shown: Vec<String> = shown.collect();
    if endpoints.len() > SHOWN {
        shown.push(format!("{} more", endpoints.len() - SHOWN));
    }
    shown.join(", ")
}
