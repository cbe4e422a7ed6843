//! No line runs through a group that it has nothing to do with.
//!
//! What stands beside a group and is linked in two layers that the group has room in stands on the same side of it in
//! both. The order of layers comes near that by what crossing a border counts; this makes it so.

use super::cells::{Cells, Child};
use crate::part::Part;
use crate::proper::{Kind, Proper};

/// How often all groups are gone through; then what still is on both sides goes behind all groups.
const ROUNDS: usize = 4;
/// What a node, and what a line out of a group beside, weighs where the side is chosen; a lane weighs 1.
const NODE: i64 = 3;
const FIXED: i64 = 8;

/// Brings what is linked beside a group to one side of it; whether something moved.
pub(super) fn bring(part: &Part, proper: &Proper, cells: &mut Cells) -> bool {
    let mut moved = false;
    for outer in 0..part.groups.len() {
        let inner: Vec<usize> =
            (0..part.groups.len()).filter(|&group| group != outer && part.groups[group].parent == outer).collect();
        for round in 0..=ROUNDS {
            let mut changed = false;
            for &group in &inner {
                changed |= Neighbourhood { part, proper, outer, group }.bring(cells);
            }
            moved |= changed;
            if !changed {
                break;
            }
            if round == ROUNDS {
                put_last(proper, cells, outer);
            }
        }
    }
    moved
}

/// Puts what stands directly in a group behind the groups in it.
fn put_last(proper: &Proper, cells: &mut Cells, outer: usize) {
    let Some((first, last)) = proper.spans[outer] else { return };
    for layer in first..=last {
        let mut children = cells.children(outer, layer).to_vec();
        children.sort_by_key(|&child| is_free(proper, child));
        cells.arrange(outer, layer, children);
    }
}

/// Whether a child is an item that may stand anywhere: titles may not.
fn is_free(proper: &Proper, child: Child) -> bool {
    matches!(child, Child::Item(item) if !matches!(proper.items[item].kind, Kind::Title(_)))
}

/// A group, and what stands beside it in the group that it lies in.
struct Neighbourhood<'p> {
    part: &'p Part,
    proper: &'p Proper,
    outer: usize,
    group: usize,
}

impl Neighbourhood<'_> {
    fn bring(&self, cells: &mut Cells) -> bool {
        let Some((first, last)) = self.proper.spans[self.group] else { return false };
        let mut is_before = vec![None; self.proper.items.len()];
        for layer in first..=last {
            let mut before = true;
            for &child in cells.children(self.outer, layer) {
                match child {
                    Child::Item(item) if is_free(self.proper, child) => is_before[item] = Some(before),
                    Child::Group(group) if group == self.group => before = false,
                    _ => {}
                }
            }
        }
        let torn = self.torn(cells, &is_before, first, last);
        if torn.is_empty() {
            return false;
        }
        for layer in first..=last {
            let here = cells.children(self.outer, layer);
            let moves = |child: &Child| matches!(child, Child::Item(item) if torn.binary_search(item).is_ok());
            if here.iter().any(moves) {
                let (moving, mut rest): (Vec<Child>, Vec<Child>) = here.iter().partition(|child| moves(child));
                let own = rest.iter().position(|&child| child == Child::Group(self.group));
                let Some(at) = own else { continue };
                let comes_before = |child: &Child| matches!(*child, Child::Item(item) if is_before[item] == Some(true));
                let (up, down): (Vec<Child>, Vec<Child>) = moving.into_iter().partition(comes_before);
                // What was before goes behind, and the other way round.
                rest.splice(at + 1..at + 1, up);
                rest.splice(at..at, down);
                cells.arrange(self.outer, layer, rest);
            }
        }
        true
    }

    /// The items that change sides, in order.
    fn torn(&self, cells: &Cells, is_before: &[Option<bool>], first: usize, last: usize) -> Vec<usize> {
        let mut torn = Vec::new();
        let mut seen = vec![false; is_before.len()];
        for start in 0..is_before.len() {
            if seen[start] || is_before[start].is_none() {
                continue;
            }
            let (mut connected, mut weight) = (vec![start], 0);
            seen[start] = true;
            let mut next = 0;
            while let Some(&item) = connected.get(next) {
                next += 1;
                let side = if is_before[item] == Some(true) { 1 } else { -1 };
                weight += side * if self.proper.items[item].kind.is_passed() { 1 } else { NODE };
                let layer = self.proper.items[item].layer;
                let back = self.proper.before[item].iter().filter(|_| layer > first);
                let on = self.proper.behind[item].iter().filter(|_| layer < last);
                for &other in back.chain(on) {
                    match is_before[other] {
                        Some(_) if !seen[other] => {
                            seen[other] = true;
                            connected.push(other);
                        }
                        Some(_) => {}
                        None => weight += FIXED * self.side(cells, other),
                    }
                }
            }
            let side = Some(weight >= 0);
            torn.extend(connected.into_iter().filter(|&item| is_before[item] != side));
        }
        torn.sort_unstable();
        torn
    }

    /// On which side of the group what lies in another one beside it is: 1 before, -1 behind.
    fn side(&self, cells: &Cells, item: usize) -> i64 {
        let layer = self.proper.items[item].layer;
        let mut group = self.proper.items[item].group;
        while self.part.groups[group].parent != group && self.part.groups[group].parent != self.outer {
            group = self.part.groups[group].parent;
        }
        match (cells.borders(group, layer), cells.borders(self.group, layer)) {
            (Some(own), Some(there)) if own.1 < there.0 => 1,
            (Some(own), Some(there)) if own.0 > there.1 => -1,
            _ => 0,
        }
    }
}
