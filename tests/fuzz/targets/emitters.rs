//! Names of any text: what is written of them stays text of the diagram.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spec_engine_plugin::{Edge, Graph, Group, Node, Response, quote};

fuzz_target!(|text: &str| {
    let names: Vec<&str> = text.split('\u{1}').collect();
    let graph = graph_of(&names);
    let attributes = |_: u32| r#"{"link": "a.svg"}"#.to_owned();
    let d2 = spec_engine_d2::draw(&graph, &spec_engine_d2::Options::default(), None, attributes);
    let mermaid = spec_engine_mermaid::draw(&graph, &spec_engine_mermaid::Options::default(), None, attributes);
    for artifact in d2.artifacts.iter().chain(&mermaid.artifacts) {
        let text = artifact.as_text().expect("a diagram is text");
        assert!(text.chars().all(quote::is_xml), "{text:?}");
    }
    // In D2 each node, edge and group has as many lines as with a plain name. In Mermaid a label may have several.
    let plain: Vec<&str> = names.iter().map(|name| if name.is_empty() { "" } else { "a" }).collect();
    let plain = spec_engine_d2::draw(&graph_of(&plain), &spec_engine_d2::Options::default(), None, attributes);
    assert_eq!(lines(&d2), lines(&plain));
    assert!(lines(&mermaid) >= graph.nodes.len() + graph.edges.len() + graph.groups.len());
    for name in names {
        for quoted in [quote::d2(name), quote::mermaid(name), quote::dot(name), quote::xml(name)] {
            assert!(!quoted.contains('\0'), "{quoted:?}");
        }
        let csv = quote::csv(name);
        assert!(!csv.contains('"') || csv.starts_with('"') && csv.matches('"').count() % 2 == 0, "{csv:?}");
    }
});

/// The lines of a diagram.
fn lines(drawn: &Response) -> usize {
    drawn.artifacts[0].as_text().expect("a diagram is text").lines().count()
}

fn graph_of(names: &[&str]) -> Graph {
    let name = |index: usize| names[index % names.len()].to_owned();
    let node = |index: usize| Node {
        id: format!("svc:{index}{}", name(index)),
        kind: 0,
        resource: None,
        label: name(index),
        group: (index % 3 == 0).then_some(0),
    };
    let count = names.len().clamp(2, 20);
    let edge = |index: usize| Edge {
        source: u32::try_from(index).unwrap_or_default(),
        target: u32::try_from((index + 1) % count).unwrap_or_default(),
        kind: 1,
        label: (index % 2 == 0).then_some(2),
    };
    Graph {
        name: name(0),
        description: None,
        version: None,
        words: vec!["service".into(), "connection".into(), format!("{}:1", name(1))],
        nodes: (0..count).map(node).collect(),
        edges: (0..count).map(edge).collect(),
        groups: vec![Group { id: "owner:x".into(), kind: "owner".into(), label: name(2), parent: None }],
    }
}
