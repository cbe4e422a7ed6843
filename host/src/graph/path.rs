//! Ways through a graph: how a request gets from one node to another.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::{Adjacency, Graph, Origin};
use crate::text::{nearest, quote};

/// A way: the edges that a request takes, in their order; positions in [`Graph::edges`].
pub type Way = Vec<u32>;

/// Says why a name means no node, or several.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NameError {
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

/// Finds ways through a graph. What deploys something leads nowhere: deployments are left out.
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

    /// Finds the service or resource that a name or an id means.
    ///
    /// # Errors
    /// Where there is none, or where several have the name.
    pub fn find(&self, name: &str) -> Result<u32, NameError> {
        let nodes = || (0_u32..).zip(&self.graph.nodes);
        let is_deployment = |node: &super::Node<'_>| matches!(node.origin, Origin::Helm(_) | Origin::Terraform(_));
        if let Some((index, node)) = nodes().find(|(_, node)| node.id == name) {
            if is_deployment(node) {
                let message = format!("{} is a deployment, and no request passes through one", quote(name));
                return Err(NameError { message, help: Some("name a service or a resource".to_owned()) });
            }
            return Ok(index);
        }
        let all = || nodes().filter(|(_, node)| !is_deployment(node));
        let found: Vec<(u32, &super::Node<'_>)> = all().filter(|(_, node)| node.label == name).collect();
        match found.as_slice() {
            [(index, _)] => Ok(*index),
            [] => {
                let names = all().flat_map(|(_, node)| [node.label.as_ref(), node.id.as_str()]);
                let help = match nearest(name, names) {
                    Some(meant) => format!("did you mean {}?", quote(meant)),
                    None => "name a service, a resource or an id; `spec-engine graph` prints them".to_owned(),
                };
                Err(NameError {
                    message: format!("no service or resource is called {}", quote(name)),
                    help: Some(help),
                })
            }
            several => {
                let message = format!("{} nodes are called {}", several.len(), quote(name));
                let ids: Vec<String> = several.iter().map(|(_, node)| quote(&node.id)).collect();
                Err(NameError { message, help: Some(format!("say which one: {}", ids.join(", "))) })
            }
        }
    }

    /// Returns up to `most` ways, the shortest first; of equally long ones, in the order of the document. No way comes by a
    /// node twice. The time of one is linear in the graph, that of each further one linear in it and in its length.
    pub fn ways(&self, from: u32, to: u32, most: usize) -> Vec<Way> {
        // Yen's algorithm (1971): each further way leaves one that is known at some node, and is the shortest from there.
        let mut ways: Vec<Way> = self.shortest(from, to, &HashSet::new(), &[]).into_iter().collect();
        let mut candidates: BTreeSet<(usize, Way)> = BTreeSet::new();
        while let Some(last) = ways.last().filter(|_| ways.len() < most) {
            let last = last.clone();
            for spur in 0..last.len() {
                let root = &last[..spur];
                let node = if spur == 0 { from } else { self.graph.edges[last[spur - 1] as usize].target };
                let closed: HashSet<u32> =
                    ways.iter().filter(|way| way.len() > spur && way[..spur] == *root).map(|way| way[spur]).collect();
                let passed: Vec<u32> = root.iter().map(|&edge| self.graph.edges[edge as usize].source).collect();
                if let Some(rest) = self.shortest(node, to, &closed, &passed) {
                    let way = [root, &rest].concat();
                    candidates.insert((way.len(), way));
                }
            }
            let Some((_, next)) = candidates.pop_first() else { break };
            ways.push(next);
        }
        ways
    }

    /// Returns the nodes that requests from one get to, the nearest first, with the number of hops.
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

    /// Returns the shortest way that takes none of some edges first, and passes none of some nodes.
    fn shortest(&self, from: u32, to: u32, closed: &HashSet<u32>, passed: &[u32]) -> Option<Way> {
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
        let (mut way, mut node) = (Way::new(), to);
        while node != from {
            let edge = came_by[node as usize]?;
            way.push(edge);
            node = self.graph.edges[edge as usize].source;
        }
        way.reverse();
        Some(way)
    }
}
