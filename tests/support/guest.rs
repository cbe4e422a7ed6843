//! A graph as a guest gets it: what the shipped renderers draw natively.

use std::collections::HashMap;

use spec_engine_plugin::{Edge, Graph, Group, Node};

/// The graph as a guest gets it.
pub fn guest_graph(graph: &spec_engine::graph::Graph<'_>) -> Graph {
    let mut words = Vec::new();
    let mut positions = HashMap::new();
    let mut word = |text: &str| {
        *positions.entry(text.to_owned()).or_insert_with(|| {
            words.push(text.to_owned());
            words.len() as u32 - 1
        })
    };
    let node = |node: &spec_engine::graph::Node<'_>| Node {
        id: node.id.to_string(),
        kind: word(node.kind),
        resource: node.resource.map(&mut word),
        label: node.label.to_string(),
        group: node.group,
    };
    let nodes = graph.nodes.iter().map(node).collect();
    let edge = |(index, edge): (usize, &spec_engine::graph::Edge<'_>)| Edge {
        source: edge.source,
        target: edge.target,
        kind: word(edge.kind),
        label: graph.edge_label(index).map(&mut word),
    };
    let edges = graph.edges.iter().enumerate().map(edge).collect();
    let group = |group: &spec_engine::graph::Group<'_>| Group {
        id: group.id.to_string(),
        kind: group.kind.as_str().to_owned(),
        label: group.label.to_owned(),
        parent: group.parent,
    };
    let groups = graph.groups.iter().map(group).collect();
    let text = |text: &spec_engine::model::Text| text.to_string();
    Graph {
        name: text(&graph.system.name),
        description: graph.system.description.as_ref().map(text),
        version: graph.system.version.as_ref().map(text),
        words,
        nodes,
        edges,
        groups,
    }
}
