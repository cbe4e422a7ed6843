//! Both versions of a document as one diagram.

use serde_json::{Value, json};
use spec_engine::diff::Diff;
use spec_engine::graph::{Change, Graph, ViewOptions};
use spec_engine::model::System;

use super::{NEW, OLD, read, service, system};
use crate::support::workspace::{PAYMENTS, Workspace};

/// The graph of both versions, and what became of its parts.
fn marked(old: &System, new: &System, check: impl FnOnce(&Graph<'_>)) {
    let diff = Diff::of(old, new);
    let union = diff.union();
    let mut graph = Graph::of(&union);
    diff.mark(&mut graph);
    diff.label(&mut graph);
    check(&graph.view(&ViewOptions::default()));
}

#[test]
fn both_versions_are_one_graph() {
    let (old, new) = (system(&read(OLD)), system(&read(NEW)));
    marked(&old, &new, |graph| {
        let ids = |graph: &Graph<'_>| graph.nodes.iter().map(|node| node.id.to_string()).collect::<Vec<_>>();
        let change = |id: &str| graph.nodes.iter().find(|node| node.id == id).unwrap().change;
        assert_eq!(change("svc:legacy"), Some(Change::Removed));
        assert_eq!(change("svc:billing"), Some(Change::Added));
        assert_eq!(change("svc:gateway"), Some(Change::Changed));
        assert_eq!(change("svc:accounts"), Some(Change::Changed));
        assert_eq!(change("sqs:bills"), Some(Change::Changed));
        assert_eq!(change("sqs:events"), Some(Change::Removed));
        assert_eq!(change("rds:orders-db"), Some(Change::Changed));
        assert_eq!(change("rds:users-db"), None);
        assert!(!ids(graph).contains(&"svc:users".to_owned()), "a service that was renamed is one node");
        let labels: Vec<&str> = graph.nodes.iter().map(|node| node.label.as_ref()).collect();
        assert!(labels.contains(&"accounts (was users)") && labels.contains(&"legacy (removed)"), "{labels:?}");
        let edge = |source: &str, target: &str| {
            let ends = |edge: &spec_engine::graph::Edge<'_>| {
                [edge.source, edge.target].map(|node| graph.nodes[node as usize].id.as_str()) == [source, target]
            };
            let index = graph.edges.iter().position(ends).unwrap();
            (graph.edges[index].change, graph.edge_label(index).unwrap_or_default())
        };
        assert_eq!(edge("svc:gateway", "svc:orders"), (Some(Change::Changed), "grpc:9001 (was grpc:9000)"));
        assert_eq!(edge("svc:gateway", "svc:legacy"), (Some(Change::Removed), "http:80 (removed)"));
        assert_eq!(edge("svc:gateway", "svc:billing"), (Some(Change::Added), "http:8081 (added)"));
        assert_eq!(edge("svc:orders", "svc:accounts"), (None, "http:8080"));
        assert_eq!(edge("helm:jobs", "svc:search"), (Some(Change::Added), "(added)"));
        assert_eq!(edge("svc:orders", "rds:orders-db").0, Some(Change::Changed));
    });
}

#[test]
fn the_union_of_a_document_with_itself_is_that_document() {
    for path in [OLD, PAYMENTS] {
        let system = system(&read(path));
        assert_eq!(Diff::of(&system, &system).union(), system);
        marked(&system, &system, |graph| assert!(!graph.has_changes()));
    }
}

#[test]
fn a_diagram_has_a_colour_and_a_line_for_each_change() {
    let workspace = Workspace::new();
    let d2 = workspace.run(&["diff", OLD, NEW, "--plugin", "d2"]).ends(0).stdout;
    let line = |text: &str, part: &str| text.lines().find(|line| line.contains(part)).unwrap().trim().to_owned();
    assert!(line(&d2, "billing (added)").ends_with("{class: [service; added]}"), "{d2}");
    assert!(line(&d2, "legacy (removed)").ends_with("{class: [service; removed]}"), "{d2}");
    assert!(line(&d2, "http:80 (removed)").ends_with("{class: removed-edge}"), "{d2}");
    let mermaid = workspace.run(&["diff", OLD, NEW, "--plugin", "mermaid"]).ends(0).stdout;
    assert!(line(&mermaid, "billing ").ends_with(":::added"), "{mermaid}");
    for (diagram, dash) in [(&d2, "stroke-dash: "), (&mermaid, "stroke-dasharray:")] {
        for color in ["#1A7F37", "#CF222E", "#9A6700", "#AFB8C1"] {
            assert!(diagram.contains(color), "{color} is not in {diagram}");
        }
        assert!(diagram.contains(&format!("{dash}8")) && diagram.contains(&format!("{dash}2")), "{diagram}");
    }
    for (style, count) in [("linkStyle", 4), ("classDef", 4)] {
        assert_eq!(mermaid.matches(style).count(), count, "{mermaid}");
    }
    let graph = workspace.run(&["diff", OLD, NEW, "--plugin", "graph", "--exit-code"]).ends(1).stdout;
    assert!(graph.contains("\"change\": \"added\""), "{graph}");
    // A diagram of one version is as it was.
    assert!(!workspace.run(&["render", OLD, "--plugin", "d2"]).ends(0).stdout.contains("added"));
}

#[test]
fn a_large_diagram_shows_what_changed_and_says_so() {
    let mut old = json!({ "name": "s", "services": {} });
    for number in 0..60 {
        let mut service = service("i");
        if number > 0 {
            service["connections"] = json!({ format!("s{}", number - 1): { "port": 80, "protocol": "http" } });
        }
        old["services"][format!("s{number}")] = service;
    }
    let mut new = old.clone();
    new["services"]["s30"]["image"]["tag"] = "v2".into();
    let workspace = Workspace::new();
    workspace.write("old.json", old.to_string()).write("new.json", new.to_string());
    let nodes = |arguments: &[&str]| {
        let mut all = vec!["diff", "old.json", "new.json", "--plugin", "graph"];
        all.extend(arguments);
        let ran = workspace.run(&all).ends(0);
        let graph: Value = serde_json::from_str(&ran.stdout).unwrap();
        (graph["nodes"].as_array().unwrap().len(), ran.stderr)
    };
    let (shown, said) = nodes(&[]);
    assert_eq!(shown, 3);
    assert!(said.contains("3 of 60 services; --all shows everything"), "{said}");
    assert_eq!(nodes(&["--context", "2"]).0, 5);
    assert_eq!(nodes(&["--all"]), (60, String::new()));
    assert_eq!(nodes(&["--focus", "s10", "--depth", "1"]), (3, String::new()));
    assert_eq!(nodes(&["--only", "name=s3?"]), (10, String::new()));
    workspace.run(&["diff", "old.json", "new.json", "--all"]).ends(2).says("--plugin");
}

#[cfg(feature = "pictures")]
#[test]
fn a_picture_has_a_colour_a_line_and_a_legend_for_each_change() {
    let svg = Workspace::new().run(&["diff", OLD, NEW, "--plugin", "svg"]).ends(0).stdout;
    let document = roxmltree::Document::parse(&svg).unwrap();
    let classes = |node: roxmltree::Node<'_, '_>| node.attribute("class").unwrap_or_default().to_owned();
    let titled = |title: &str| {
        let is_title = |node: &roxmltree::Node<'_, '_>| {
            node.has_tag_name("title")
                && node.text().and_then(|text| text.lines().next()).is_some_and(|text| text.ends_with(title))
        };
        classes(document.descendants().find(is_title).unwrap_or_else(|| panic!("{title}")).parent().unwrap())
    };
    assert_eq!(titled("billing (added)"), "node k-service c-added");
    assert_eq!(titled("legacy (removed)"), "node k-service c-removed");
    assert!(titled("→ legacy (removed) (http:80 (removed))").ends_with("c-removed"));
    assert!(titled("(grpc:9001 (was grpc:9000))").ends_with("c-changed"));
    let legend = document.descendants().find(|node| classes(*node) == "legend").unwrap();
    let samples: Vec<String> = legend.children().map(classes).filter(|class| class.starts_with("sample c-")).collect();
    assert_eq!(samples, ["sample c-added", "sample c-removed", "sample c-changed", "sample c-unchanged"]);
    for rule in [".c-added .line", ".c-removed .shape", ".c-changed .label text"] {
        assert!(svg.contains(rule), "{rule}");
    }
    let plain = Workspace::new().run(&["render", NEW, "--plugin", "svg"]).ends(0).stdout;
    assert!(!plain.contains("c-added") && !plain.contains("c-unchanged"));
}
