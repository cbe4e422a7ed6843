//! What became of each node and edge, in a graph of two versions of a system.

use std::collections::VecDeque;

use serde::Serialize;

use super::Graph;
use super::select::{Depth, Neighbours, Towards};

/// Says what became of a node or an edge between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both versions have it, and say different things of it.
    Changed,
}

impl Change {
    /// Returns the word for it: `added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    /// Returns what became of several things that are drawn as one.
    pub(super) fn of_both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        if one == other { one } else { Some(Self::Changed) }
    }

    fn mark(of: Option<Self>) -> char {
        match of {
            Some(Self::Added) => '+',
            Some(Self::Removed) => '-',
            Some(Self::Changed) => '~',
            None => '.',
        }
    }
}

impl Graph<'_> {
    /// Returns a mark for each node, then for each edge: `+` added, `-` removed, `~` changed, `.` neither; `None` where
    /// nothing changed. It is the option `changes` of the renderers that have one.
    pub fn change_marks(&self) -> Option<String> {
        let changes = || self.nodes.iter().map(|node| node.change).chain(self.edges.iter().map(|edge| edge.change));
        changes().any(|change| change.is_some()).then(|| changes().map(Change::mark).collect())
    }

    /// Keeps what changed and the nodes that are near, whichever way the edges run.
    #[must_use]
    pub fn around_changes(mut self, depth: Depth) -> Self {
        let mut distance: Vec<Option<usize>> = self.nodes.iter().map(|node| node.change.map(|_| 0)).collect();
        for edge in self.edges.iter().filter(|edge| edge.change.is_some()) {
            distance[edge.source as usize] = Some(0);
            distance[edge.target as usize] = Some(0);
        }
        let mut queue: VecDeque<usize> = (0..distance.len()).filter(|&node| distance[node].is_some()).collect();
        let neighbours = Neighbours::of(&self, Towards::Both);
        while let Some(node) = queue.pop_front() {
            let next = distance[node].map_or(0, |distance| distance + 1);
            if next > depth.0 {
                continue;
            }
            for &other in neighbours.of_node(node) {
                if distance[other as usize].is_none() {
                    distance[other as usize] = Some(next);
                    queue.push_back(other as usize);
                }
            }
        }
        let keep: Vec<bool> = distance.iter().map(Option::is_some).collect();
        self.retain(&keep);
        self
    }
}
