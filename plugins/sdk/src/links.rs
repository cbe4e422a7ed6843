//! Who leads to whom in a graph.

use std::collections::VecDeque;

use crate::Graph;

pub use crate::bindings::spec_engine::plugin::host::Distance;

/// The edges and neighbours of each node of a graph, in both directions. Nodes and edges are positions in the graph.
pub struct Links {
    outgoing: Edges,
    incoming: Edges,
}

impl Links {
    /// Sorts the edges of a graph by the nodes at their ends, in linear time.
    pub fn of(graph: &Graph) -> Self {
        let nodes = graph.nodes.len();
        let edges = || (0..).zip(&graph.edges);
        Self {
            outgoing: Edges::of(nodes, edges().map(|(index, edge)| (edge.source, edge.target, index))),
            incoming: Edges::of(nodes, edges().map(|(index, edge)| (edge.target, edge.source, index))),
        }
    }

    /// The edges that start at a node.
    pub fn outgoing(&self, node: u32) -> &[u32] {
        self.outgoing.edges(node)
    }

    /// The edges that end at a node.
    pub fn incoming(&self, node: u32) -> &[u32] {
        self.incoming.edges(node)
    }

    /// The nodes that a node leads to.
    pub fn dependencies(&self, node: u32) -> &[u32] {
        self.outgoing.nodes(node)
    }

    /// The nodes that lead to a node.
    pub fn dependents(&self, node: u32) -> &[u32] {
        self.incoming.nodes(node)
    }

    /// The nodes without an edge.
    pub fn orphans(&self) -> impl Iterator<Item = u32> {
        let nodes = 0..self.outgoing.starts.len() as u32 - 1;
        nodes.filter(|&node| self.outgoing(node).is_empty() && self.incoming(node).is_empty())
    }

    /// Finds everything that a node leads to, over other nodes, too, the nearest first; itself only where a way leads back.
    pub fn reachable(&self, from: u32) -> Vec<u32> {
        self.distances(&[from], u32::MAX).into_iter().map(|found| found.node).collect()
    }

    /// Finds what some nodes lead to within `most` edges, the nearest first, each with the distance from the nearest of
    /// them.
    pub fn distances(&self, from: &[u32], most: u32) -> Vec<Distance> {
        let mut search = Search::from(self.outgoing.starts.len() - 1, from);
        while let Some((node, hops)) = search.next(most) {
            self.dependencies(node).iter().for_each(|&target| search.reach(target, node, hops + 1));
        }
        search.found
    }

    /// Finds the nodes of a shortest way, both ends included; none where there is no way.
    pub fn path(&self, from: u32, to: u32) -> Vec<u32> {
        let mut search = Search::from(self.outgoing.starts.len() - 1, &[from]);
        while search.before[to as usize].is_none() {
            let Some((node, hops)) = search.next(u32::MAX) else { return Vec::new() };
            self.dependencies(node).iter().for_each(|&target| search.reach(target, node, hops + 1));
        }
        let mut way = vec![to];
        let mut last = to;
        while let Some(before) = search.before[last as usize] {
            way.push(before);
            last = before;
            if last == from {
                break;
            }
        }
        way.reverse();
        way
    }
}

/// A search for what is nearest.
struct Search {
    found: Vec<Distance>,
    /// The node by which each node was found first.
    before: Vec<Option<u32>>,
    is_queued: Vec<bool>,
    queue: VecDeque<(u32, u32)>,
}

impl Search {
    fn from(nodes: usize, from: &[u32]) -> Self {
        let (before, queue) = (vec![None; nodes], VecDeque::new());
        let mut search = Self { found: Vec::new(), before, is_queued: vec![false; nodes], queue };
        from.iter().for_each(|&node| search.queue(node, 0));
        search
    }

    fn queue(&mut self, node: u32, hops: u32) {
        if !std::mem::replace(&mut self.is_queued[node as usize], true) {
            self.queue.push_back((node, hops));
        }
    }

    fn next(&mut self, most: u32) -> Option<(u32, u32)> {
        self.queue.pop_front().filter(|&(_, hops)| hops < most)
    }

    fn reach(&mut self, node: u32, before: u32, hops: u32) {
        if self.before[node as usize].is_none() {
            self.before[node as usize] = Some(before);
            self.found.push(Distance { node, hops });
        }
        self.queue(node, hops);
    }
}

/// The edges of each node in one direction, and the nodes at their other ends, sorted by node.
struct Edges {
    edges: Vec<u32>,
    nodes: Vec<u32>,
    /// Where those of each node start, and the end of the last.
    starts: Vec<u32>,
}

impl Edges {
    /// Sorts edges by the node that they are seen from: that node, the other end, and the edge.
    fn of(nodes: usize, all: impl Iterator<Item = (u32, u32, u32)> + Clone) -> Self {
        let mut starts = vec![0; nodes + 1];
        all.clone().for_each(|(node, ..)| starts[node as usize + 1] += 1);
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let count = starts[nodes] as usize;
        let (mut free, mut edges, mut others) = (starts.clone(), vec![0; count], vec![0; count]);
        for (node, other, edge) in all {
            let at = &mut free[node as usize];
            (edges[*at as usize], others[*at as usize]) = (edge, other);
            *at += 1;
        }
        Self { edges, nodes: others, starts }
    }

    fn edges(&self, node: u32) -> &[u32] {
        &self.edges[self.range(node)]
    }

    fn nodes(&self, node: u32) -> &[u32] {
        &self.nodes[self.range(node)]
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edge, Node};

    fn links(nodes: u32, edges: &[(u32, u32)]) -> Links {
        let node = |_| Node { id: String::new(), kind: 0, resource: None, label: String::new(), group: None };
        let edge = |&(source, target): &(u32, u32)| Edge { source, target, kind: 0, label: None };
        Links::of(&Graph {
            name: String::new(),
            description: None,
            version: None,
            words: vec![String::new()],
            nodes: (0..nodes).map(node).collect(),
            edges: edges.iter().map(edge).collect(),
            groups: vec![],
        })
    }

    #[test]
    fn neighbours_are_found_in_both_directions() {
        let links = links(4, &[(0, 1), (2, 1), (0, 2)]);
        assert_eq!((links.dependencies(0), links.outgoing(0)), (&[1, 2][..], &[0, 2][..]));
        assert_eq!((links.dependents(1), links.incoming(1)), (&[0, 2][..], &[0, 1][..]));
        assert_eq!(links.orphans().collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn ways_are_the_shortest() {
        let links = links(6, &[(0, 1), (1, 2), (2, 3), (0, 2), (3, 0), (4, 3)]);
        assert_eq!(links.reachable(0), [1, 2, 3, 0]);
        let hops = |from: &[u32], most| {
            links.distances(from, most).into_iter().map(|found| (found.node, found.hops)).collect::<Vec<_>>()
        };
        assert_eq!(hops(&[0], 2), [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(hops(&[0, 4], 1), [(1, 1), (2, 1), (3, 1)]);
        assert_eq!(links.path(1, 0), [1, 2, 3, 0]);
        assert_eq!(links.path(0, 0), [0, 2, 3, 0]);
        assert_eq!(links.path(0, 4), [0; 0]);
    }
}
