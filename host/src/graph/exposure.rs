//! Which endpoints of services can be reached from outside of the system.

use super::{Adjacency, Graph};
use crate::model::{Action, Bindings, Direction, Endpoint, FieldValue, Port, Resource, Service, System, position};

/// The ports on which the public is served where nothing else is said.
const WEB_PORTS: [u16; 2] = [80, 443];

/// The protocols that a gateway in front of a service passes on.
const HTTP: [&str; 10] = ["http", "https", "http2", "h2", "h2c", "http/3", "h3", "ws", "wss", "grpc"];

/// Finds the public endpoints: pairs of a node and a position in its `exposes`. `incoming` are the edges that end at each
/// node.
pub(super) fn public(graph: &Graph<'_>, incoming: &Adjacency) -> Vec<(u32, u32)> {
    let networks = graph.system.networks_by_rules();
    let mut found = Vec::new();
    for node in 0..graph.nodes.len() {
        let Some((name, service)) = graph.service(node) else { continue };
        let network = networks.get(name.as_str()).copied().or_else(|| network_of_bindings(service));
        let has_gateway = has_gateway(service);
        for (at, endpoint) in service.exposes.iter().enumerate() {
            let by_rule = network.zip(endpoint.port).and_then(|(network, port)| rule(graph.system, network, port));
            let is_reached = || {
                is_http(endpoint) && (has_gateway || is_on_the_web(graph, incoming.of_node(position(node)), endpoint))
            };
            if by_rule.map_or_else(is_reached, |action| action == Action::Allow) {
                found.push((position(node), position(at)));
            }
        }
    }
    found
}

fn network_of_bindings(service: &Service) -> Option<&str> {
    service.bindings.0.iter().find_map(Bindings::network).map(|network| network.as_str())
}

/// What the first rule says of inbound traffic from anywhere to a port of a network.
fn rule(system: &System, network: &str, port: Port) -> Option<Action> {
    let rules = &system.networks.get(network)?.rules;
    let is_about = |direction: Option<Direction>| direction == Some(Direction::Inbound);
    let first =
        rules.iter().find(|rule| is_about(rule.direction) && rule.from_service.is_none() && rule.port == Some(port));
    first?.action
}

/// Whether a service binds what serves the public.
fn has_gateway(service: &Service) -> bool {
    service.bindings.0.iter().any(|bindings| {
        let has_text = |name: &str| {
            let field = bindings.fields.iter().find(|(field, _)| field.name == name);
            field.and_then(|(_, value)| value.text()).is_some_and(|text| !text.is_empty())
        };
        let serves = |resource: &Resource| match resource.kind.kind {
            "api" | "cdn" => true,
            "worker" => resource.field("route").and_then(FieldValue::text).is_some(),
            _ => false,
        };
        has_text("zone") || bindings.lists.iter().flat_map(|list| &list.resources).any(serves)
    })
}

fn is_http(endpoint: &Endpoint) -> bool {
    HTTP.iter().any(|word| endpoint.protocol.eq_ignore_ascii_case(word))
}

/// Whether an endpoint is on a port of the web, and no service connects to it there.
fn is_on_the_web(graph: &Graph<'_>, incoming: &[u32], endpoint: &Endpoint) -> bool {
    let port = endpoint.port.map(Port::get);
    let is_used = || {
        let edges = incoming.iter().map(|&edge| &graph.edges[edge as usize]);
        edges.filter(|edge| edge.kind == "connection").any(|edge| edge.port == port || edge.port.is_none())
    };
    port.is_some_and(|port| WEB_PORTS.contains(&port)) && !is_used()
}
