//! The part of a graph with the most connections, for where all of it cannot be read.

use std::cmp::Reverse;

use super::Graph;

/// What [`Graph::heaviest`] leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OmittedEdges {
    /// The number of nodes.
    pub nodes: usize,
    /// The number of edges between the nodes that are kept; an edge that stands for several counts as several.
    pub edges: usize,
}

impl Graph<'_> {
    /// Keeps the nodes with the most connections, at most so many, and of the edges between them those that stand for
    /// the most; the first in the document where they are equal.
    #[must_use]
    pub fn heaviest(mut self, most_nodes: usize, most_edges: usize) -> (Self, OmittedEdges) {
        let mut weights = vec![0_u64; self.nodes.len()];
        for edge in &self.edges {
            weights[edge.source as usize] += u64::from(edge.count);
            weights[edge.target as usize] += u64::from(edge.count);
        }
        let omitted_nodes = self.nodes.len().saturating_sub(most_nodes);
        if omitted_nodes > 0 {
            self.retain(&largest(&weights, most_nodes));
        }
        let mut edges = 0;
        if self.edges.len() > most_edges {
            let counts: Vec<u64> = self.edges.iter().map(|edge| edge.count.into()).collect();
            let keep = largest(&counts, most_edges);
            let mut kept = keep.iter();
            self.edges.retain(|edge| {
                let is_kept = kept.next().is_some_and(|keep| *keep);
                edges += if is_kept { 0 } else { edge.count as usize };
                is_kept
            });
        }
        (self, OmittedEdges { nodes: omitted_nodes, edges })
    }
}

/// Which of some weights are among the largest.
fn largest(weights: &[u64], most: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| Reverse(weights[index]));
    let mut keep = vec![false; weights.len()];
    order.into_iter().take(most).for_each(|index| keep[index] = true);
    keep
}
