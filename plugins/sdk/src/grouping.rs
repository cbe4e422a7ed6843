//! Which nodes and groups stand in which group.

use crate::Graph;

/// Lists the members of each group of a graph, in the order of the document.
pub struct Grouping {
    nodes: Members,
    groups: Members,
}

impl Grouping {
    /// Sorts the nodes and groups of a graph by the group around them, in linear time.
    pub fn of(graph: &Graph) -> Self {
        Self {
            nodes: Members::of(graph.groups.len(), graph.nodes.iter().map(|node| node.group)),
            groups: Members::of(graph.groups.len(), graph.groups.iter().map(|group| group.parent)),
        }
    }

    /// The nodes right inside a group, or with `None` those in no group, as positions in `graph.nodes`.
    pub fn nodes_in(&self, group: Option<u32>) -> &[u32] {
        self.nodes.get(group)
    }

    /// The groups right inside a group, or with `None` the outermost ones, as positions in `graph.groups`.
    pub fn groups_in(&self, group: Option<u32>) -> &[u32] {
        self.groups.get(group)
    }
}

/// Members sorted by their group: slot 0 is for those in no group, slot `g + 1` for those in group `g`.
struct Members {
    sorted: Vec<u32>,
    starts: Vec<u32>,
}

impl Members {
    fn of(groups: usize, parents: impl Iterator<Item = Option<u32>> + Clone) -> Self {
        let slot = |parent: Option<u32>| parent.map_or(0, |group| group as usize + 1);
        let mut starts = vec![0; groups + 2];
        for parent in parents.clone() {
            starts[slot(parent) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut free = starts.clone();
        let mut sorted = vec![0; starts[groups + 1] as usize];
        for (member, parent) in (0..).zip(parents) {
            let at = &mut free[slot(parent)];
            sorted[*at as usize] = member;
            *at += 1;
        }
        Self { sorted, starts }
    }

    fn get(&self, group: Option<u32>) -> &[u32] {
        let slot = group.map_or(0, |group| group as usize + 1);
        &self.sorted[self.starts[slot] as usize..self.starts[slot + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Group, Node};

    #[test]
    fn members_keep_the_order_of_the_document() {
        let node = |group| Node { id: String::new(), kind: 0, resource: None, label: String::new(), group };
        let group = |parent| Group { id: String::new(), kind: String::new(), label: String::new(), parent };
        let graph = Graph {
            name: String::new(),
            description: None,
            version: None,
            words: vec![String::new()],
            nodes: vec![node(Some(1)), node(None), node(Some(0)), node(Some(1)), node(None)],
            edges: vec![],
            groups: vec![group(None), group(Some(0)), group(None)],
        };
        let grouping = Grouping::of(&graph);
        assert_eq!(grouping.nodes_in(None), [1, 4]);
        assert_eq!(grouping.nodes_in(Some(0)), [2]);
        assert_eq!(grouping.nodes_in(Some(1)), [0, 3]);
        assert!(grouping.nodes_in(Some(2)).is_empty());
        assert_eq!(grouping.groups_in(None), [0, 2]);
        assert_eq!(grouping.groups_in(Some(0)), [1]);
    }
}
