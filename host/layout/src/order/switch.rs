//! Neighbours in a layer change places while that saves crossings.

use super::BORDER;
use super::cells::{Cells, Child, Entry, held};
use crate::proper::{Kind, Proper};

/// How often the layers are gone through.
const ROUNDS: usize = 6;

/// Lets neighbours change places, layer by layer, until none wants to.
pub(super) fn switch(proper: &Proper, cells: &mut Cells) {
    let mut ends = [Ends::default(), Ends::default()];
    for _ in 0..ROUNDS {
        let mut changed = false;
        for layer in 0..proper.layers {
            for at in 0..cells.groups(layer).len() {
                let group = cells.groups(layer)[at];
                changed |= switch_cell(proper, cells, group, layer, &mut ends);
            }
        }
        if !changed {
            return;
        }
    }
}

fn switch_cell(proper: &Proper, cells: &mut Cells, group: usize, layer: usize, ends: &mut [Ends; 2]) -> bool {
    let count = cells.children(group, layer).len();
    if count < 2 {
        return false;
    }
    let mut changed = false;
    ends[0].read(proper, cells, layer, cells.children(group, layer)[0]);
    for at in 0..count - 1 {
        let [first, second] = [0, 1].map(|step| cells.children(group, layer)[at + step]);
        ends[1].read(proper, cells, layer, second);
        let gain = if may_switch(proper, cells, layer, first, second) {
            let [a, b] = &*ends;
            a.crossings(b) - b.crossings(a)
        } else {
            0
        };
        if gain > 0 {
            // The one that moved up is done with; the other meets the next.
            cells.swap(group, layer, at);
            changed = true;
        } else {
            ends.swap(0, 1);
        }
    }
    changed
}

/// Groups that meet in the layer beside, too, keep their order, and so does what was in an earlier drawing; titles stay
/// first.
fn may_switch(proper: &Proper, cells: &Cells, layer: usize, first: Child, second: Child) -> bool {
    if held(proper, first).is_some() && held(proper, second).is_some() {
        return false;
    }
    match (first, second) {
        (Child::Group(a), Child::Group(b)) => {
            let meet = |beside: usize| cells.borders(a, beside).is_some() && cells.borders(b, beside).is_some();
            !(meet(layer + 1) || layer > 0 && meet(layer - 1))
        }
        (Child::Item(item), Child::Item(_)) => !is_title(proper, item),
        (Child::Item(item), Child::Group(group)) | (Child::Group(group), Child::Item(item)) => {
            !is_title(proper, item) && !keeps_side(proper, cells, layer, item, group)
        }
    }
}

fn is_title(proper: &Proper, item: usize) -> bool {
    matches!(proper.items[item].kind, Kind::Title(_))
}

/// Whether an item is linked with another one beside a group, on the same side, in a layer that the group has, too.
fn keeps_side(proper: &Proper, cells: &Cells, layer: usize, item: usize, group: usize) -> bool {
    let outer = proper.items[item].group;
    let is_before = |item: usize, layer: usize| Some(cells.place(item) < cells.borders(group, layer)?.0);
    let side = is_before(item, layer);
    let linked = |others: &[usize], beside: usize| {
        let mut near = others.iter().filter(|&&other| proper.items[other].group == outer);
        cells.borders(group, beside).is_some() && near.any(|&other| is_before(other, beside) == side)
    };
    linked(&proper.behind[item], layer + 1) || layer > 0 && linked(&proper.before[item], layer - 1)
}

/// Where the lines of a child end in the layers beside, in order, each with its weight.
#[derive(Default)]
struct Ends {
    before: Vec<(usize, i64)>,
    behind: Vec<(usize, i64)>,
}

impl Ends {
    fn read(&mut self, proper: &Proper, cells: &Cells, layer: usize, child: Child) {
        self.before.clear();
        self.behind.clear();
        match child {
            Child::Item(item) => self.add_item(proper, cells, item),
            Child::Group(group) => {
                let Some((first, last)) = cells.borders(group, layer) else { return };
                for entry in &cells.sequence(layer)[first..=last] {
                    match *entry {
                        Entry::Item(item) => self.add_item(proper, cells, item),
                        Entry::Open(inner) => self.add_borders(cells, layer, inner),
                        Entry::Close(_) => {}
                    }
                }
            }
        }
        self.before.sort_unstable();
        self.behind.sort_unstable();
    }

    fn add_item(&mut self, proper: &Proper, cells: &Cells, item: usize) {
        self.before.extend(proper.before[item].iter().map(|&other| (cells.place(other), 1)));
        self.behind.extend(proper.behind[item].iter().map(|&other| (cells.place(other), 1)));
    }

    fn add_borders(&mut self, cells: &Cells, layer: usize, group: usize) {
        let weight = i64::try_from(BORDER).unwrap_or(1);
        if let Some((first, last)) = layer.checked_sub(1).and_then(|before| cells.borders(group, before)) {
            self.before.extend([(first, weight), (last, weight)]);
        }
        if let Some((first, last)) = cells.borders(group, layer + 1) {
            self.behind.extend([(first, weight), (last, weight)]);
        }
    }

    /// How many lines cross where this stands before the other.
    fn crossings(&self, other: &Self) -> i64 {
        inversions(&self.before, &other.before) + inversions(&self.behind, &other.behind)
    }
}

/// How many pairs of ends are the wrong way round where one list comes first.
fn inversions(first: &[(usize, i64)], second: &[(usize, i64)]) -> i64 {
    let (mut crossings, mut passed, mut at) = (0, 0, 0);
    for &(end, weight) in first {
        while at < second.len() && second[at].0 < end {
            passed += second[at].1;
            at += 1;
        }
        crossings += passed * weight;
    }
    crossings
}
