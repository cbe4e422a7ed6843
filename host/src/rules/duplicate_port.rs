//! A service exposes a port twice.
//!
//! ## What it does
//! Reports the second of two endpoints of a service with the same port. A protocol on `udp` and one on `tcp` may share a port: `https` and `quic` on 443.
//!
//! ## Why is this bad
//! Only one process can listen on a port, so one of the two endpoints is wrong.
//!
//! ## Example
//! ```json
//! { "exposes": [{ "port": 8080, "protocol": "http" }, { "port": 8080, "protocol": "grpc" }] }
//! ```
//!
//! ## Use instead
//! ```json
//! { "exposes": [{ "port": 8080, "protocol": "http" }, { "port": 9090, "protocol": "grpc" }] }
//! ```

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::transport::transport;
use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::Transport;
use crate::text::quote;

/// A service exposes a port twice.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "duplicate-port",
    severity: Severity::Warning,
    summary: "A service exposes a port twice.",
    tags: &["connections"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in system.services.iter().filter(|(_, service)| service.exposes.len() > 1) {
        let mut taken: [HashMap<_, usize, RandomState>; 2] = Default::default();
        for (index, endpoint) in service.exposes.iter().enumerate() {
            let Some(port) = endpoint.port else { continue };
            let carriers = match transport(&endpoint.protocol) {
                Some(Transport::Tcp) => 0..1,
                Some(Transport::Udp) => 1..2,
                None => 0..2,
            };
            let before = taken[carriers.clone()].iter().find_map(|taken| taken.get(&port));
            if let Some(&first) = before {
                let exposes = Pointer::of(["services", name, "exposes"]);
                let place = Place::Value(exposes.index(index).join("port"));
                let finding = RULE.at(place, format!("{} exposes port {port} twice", quote(name)));
                let finding = finding.related(Place::Value(exposes.index(first).join("port")), "first exposed here");
                findings.push(finding.help("remove one of the two, or correct its port"));
            }
            for taken in &mut taken[carriers] {
                taken.entry(port).or_insert(index);
            }
        }
    }
}
