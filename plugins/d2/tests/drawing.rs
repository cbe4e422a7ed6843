//! What the D2 renderer writes.

use spec_engine_d2::{Keys, Options, draw};
use spec_engine_plugin::{Change, Changes, Direction, Edge, Graph, Group, Node, Place, Response};

fn node(words: &mut Vec<String>, id: &str, kind: &str, group: Option<u32>) -> Node {
    let label = id.split_once(':').map_or(id, |(_, name)| name).to_owned();
    Node { id: id.into(), kind: word(words, kind), resource: None, label, group }
}

fn edge(words: &mut Vec<String>, [source, target]: [u32; 2], kind: &str, label: Option<&str>) -> Edge {
    Edge { source, target, kind: word(words, kind), label: label.map(|label| word(words, label)) }
}

fn word(words: &mut Vec<String>, text: &str) -> u32 {
    let position = words.iter().position(|word| word == text).unwrap_or_else(|| {
        words.push(text.to_owned());
        words.len() - 1
    });
    u32::try_from(position).unwrap()
}

fn shop() -> Graph {
    let words = &mut Vec::new();
    Graph {
        name: "shop".into(),
        description: None,
        version: None,
        nodes: vec![
            node(words, "svc:api-gateway", "service", Some(1)),
            node(words, "svc:cart", "service", Some(1)),
            node(words, "rds:orders", "database", None),
            node(words, "helm:web", "helm", None),
        ],
        edges: vec![
            edge(words, [0, 1], "connection", Some("grpc:8080")),
            edge(words, [1, 2], "database", None),
            edge(words, [3, 0], "deploys", None),
            edge(words, [3, 1], "deploys", Some("v1")),
        ],
        words: std::mem::take(words),
        groups: vec![
            Group { id: "network:prod".into(), kind: "network".into(), label: "prod".into(), parent: None },
            Group { id: "owner:web".into(), kind: "owner".into(), label: "Web".into(), parent: Some(0) },
        ],
    }
}

fn empty() -> Graph {
    Graph { words: vec![], nodes: vec![], edges: vec![], groups: vec![], ..shop() }
}

fn text(response: &Response) -> &str {
    response.artifacts[0].as_text().unwrap()
}

fn without_details(_: u32) -> String {
    unreachable!("attributes are asked for with details, and of groups, only")
}

#[test]
fn groups_are_containers_and_edges_name_their_ends_whole() {
    let response = draw(&shop(), &Options::default(), None, without_details);
    let body = text(&response).split_once("\n}\n").unwrap().1;
    let expected = r#"rds_orders: "orders" {class: database}
helm_web: "web" {class: helm}
network_prod: "prod" {
  class: container
  owner_web: "Web" {
    class: container
    svc_api_gateway: "api-gateway" {class: service}
    svc_cart: "cart" {class: service}
  }
}
network_prod.owner_web.svc_api_gateway -> network_prod.owner_web.svc_cart: "grpc:8080"
network_prod.owner_web.svc_cart -> rds_orders
helm_web -> network_prod.owner_web.svc_api_gateway: {class: deploys}
helm_web -> network_prod.owner_web.svc_cart: "v1" {class: deploys}
"#;
    assert_eq!(body, expected);
    assert_eq!(response.artifacts[0].path, "diagram.d2");
    assert!(response.diagnostics.is_empty());
}

#[test]
fn only_classes_that_occur_are_written() {
    let response = draw(&shop(), &Options::default(), None, without_details);
    let head = text(&response).split_once("\n}\n").unwrap().0;
    let names: Vec<&str> = head.lines().filter_map(|line| Some(line.strip_prefix("  ")?.split_once(':')?.0)).collect();
    assert_eq!(names, ["service", "database", "helm", "container", "deploys"]);
}

#[test]
fn an_empty_graph_is_a_diagram() {
    assert_eq!(text(&draw(&empty(), &Options::default(), None, without_details)), "direction: right\n");
}

#[test]
fn direction_and_title_stand_at_the_top() {
    let options = Options { direction: Direction::Down, title: "The \"shop\"".into(), ..Options::default() };
    assert_eq!(
        text(&draw(&empty(), &options, None, without_details)),
        "direction: down\n\
         title: \"The \\\"shop\\\"\" {shape: text; near: top-center; style: {font-size: 28; bold: true}}\n"
    );
}

#[test]
fn what_became_of_things_is_a_class_more() {
    let all = vec![Change::Added, Change::Removed, Change::Changed, Change::Unchanged];
    let changes = Changes { nodes: all.clone(), edges: all };
    let response = draw(&shop(), &Options::default(), Some(changes), without_details);
    let (head, body) = text(&response).split_once("\n}\n").unwrap();
    for change in ["added", "removed", "changed", "unchanged"] {
        assert!(
            head.contains(&format!("\n  {change}: {{")) && head.contains(&format!("\n  {change}-edge: {{")),
            "{head}"
        );
    }
    for line in [
        "svc_api_gateway: \"api-gateway\" {class: [service; added]}\n",
        "svc_cart: \"cart\" {class: [service; removed]}\n",
        "rds_orders: \"orders\" {class: [database; changed]}\n",
        "helm_web: \"web\" {class: [helm; unchanged]}\n",
        "svc_cart: \"grpc:8080\" {class: added-edge}\n",
        "svc_cart -> rds_orders: {class: removed-edge}\n",
        "svc_api_gateway: {class: [deploys; changed-edge]}\n",
        "\"v1\" {class: [deploys; unchanged-edge]}\n",
    ] {
        assert!(body.contains(line), "{line} is not in {body}");
    }
}

#[test]
fn details_are_asked_for_services_only() {
    let options = Options { details: true, ..Options::default() };
    let response = draw(&shop(), &options, None, |node| {
        assert!(node < 2, "node {node} is no service");
        r#"{"image":{"name":"acme/shop"},"repo":{"url":"https://example.com"}}"#.into()
    });
    let line = r#"svc_cart: "cart" {class: service; tooltip: "Image: acme/shop"; link: "https://example.com"}"#;
    assert!(text(&response).contains(line), "{}", text(&response));
}

#[test]
fn what_is_left_out_is_told_at_its_place() {
    let mut graph = shop();
    graph.nodes[2].label = "a\0b\u{1}".into();
    graph.groups[1].label = "\u{ffff}".into();
    graph.words[graph.edges[0].label.unwrap() as usize] = "\u{8}".into();
    let options = Options { title: "\0".into(), ..Options::default() };
    let diagnostics = draw(&graph, &options, None, without_details).diagnostics;
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code == "characters-dropped"));
    let places: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.place.clone()).collect();
    assert_eq!(places, [None, Some(Place::Node(2)), None, Some(Place::Edge(0))]);
    assert!(diagnostics[1].message.contains("\"rds:orders\""), "{}", diagnostics[1].message);
}

#[test]
fn keys_are_those_of_the_diagram() {
    let graph = shop();
    let keys = Keys::of(&graph);
    assert_eq!((keys.node(0), keys.group(1)), ("svc_api_gateway", "owner_web"));
}

#[test]
fn a_group_leads_to_its_own_diagram() {
    let words = &mut Vec::new();
    let nodes = vec![node(words, "group:owner:web", "group", None), node(words, "svc:cart", "service", None)];
    let graph = Graph { nodes, edges: vec![], groups: vec![], words: std::mem::take(words), ..shop() };
    let response = draw(&graph, &Options::default(), None, |_| r#"{"link": "owner-web.d2"}"#.to_owned());
    assert!(text(&response).contains(r#"{class: group; link: "./owner-web.d2"}"#), "{}", text(&response));
    let response = draw(&graph, &Options::default(), None, |_| "{}".to_owned());
    assert!(!text(&response).contains("link"));
}
