//! What a reader has to read in the diagram of a graph.

use spec_engine::graph::{EdgeOrigin, Graph, Origin};
use spec_engine::model::Resource;
use spec_engine_plugin::GraphKeys;

use super::guest::guest_graph;
use super::reading::{Edge, Group, Node, Reading};
use super::renderers::Target;

/// What a reader has to read where a renderer has drawn a graph.
pub fn reading(target: Target, graph: &Graph<'_>) -> Reading {
    let keys = Keys::of(target, graph);
    let nodes = graph.nodes.iter().enumerate().map(|(index, node)| Node {
        key: keys.nodes[index].clone(),
        label: shown(target, &node.label),
        group: node.group.map(|group| keys.groups[group as usize].clone()),
        shape: shape(target, node.kind).map(str::to_owned),
        link: link(target, graph, node),
    });
    let groups = graph.groups.iter().enumerate().map(|(index, group)| Group {
        key: keys.groups[index].clone(),
        label: shown(target, group.label),
        parent: group.parent.map(|parent| keys.groups[parent as usize].clone()),
    });
    let edges = graph.edges.iter().enumerate().map(|(index, edge)| Edge {
        source: keys.nodes[edge.source as usize].clone(),
        target: keys.nodes[edge.target as usize].clone(),
        label: shown(target, &edge_label(graph, index, edge)),
        directed: true,
    });
    Reading {
        nodes: nodes.collect(),
        // A graph of graphology has no groups; its nodes say which one they are in.
        groups: if target == Target::Sigma { Vec::new() } else { groups.collect() },
        edges: edges.collect(),
        title: None,
    }
}

/// What has to stand on an edge: the protocol and port of a connection; of a resource only where they are not
/// the usual ones; how many edges it stands for; what became of it.
fn edge_label(graph: &Graph<'_>, index: usize, edge: &spec_engine::graph::Edge<'_>) -> String {
    if edge.change.is_some() {
        return graph.edge_label(index).unwrap_or_default().to_owned();
    }
    if edge.count > 1 {
        return format!("{} edges", edge.count);
    }
    let is_said = match edge.origin {
        EdgeOrigin::Connection(..) => true,
        EdgeOrigin::Binding(origin) => is_unusual(graph.resource_at(origin)),
        EdgeOrigin::Helm(..) | EdgeOrigin::Terraform(..) => false,
    };
    let port = edge.port.map(|port| port.to_string());
    let said = edge.protocol.map(str::to_owned).into_iter().chain(port).filter(|_| is_said);
    said.collect::<Vec<_>>().join(":")
}

/// Whether the document itself says of a resource what its kind and engine do not.
fn is_unusual(resource: &Resource) -> bool {
    let document = serde_json::to_value(resource).expect("a resource is JSON");
    let kind = resource.kind;
    let engine = kind.exceptions.iter().find(|exception| {
        let value = document[exception.field].as_str().unwrap_or_default();
        match exception.value.strip_suffix('*') {
            Some(start) => value.starts_with(start),
            None => value == exception.value,
        }
    });
    let usual = engine.map_or(kind.protocol, |engine| engine.protocol);
    document["port"].as_u64().is_some_and(|port| port != u64::from(usual.port)) || usual.name != kind.protocol.name
}

/// Where a click on a node has to lead: a node that stands for a group, to the diagram of that group. The readers
/// of data know no links.
fn link(target: Target, graph: &Graph<'_>, node: &spec_engine::graph::Node<'_>) -> Option<String> {
    let Origin::Collapsed(index) = node.origin else { return None };
    let link = graph.collapsed[index as usize].link.clone()?;
    match target {
        Target::D2 => Some(format!("./{link}")),
        Target::Mermaid | Target::Dot => Some(link),
        Target::Cytoscape | Target::Sigma => None,
    }
}

/// What a reader has to read with a title: to D2 it is one shape more, unless there is nothing to see of it; to
/// Mermaid it is not part of the graph.
pub fn reading_with_title(target: Target, graph: &Graph<'_>, title: &str) -> Reading {
    let mut reading = reading(target, graph);
    if target == Target::D2 && !shown(target, title).trim().is_empty() {
        let (key, shape) = (spec_engine_d2::TITLE_KEY.to_owned(), Some("text".to_owned()));
        reading.nodes.push(Node { key, label: shown(target, title), group: None, shape, link: None });
    }
    reading
}

/// The names by which a reader knows the nodes and groups of a graph.
struct Keys {
    nodes: Vec<String>,
    groups: Vec<String>,
}

impl Keys {
    fn of(target: Target, graph: &Graph<'_>) -> Self {
        let ids = |prefix: &str| Self {
            nodes: graph.nodes.iter().map(|node| node.id.to_string()).collect(),
            groups: graph.groups.iter().map(|group| format!("{prefix}{}", group.id)).collect(),
        };
        match target {
            Target::D2 => Self::made(graph).with_ways(graph),
            Target::Mermaid => Self::made(graph),
            Target::Dot => ids("cluster_"),
            Target::Cytoscape => ids("group:"),
            Target::Sigma => ids(""),
        }
    }

    /// The keys that the guests make.
    fn made(graph: &Graph<'_>) -> Self {
        let keys = GraphKeys::of(&guest_graph(graph));
        let key = |index: usize| u32::try_from(index).expect("a small graph");
        Self {
            nodes: (0..graph.nodes.len()).map(|index| keys.node(key(index)).to_owned()).collect(),
            groups: (0..graph.groups.len()).map(|index| keys.group(key(index)).to_owned()).collect(),
        }
    }

    /// Puts before each key those of the groups around it.
    fn with_ways(mut self, graph: &Graph<'_>) -> Self {
        // A parent stands before its children, so that its own key is whole already.
        for (index, group) in graph.groups.iter().enumerate() {
            if let Some(parent) = group.parent {
                self.groups[index] = format!("{}.{}", self.groups[parent as usize], self.groups[index]);
            }
        }
        for (key, node) in self.nodes.iter_mut().zip(&graph.nodes) {
            if let Some(group) = node.group {
                *key = format!("{}.{key}", self.groups[group as usize]);
            }
        }
        self
    }
}

/// What can be seen of a text: diagrams end as XML, which has no control characters; JSON keeps everything.
fn shown(target: Target, text: &str) -> String {
    match target {
        Target::D2 => text.chars().filter(|&c| is_held(c)).collect(),
        // Mermaid takes two pairs of letters for its own marks, so that a space without width parts them.
        Target::Mermaid => {
            let text: String = text.chars().filter(|&c| is_held(c)).collect();
            text.replace("ﬂ°", "ﬂ\u{200b}°").replace("¶ß", "¶\u{200b}ß")
        }
        Target::Dot => {
            let text: String = text.chars().filter(|&c| is_held(c)).collect();
            // Graphviz says nothing of empty lines.
            text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        }
        Target::Cytoscape | Target::Sigma => text.to_owned(),
    }
}

/// How many warnings have to say that labels lose characters: a component's one for each label, a template's one
/// in all.
pub fn texts_that_lose(target: Target, graph: &Graph<'_>) -> usize {
    let nodes = graph.nodes.iter().map(|node| node.label.as_ref());
    let edges = (0..graph.edges.len()).filter_map(|edge| graph.edge_label(edge));
    let labels = nodes.chain(edges).chain(graph.groups.iter().map(|group| group.label));
    let losing = labels.filter(|label| !label.chars().all(is_held)).count();
    match target {
        Target::D2 | Target::Mermaid => losing,
        Target::Dot => losing.min(1),
        Target::Cytoscape | Target::Sigma => 0,
    }
}

/// Whether an XML document can hold a character.
fn is_held(c: char) -> bool {
    !matches!(u32::from(c), 0..=8 | 11 | 12 | 14..=31 | 0xfffe | 0xffff)
}

/// The shape that the format's users know for a kind; `None` where they know none.
fn shape(target: Target, kind: &str) -> Option<&str> {
    match (target, kind) {
        (Target::Cytoscape | Target::Sigma, kind) => Some(kind),
        (Target::D2, "service") => Some("rectangle"),
        (Target::D2, "database" | "warehouse") => Some("cylinder"),
        (Target::D2, "queue" | "topic" | "stream") => Some("queue"),
        (Target::D2, "storage") => Some("stored_data"),
        (Target::D2, "ai_model") => Some("hexagon"),
        (Target::D2, "helm" | "terraform") => Some("package"),
        (Target::D2, "cdn") => Some("cloud"),
        (Target::Mermaid, "service") => Some("square"),
        (Target::Mermaid, "database" | "warehouse" | "storage") => Some("cylinder"),
        (Target::Mermaid, "queue" | "topic" | "stream") => Some("odd"),
        (Target::Mermaid, "ai_model") => Some("hexagon"),
        (Target::Mermaid, "helm" | "terraform") => Some("lean_right"),
        _ => None,
    }
}
