//! Takes nodes out of a graph.

use super::Graph;

impl Graph<'_> {
    /// Keeps some nodes, and the edges between them.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        let positions = renumber(keep);
        let mut keep = keep.iter();
        self.nodes.retain(|_| keep.next().is_some_and(|keep| *keep));
        self.edges.retain_mut(|edge| match (positions[edge.source as usize], positions[edge.target as usize]) {
            (Some(source), Some(target)) => {
                (edge.source, edge.target) = (source, target);
                true
            }
            _ => false,
        });
    }
}

/// Numbers the elements of a list that are kept; `None` of the others.
pub(super) fn renumber(keep: &[bool]) -> Vec<Option<u32>> {
    let mut positions = 0..;
    keep.iter().map(|keep| if *keep { positions.next() } else { None }).collect()
}
