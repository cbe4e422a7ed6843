//! `spec-engine path`: how a request gets from one node to another.

use crate::support::workspace::{PAYMENTS, Workspace};
use serde_json::{Value, json};
use spec_engine::graph::Graph;
use spec_engine::graph::path::Paths;
use spec_engine::model::System;

/// A system with a service a name, and connections `a b`: from a to b.
fn system(names: &[&str], connections: &[&str]) -> Value {
    let mut services = serde_json::Map::new();
    for name in names {
        services.insert((*name).to_owned(), json!({ "image": { "name": "i" } }));
    }
    for connection in connections {
        let (from, to) = connection.split_once(' ').unwrap();
        services[from]["connections"][to] =
            json!({ "port": 80, "protocol": "http", "description": format!("to {to}") });
    }
    json!({ "name": "s", "services": services })
}

fn workspace(value: &Value) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("system.json", value.to_string());
    workspace
}

#[test]
fn every_hop_has_protocol_port_and_description() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["path", PAYMENTS, "api-gateway", "payments-db"]).ends(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "`api-gateway` to `payments-db` (database, aws.rds): 2 hops");
    assert!(lines[1].starts_with("  -> `payments-service`  `"), "{ran:#?}");
    assert!(lines[2].starts_with("  -> `payments-db` (database, aws.rds)  `sql:"), "{ran:#?}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn json_has_ids_and_pointers() {
    let workspace = workspace(&system(&["a", "b", "c"], &["a b", "b c"]));
    let ran = workspace.run(&["path", "system.json", "a", "svc:c", "--output", "json"]).ends(0);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found["from"], "svc:a");
    assert_eq!(found["to"], "svc:c");
    let hop = json!({
        "source": "svc:b", "target": "svc:c", "kind": "connection", "label": "http:80", "protocol": "http", "port": 80,
        "description": "to c", "pointer": "/services/b/connections/c",
    });
    assert_eq!(found["paths"][0]["hops"][1], hop);
    assert_eq!(found["paths"].as_array().unwrap().len(), 1);
}

#[test]
fn further_ways_come_by_their_length() {
    let workspace = workspace(&system(&["a", "b", "c", "d", "e"], &["a b", "b e", "a c", "c e", "c d", "d e", "b c"]));
    let ways = |all: &str| {
        let ran = workspace.run(&["path", "system.json", "a", "e", "--all", all, "--output", "json"]).ends(0);
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        let way = |way: &Value| {
            let hops = way["hops"].as_array().unwrap();
            hops.iter().map(|hop| hop["target"].as_str().unwrap()[4..].to_owned()).collect::<String>()
        };
        found["paths"].as_array().unwrap().iter().map(way).collect::<Vec<_>>()
    };
    assert_eq!(ways("1"), ["be"]);
    assert_eq!(ways("3"), ["be", "ce", "bce"]);
    assert_eq!(ways("100"), ["be", "ce", "bce", "cde", "bcde"]);
    workspace.run(&["path", "system.json", "a", "e", "--all", "0"]).ends(2);
    workspace.run(&["path", "system.json", "a", "e", "--all", "1001"]).ends(2);
}

#[test]
fn no_way_says_what_is_reached_and_whether_there_is_one_back() {
    let workspace = workspace(&system(&["a", "b", "c", "d"], &["a b", "c a"]));
    workspace.run(&["path", "system.json", "a", "c"]).ends(1).says(
        "no way leads from `a` to `c`\n  `a` reaches `b`\n  the other way there is one: from `c` to `a` in 1 hop\n",
    );
    workspace
        .run(&["path", "system.json", "d", "a"])
        .ends(1)
        .says("`d` reaches nothing\n  nor is there one from `a` to `d`\n");
    let ran = workspace.run(&["path", "system.json", "a", "c", "--output", "json"]).ends(1);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(found["paths"], json!([]));
    assert_eq!(found["reached"], json!([{ "node": "svc:b", "hops": 1 }]));
    assert_eq!(found["back"]["hops"][0]["source"], "svc:c");
}

#[test]
fn a_name_that_is_wrong_gets_a_suggestion() {
    let workspace = Workspace::new();
    workspace
        .run(&["path", PAYMENTS, "api-gatway", "payments-db"])
        .ends(2)
        .says("there is no service or resource `api-gatway`")
        .says("did you mean `api-gateway`?");
    workspace
        .run(&["path", PAYMENTS, "api-gateway", "api-gateway"])
        .ends(2)
        .says("FROM and TO are both `svc:api-gateway`");
}

#[test]
fn a_name_of_several_nodes_is_named_with_their_ids() {
    let mut value = system(&["a", "orders"], &["a orders"]);
    value["services"]["orders"]["aws"] = json!({ "rds": [{ "name": "orders" }] });
    let workspace = workspace(&value);
    workspace
        .run(&["path", "system.json", "a", "orders"])
        .ends(2)
        .says("2 nodes are named `orders`")
        .says("use one of their ids: `svc:orders`, `rds:orders`");
    workspace.run(&["path", "system.json", "a", "rds:orders"]).ends(0).says("2 hops");
}

#[test]
fn deployments_lead_nowhere() {
    let mut value = system(&["a", "b"], &[]);
    value["deployments"] = json!({ "helm": { "apps": { "chart": "c", "services": ["a", "b"] } } });
    let workspace = workspace(&value);
    workspace.run(&["path", "system.json", "helm:apps", "a"]).ends(2).says("`helm:apps` is a deployment");
    workspace.run(&["path", "system.json", "apps", "a"]).ends(2).says("there is no service or resource `apps`");
}

#[test]
fn a_document_that_is_wrong_is_refused() {
    let workspace = workspace(&system(&["a"], &["a b"]));
    workspace.run(&["path", "system.json", "a", "b"]).ends(2).says("unknown-connection-target");
    workspace.run_with_stdin(&["path", "-", "a", "b"], system(&["a", "b"], &["a b"]).to_string().as_bytes()).ends(0);
}

/// The ways of a graph are those that a plain search of all of them finds.
#[test]
fn ways_are_those_that_a_search_of_all_finds() {
    let names = ["0", "1", "2", "3", "4", "5"];
    let mut state = 7_u32;
    for _ in 0..200 {
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as usize
        };
        let mut connections = Vec::new();
        for from in names {
            for to in names {
                if from != to && random() % 3 == 0 {
                    connections.push(format!("{from} {to}"));
                }
            }
        }
        let connections: Vec<&str> = connections.iter().map(String::as_str).collect();
        let system: System = serde_json::from_value(system(&names, &connections)).unwrap();
        let graph = Graph::of(&system);
        let mut expected = Vec::new();
        search(&graph, 0, &mut vec![0], &mut Vec::new(), &mut expected);
        expected.sort_by_key(Vec::len);
        let lengths = |ways: &[Vec<u32>]| ways.iter().map(Vec::len).collect::<Vec<_>>();
        let mut found = Paths::of(&graph).shortest(0, 5, 1000);
        assert_eq!(lengths(&found), lengths(&expected), "{connections:?}");
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{connections:?}");
    }
}

fn search(graph: &Graph<'_>, at: u32, seen: &mut Vec<u32>, way: &mut Vec<u32>, found: &mut Vec<Vec<u32>>) {
    if at == 5 {
        return found.push(way.clone());
    }
    for (index, edge) in (0_u32..).zip(&graph.edges).filter(|(_, edge)| edge.source == at) {
        if !seen.contains(&edge.target) {
            seen.push(edge.target);
            way.push(index);
            search(graph, edge.target, seen, way, found);
            way.pop();
            seen.pop();
        }
    }
}
