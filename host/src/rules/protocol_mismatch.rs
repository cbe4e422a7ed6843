//! A connection uses another protocol than its target exposes on that port.
//!
//! ## What it does
//! Reports a connection whose port the target exposes, but never with the protocol of the connection. Capitalization is ignored. `tcp` and `udp` match every protocol that they carry: `tcp` matches `http`, `grpc` and `sql`. Any other two words are different protocols, `http` and `https` too.
//!
//! ## Why is this bad
//! Client and server do not understand each other, or the document is wrong about one of them.
//!
//! ## Example
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "users": { "port": 8080, "protocol": "http" } } },
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

use super::transport::{is_transport, transport};
use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A connection uses another protocol than its target exposes on that port.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "protocol-mismatch",
    severity: Severity::Warning,
    summary: "A connection uses another protocol than its target exposes on that port.",
    tags: &["connections"],
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for &link in context.links() {
        let Some((target, service)) = link.target.map(|target| context.service(target)) else { continue };
        let (_, connection) = context.connection(link);
        let Some(port) = connection.port.filter(|_| !connection.protocol.is_empty()) else { continue };
        let mut on_port = service.exposes.iter().enumerate().filter(|(_, endpoint)| endpoint.port == Some(port));
        let Some((index, first)) = on_port.clone().next() else { continue };
        if on_port.any(|(_, endpoint)| fits(&connection.protocol, &endpoint.protocol)) {
            continue;
        }
        let (source, _) = context.service(link.source);
        let (spoken, exposed) = (quote(&connection.protocol), quote(&first.protocol));
        let place = Place::Value(context.link_pointer(link).join("protocol"));
        let (source, target_name) = (quote(source), quote(target));
        let message = format!("{source} uses {spoken} on port {port} of {target_name}, which exposes {exposed}");
        let endpoint = Pointer::of(["services", target, "exposes"]).index(index).join("protocol");
        let finding = RULE.at(place, message).related(Place::Value(endpoint), "exposed here");
        findings.push(finding.help(format!("use {exposed}, or correct the endpoint")));
    }
}

fn fits(spoken: &str, exposed: &str) -> bool {
    if spoken.eq_ignore_ascii_case(exposed) || exposed.is_empty() {
        return true;
    }
    let carried = match (transport(spoken), transport(exposed)) {
        (Some(one), Some(other)) => one == other,
        (None, _) | (_, None) => true,
    };
    carried && (is_transport(spoken) || is_transport(exposed))
}
