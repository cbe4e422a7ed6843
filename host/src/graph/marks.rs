//! The changes of a graph of two versions.

use super::{Depth, Graph, Towards};

impl Graph<'_> {
    /// Whether this is a graph of two versions that differ.
    pub fn has_changes(&self) -> bool {
        let mut changes = self.nodes.iter().map(|node| node.change).chain(self.edges.iter().map(|edge| edge.change));
        changes.any(|change| change.is_some())
    }

    /// Keeps what changed and the nodes that are near, whichever way the edges run.
    #[must_use]
    pub fn around_changes(mut self, depth: Depth) -> Self {
        let mut changed: Vec<bool> = self.nodes.iter().map(|node| node.change.is_some()).collect();
        for edge in self.edges.iter().filter(|edge| edge.change.is_some()) {
            changed[edge.source as usize] = true;
            changed[edge.target as usize] = true;
        }
        let everything = vec![true; self.nodes.len()];
        let keep = self.near(&changed, &everything, depth, Towards::Both);
        self.retain(&keep);
        self
    }
}
