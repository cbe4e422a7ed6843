//! What a guest is told of the graph.

use serde_json::{Value, json};
use spec_engine::graph::{Graph, GroupBy, ViewOptions};
use spec_engine::model::System;
use spec_engine::plugin::PluginError;
use spec_engine::render::Renderer as _;

use super::{Guest, defaults, load, render, stopped};
use crate::support::renderers::draw;

fn system() -> System {
    serde_json::from_value(json!({
        "name": "shop",
        "owners": { "web": { "name": "Web" } },
        "services": {
            "api": {
                "owner": "web",
                "exposes": [{ "port": 9090, "protocol": "http" }, { "port": 443, "protocol": "https" }],
                "connections": { "users": { "port": 80, "protocol": "http", "description": "who" } },
                "aws": { "vpc": "prod" }
            },
            "users": {
                "owner": "pay",
                "connections": { "api": { "port": 9090, "protocol": "http" } },
                "aws": { "rds": [{ "name": "db", "engine": "postgres" }] }
            },
            "other": {}
        }
    }))
    .expect("it is a system")
}

#[test]
fn a_guest_of_the_first_contract_with_questions_runs() {
    let component = load(include_bytes!("../fixtures/contract/0.1.3/questions.wasm")).expect("it loads");
    assert_eq!(component.info().contract.as_str(), "0.1.3");
    let system = system();
    let answers = |graph: &Graph<'_>| {
        let output = draw(&component, graph, &defaults(&component.description().options)).unwrap();
        String::from_utf8(output.artifacts[0].content.clone()).unwrap()
    };
    let whole = answers(&Graph::of(&system));
    for line in [
        "orphans: svc:other",
        "cycles: svc:api svc:users",
        "svc:api: to [svc:users] from [svc:users] edges [0] [1], reaches [svc:users svc:api rds:db], \
         near [svc:users 1, svc:api 2, rds:db 2], groups [\"provider:services\", \"owner:web\", \"network:prod\"], \
         owners [\"web\"], public [1]",
        "rds:db: to [] from [svc:users] edges [] [2], reaches [], near [], groups [\"provider:aws\", \"owner:pay\"], \
         owners [\"pay\"], public []",
        "members: svc:api",
        "path: svc:api svc:users rds:db",
    ] {
        assert!(whole.lines().any(|found| found == line), "{line} is not in {whole}");
    }
    let json = |start: &str| -> Value {
        serde_json::from_str(whole.lines().find_map(|line| line.strip_prefix(start)).expect("a line")).unwrap()
    };
    let nodes = json("nodes: ");
    assert_eq!((nodes[0]["owner"].as_str(), nodes[3]["engine"].as_str()), (Some("web"), Some("postgres")));
    let edges = json("edges: ");
    assert_eq!((edges[0]["description"].as_str(), edges[2]["port"].as_u64()), (Some("who"), Some(5432)));
    let by_owner = ViewOptions { group_by: GroupBy::Owner, ..ViewOptions::default() };
    let view = answers(&Graph::of(&system).view(&by_owner));
    assert!(view.contains("groups [\"provider:services\", \"owner:web\", \"network:prod\"]"), "{view}");
}

#[test]
fn a_question_about_no_node_ends_the_call() {
    let asking = |function: &str| {
        let import = format!("(import \"spec-engine:plugin/host@0.1.3\" \"{function}\" (func $ask (param i32 i32)))");
        Guest {
            imports: import,
            render: "(call $ask (i32.const 9) (i32.const 0x8000)) (i32.const 0x200)".into(),
            ..Guest::default()
        }
    };
    for function in
        ["dependencies", "dependents", "outgoing", "incoming", "reachable", "node-groups", "owners", "public-endpoints"]
    {
        stopped(&asking(function), "node 9");
    }
}

#[test]
fn what_the_host_searches_for_a_guest_counts_as_fuel() {
    let import = "(import \"spec-engine:plugin/host@0.1.3\" \"cycles\" (func $ask (param i32)))";
    let body = "(loop (call $ask (i32.const 0x8000)) (br 0)) (i32.const 0x200)";
    let why = render(&Guest { imports: import.into(), render: body.into(), ..Guest::default() }).expect_err("it ends");
    assert!(matches!(why, PluginError::Component { .. }) && why.to_string().contains("instructions"), "{why}");
}
