//! Neighbours in a layer change places while that saves crossings.

use super::BORDER;
use super::cells::{Cells, Child, Entry, held};
use crate::proper::{Kind, Proper};

/// How often the layers are gone through.
const ROUNDS: usize = 6;

/// Lets neighbours change places, layer by layer, until none wants to. A layer is looked at again where it or one beside
/// it changed.
pub(super) fn switch(proper: &Proper, cells: &mut Cells) {
    let mut ends = [Ends::default(), Ends::default()];
    let mut waits = vec![true; proper.layers];
    for _ in 0..ROUNDS {
        for layer in 0..proper.layers {
            if !std::mem::take(&mut waits[layer]) {
                continue;
            }
            let mut changed = false;
            for at in 0..cells.groups(layer).len() {
                let group = cells.groups(layer)[at];
                changed |= switch_cell(proper, cells, group, layer, &mut ends);
            }
            if changed {
                waits[layer.saturating_sub(1)..proper.layers.min(layer + 2)].fill(true);
            }
        }
        if !waits.contains(&true) {
            return;
        }
    }
}

fn switch_cell(proper: &Proper, cells: &mut Cells, group: usize, layer: usize, ends: &mut [Ends; 2]) -> bool {
    let Some(&(mut first)) = cells.children(group, layer).first() else { return false };
    let mut changed = false;
    let mut own = lane(proper, cells, first);
    ends.iter_mut().for_each(|ends| ends.of = None);
    for at in 1..cells.children(group, layer).len() {
        let second = cells.children(group, layer)[at];
        let other = lane(proper, cells, second);
        let gain = match (own, other) {
            (Some(a), Some(b)) if a.gain(b) <= 0 => 0,
            _ if !may_switch(proper, cells, layer, first, second) => 0,
            (Some(a), Some(b)) => a.gain(b),
            _ => {
                let [a, b] = &mut *ends;
                a.read(proper, cells, layer, first);
                b.read(proper, cells, layer, second);
                a.crossings(b) - b.crossings(a)
            }
        };
        if gain > 0 {
            // The one that moved up is done with; the other meets the next.
            cells.swap(group, layer, at - 1);
            changed = true;
        } else {
            ends.swap(0, 1);
            (first, own) = (second, other);
        }
    }
    changed
}

/// Where the line of a lane ends in the layers beside.
#[derive(Clone, Copy)]
struct LaneEnds {
    before: usize,
    behind: usize,
}

/// Most of what stands in layers are lanes: they need no lists.
fn lane(proper: &Proper, cells: &Cells, child: Child) -> Option<LaneEnds> {
    let Child::Item(item) = child else { return None };
    match (&proper.before[item][..], &proper.behind[item][..]) {
        (&[before], &[behind]) => Some(LaneEnds { before: cells.place(before), behind: cells.place(behind) }),
        _ => None,
    }
}

impl LaneEnds {
    /// How many crossings less there are where this stands behind the other.
    fn gain(self, other: Self) -> i64 {
        let sign = |own: usize, other: usize| i64::from(own > other) - i64::from(own < other);
        sign(self.before, other.before) + sign(self.behind, other.behind)
    }
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
    /// The child that was read last.
    of: Option<Child>,
    before: Vec<(usize, i64)>,
    behind: Vec<(usize, i64)>,
}

impl Ends {
    fn read(&mut self, proper: &Proper, cells: &Cells, layer: usize, child: Child) {
        if self.of.replace(child) == Some(child) {
            return;
        }
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
