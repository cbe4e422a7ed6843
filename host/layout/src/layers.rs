//! Which layer each node stands in: the layers of a group are its own, and edges are as short as they can be.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::deadline::Deadline;
use crate::error::Error;
use crate::orient::Link;
use crate::part::{Block, Part};
use crate::simplex::Network;

/// How much an edge pulls its ends together, a group its layers, a hint its node.
const EDGE: i64 = 2;
const GROUP: i64 = 1;
const HINT: i64 = 1000;

/// The most steps towards the shortest edges.
const STEPS: usize = 20_000;

/// How often layers that are too high are split, at most.
const SPLITS: usize = 8;

/// The layers of nodes, from 0, and of groups, the first and the last.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    pub(crate) nodes: Vec<usize>,
    pub(crate) groups: Vec<(usize, usize)>,
}

/// Finds the layers. A link leads from a group to another only where all layers of the one are before those of the
/// other, as if each group were a node: its border is then crossed where edges enter and leave, never aside. Layers
/// are so many times as high as the highest would be, at most: nodes of a group that has more in a layer get several.
///
/// # Errors
/// The deadline passed.
pub(crate) fn assign(part: &Part, links: &[Link], height: f64, deadline: &Deadline) -> Result<Layers, Error> {
    let mut problem = Problem::new(part, links);
    let mut layers = problem.solve(part, deadline)?;
    if height >= 1.0 {
        return Ok(layers);
    }
    let highest = cells(part, links, &layers).iter().map(|cell| cell.1 + cell.2).max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a length of a drawing")]
    let most = (highest as f64 * height) as i64;
    for _ in 0..SPLITS {
        if !problem.split(part, links, &layers, most) {
            break;
        }
        layers = problem.solve(part, deadline)?;
    }
    Ok(layers)
}

/// Distances between the layers of nodes and of groups.
struct Problem {
    network: Network,
    nodes: Vec<usize>,
}

impl Problem {
    fn new(part: &Part, links: &[Link]) -> Self {
        let mut network = Network::default();
        let borders: Vec<(usize, usize)> =
            part.groups.iter().map(|_| (network.variable(), network.variable())).collect();
        let nodes: Vec<usize> = part.nodes.iter().map(|_| network.variable()).collect();
        for (group, &(first, last)) in borders.iter().enumerate() {
            let parent = part.groups[group].parent;
            network.pull(first, last, 0, GROUP);
            if parent != group {
                network.keep(borders[parent].0, first, 0);
                network.keep(last, borders[parent].1, 0);
            }
        }
        for (node, &variable) in part.nodes.iter().zip(&nodes) {
            network.keep(borders[node.group].0, variable, 0);
            network.keep(variable, borders[node.group].1, 0);
        }
        for link in links {
            network.pull(nodes[link.left], nodes[link.right], 1, EDGE);
            let last = match link.left_block {
                Block::Node(node) => nodes[node],
                Block::Group(group) => borders[group].1,
            };
            let first = match link.right_block {
                Block::Node(node) => nodes[node],
                Block::Group(group) => borders[group].0,
            };
            network.keep(last, first, 1);
        }
        hold(part, &mut network, borders[part.sheet()].0, &nodes);
        Self { network, nodes }
    }

    fn solve(&self, part: &Part, deadline: &Deadline) -> Result<Layers, Error> {
        let solved = self.network.solve(STEPS, deadline)?.unwrap_or_default();
        let least = self.nodes.iter().map(|&node| solved[node]).min().unwrap_or(0);
        let layer = |variable: usize| usize::try_from(solved[variable] - least).unwrap_or(0);
        let mut layers = Layers { nodes: self.nodes.iter().map(|&node| layer(node)).collect(), groups: Vec::new() };
        layers.groups = spans(part, &layers.nodes);
        Ok(layers)
    }

    /// Brings what is too much in a layer into the next one: nodes of the group that has most of them there, those first
    /// whose edges lead there. Whether a layer was too high.
    fn split(&mut self, part: &Part, links: &[Link], layers: &Layers, most: i64) -> bool {
        let mut pull = vec![0_i64; part.nodes.len()];
        for link in links {
            pull[link.left] += 1;
            pull[link.right] -= 1;
        }
        let mut has_split = false;
        for (mut members, own, rest) in cells(part, links, layers) {
            let excess = own + rest - most;
            if excess <= 0 || members.len() < 2 {
                continue;
            }
            members.sort_by_key(|&node| (Reverse(pull[node]), part.nodes[node].rank));
            let (mut moved, mut count) = (0, 0);
            while count + 1 < members.len() && moved < excess {
                moved += room(part, members[count]);
                count += 1;
            }
            let between = self.network.variable();
            for (at, &node) in members.iter().enumerate() {
                if at < count {
                    self.network.keep(between, self.nodes[node], 1);
                } else {
                    self.network.keep(self.nodes[node], between, 0);
                }
            }
            has_split = true;
        }
        has_split
    }
}

/// What a node takes of the height of its layer.
fn room(part: &Part, node: usize) -> i64 {
    part.nodes[node].across + part.gaps.node
}

/// Of each layer, the nodes of the group that has most of them there, how high they are, and the rest.
fn cells(part: &Part, links: &[Link], layers: &Layers) -> Vec<(Vec<usize>, i64, i64)> {
    let count = layers.nodes.iter().max().map_or(0, |last| last + 1);
    let mut members: Vec<BTreeMap<usize, Vec<usize>>> = vec![BTreeMap::new(); count];
    let mut heights = vec![0; count];
    for (node, &layer) in layers.nodes.iter().enumerate() {
        members[layer].entry(part.nodes[node].group).or_default().push(node);
        heights[layer] += room(part, node);
    }
    for link in links {
        for height in &mut heights[layers.nodes[link.left] + 1..layers.nodes[link.right]] {
            *height += part.gaps.lane;
        }
    }
    let height = |members: &[usize]| members.iter().map(|&node| room(part, node)).sum::<i64>();
    let largest = |(members, all): (BTreeMap<usize, Vec<usize>>, i64)| {
        let rank = |group: usize| Reverse(part.groups[group].rank);
        let largest = members.into_iter().max_by_key(|(group, members)| (height(members), rank(*group)));
        let largest = largest.map(|(_, members)| members).unwrap_or_default();
        let own = height(&largest);
        (largest, own, all - own)
    };
    members.into_iter().zip(heights).map(largest).collect()
}

/// Holds nodes with a hint in the layers that they had, seen from the first of those: hints that stand side by side are one
/// layer, and what is new may stand before all of them.
fn hold(part: &Part, network: &mut Network, first: usize, nodes: &[usize]) {
    let mut known: Vec<(i64, i64, usize)> = Vec::new();
    for (index, node) in part.nodes.iter().enumerate() {
        if let Some((along, _)) = node.hint {
            known.push((along - node.along / 2, along + node.along / 2, index));
        }
    }
    known.sort_unstable();
    let anchor = network.variable();
    network.keep(first, anchor, 0);
    let (mut layer, mut end) = (-1, i64::MIN);
    for (from, to, index) in known {
        if from >= end {
            layer += 1;
            end = to;
        }
        end = end.min(to).max(from + 1);
        network.align(anchor, nodes[index], layer, HINT);
    }
}

/// The first and the last layer of each group: of the nodes in it, at any depth.
fn spans(part: &Part, nodes: &[usize]) -> Vec<(usize, usize)> {
    let mut spans = vec![(usize::MAX, 0); part.groups.len()];
    let widen = |span: &mut (usize, usize), (first, last): (usize, usize)| {
        *span = (span.0.min(first), span.1.max(last));
    };
    for (node, &layer) in part.nodes.iter().zip(nodes) {
        widen(&mut spans[node.group], (layer, layer));
    }
    for group in part.deepest_first() {
        let (span, parent) = (spans[group], part.groups[group].parent);
        if span.0 != usize::MAX {
            widen(&mut spans[parent], span);
        }
    }
    spans
}
