//! The layers with everything that stands in them: nodes, places where long edges pass, labels, titles.

use crate::layers::Layers;
use crate::orient::Link;
use crate::part::{Block, Part, PartNode, TitleSide};

/// What stands in a layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) layer: usize,
    /// The group that it stands in.
    pub(crate) group: usize,
    pub(crate) kind: Kind,
    pub(crate) along: i64,
    pub(crate) across: i64,
    /// Where it was, across.
    pub(crate) held: Option<i64>,
}

/// What an item is; a node by its position in the part, a lane or a label by that of its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Node(usize),
    Lane(usize),
    Label(usize),
    /// What the title of a group keeps free of the border that edges enter by.
    Title(usize),
}

impl Kind {
    /// Whether an edge passes here.
    pub(crate) fn is_passed(self) -> bool {
        matches!(self, Self::Lane(_) | Self::Label(_))
    }
}

/// A part in layers.
#[derive(Clone, Debug)]
pub(crate) struct Proper {
    pub(crate) items: Vec<Item>,
    /// Of each item, those that it is linked with in the layer before and behind.
    pub(crate) before: Vec<Vec<usize>>,
    pub(crate) behind: Vec<Vec<usize>>,
    /// The items of each link, from its left node to its right one.
    pub(crate) chains: Vec<Vec<usize>>,
    /// The first and the last layer of each group; none of one with nothing in it.
    pub(crate) spans: Vec<Option<(usize, usize)>>,
    pub(crate) layers: usize,
    /// Where each group was, across: the middle of its nodes that are known.
    pub(crate) held: Vec<Option<i64>>,
}

impl Proper {
    /// Forgets where everything was; returns it, of items and of groups.
    pub(crate) fn let_go(&mut self) -> [Vec<Option<i64>>; 2] {
        let items = self.items.iter_mut().map(|item| item.held.take()).collect();
        [items, self.held.iter_mut().map(Option::take).collect()]
    }

    /// Remembers where everything was.
    pub(crate) fn hold(&mut self, [items, groups]: [Vec<Option<i64>>; 2]) {
        for (item, held) in self.items.iter_mut().zip(items) {
            item.held = held;
        }
        self.held = groups;
    }

    /// Whether a group has room in a layer.
    pub(crate) fn is_in(&self, group: usize, layer: usize) -> bool {
        self.spans[group].is_some_and(|(first, last)| first <= layer && layer <= last)
    }
}

/// Makes the items. Between two layers of nodes is one for labels, where some link has its label there.
pub(crate) fn build(part: &Part, links: &[Link], layers: &Layers) -> Proper {
    let last = layers.nodes.iter().copied().max().unwrap_or(0);
    let labelled: Vec<Option<usize>> = label_layers(part, links, layers);
    let mut is_used: Vec<bool> = (0..=2 * last).map(|layer| layer % 2 == 0).collect();
    for layer in labelled.iter().flatten() {
        is_used[*layer] = true;
    }
    let mut number = vec![0; is_used.len()];
    let mut count = 0;
    for (layer, used) in is_used.iter().enumerate() {
        number[layer] = count;
        count += usize::from(*used);
    }
    let span = |&(first, last): &(usize, usize)| (first <= last).then(|| (number[2 * first], number[2 * last]));
    let mut proper = Proper {
        items: Vec::new(),
        before: Vec::new(),
        behind: Vec::new(),
        chains: Vec::with_capacity(links.len()),
        spans: layers.groups.iter().map(span).collect(),
        layers: count,
        held: held(part),
    };
    for (index, node) in part.nodes.iter().enumerate() {
        let layer = number[2 * layers.nodes[index]];
        let &PartNode { along, across, aside, group, hint, .. } = node;
        let held = hint.map(|(_, across)| across);
        let item = Item { layer, group, kind: Kind::Node(index), along, across: across + 2 * aside, held };
        proper.add(item);
    }
    for (index, link) in links.iter().enumerate() {
        proper.pass(part, index, link, labelled[index].map(|layer| number[layer]));
    }
    proper.titles(part);
    proper
}

/// Where each group was.
fn held(part: &Part) -> Vec<Option<i64>> {
    let mut sums = vec![(0_i64, 0_i64); part.groups.len()];
    for node in &part.nodes {
        if let Some((_, across)) = node.hint {
            let sum = &mut sums[node.group];
            *sum = (sum.0 + across, sum.1 + 1);
        }
    }
    for group in part.deepest_first() {
        let (own, parent) = (sums[group], part.groups[group].parent);
        if parent != group {
            sums[parent] = (sums[parent].0 + own.0, sums[parent].1 + own.1);
        }
    }
    sums.into_iter().map(|(sum, count)| (count > 0).then(|| sum / count)).collect()
}

/// Which layer each label stands in, counted twice: beside the end of its edge that has fewer of them.
fn label_layers(part: &Part, links: &[Link], layers: &Layers) -> Vec<Option<usize>> {
    let (mut leaving, mut entering) = (vec![0_usize; part.nodes.len()], vec![0_usize; part.nodes.len()]);
    for link in links {
        leaving[link.left] += 1;
        entering[link.right] += 1;
    }
    let layer = |link: &Link| {
        part.edges[link.edge].label?;
        let (first, last) = (2 * layers.nodes[link.left] + 1, 2 * layers.nodes[link.right] - 1);
        Some(if leaving[link.left] <= entering[link.right] { first } else { last })
    };
    links.iter().map(layer).collect()
}

impl Proper {
    fn add(&mut self, item: Item) -> usize {
        self.items.push(item);
        self.before.push(Vec::new());
        self.behind.push(Vec::new());
        self.items.len() - 1
    }

    fn join(&mut self, left: usize, right: usize) {
        self.behind[left].push(right);
        self.before[right].push(left);
    }

    /// Makes the items of a link.
    fn pass(&mut self, part: &Part, index: usize, link: &Link, label: Option<usize>) {
        let (from, to) = (self.items[link.left].layer, self.items[link.right].layer);
        let mut chain = vec![link.left];
        let mut leaving = part.nodes[link.left].group;
        let ways = ways(part, link);
        for layer in from + 1..to {
            // As long as a group of the source has this layer the edge is in it, then in those of the target.
            while leaving != link.group && !self.is_in(leaving, layer) {
                leaving = part.groups[leaving].parent;
            }
            let mut group = leaving;
            if group == link.group {
                group = ways.iter().copied().find(|&group| self.is_in(group, layer)).unwrap_or(link.group);
            }
            let (kind, (along, across)) = match part.edges[link.edge].label.filter(|_| label == Some(layer)) {
                Some(size) => (Kind::Label(index), size),
                None => (Kind::Lane(index), (0, 0)),
            };
            let item = self.add(Item { layer, group, kind, along, across, held: None });
            self.join(chain[chain.len() - 1], item);
            chain.push(item);
        }
        self.join(chain[chain.len() - 1], link.right);
        chain.push(link.right);
        self.chains.push(chain);
    }

    /// Keeps the part of a border where the title stands free of the edges that cross it.
    fn titles(&mut self, part: &Part) {
        if part.gaps.title == TitleSide::Aside {
            return;
        }
        let mut crossed = vec![false; part.groups.len()];
        for chain in &self.chains {
            for pair in chain.windows(2) {
                let [outer, inner] = match part.gaps.title {
                    TitleSide::Start => [pair[0], pair[1]],
                    _ => [pair[1], pair[0]],
                };
                let layer = self.items[outer].layer;
                let mut group = self.items[inner].group;
                while !crossed[group] && group != part.sheet() && !self.is_in(group, layer) {
                    crossed[group] = true;
                    group = part.groups[group].parent;
                }
            }
        }
        for (group, _) in crossed.iter().enumerate().filter(|(_, crossed)| **crossed) {
            if let Some((first, last)) = self.spans[group] {
                let layer = if part.gaps.title == TitleSide::Start { first } else { last };
                let across = part.groups[group].across;
                self.add(Item { layer, group, kind: Kind::Title(group), along: 0, across, held: None });
            }
        }
    }
}

/// The groups that hold the right end of a link and not the left one, the innermost first.
fn ways(part: &Part, link: &Link) -> Vec<usize> {
    let mut out = Vec::new();
    if let Block::Group(last) = link.right_block {
        let mut group = part.nodes[link.right].group;
        while group != last {
            out.push(group);
            group = part.groups[group].parent;
        }
        out.push(last);
    }
    out
}
