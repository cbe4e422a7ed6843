//! What became of each node and edge, in a graph of two versions of a system.

use crate::Graph;

/// Says what became of a node or an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both versions have it, and say different things of it.
    Changed,
    /// Both versions have it, and say the same.
    Unchanged,
}

impl Change {
    /// Lists every one.
    pub const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Changed, Self::Unchanged];

    /// Returns the word for it: `added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Reads an option `changes`, a string, which the host fills in for a graph of two versions: a mark for each node, then
/// for each edge, in their order. `+` is added, `-` removed, `~` changed; anything else is unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    marks: Vec<u8>,
    nodes: usize,
}

impl Changes {
    /// Reads the option for a graph; `None` where it is empty, and so the graph is that of one version.
    pub fn of(graph: &Graph, option: &str) -> Option<Self> {
        (!option.is_empty()).then(|| Self { marks: option.as_bytes().to_vec(), nodes: graph.nodes.len() })
    }

    /// Says what became of a node, by its position.
    pub fn node(&self, position: u32) -> Change {
        self.at(position as usize)
    }

    /// Says what became of an edge, by its position.
    pub fn edge(&self, position: u32) -> Change {
        self.at(self.nodes + position as usize)
    }

    fn at(&self, index: usize) -> Change {
        match self.marks.get(index) {
            Some(b'+') => Change::Added,
            Some(b'-') => Change::Removed,
            Some(b'~') => Change::Changed,
            _ => Change::Unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Node;

    #[test]
    fn nodes_come_before_edges_and_what_is_missing_is_unchanged() {
        let node = Node { id: "svc:a".into(), kind: 0, resource: None, label: "a".into(), group: None };
        let graph = Graph {
            name: "shop".into(),
            description: None,
            version: None,
            words: vec!["service".into()],
            nodes: vec![node.clone(), node],
            edges: vec![],
            groups: vec![],
        };
        let changes = Changes::of(&graph, "+.-~").unwrap();
        assert_eq!([0, 1].map(|node| changes.node(node)), [Change::Added, Change::Unchanged]);
        assert_eq!([0, 1, 2].map(|edge| changes.edge(edge)), [Change::Removed, Change::Changed, Change::Unchanged]);
        assert_eq!(Changes::of(&graph, ""), None);
    }
}
