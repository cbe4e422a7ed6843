//! What the Mermaid renderer writes.

use spec_engine_mermaid::{Keys, MAX_CHARACTERS, MAX_EDGES, Options, draw};
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
            node(words, "x:strange", "quantum", None),
        ],
        edges: vec![
            edge(words, [0, 1], "connection", Some("grpc:8080")),
            edge(words, [1, 2], "database", Some("")),
            edge(words, [3, 0], "deploys", None),
        ],
        words: std::mem::take(words),
        groups: vec![
            Group { id: "network:prod".into(), kind: "network".into(), label: String::new(), parent: None },
            Group { id: "owner:web".into(), kind: "owner".into(), label: "Web & Shop".into(), parent: Some(0) },
        ],
    }
}

fn empty() -> Graph {
    Graph { words: vec![], nodes: vec![], edges: vec![], groups: vec![], ..shop() }
}

fn without_links(_: u32) -> String {
    unreachable!("attributes are asked for of groups only")
}

fn text(response: &Response) -> &str {
    response.artifacts[0].as_text().unwrap()
}

fn codes(response: &Response) -> Vec<&str> {
    response.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

#[test]
fn groups_are_subgraphs_and_only_used_classes_are_written() {
    let response = draw(&shop(), &Options::default(), None, without_links);
    let expected = r#"flowchart LR
  rds_orders[("orders")]:::database
  helm_web[/"web"/]:::helm
  x_strange("strange"):::other
  subgraph network_prod[" "]
    subgraph owner_web["Web & Shop"]
      svc_api_gateway["api-gateway"]:::service
      svc_cart["cart"]:::service
    end
  end
  svc_api_gateway -->|"grpc:8080"| svc_cart
  svc_cart --> rds_orders
  helm_web -.-> svc_api_gateway
  classDef service fill:#E3EEFC,stroke:#2F6FBF,color:#12304F
  classDef database fill:#E1F3E6,stroke:#2E8B57,color:#123D26
  classDef helm fill:#E4EAFB,stroke:#3F5FC0,color:#1A2856
  classDef other fill:#F3F4F6,stroke:#7B818C,color:#2B2F36
"#;
    assert_eq!(text(&response), expected);
    assert_eq!(response.artifacts[0].path, "diagram.mmd");
    assert!(response.diagnostics.is_empty());
}

#[test]
fn a_diagram_with_codes_asks_for_labels_as_html() {
    let mut graph = shop();
    assert!(!text(&draw(&graph, &Options::default(), None, without_links)).contains("%%{"));
    graph.nodes[0].label = "1. api".into();
    let options = Options { title: "The shop".into(), ..Options::default() };
    let response = draw(&graph, &options, None, without_links);
    let head = "---\ntitle: \"The shop\"\n---\n\
                %%{init: {\"htmlLabels\": true, \"flowchart\": {\"htmlLabels\": true}}}%%\nflowchart LR\n";
    assert!(text(&response).starts_with(head), "{}", text(&response));
    assert!(text(&response).contains("svc_api_gateway[\"1#46; api\"]"));
}

#[test]
fn an_empty_graph_is_a_diagram() {
    assert_eq!(text(&draw(&empty(), &Options::default(), None, without_links)), "flowchart LR\n");
}

#[test]
fn direction_and_title_stand_at_the_top() {
    let options = Options { direction: Direction::Up, title: "The shop".into() };
    assert_eq!(text(&draw(&empty(), &options, None, without_links)), "---\ntitle: \"The shop\"\n---\nflowchart BT\n");
}

#[test]
fn what_became_of_things_is_a_class_of_nodes_and_a_style_of_edges() {
    let graph = shop();
    let changes = Changes {
        nodes: Change::ALL.into_iter().cycle().take(graph.nodes.len()).collect(),
        edges: vec![Change::Added, Change::Removed, Change::Unchanged],
    };
    let response = draw(&graph, &Options::default(), Some(changes), without_links);
    let (nodes, rest) = text(&response).split_once("  classDef added ").unwrap();
    for line in [
        "svc_api_gateway[\"api-gateway\"]:::added\n",
        "svc_cart[\"cart\"]:::removed\n",
        "rds_orders[(\"orders\")]:::changed\n",
        "helm_web[/\"web\"/]:::unchanged\n",
    ] {
        assert!(nodes.contains(line), "{nodes}");
    }
    let styles: Vec<&str> = rest.lines().filter_map(|line| line.trim().strip_prefix("linkStyle ")).collect();
    let of: Vec<&str> = styles.iter().filter_map(|style| style.split_once(",color").map(|(of, _)| of)).collect();
    assert_eq!(of, ["0 stroke:#1A7F37", "1 stroke:#CF222E", "2 stroke:#AFB8C1"]);
}

#[test]
fn a_diagram_that_readers_refuse_is_told() {
    let mut graph = shop();
    graph.edges = vec![Edge { label: None, ..graph.edges[0] }; MAX_EDGES];
    assert!(codes(&draw(&graph, &Options::default(), None, without_links)).is_empty());

    graph.edges.push(graph.edges[0]);
    let response = draw(&graph, &Options::default(), None, without_links);
    assert_eq!(codes(&response), ["too-many-edges"]);
    assert!(response.diagnostics[0].help.as_deref().unwrap().contains("narrower view"));

    graph.edges.clear();
    graph.nodes[0].label = "日".repeat(MAX_CHARACTERS / 2);
    assert!(codes(&draw(&graph, &Options::default(), None, without_links)).is_empty(), "bytes are not characters");
    graph.nodes[0].label = "x".repeat(MAX_CHARACTERS);
    assert_eq!(codes(&draw(&graph, &Options::default(), None, without_links)), ["too-many-characters"]);
}

#[test]
fn what_is_left_out_is_told_at_its_place() {
    let mut graph = shop();
    graph.nodes[2].label = "\0".into();
    graph.words[graph.edges[0].label.unwrap() as usize] = "a\u{1b}".into();
    let response = draw(&graph, &Options::default(), None, without_links);
    assert_eq!(codes(&response), ["characters-dropped"; 2]);
    let places: Vec<_> = response.diagnostics.iter().map(|diagnostic| diagnostic.place.clone()).collect();
    assert_eq!(places, [Some(Place::Node(2)), Some(Place::Edge(0))]);
    assert!(text(&response).contains("rds_orders[(\" \")]"));
}

#[test]
fn a_group_leads_to_its_own_diagram() {
    let words = &mut Vec::new();
    let nodes = vec![node(words, "group:owner:web", "group", None), node(words, "svc:cart", "service", None)];
    let graph = Graph { nodes, edges: vec![], groups: vec![], words: std::mem::take(words), ..shop() };
    let response = draw(&graph, &Options::default(), None, |_| r#"{"link": "owner-web.mmd"}"#.to_owned());
    let key = Keys::of(&graph).node(0).to_owned();
    assert!(text(&response).contains(&format!("  click {key} href \"owner-web.mmd\"\n")), "{}", text(&response));
    assert!(text(&response).contains("  classDef group "));
    let response = draw(&graph, &Options::default(), None, |_| "{}".to_owned());
    assert!(!text(&response).contains("click"));
}
