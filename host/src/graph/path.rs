//! Paths through a graph: how a request gets from one node to another.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::{Adjacency, Graph, Node, Origin};
use crate::text::{nearest, quote};

/// A path: the edges that a request takes, in their order; positions in [`Graph::edges`].
pub type Path = Vec<u32>;

/// A name that does not identify a service or a resource.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is the id of a deployment.
    #[error("{} is a deployment, and requests do not pass through deployments", quote(.id))]
    Deployment {
        /// The id.
        id: String,
    },
    /// No service or resource has the name.
    #[error("there is no service or resource {}", quote(.name))]
    Unknown {
        /// The name.
        name: String,
        /// The name or id that may be meant.
        suggestion: Option<String>,
    },
    /// Several nodes have the name.
    #[error("{} nodes are named {}", .ids.len(), quote(.name))]
    Ambiguous {
        /// The name.
        name: String,
        /// The ids of the nodes.
        ids: Vec<String>,
    },
}

/// Finds paths through a graph. Deployments are left out, since no request passes through them.
pub struct Paths<'g, 'a> {
    graph: &'g Graph<'a>,
    /// The edges that start at each node.
    edges: Adjacency,
}

impl<'g, 'a> Paths<'g, 'a> {
    /// Prepares a graph.
    pub fn of(graph: &'g Graph<'a>) -> Self {
        let edges = (0_u32..).zip(&graph.edges).filter(|(_, edge)| edge.kind != "deploys");
        let edges = Adjacency::of(graph.nodes.len(), edges.map(|(index, edge)| (edge.source, index)));
        Self { graph, edges }
    }

    /// Finds the service or resource with a name or an id.
    ///
    /// # Errors
    /// Where there is none, or where several have the name.
    pub fn find(&self, name: &str) -> Result<u32, NameError> {
        let nodes = || (0_u32..).zip(&self.graph.nodes);
        let is_deployment = |node: &Node<'_>| matches!(node.origin, Origin::Helm(_) | Origin::Terraform(_));
        if let Some((index, node)) = nodes().find(|(_, node)| node.id == name) {
            if is_deployment(node) {
                return Err(NameError::Deployment { id: name.to_owned() });
            }
            return Ok(index);
        }
        let all = || nodes().filter(|(_, node)| !is_deployment(node));
        let found: Vec<(u32, &Node<'_>)> = all().filter(|(_, node)| node.label == name).collect();
        match found.as_slice() {
            [(index, _)] => Ok(*index),
            [] => {
                let names = all().flat_map(|(_, node)| [node.label.as_ref(), node.id.as_str()]);
                let suggestion = nearest(name, names).map(str::to_owned);
                Err(NameError::Unknown { name: name.to_owned(), suggestion })
            }
            several => {
                let ids = several.iter().map(|(_, node)| node.id.to_string()).collect();
                Err(NameError::Ambiguous { name: name.to_owned(), ids })
            }
        }
    }

    /// Finds up to `most` paths, the shortest first; equally long ones are in the order of the document. No path visits a
    /// node twice. The time of one is linear in the graph, that of each further one linear in it and in its length.
    pub fn shortest(&self, from: u32, to: u32, most: usize) -> Vec<Path> {
        // Yen's algorithm (1971): each further way leaves one that is known at some node, and is the shortest from there.
        let mut ways: Vec<Path> = self.shortest_avoiding(from, to, &HashSet::new(), &[]).into_iter().collect();
        let mut candidates: BTreeSet<(usize, Path)> = BTreeSet::new();
        while let Some(last) = ways.last().filter(|_| ways.len() < most) {
            let last = last.clone();
            for spur in 0..last.len() {
                let root = &last[..spur];
                let node = if spur == 0 { from } else { self.graph.edges[last[spur - 1] as usize].target };
                let closed: HashSet<u32> =
                    ways.iter().filter(|way| way.len() > spur && way[..spur] == *root).map(|way| way[spur]).collect();
                let passed: Vec<u32> = root.iter().map(|&edge| self.graph.edges[edge as usize].source).collect();
                if let Some(rest) = self.shortest_avoiding(node, to, &closed, &passed) {
                    let way = [root, &rest].concat();
                    candidates.insert((way.len(), way));
                }
            }
            let Some((_, next)) = candidates.pop_first() else { break };
            ways.push(next);
        }
        ways
    }

    /// Finds the nodes that requests from one reach, the nearest first, with the number of hops.
    pub fn reached(&self, from: u32) -> Vec<(u32, usize)> {
        let mut hops: Vec<Option<usize>> = vec![None; self.graph.nodes.len()];
        hops[from as usize] = Some(0);
        let (mut queue, mut reached) = (VecDeque::from([from]), Vec::new());
        while let Some(node) = queue.pop_front() {
            let next = hops[node as usize].map_or(0, |hops| hops + 1);
            for &edge in self.edges.of_node(node) {
                let target = self.graph.edges[edge as usize].target;
                if hops[target as usize].is_none() {
                    hops[target as usize] = Some(next);
                    reached.push((target, next));
                    queue.push_back(target);
                }
            }
        }
        reached
    }

    /// Finds the shortest path that starts with none of the `closed` edges and visits none of the `passed` nodes.
    fn shortest_avoiding(&self, from: u32, to: u32, closed: &HashSet<u32>, passed: &[u32]) -> Option<Path> {
        let mut came_by: Vec<Option<u32>> = vec![None; self.graph.nodes.len()];
        let mut seen = vec![false; self.graph.nodes.len()];
        passed.iter().chain([&from]).for_each(|&node| seen[node as usize] = true);
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            if node == to {
                break;
            }
            for &edge in self.edges.of_node(node) {
                let target = self.graph.edges[edge as usize].target;
                let is_closed = node == from && closed.contains(&edge);
                if !is_closed && !seen[target as usize] {
                    seen[target as usize] = true;
                    came_by[target as usize] = Some(edge);
                    queue.push_back(target);
                }
            }
        }
        let (mut way, mut node) = (Path::new(), to);
        while node != from {
            let edge = came_by[node as usize]?;
            way.push(edge);
            node = self.graph.edges[edge as usize].source;
        }
        way.reverse();
        Some(way)
    }
}
