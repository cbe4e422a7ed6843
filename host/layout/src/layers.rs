//! Which layer each node stands in: the layers of a group are its own, and edges are as short as they can be.

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

/// The layers of nodes, from 0, and of groups, the first and the last.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    pub(crate) nodes: Vec<usize>,
    pub(crate) groups: Vec<(usize, usize)>,
}

/// Finds the layers. A link leads from a group to another only where all layers of the one are before those of the
/// other, as if each group were a node: its border is then crossed where edges enter and leave, never aside.
///
/// # Errors
/// The deadline passed.
pub(crate) fn assign(part: &Part, links: &[Link], deadline: &Deadline) -> Result<Layers, Error> {
    let mut network = Network::default();
    let borders: Vec<(usize, usize)> = part.groups.iter().map(|_| (network.variable(), network.variable())).collect();
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
    let solved = network.solve(STEPS, deadline)?.unwrap_or_default();
    let least = nodes.iter().map(|&node| solved[node]).min().unwrap_or(0);
    let layer = |variable: usize| usize::try_from(solved[variable] - least).unwrap_or(0);
    let mut layers = Layers { nodes: nodes.iter().map(|&node| layer(node)).collect(), groups: Vec::new() };
    layers.groups = spans(part, &layers.nodes);
    Ok(layers)
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
