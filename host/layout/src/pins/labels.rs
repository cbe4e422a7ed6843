//! Where labels lie on their lines: on no node, title or other label, and on no other line where that can be.

use super::area::Area;
use super::grid::{Grid, is_foreign};

/// From the ends of a line to its label: the arrow has room there.
const BESIDE_END: i64 = 16;
/// From a turn to a label.
const BESIDE_TURN: i64 = 8;
/// From a place that is tried to the next; more on a stretch where that would be more places than these.
const STEP: i64 = 10;
const MOST_PLACES: i64 = 200;
/// What a label on another line costs, one that covers a turn of its own, and one on an upright line.
const ON_LINE: i64 = 1000;
const UPRIGHT: i64 = 150;

/// A label that is to be placed.
pub(super) struct Label<'l> {
    pub(super) size: [i64; 2],
    pub(super) edge: u32,
    pub(super) user: u32,
    pub(super) route: &'l [[i64; 2]],
    /// Boxes that it must not cover.
    pub(super) closed: &'l [Area],
}

impl Label<'_> {
    /// The best place for its middle; `None` where there is none.
    pub(super) fn place(&self, grid: &Grid) -> Option<[i64; 2]> {
        let mut best: Option<(i64, [i64; 2])> = None;
        let last = self.route.len().saturating_sub(2);
        let middle = self.route.windows(2).map(stretch).sum::<i64>() / 2;
        let mut passed = 0;
        for (at, pair) in self.route.windows(2).enumerate() {
            let axis = usize::from(pair[0][0] == pair[1][0]);
            let (low, high) = (pair[0][axis].min(pair[1][axis]), pair[0][axis].max(pair[1][axis]));
            let is_forwards = pair[0][axis] <= pair[1][axis];
            let beside = |is_end: bool| if is_end { BESIDE_END } else { BESIDE_TURN };
            let (first, end) = if is_forwards { (at == 0, at == last) } else { (at == last, at == 0) };
            let half = self.size[axis] / 2;
            let (from, to) = (low + half + beside(first), high - half - beside(end));
            let step = STEP.max((to - from) / MOST_PLACES);
            let mut on = from;
            while on <= to {
                let mut point = pair[0];
                point[axis] = on;
                if let Some(cost) = self.cost(grid, point) {
                    let way = passed + (on - pair[0][axis]).abs();
                    let cost = cost + (way - middle).abs() / 4 + if axis == 1 { UPRIGHT } else { 0 };
                    if best.is_none_or(|(least, _)| cost < least) {
                        best = Some((cost, point));
                    }
                }
                on += step;
            }
            passed += stretch(pair);
        }
        best.map(|(_, point)| point)
    }

    /// What it costs to lie around a point; `None` where it cannot.
    fn cost(&self, grid: &Grid, middle: [i64; 2]) -> Option<i64> {
        let area = Area::around(middle, self.size);
        if self.closed.iter().any(|closed| closed.meets(&area)) {
            return None;
        }
        let inner = area.wider([-1, -1]);
        let [along, across] = [0, 1].map(|axis| grid.between(axis, inner.low[axis], inner.high[axis]));
        let is_other = |user: u32| is_foreign(user, self.user);
        let mut cost = 0;
        for along in along {
            for across in across.clone() {
                let place = [along, across];
                if is_foreign(grid.labels[grid.at(place)], self.edge) {
                    return None;
                }
                let met = (0..2)
                    .any(|axis| grid.count(axis, place) > 1 || grid.through(axis, place).into_iter().any(is_other));
                cost += if met { ON_LINE } else { 0 };
            }
        }
        Some(cost)
    }
}

fn stretch(pair: &[[i64; 2]]) -> i64 {
    (pair[0][0] - pair[1][0]).abs() + (pair[0][1] - pair[1][1]).abs()
}
