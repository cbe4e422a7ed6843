//! What is near some nodes.

use std::collections::VecDeque;

use super::{Adjacency, Graph};

/// A number of edges; [`Depth::default`] is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth(pub usize);

impl Default for Depth {
    fn default() -> Self {
        Self(1)
    }
}

/// The edges that lead away from a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Towards {
    /// To what the node depends on.
    Out,
    /// To what depends on the node.
    In,
    /// To both.
    #[default]
    Both,
}

impl Towards {
    /// Every word for it.
    pub const WORDS: [&str; 3] = ["out", "in", "both"];

    /// Reads the word for it.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "out" => Some(Self::Out),
            "in" => Some(Self::In),
            "both" => Some(Self::Both),
            _ => None,
        }
    }
}

impl Graph<'_> {
    /// Finds the nodes of `within` that are at most some edges away from one of `starts`, on a way through such nodes.
    pub(super) fn near(&self, starts: &[bool], within: &[bool], depth: Depth, towards: Towards) -> Vec<bool> {
        let mut distance: Vec<Option<usize>> =
            starts.iter().zip(within).map(|(start, within)| (*start && *within).then_some(0)).collect();
        let mut queue: VecDeque<usize> = (0..distance.len()).filter(|&node| distance[node].is_some()).collect();
        let neighbours = self.neighbours(towards);
        while let Some(node) = queue.pop_front() {
            let next = distance[node].map_or(0, |distance| distance + 1);
            if next > depth.0 {
                continue;
            }
            for &other in neighbours.of_node(crate::model::position(node)) {
                let other = other as usize;
                if within[other] && distance[other].is_none() {
                    distance[other] = Some(next);
                    queue.push_back(other);
                }
            }
        }
        distance.iter().map(Option::is_some).collect()
    }

    fn neighbours(&self, towards: Towards) -> Adjacency {
        let pairs = self.edges.iter().flat_map(|edge| {
            let forward = (towards != Towards::In).then_some((edge.source, edge.target));
            let backward = (towards != Towards::Out).then_some((edge.target, edge.source));
            forward.into_iter().chain(backward)
        });
        Adjacency::of(self.nodes.len(), pairs)
    }
}
