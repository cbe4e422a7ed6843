//! The order of what stands in each layer: with few crossings, the members of a group side by side, and groups beside
//! each other in the same order in all layers that they share.
//!
//! Layer by layer, forwards and backwards, everything moves to the middle of what it is linked with in the layer before,
//! in the whole graph and not only in its group; groups move as blocks. Then neighbours change places while that saves
//! crossings. Several starts are tried, and the best is kept. A line through a group that it does not belong to counts
//! as several crossings, and where it runs beside that group in two layers there is none in the end ([`aside`]).

mod aside;
mod cells;
mod count;
mod switch;

use crate::deadline::Deadline;
use crate::error::Error;
use crate::orient::Link;
use crate::part::Part;
use crate::proper::{Kind, Proper};

pub(crate) use self::cells::{Cells, Entry};

/// What crossing the border of a group from aside counts, in crossings of lines.
pub(crate) const BORDER: u64 = 6;

/// After so many rounds without a better order, a start is left.
const PATIENCE: usize = 4;
/// The most rounds of a start.
const ROUNDS: usize = 24;

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// One start: what comes out is about as large as the best.
    Quick,
    Whole,
}

/// Finds an order, and how many lines cross in it. Where an earlier drawing is known, its order is kept, unless the graph
/// leads to it anyway.
///
/// # Errors
/// The deadline passed.
pub(crate) fn order(
    part: &Part,
    proper: &mut Proper,
    links: &[Link],
    search: Search,
    deadline: &Deadline,
) -> Result<(Cells, u64), Error> {
    let held = proper.let_go();
    let starts = starts(proper, search);
    let found = best_of(part, proper, links, starts, deadline)?;
    proper.hold(held);
    if found.0.is_as_held(proper) { Ok(found) } else { best_of(part, proper, links, starts, deadline) }
}

/// Tries several starts.
fn best_of(
    part: &Part,
    proper: &Proper,
    links: &[Link],
    starts: usize,
    deadline: &Deadline,
) -> Result<(Cells, u64), Error> {
    let mut best: Option<(u64, Cells)> = None;
    for start in 0..starts {
        let values = Values::of(part, proper, links, start);
        let mut cells = Cells::new(part, proper, &values.items, &values.groups);
        let crossings = improve(part, proper, &mut cells, start, deadline)?;
        if best.as_ref().is_none_or(|(least, _)| crossings < *least) {
            best = Some((crossings, cells));
        }
        if best.as_ref().is_some_and(|(least, _)| *least == 0) {
            break;
        }
    }
    Ok(best.map(|(crossings, cells)| (cells, crossings)).unwrap_or_default())
}

/// How many starts are tried: fewer where each takes longer.
fn starts(proper: &Proper, search: Search) -> usize {
    match proper.items.len() {
        _ if search == Search::Quick => 1,
        0..=120 => 24,
        121..=300 => 16,
        301..=700 => 10,
        701..=1500 => 6,
        1501..=4000 => 6,
        4001..=15000 => 3,
        _ => 1,
    }
}

/// Sweeps from one start until it gets no better; returns the crossings of the best order, which is left in place.
fn improve(part: &Part, proper: &Proper, cells: &mut Cells, start: usize, deadline: &Deadline) -> Result<u64, Error> {
    let mut best = cells.clone();
    let mut least = u64::MAX;
    let mut waited = 0;
    for round in 0..ROUNDS {
        deadline.check()?;
        if (round + start).is_multiple_of(2) {
            (1..proper.layers).for_each(|layer| cells.sweep(proper, layer, layer - 1));
        } else {
            (1..proper.layers).rev().for_each(|layer| cells.sweep(proper, layer - 1, layer));
        }
        switch::switch(proper, cells);
        let crossings = count::all(proper, cells);
        if crossings < least {
            least = crossings;
            best.clone_from(cells);
            waited = 0;
        } else {
            waited += 1;
        }
        if least == 0 || waited == PATIENCE {
            break;
        }
    }
    *cells = best;
    if aside::bring(part, proper, cells) {
        switch::switch(proper, cells);
        least = count::all(proper, cells);
    }
    Ok(least)
}

/// What items and groups are sorted by at the start: numbers that are the same in all layers.
struct Values {
    items: Vec<f64>,
    groups: Vec<f64>,
}

impl Values {
    /// The first start is the order of keys, the second the other way round; the rest is mixed.
    fn of(part: &Part, proper: &Proper, links: &[Link], start: usize) -> Self {
        let mut mixer = Mixer((start as u64).wrapping_mul(0xd134_2543_de82_ef95));
        let mut value = |rank: usize, most: usize| {
            #[expect(clippy::cast_precision_loss, reason = "an order, not a number that is reckoned with")]
            let place = rank as f64 / most.max(1) as f64;
            match start {
                0 => place,
                1 => 1.0 - place,
                _ => mixer.next(),
            }
        };
        let nodes: Vec<f64> = part.nodes.iter().map(|node| value(node.rank, part.nodes.len())).collect();
        let groups: Vec<f64> = part.groups.iter().map(|group| value(group.rank, part.groups.len())).collect();
        let item = |kind: Kind| match kind {
            Kind::Node(node) => nodes[node],
            Kind::Lane(link) | Kind::Label(link) => (nodes[links[link].left] + nodes[links[link].right]) / 2.0,
            Kind::Title(_) => f64::NEG_INFINITY,
        };
        Self { items: proper.items.iter().map(|thing| item(thing.kind)).collect(), groups }
    }
}

/// Numbers that look random and are always the same: splitmix64.
struct Mixer(u64);

impl Mixer {
    /// A number from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let part = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        part
    }
}
