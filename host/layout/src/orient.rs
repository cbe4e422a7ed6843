//! Which edges lead forwards and which are drawn backwards, so that no circle is left.
//!
//! Each group decides about the edges between its children: it brings them into a line in which as few edges as possible
//! lead back. The line starts as Eades, Lin and Smyth's ("A fast and effective heuristic for the feedback arc set
//! problem", 1993) and gets better by moving one child at a time. What stands in an earlier drawing keeps its order.

use std::collections::BTreeMap;

use crate::cut::Cut;
use crate::fold::Fold;
use crate::line::{greedy, hinted, improve};
use crate::part::{Block, Part};

/// With more children than this, a line is not improved.
const MOST_IMPROVED: usize = 600;

/// An edge between two children of a group, forwards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// The position of the edge in the part.
    pub(crate) edge: usize,
    /// The nodes that it leads from and to in the drawing; the edge may lead the other way.
    pub(crate) left: usize,
    pub(crate) right: usize,
    /// The children of the group where both meet.
    pub(crate) left_block: Block,
    pub(crate) right_block: Block,
    /// The group.
    pub(crate) group: usize,
}

impl Link {
    /// What shares the stretch at its left end and at its right one: the edges of a bundle, where they arrive.
    pub(crate) fn bundles(&self, part: &Part) -> [Option<u32>; 2] {
        let edge = &part.edges[self.edge];
        [self.left, self.right].map(|end| edge.bundle.filter(|_| edge.target == end))
    }
}

/// The edges of a part, without those from a node to itself, in directions that have no circle.
pub(crate) fn orient(part: &Part, cut: &Cut) -> Vec<Link> {
    let mut meetings: BTreeMap<usize, Quotient> = BTreeMap::new();
    let mut links = Vec::with_capacity(part.edges.len());
    for (index, edge) in part.edges.iter().enumerate() {
        if edge.source != edge.target {
            let (group, left_block, right_block) = part.meet(edge.source, edge.target);
            meetings.entry(group).or_default().add(left_block, right_block);
            links.push(Link { edge: index, left: edge.source, right: edge.target, left_block, right_block, group });
        }
    }
    let places = places(part, meetings, cut);
    for link in &mut links {
        let places = &places[&link.group];
        if places[&link.left_block] > places[&link.right_block] {
            std::mem::swap(&mut link.left, &mut link.right);
            std::mem::swap(&mut link.left_block, &mut link.right_block);
        }
    }
    links
}

/// The places of children in the lines of their groups.
fn places(part: &Part, mut meetings: BTreeMap<usize, Quotient>, cut: &Cut) -> BTreeMap<usize, BTreeMap<Block, usize>> {
    let mut places = BTreeMap::new();
    // How many layers each group has.
    let mut lengths = vec![1; part.groups.len()];
    for group in part.deepest_first() {
        if let Some(quotient) = meetings.remove(&group) {
            let length = |block: &Block| match *block {
                Block::Node(_) => 1,
                Block::Group(group) => lengths[group],
            };
            let share = if group == part.sheet() { cut.sheet } else { cut.groups };
            let (found, length) = quotient.places(part, &length, share);
            lengths[group] = lengths[group].max(length);
            places.insert(group, found);
        }
        let parent = part.groups[group].parent;
        lengths[parent] = lengths[parent].max(lengths[group]);
    }
    places
}

/// The children of a group and how many edges lead from which to which.
#[derive(Default)]
struct Quotient {
    numbers: BTreeMap<Block, usize>,
    blocks: Vec<Block>,
    weights: BTreeMap<(usize, usize), i64>,
}

impl Quotient {
    fn add(&mut self, from: Block, to: Block) {
        let [from, to] = [from, to].map(|block| {
            let next = self.blocks.len();
            *self.numbers.entry(block).or_insert_with(|| {
                self.blocks.push(block);
                next
            })
        });
        *self.weights.entry((from, to)).or_default() += 1;
    }

    /// The place of each child in the line, and how many layers the line has.
    fn places(self, part: &Part, length: &impl Fn(&Block) -> usize, share: f64) -> (BTreeMap<Block, usize>, usize) {
        let count = self.blocks.len();
        let mut out = vec![Vec::new(); count];
        let mut into = vec![Vec::new(); count];
        for (&(from, to), &weight) in &self.weights {
            out[from].push((to, weight));
            into[to].push((from, weight));
        }
        let hints = self.hints(part);
        let ranks: Vec<(bool, usize)> = self.blocks.iter().map(|&block| rank(part, block)).collect();
        let mut line = greedy(&ranks, &out, &into);
        if hints.iter().any(Option::is_some) {
            line = hinted(line, &hints, &out, &into);
        } else if count <= MOST_IMPROVED {
            improve(&mut line, &out, &into);
        }
        let lengths: Vec<usize> = self.blocks.iter().map(length).collect();
        let mut fold = Fold::new(&line, &lengths, &out, &into);
        if share < 1.0 && count <= MOST_IMPROVED {
            fold.shorten(&line, share);
        }
        let places = self.blocks.iter().zip(&fold.starts).map(|(&block, &start)| (block, start)).collect();
        (places, fold.length())
    }

    /// Where the children were, along the direction of edges.
    fn hints(&self, part: &Part) -> Vec<Option<i64>> {
        let mut sums = vec![(0_i64, 0_i64); part.groups.len()];
        if part.nodes.iter().all(|node| node.hint.is_none()) {
            return vec![None; self.blocks.len()];
        }
        for node in &part.nodes {
            let Some((along, _)) = node.hint else { continue };
            let mut group = node.group;
            loop {
                sums[group] = (sums[group].0 + along, sums[group].1 + 1);
                if part.groups[group].parent == group {
                    break;
                }
                group = part.groups[group].parent;
            }
        }
        let hint = |&block: &Block| match block {
            Block::Node(node) => part.nodes[node].hint.map(|(along, _)| along),
            Block::Group(group) => Some(sums[group]).filter(|sum| sum.1 > 0).map(|(sum, count)| sum / count),
        };
        self.blocks.iter().map(hint).collect()
    }
}

fn rank(part: &Part, block: Block) -> (bool, usize) {
    match block {
        Block::Node(node) => (false, part.nodes[node].rank),
        Block::Group(group) => (true, part.groups[group].rank),
    }
}
