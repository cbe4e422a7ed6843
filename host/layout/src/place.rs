//! How far aside everything stands: long edges straight, lines short, groups as boxes around what is theirs.
//!
//! One network simplex for the whole part. A long edge is one variable as far as no other crosses it; a group has two,
//! its borders, which are between the same neighbours in all of its layers.

use crate::deadline::Deadline;
use crate::error::Error;
use crate::order::{Cells, Entry};
use crate::part::Part;
use crate::ports::Ports;
use crate::proper::{Item, Kind, Proper};
use crate::simplex::Network;

/// How much a line wants to be straight: between nodes and lanes, and between lanes.
const STRAIGHT: i64 = 4;
const LANE: i64 = 8;
/// How much a group wants to be small.
const SMALL: i64 = 1;
/// How much a node wants to stay where it was.
const HINT: i64 = 4000;

/// The most steps: in so many, a drawing that can be read is as good as it gets.
const STEPS: usize = 12_000;

/// Where everything is across the direction of edges.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The middles of items.
    pub(crate) items: Vec<i64>,
    /// The borders of groups.
    pub(crate) groups: Vec<(i64, i64)>,
}

/// Finds the places.
///
/// # Errors
/// The deadline passed, or the orders of the layers contradict each other.
pub(crate) fn place(
    part: &Part,
    proper: &Proper,
    cells: &Cells,
    ports: &Ports,
    deadline: &Deadline,
) -> Result<Places, Error> {
    let placing = Placement { part, proper, cells, ports };
    let joined = joined(proper, cells);
    if let Some(places) = placing.solve(&joined, deadline)? {
        return Ok(places);
    }
    // Lanes that pass each other on both sides; each piece for itself has no circle.
    let apart = joined.iter().map(|pairs| vec![false; pairs.len()]).collect::<Vec<_>>();
    placing.solve(&apart, deadline)?.ok_or(Error::Contradiction)
}

struct Placement<'p> {
    part: &'p Part,
    proper: &'p Proper,
    cells: &'p Cells,
    ports: &'p Ports,
}

impl Placement<'_> {
    /// Solves it with pieces of lanes that are joined; `None` where that has a circle.
    fn solve(&self, joined: &[Vec<bool>], deadline: &Deadline) -> Result<Option<Places>, Error> {
        let mut network = Network::default();
        let borders: Vec<(usize, usize)> =
            self.part.groups.iter().map(|_| (network.variable(), network.variable())).collect();
        let variables = self.variables(&mut network, joined);
        self.borders(&mut network, &borders);
        for layer in 0..self.proper.layers {
            for pair in self.cells.sequence(layer).windows(2) {
                let [(tail, before), (head, behind)] =
                    [pair[0], pair[1]].map(|entry| self.end(entry, &borders, &variables));
                network.keep(tail, head, before + behind + self.gap(pair[0], pair[1]));
            }
        }
        self.straighten(&mut network, &variables);
        self.hold(&mut network, &variables);
        let Some(solved) = network.solve(steps(network.len()), deadline)? else { return Ok(None) };
        let items = variables.iter().map(|&variable| solved[variable]).collect();
        let groups = borders.iter().map(|&(low, high)| (solved[low], solved[high])).collect();
        Ok(Some(Places { items, groups }))
    }

    /// The variable of each item.
    fn variables(&self, network: &mut Network, joined: &[Vec<bool>]) -> Vec<usize> {
        let mut variables = vec![usize::MAX; self.proper.items.len()];
        for (chain, joined) in self.proper.chains.iter().zip(joined) {
            for (at, &item) in chain.iter().enumerate().take(chain.len() - 1).skip(1) {
                variables[item] = if joined[at - 1] { variables[chain[at - 1]] } else { network.variable() };
            }
        }
        for (variable, item) in variables.iter_mut().zip(&self.proper.items) {
            if !item.kind.is_passed() {
                *variable = network.variable();
            }
        }
        variables
    }

    fn borders(&self, network: &mut Network, borders: &[(usize, usize)]) {
        let sheet = self.part.sheet();
        for (group, &(low, high)) in borders.iter().enumerate() {
            let own = &self.part.groups[group];
            network.pull(low, high, own.across, SMALL);
            if group != sheet {
                network.keep(borders[sheet].0, low, 0);
            }
        }
    }

    /// The variable of an entry, and how far it reaches from there.
    fn end(&self, entry: Entry, borders: &[(usize, usize)], variables: &[usize]) -> (usize, i64) {
        match entry {
            Entry::Item(item) => (variables[item], self.proper.items[item].across / 2),
            Entry::Open(group) => (borders[group].0, 0),
            Entry::Close(group) => (borders[group].1, 0),
        }
    }

    /// How far two neighbours are apart, at least.
    fn gap(&self, before: Entry, behind: Entry) -> i64 {
        let (groups, gaps) = (&self.part.groups, &self.part.gaps);
        match (before, behind) {
            (Entry::Open(a), Entry::Close(b)) if a == b => groups[a].low + groups[a].high,
            (Entry::Open(group), _) => groups[group].low,
            (_, Entry::Close(group)) => groups[group].high,
            (Entry::Close(_), Entry::Open(_)) => gaps.group,
            (Entry::Item(item), Entry::Open(_)) | (Entry::Close(_), Entry::Item(item)) => {
                if self.proper.items[item].kind.is_passed() { gaps.lane } else { gaps.group }
            }
            (Entry::Item(a), Entry::Item(b)) => self.between(&self.proper.items[a], &self.proper.items[b]),
        }
    }

    fn between(&self, a: &Item, b: &Item) -> i64 {
        let gaps = &self.part.gaps;
        match (a.kind, b.kind) {
            (Kind::Label(_), Kind::Label(_)) => gaps.lane / 3,
            (Kind::Label(_), Kind::Lane(_)) | (Kind::Lane(_), Kind::Label(_)) => gaps.lane / 2,
            (Kind::Lane(_), Kind::Lane(_)) => gaps.lane,
            (Kind::Node(_), Kind::Node(_)) => gaps.node,
            _ => gaps.lane * 4 / 3,
        }
    }

    /// Pulls both ends of each piece of an edge to the same place.
    fn straighten(&self, network: &mut Network, variables: &[usize]) {
        for (link, chain) in self.proper.chains.iter().enumerate() {
            for pair in chain.windows(2) {
                let [from, to] = [pair[0], pair[1]].map(|item| self.proper.items[item].kind);
                let mut offset = 0;
                if let Kind::Node(_) = from {
                    offset += self.ports.leaving[link];
                }
                if let Kind::Node(_) = to {
                    offset -= self.ports.entering[link];
                }
                let weight = if from.is_passed() && to.is_passed() { LANE } else { STRAIGHT };
                network.align(variables[pair[0]], variables[pair[1]], offset, weight);
            }
        }
    }

    /// Pulls nodes to where they were, seen from a place that all have in common.
    fn hold(&self, network: &mut Network, variables: &[usize]) {
        let mut known =
            self.part.nodes.iter().enumerate().filter_map(|(index, node)| Some((index, node.hint?.1))).peekable();
        let Some(&(_, start)) = known.peek() else { return };
        let anchor = network.variable();
        for (node, across) in known {
            network.align(anchor, variables[node], across - start, HINT);
        }
    }
}

fn steps(variables: usize) -> usize {
    if variables > 20_000 { 0 } else { STEPS }
}

/// Which pieces of each link, by their left ends, are straight on: those between lanes that cross no other such piece
/// that is kept, and no border of a group.
fn joined(proper: &Proper, cells: &Cells) -> Vec<Vec<bool>> {
    let mut joined: Vec<Vec<bool>> = proper.chains.iter().map(|chain| vec![false; chain.len()]).collect();
    let mut pieces: Vec<Vec<(usize, usize, usize, usize)>> = vec![Vec::new(); proper.layers];
    for (link, chain) in proper.chains.iter().enumerate() {
        for (at, pair) in chain.windows(2).enumerate() {
            if pair.iter().all(|&item| proper.items[item].kind.is_passed()) {
                let layer = proper.items[pair[0]].layer;
                pieces[layer].push((cells.place(pair[0]), cells.place(pair[1]), link, at));
            }
        }
    }
    for (layer, mut pieces) in pieces.into_iter().enumerate() {
        pieces.sort_unstable();
        let borders = cells.shared_borders(layer);
        pieces.retain(|&(from, to, ..)| borders.iter().all(|&(low, high)| (from < low) == (to < high)));
        for at in longest_rise(&pieces.iter().map(|piece| piece.1).collect::<Vec<_>>()) {
            let (_, _, link, place) = pieces[at];
            joined[link][place] = true;
        }
    }
    joined
}

/// The positions of a longest rising series of numbers.
fn longest_rise(numbers: &[usize]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; numbers.len()];
    for (at, &number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|&end| numbers[end] < number);
        if length > 0 {
            before[at] = ends[length - 1];
        }
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied().unwrap_or(usize::MAX);
    while at != usize::MAX {
        out.push(at);
        at = before[at];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::longest_rise;

    #[test]
    fn the_longest_rise_is_found() {
        assert_eq!(longest_rise(&[4, 1, 2, 9, 3, 5]), [1, 2, 4, 5]);
        assert_eq!(longest_rise(&[]), [0_usize; 0]);
    }
}
