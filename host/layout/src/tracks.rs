//! Where lines turn between two layers: each turn has a track of its own, beside those that it would overlap, in an
//! order with few crossings.

use crate::line::{greedy, improve};

/// What it counts where two lines would lie on each other, in crossings.
const OVERLAP: i64 = 50;
/// Lines that are nearer than this lie on each other.
const NEAR: i64 = 4;
/// With more turns than this in a channel, their order is not improved.
const MOST_IMPROVED: usize = 400;

/// A turn: it comes from the layer before at some places, leaves for the one behind at others, and runs between them.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) from: Vec<i64>,
    pub(crate) to: Vec<i64>,
}

impl Turn {
    /// Adds a piece that shares this turn.
    pub(crate) fn add(&mut self, from: i64, to: i64) {
        for (places, place) in [(&mut self.from, from), (&mut self.to, to)] {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }

    /// Whether it leads to another place than it comes from.
    pub(crate) fn is_bent(&self) -> bool {
        let (low, high) = self.reach();
        low < high
    }

    fn reach(&self) -> (i64, i64) {
        let all = || self.from.iter().chain(&self.to).copied();
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    }
}

/// The track of each turn, counted from the layer before; and how many there are.
pub(crate) fn assign(turns: &[Turn]) -> (Vec<usize>, usize) {
    let reaches: Vec<(i64, i64)> = turns.iter().map(Turn::reach).collect();
    let mut by_start: Vec<usize> = (0..turns.len()).collect();
    by_start.sort_by_key(|&turn| (reaches[turn], turn));
    let mut beside: Vec<Vec<usize>> = vec![Vec::new(); turns.len()];
    let (mut out, mut into) = (vec![Vec::new(); turns.len()], vec![Vec::new(); turns.len()]);
    let mut open: Vec<usize> = Vec::new();
    for &turn in &by_start {
        open.retain(|&other| reaches[other].1 + NEAR >= reaches[turn].0);
        for &other in &open {
            beside[turn].push(other);
            beside[other].push(turn);
            let gain = cost(turns, &reaches, other, turn) - cost(turns, &reaches, turn, other);
            let (first, second) = if gain > 0 { (turn, other) } else { (other, turn) };
            if gain != 0 {
                out[first].push((second, gain.abs()));
                into[second].push((first, gain.abs()));
            }
        }
        open.push(turn);
    }
    // Where nothing else counts: those that lead up outwards first, those that lead down inwards first.
    let ranks: Vec<(i64, usize)> = (0..turns.len()).map(|turn| (tie(&turns[turn], reaches[turn]), turn)).collect();
    let mut line = greedy(&ranks, &out, &into);
    if turns.len() <= MOST_IMPROVED {
        improve(&mut line, &out, &into);
    }
    let mut tracks = vec![usize::MAX; turns.len()];
    let mut count = 0;
    for turn in line {
        let free = beside[turn].iter().filter(|&&other| tracks[other] != usize::MAX).map(|&other| tracks[other] + 1);
        tracks[turn] = free.max().unwrap_or(0);
        count = count.max(tracks[turn] + 1);
    }
    (tracks, count)
}

fn tie(turn: &Turn, (low, high): (i64, i64)) -> i64 {
    let leads_down = turn.from.first() <= turn.to.first();
    if leads_down { -high } else { low }
}

/// What crosses or overlaps where one turn stands before another.
fn cost(turns: &[Turn], reaches: &[(i64, i64)], first: usize, second: usize) -> i64 {
    let meets = |place: i64, (low, high): (i64, i64)| i64::from(low < place && place < high);
    let mut cost = 0;
    for &to in &turns[first].to {
        cost += meets(to, reaches[second]);
        for &from in &turns[second].from {
            cost += if (to - from).abs() < NEAR { OVERLAP } else { 0 };
        }
    }
    for &from in &turns[second].from {
        cost += meets(from, reaches[first]);
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(from: i64, to: i64) -> Turn {
        Turn { from: vec![from], to: vec![to] }
    }

    #[test]
    fn turns_that_need_not_cross_do_not() {
        // Both lead down; the lower one must turn first.
        let (tracks, count) = assign(&[turn(0, 20), turn(10, 30)]);
        assert!(tracks[1] < tracks[0] && count == 2, "{tracks:?}");
        let (tracks, _) = assign(&[turn(20, 0), turn(30, 10)]);
        assert!(tracks[0] < tracks[1], "{tracks:?}");
    }

    #[test]
    fn turns_that_are_apart_share_a_track() {
        assert_eq!(assign(&[turn(0, 20), turn(40, 60)]).1, 1);
    }

    #[test]
    fn what_would_overlap_is_ordered() {
        let (tracks, _) = assign(&[turn(0, 20), turn(20, 0)]);
        assert_ne!(tracks[0], tracks[1]);
    }
}
