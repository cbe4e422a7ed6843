//! What can be asked of a graph, by rules, templates and guests.

use spec_engine::graph::{Distance, Graph, Questions, ViewOptions};
use spec_engine::load::load;
use spec_engine::model::System;
use spec_engine::source::Source;

fn system() -> System {
    let text = r#"{
        "name": "shop",
        "owners": { "web": { "name": "Web" }, "pay": { "name": "Pay" } },
        "services": {
            "gateway": { "owner": "web", "image": { "name": "g" },
                "connections": { "api": { "port": 80, "protocol": "http" }, "pay": { "port": 80, "protocol": "http" } },
                "exposes": [{ "port": 443, "protocol": "https" }, { "port": 9090, "protocol": "http" }] },
            "api": { "owner": "web", "image": { "name": "a" }, "connections": { "pay": { "port": 80, "protocol": "http" } },
                "exposes": [{ "port": 80, "protocol": "http" }], "aws": { "vpc": "prod", "rds": [{ "name": "db" }] } },
            "pay": { "owner": "pay", "image": { "name": "p" }, "connections": { "api": { "port": 80, "protocol": "http" } },
                "exposes": [{ "port": 7000, "protocol": "grpc" }, { "port": 7001, "protocol": "grpc" }],
                "aws": { "vpc": "prod", "rds": [{ "name": "db" }, { "name": "own" }] } },
            "alone": { "image": { "name": "x" }, "exposes": [{ "port": 8080, "protocol": "http" }, { "port": 53, "protocol": "dns" }],
                "cloudflare": { "zone": "example.org" } }
        },
        "networks": { "prod": { "rules": [
            { "direction": "inbound", "port": 7000, "protocol": "tcp", "action": "allow" },
            { "direction": "inbound", "port": 7000, "protocol": "tcp", "action": "deny" },
            { "direction": "inbound", "port": 7001, "protocol": "tcp", "action": "deny" }
        ] } }
    }"#;
    load(&Source::new("x.json", text.into())).system.expect("a system")
}

fn ids(graph: &Graph<'_>, nodes: &[u32]) -> Vec<String> {
    nodes.iter().map(|&node| graph.nodes[node as usize].id.to_string()).collect()
}

#[test]
fn neighbours_and_distances() {
    let system = system();
    let graph = Graph::of(&system);
    let asked = Questions::of(&graph);
    let node = |id| asked.find(&graph, id).unwrap();
    assert_eq!(asked.find(&graph, "svc:none"), None);
    assert_eq!(ids(&graph, asked.dependencies(node("svc:gateway"))), ["svc:api", "svc:pay"]);
    assert_eq!(ids(&graph, asked.dependents(node("rds:db"))), ["svc:api", "svc:pay"]);
    assert_eq!(graph.edges[asked.incoming(node("rds:own"))[0] as usize].source, node("svc:pay"));
    assert_eq!(asked.outgoing(node("svc:gateway")).len(), 2);
    let hops = |from: &[&str], most| {
        let from: Vec<u32> = from.iter().map(|id| asked.find(&graph, id).unwrap()).collect();
        let found = asked.distances(&from, most);
        found
            .iter()
            .map(|&Distance { node, hops }| format!("{} {hops}", graph.nodes[node as usize].id))
            .collect::<Vec<_>>()
    };
    assert_eq!(hops(&["svc:gateway"], u32::MAX), ["svc:api 1", "svc:pay 1", "rds:db 2", "rds:own 2"]);
    assert_eq!(hops(&["svc:gateway"], 1), ["svc:api 1", "svc:pay 1"]);
    assert_eq!(hops(&["svc:gateway"], 0), [""; 0]);
    assert_eq!(hops(&["svc:api"], 9), ["svc:pay 1", "rds:db 1", "svc:api 2", "rds:own 2"]);
    assert_eq!(hops(&["svc:api", "svc:pay"], 9), ["svc:pay 1", "rds:db 1", "svc:api 1", "rds:own 1"]);
    assert_eq!(ids(&graph, &asked.path(node("svc:gateway"), node("rds:own"))), ["svc:gateway", "svc:pay", "rds:own"]);
    assert_eq!(ids(&graph, &asked.orphans()), ["svc:alone"]);
}

#[test]
fn groups_and_owners() {
    let system = system();
    let graph = Graph::of(&system);
    let asked = Questions::of(&graph);
    let node = |id| asked.find(&graph, id).unwrap();
    let members = |id| ids(&graph, asked.members(&graph, id));
    assert_eq!(members("network:prod"), ["svc:api", "svc:pay", "rds:db", "rds:own"]);
    assert_eq!(members("owner:pay"), ["svc:pay", "rds:own"]);
    assert_eq!(members("network:none"), [""; 0]);
    assert_eq!(asked.find_group(&graph, "network:none"), None);
    assert_eq!(asked.groups(&graph, node("svc:pay")), ["provider:services", "owner:pay", "network:prod"]);
    let view = Graph::of(&system).view(&ViewOptions::default());
    let asked_of_view = Questions::of(&view);
    let pay = asked_of_view.find(&view, "svc:pay").unwrap();
    assert_eq!(asked_of_view.groups(&view, pay), ["provider:services", "owner:pay", "network:prod"]);
    assert_eq!(ids(&view, asked_of_view.members(&view, "owner:pay")), ["svc:pay", "rds:own"]);
    assert_eq!(
        (asked.owner(&graph, node("rds:own")), asked.owner(&graph, node("svc:api"))),
        (Some("pay"), Some("web"))
    );
    assert_eq!((asked.owner(&graph, node("rds:db")), asked.owner(&graph, node("svc:alone"))), (None, None));
    assert_eq!(asked.owners(&graph, node("rds:db")), ["web", "pay"]);
}

#[test]
fn endpoints_that_are_public() {
    let system = system();
    let graph = Graph::of(&system);
    let asked = Questions::of(&graph);
    let public = |id| asked.public_endpoints(&graph, asked.find(&graph, id).unwrap()).to_vec();
    assert_eq!(public("svc:gateway"), [0], "443, and nobody connects to it");
    assert_eq!(public("svc:api"), [0; 0], "80, but services connect to it");
    assert_eq!(public("svc:pay"), [0], "the first network rule decides");
    assert_eq!(public("svc:alone"), [0], "HTTP behind a zone");
    assert_eq!(public("rds:db"), [0; 0]);
}
