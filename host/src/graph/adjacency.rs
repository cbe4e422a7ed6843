//! Which nodes edges lead to from each node.

use std::collections::VecDeque;

use crate::model::position;

/// The targets of each node, in one list, node by node.
#[derive(Clone, Debug)]
pub struct Adjacency {
    /// Where the targets of each node start, and the end of the last.
    starts: Vec<u32>,
    targets: Vec<u32>,
}

/// No node.
const NONE: u32 = u32::MAX;

impl Adjacency {
    /// Sorts pairs of a node and a target by their node. The targets of a node keep their order.
    pub fn of(nodes: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        pairs.clone().for_each(|(node, _)| starts[node as usize + 1] += 1);
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let (mut next, mut targets) = (starts.clone(), vec![0; starts[nodes] as usize]);
        for (node, target) in pairs {
            let next = &mut next[node as usize];
            targets[*next as usize] = target;
            *next += 1;
        }
        Self { starts, targets }
    }

    /// The targets of a node.
    pub fn of_node(&self, node: u32) -> &[u32] {
        &self.targets[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// Counts the nodes.
    pub fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    /// Counts the edges.
    pub fn edges(&self) -> usize {
        self.targets.len()
    }

    /// Finds a shortest cycle through the first node of each strongly connected component: its nodes, that one first. A
    /// node that leads to itself is a cycle. The time is linear.
    pub fn cycles(&self) -> Vec<Vec<u32>> {
        let components = self.components();
        let mut is_searched = vec![false; self.nodes()];
        let mut before = vec![NONE; self.nodes()];
        let firsts = (0..position(self.nodes()))
            .filter(|&node| !std::mem::replace(&mut is_searched[components[node as usize] as usize], true));
        firsts.filter_map(|node| self.shortest_cycle(node, &components, &mut before)).collect()
    }

    /// Finds the shortest cycle through a node. `before` has room for the node by which each node was reached: the search
    /// stays in one component.
    fn shortest_cycle(&self, start: u32, components: &[u32], before: &mut [u32]) -> Option<Vec<u32>> {
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &target in self.of_node(node) {
                if target == start {
                    let back =
                        std::iter::successors(Some(node), |&node| (node != start).then(|| before[node as usize]));
                    let mut cycle: Vec<u32> = back.collect();
                    cycle.reverse();
                    return Some(cycle);
                }
                if components[target as usize] == components[start as usize] && before[target as usize] == NONE {
                    before[target as usize] = node;
                    queue.push_back(target);
                }
            }
        }
        None
    }

    /// Numbers the strongly connected component of each node: those of one number all reach each other.
    ///
    /// Tarjan's algorithm (1972) with a stack of its own, since a chain may be as long as the document: that of petgraph
    /// recurses.
    fn components(&self) -> Vec<u32> {
        let nodes = self.nodes();
        // A node has a component once it is done.
        let (mut component, mut components) = (vec![NONE; nodes], 0);
        let (mut order, mut low, mut seen) = (vec![NONE; nodes], vec![0; nodes], 0);
        let (mut open, mut path) = (Vec::new(), Vec::new());
        for root in 0..position(nodes) {
            if order[root as usize] != NONE {
                continue;
            }
            path.push((root, 0));
            while let Some((node, next)) = path.last_mut() {
                let (node, at) = (*node, *node as usize);
                if *next == 0 {
                    (order[at], low[at]) = (seen, seen);
                    seen += 1;
                    open.push(node);
                }
                if let Some(&target) = self.of_node(node).get(*next) {
                    *next += 1;
                    if order[target as usize] == NONE {
                        path.push((target, 0));
                    } else if component[target as usize] == NONE {
                        low[at] = low[at].min(order[target as usize]);
                    }
                    continue;
                }
                if low[at] == order[at] {
                    while let Some(member) = open.pop() {
                        component[member as usize] = components;
                        if member == node {
                            break;
                        }
                    }
                    components += 1;
                }
                path.pop();
                if let Some(&(parent, _)) = path.last() {
                    low[parent as usize] = low[parent as usize].min(low[at]);
                }
            }
        }
        component
    }
}

#[cfg(test)]
mod tests {
    use super::Adjacency;

    fn cycles(nodes: u32, pairs: &[(u32, u32)]) -> Vec<Vec<u32>> {
        Adjacency::of(nodes as usize, pairs.iter().copied()).cycles()
    }

    #[test]
    fn targets_are_sorted_by_node_and_keep_their_order() {
        let adjacency = Adjacency::of(3, [(2, 1), (0, 2), (2, 0), (0, 1)].into_iter());
        assert_eq!([0, 1, 2].map(|node| adjacency.of_node(node).to_vec()), [vec![2, 1], vec![], vec![1, 0]]);
        assert_eq!((adjacency.nodes(), adjacency.edges()), (3, 4));
    }

    #[test]
    fn each_component_has_its_shortest_cycle() {
        assert_eq!(cycles(4, &[(0, 1), (1, 2), (2, 3)]), [[0; 0]; 0]);
        assert_eq!(cycles(3, &[(0, 1), (1, 2), (2, 0), (1, 0)]), [vec![0, 1]]);
        assert_eq!(cycles(5, &[(0, 1), (1, 2), (2, 1), (3, 4), (4, 3), (2, 3)]), [vec![1, 2], vec![3, 4]]);
        assert_eq!(cycles(2, &[(1, 1), (0, 1)]), [vec![1]]);
    }

    #[test]
    fn a_long_chain_is_no_recursion() {
        let nodes = 500_000;
        let chain: Vec<(u32, u32)> = (1..nodes).map(|node| (node - 1, node)).collect();
        assert_eq!(cycles(nodes, &chain), [[0; 0]; 0]);
        let ring = [&chain[..], &[(nodes - 1, 0)]].concat();
        assert_eq!(cycles(nodes, &ring)[0].len(), nodes as usize);
    }
}
