//! The marks of a graph of two versions.

use super::{Change, Depth, Graph, Towards};

impl Graph<'_> {
    /// Makes a mark for each node, then for each edge: `+` added, `-` removed, `~` changed, `.` neither; `None` where
    /// nothing changed. It is the option `changes` of the renderers that have one.
    pub fn change_marks(&self) -> Option<String> {
        let changes = || self.nodes.iter().map(|node| node.change).chain(self.edges.iter().map(|edge| edge.change));
        changes().any(|change| change.is_some()).then(|| changes().map(Change::mark).collect())
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
