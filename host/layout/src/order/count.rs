//! How many lines cross, and how many cross borders of groups.

use super::BORDER;
use super::cells::{Cells, Entry};
use crate::proper::Proper;

/// The crossings between all layers.
pub(super) fn all(proper: &Proper, cells: &Cells) -> u64 {
    let mut counter = Counter::default();
    (1..proper.layers).map(|layer| counter.between(proper, cells, layer - 1)).sum()
}

/// Counts inversions in a binary indexed tree, which is used again.
#[derive(Default)]
struct Counter {
    tree: Vec<u64>,
    ends: Vec<usize>,
}

impl Counter {
    /// The crossings between a layer and the next.
    fn between(&mut self, proper: &Proper, cells: &Cells, layer: usize) -> u64 {
        let size = cells.sequence(layer + 1).len();
        self.tree.clear();
        self.tree.resize(size + 1, 0);
        let (mut total, mut crossings) = (0, 0);
        for entry in cells.sequence(layer) {
            match *entry {
                Entry::Item(item) => {
                    let mut ends = std::mem::take(&mut self.ends);
                    ends.clear();
                    ends.extend(proper.behind[item].iter().map(|&other| cells.place(other)));
                    ends.sort_unstable();
                    for &end in &ends {
                        crossings += total - self.up_to(end);
                    }
                    for &end in &ends {
                        self.add(end, 1);
                        total += 1;
                    }
                    self.ends = ends;
                }
                Entry::Open(group) | Entry::Close(group) => {
                    let Some((first, last)) = cells.borders(group, layer + 1) else { continue };
                    let end = if matches!(entry, Entry::Open(_)) { first } else { last };
                    crossings += (total - self.up_to(end)) * BORDER;
                    self.add(end, BORDER);
                    total += BORDER;
                }
            }
        }
        crossings
    }

    fn add(&mut self, place: usize, weight: u64) {
        let mut at = place + 1;
        while at < self.tree.len() {
            self.tree[at] += weight;
            at += at & at.wrapping_neg();
        }
    }

    fn up_to(&self, place: usize) -> u64 {
        let (mut at, mut sum) = (place + 1, 0);
        while at > 0 {
            sum += self.tree[at];
            at -= at & at.wrapping_neg();
        }
        sum
    }
}
