//! The order of a layer as a tree: of each group that has room in it, the children.

use crate::part::Part;
use crate::proper::{Kind, Proper};

/// A child of a group in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    Item(usize),
    Group(usize),
}

/// A layer from one side to the other, with the borders of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Item(usize),
    Open(usize),
    Close(usize),
}

/// The order of all layers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    /// Of each group, its children in each of its layers.
    children: Vec<Vec<Vec<Child>>>,
    /// The groups of each layer, those that lie deepest first; the sheet is last.
    groups: Vec<Vec<usize>>,
    /// Each layer, written out.
    pub(super) sequences: Vec<Vec<Entry>>,
    /// The place of each item in its layer.
    pub(super) places: Vec<usize>,
    /// The first layer of each group, and its first and last place in each of its layers.
    first: Vec<usize>,
    borders: Vec<Vec<(usize, usize)>>,
}

impl Cells {
    /// Sorts everything by value, for a start.
    pub(super) fn new(part: &Part, proper: &Proper, items: &[f64], groups: &[f64]) -> Self {
        let spans = &proper.spans;
        let layers_of = |span: &Option<(usize, usize)>| span.map_or(0, |(first, last)| last - first + 1);
        let mut cells = Self {
            children: spans.iter().map(|span| vec![Vec::new(); layers_of(span)]).collect(),
            groups: vec![Vec::new(); proper.layers],
            sequences: vec![Vec::new(); proper.layers],
            places: vec![0; proper.items.len()],
            first: spans.iter().map(|span| span.map_or(0, |(first, _)| first)).collect(),
            borders: spans.iter().map(|span| vec![(0, 0); layers_of(span)]).collect(),
        };
        for group in part.deepest_first() {
            let Some((first, last)) = spans[group] else { continue };
            for layer in first..=last {
                cells.groups[layer].push(group);
                let parent = part.groups[group].parent;
                if parent != group {
                    cells.cell(parent, layer).push(Child::Group(group));
                }
            }
        }
        for (index, item) in proper.items.iter().enumerate() {
            cells.cell(item.group, item.layer).push(Child::Item(index));
        }
        let value = |child: &Child| match *child {
            Child::Item(item) => (items[item], 0, item),
            Child::Group(group) => (groups[group], 1, group),
        };
        for cell in cells.children.iter_mut().flatten() {
            cell.sort_by(|a, b| {
                let (a, b) = (value(a), value(b));
                a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2)))
            });
            let mut valued: Vec<(f64, Child)> = cell.iter().map(|&child| (value(&child).0, child)).collect();
            hold(proper, &mut valued);
            valued.sort_by(|a, b| a.0.total_cmp(&b.0));
            *cell = valued.into_iter().map(|(_, child)| child).collect();
        }
        (0..proper.layers).for_each(|layer| cells.write(layer));
        cells
    }

    fn cell(&mut self, group: usize, layer: usize) -> &mut Vec<Child> {
        &mut self.children[group][layer - self.first[group]]
    }

    pub(super) fn groups(&self, layer: usize) -> &[usize] {
        &self.groups[layer]
    }

    pub(super) fn children(&self, group: usize, layer: usize) -> &[Child] {
        &self.children[group][layer - self.first[group]]
    }

    /// Whether everything that was in an earlier drawing has its order.
    pub(super) fn is_as_held(&self, proper: &Proper) -> bool {
        self.children.iter().flatten().all(|cell| cell.iter().filter_map(|&child| held(proper, child)).is_sorted())
    }

    /// Where a group begins and ends in a layer, if it has room there.
    pub(super) fn borders(&self, group: usize, layer: usize) -> Option<(usize, usize)> {
        layer.checked_sub(self.first[group]).and_then(|at| self.borders[group].get(at).copied())
    }

    /// Brings the children of a group in a layer into another order.
    pub(super) fn arrange(&mut self, group: usize, layer: usize, children: Vec<Child>) {
        *self.cell(group, layer) = children;
        self.write(layer);
    }

    /// Two children of a group that stand side by side change places.
    pub(super) fn swap(&mut self, group: usize, layer: usize, at: usize) {
        let cell = self.cell(group, layer);
        cell.swap(at, at + 1);
        if let [Child::Item(first), Child::Item(second)] = cell[at..at + 2] {
            let place = self.places[second];
            self.places.swap(first, second);
            self.sequences[layer].swap(place, place + 1);
        } else {
            self.write(layer);
        }
    }

    /// A layer from one side to the other.
    pub(crate) fn sequence(&self, layer: usize) -> &[Entry] {
        &self.sequences[layer]
    }

    /// The place of an item in its layer.
    pub(crate) fn place(&self, item: usize) -> usize {
        self.places[item]
    }

    /// The borders of the groups that a layer shares with the next: the places of each in both.
    pub(crate) fn shared_borders(&self, layer: usize) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for &group in self.groups.get(layer).into_iter().flatten() {
            if let (Some(here), Some(there)) = (self.borders(group, layer), self.borders(group, layer + 1)) {
                out.extend([(here.0, there.0), (here.1, there.1)]);
            }
        }
        out
    }

    /// Writes a layer out.
    fn write(&mut self, layer: usize) {
        let mut sequence = std::mem::take(&mut self.sequences[layer]);
        sequence.clear();
        let mut stack: Vec<(usize, usize)> = Vec::new();
        let sheet = self.groups[layer].last().copied();
        let open = |cells: &mut Self, group: usize, sequence: &mut Vec<Entry>| {
            let at = layer - cells.first[group];
            cells.borders[group][at].0 = sequence.len();
            sequence.push(Entry::Open(group));
        };
        if let Some(sheet) = sheet {
            open(self, sheet, &mut sequence);
            stack.push((sheet, 0));
        }
        while let Some((group, next)) = stack.last_mut() {
            let (group, at) = (*group, *next);
            *next += 1;
            match self.children(group, layer).get(at).copied() {
                Some(Child::Item(item)) => {
                    self.places[item] = sequence.len();
                    sequence.push(Entry::Item(item));
                }
                Some(Child::Group(inner)) => {
                    open(self, inner, &mut sequence);
                    stack.push((inner, 0));
                }
                None => {
                    let first = self.first[group];
                    self.borders[group][layer - first].1 = sequence.len();
                    sequence.push(Entry::Close(group));
                    stack.pop();
                }
            }
        }
        self.sequences[layer] = sequence;
    }

    /// Moves everything in a layer to the middle of what it is linked with in the layer beside it, which stays.
    pub(super) fn sweep(&mut self, proper: &Proper, layer: usize, beside: usize) {
        let neighbours = if beside < layer { &proper.before } else { &proper.behind };
        let mut sums: Vec<(usize, f64, f64)> = Vec::new();
        for at in 0..self.groups[layer].len() {
            let group = self.groups[layer][at];
            let index = layer - self.first[group];
            let cell = std::mem::take(&mut self.children[group][index]);
            let (mut sum, mut weight) = (0.0, 0.0);
            let mut valued: Vec<(f64, Child)> = Vec::with_capacity(cell.len());
            let mut unknown = f64::NEG_INFINITY;
            for child in cell {
                let (own, count) = match child {
                    Child::Item(item) if matches!(proper.items[item].kind, Kind::Title(_)) => (f64::NEG_INFINITY, 0.0),
                    Child::Item(item) => {
                        let places = neighbours[item].iter().map(|&other| number(self.places[other]));
                        (places.sum(), number(neighbours[item].len()))
                    }
                    Child::Group(inner) => match self.borders(inner, beside) {
                        Some((first, last)) => (number(first + last) / 2.0, 1.0),
                        None => {
                            let found = sums.iter().find(|sum| sum.0 == inner);
                            found.map_or((0.0, 0.0), |&(_, sum, weight)| (sum, weight))
                        }
                    },
                };
                // What is linked with nothing there stays behind what it stood behind.
                if count > 0.0 {
                    unknown = own / count;
                    sum += own;
                    weight += count;
                }
                valued.push((if own == f64::NEG_INFINITY { own } else { unknown }, child));
            }
            hold(proper, &mut valued);
            valued.sort_by(|a, b| a.0.total_cmp(&b.0));
            self.children[group][index] = valued.into_iter().map(|(_, child)| child).collect();
            sums.push((group, sum, weight));
        }
        self.write(layer);
    }
}

/// Where a child was in an earlier drawing.
pub(super) fn held(proper: &Proper, child: Child) -> Option<i64> {
    match child {
        Child::Item(item) => proper.items[item].held,
        Child::Group(group) => proper.held[group],
    }
}

/// Brings the children that were in an earlier drawing into its order, and their values with them: those that are the
/// wrong way round get their average.
fn hold(proper: &Proper, valued: &mut [(f64, Child)]) {
    let slots: Vec<usize> = (0..valued.len()).filter(|&at| held(proper, valued[at].1).is_some()).collect();
    if slots.len() < 2 {
        return;
    }
    let mut known: Vec<(f64, Child)> = slots.iter().map(|&at| valued[at]).collect();
    known.sort_by_key(|&(_, child)| held(proper, child));
    // Stretches with the same value: its sum, and how many there are.
    let mut stretches: Vec<(f64, usize)> = Vec::with_capacity(known.len());
    for &(value, _) in &known {
        stretches.push((if value.is_finite() { value } else { 0.0 }, 1));
        while let [.., (sum, count), (last, more)] = stretches[..] {
            if sum / number(count) <= last / number(more) {
                break;
            }
            stretches.truncate(stretches.len() - 2);
            stretches.push((sum + last, count + more));
        }
    }
    let values = stretches.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / number(count), count));
    for ((at, (_, child)), value) in slots.into_iter().zip(known).zip(values) {
        valued[at] = (value, child);
    }
}

/// A place, to reckon with.
pub(super) fn number(place: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are never so many places")]
    let number = place as f64;
    number
}
