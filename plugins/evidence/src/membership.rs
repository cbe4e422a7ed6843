//! Puts services into networks: a rule that names a service does.

use crate::connections::ASSUMED;
use crate::document::{Rule, Service};
use crate::party::Party;
use crate::protocol::is_udp;

/// The rules that put a service into a network: one a port at which it is reached, else one of what it reaches.
pub fn rules(party: &impl Party, name: &str, service: &Service) -> Vec<Rule> {
    if !service.exposes.is_empty() {
        let endpoints = service.exposes.iter();
        return endpoints.map(|endpoint| Rule::to(name, endpoint.port, carrier(&endpoint.protocol))).collect();
    }
    if let Some((port, protocol)) = party.known().map(|known| known.main()) {
        return vec![Rule::to(name, port, carrier(protocol))];
    }
    let connection = service.connections.values().next();
    let (port, protocol) =
        connection.map_or((ASSUMED.0, ASSUMED.1), |connection| (connection.port, connection.protocol.as_str()));
    vec![Rule::from(name, port, carrier(protocol))]
}

fn carrier(protocol: &str) -> &'static str {
    if is_udp(protocol) { "udp" } else { "tcp" }
}
