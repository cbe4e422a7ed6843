//! The graph by its nodes, as rules ask for it.

use std::collections::{HashMap, VecDeque};

use super::meter::{self, Native};
use crate::graph::{Adjacency, Graph};
use crate::model::position;

/// The graph by its nodes: worked out at the first question of a rule.
pub(super) struct Links {
    by_id: HashMap<String, u32>,
    outgoing: Adjacency,
    incoming: Adjacency,
}

impl Links {
    pub fn of(graph: &Graph<'_>) -> Self {
        let ids = graph.nodes.iter().enumerate().map(|(index, node)| (node.id.to_string(), position(index)));
        let edges = graph.edges.iter().map(|edge| (edge.source, edge.target));
        let outgoing = Adjacency::of(graph.nodes.len(), edges.clone());
        let incoming = Adjacency::of(graph.nodes.len(), edges.map(|(source, target)| (target, source)));
        Self { by_id: ids.collect(), outgoing, incoming }
    }

    pub fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The nodes that a node leads to.
    pub fn dependencies(&self, node: u32) -> &[u32] {
        self.outgoing.of_node(node)
    }

    /// The nodes that lead to a node.
    pub fn dependents(&self, node: u32) -> &[u32] {
        self.incoming.of_node(node)
    }

    /// Finds what a node leads to, nearest first; itself only where a way leads back.
    pub fn reachable(&self, from: u32) -> Native<Vec<u32>> {
        let mut seen = vec![false; self.outgoing.nodes()];
        let (mut found, mut next) = (Vec::new(), VecDeque::from([from]));
        while let Some(node) = next.pop_front() {
            let targets = self.dependencies(node);
            meter::charge(1 + targets.len())?;
            for &target in targets {
                if !std::mem::replace(&mut seen[target as usize], true) {
                    found.push(target);
                    next.push_back(target);
                }
            }
        }
        Ok(found)
    }

    /// Finds the nodes of a shortest way, both ends included; none where there is no way.
    pub fn path(&self, from: u32, to: u32) -> Native<Vec<u32>> {
        let mut before: HashMap<u32, u32> = HashMap::new();
        let mut next = VecDeque::from([from]);
        while let Some(node) = next.pop_front() {
            let targets = self.dependencies(node);
            meter::charge(1 + targets.len())?;
            for &target in targets {
                if before.contains_key(&target) {
                    continue;
                }
                before.insert(target, node);
                if target == to {
                    let mut way = vec![to];
                    let back = std::iter::successors(Some(node), |node| (*node != from).then(|| before[node]));
                    way.extend(back);
                    way.reverse();
                    return Ok(way);
                }
                next.push_back(target);
            }
        }
        Ok(Vec::new())
    }

    /// Finds a shortest cycle through the first node of each set of nodes that all lead to each other.
    pub fn cycles(&self) -> Native<Vec<Vec<u32>>> {
        meter::charge(2 * (self.outgoing.nodes() + self.outgoing.edges()))?;
        Ok(self.outgoing.cycles())
    }
}
