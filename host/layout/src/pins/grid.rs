//! The lines that edges may run on, what stands in their way, and which edges run there.

use super::area::{Area, is_outside};
use super::standing::Standing;

/// From a line to the next, at least, but where a node has its middle.
const PITCH: i64 = 8;
/// The most lines between two borders that follow on each other, along and across.
const MOST_LINES: [i64; 2] = [6, 14];
/// The most points of a grid.
const MOST_POINTS: usize = 400_000;
/// From the outermost box to the outermost line.
const MARGIN: i64 = 48;
/// From a node to the nearest line that passes it.
const BESIDE_NODE: i64 = 3;
/// From a title to the nearest line.
const BESIDE_TITLE: i64 = 2;
/// Nearer to the border of a group than this, a line looks like a part of it.
const BESIDE_BORDER: i64 = 4;

/// What it costs to run beside the border of a group, and off the sheet, where it moves everything.
const BORDER: u16 = 12;
const OUTSIDE: u16 = 2000;

/// Nobody.
pub(super) const NOBODY: u32 = u32::MAX;

/// The number of an edge, or of a state of a search: none is [`NOBODY`].
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NOBODY - 1)
}

/// Whether somebody else is there.
pub(super) fn is_foreign(user: u32, own: u32) -> bool {
    user != NOBODY && user != own
}

/// A point, by the numbers of its lines.
pub(super) type Place = [usize; 2];

/// What every step of a search asks of a point: it lies together in memory.
#[derive(Clone, Copy, Default)]
pub(super) struct Ground {
    /// Whether nothing passes it.
    pub(super) is_blocked: bool,
    /// What it costs more than its length to run to it along an axis.
    pub(super) cost: [u16; 2],
    /// The innermost group around it, counted from 1.
    pub(super) group: u32,
    /// How much runs through it or lies on it.
    pub(super) busy: u16,
}

/// The grid.
pub(super) struct Grid {
    /// Where the lines are, by axis.
    pub(super) lines: [Vec<i64>; 2],
    /// What is at each point.
    pub(super) ground: Vec<Ground>,
    /// Who runs from a point to the next, along each axis.
    pub(super) users: [Vec<u32>; 2],
    /// How many edges do.
    pub(super) counts: [Vec<u16>; 2],
    /// The edge whose label lies on a point.
    pub(super) labels: Vec<u32>,
}

impl Grid {
    pub(super) fn new(standing: &Standing<'_>) -> Option<Self> {
        let boxes = || standing.nodes.iter().chain(&standing.groups).flatten();
        let all = boxes().copied().reduce(|a, b| a.with(&b)).unwrap_or(Area::at([0, 0], [0, 0])).wider([MARGIN; 2]);
        let borders = |axis: usize| boxes().flat_map(move |area| [area.low[axis], area.high[axis]]);
        let middles: Vec<i64> = standing.nodes.iter().flatten().map(|node| node.middle()[1]).collect();
        let [along, across] = [0, 1].map(|axis| {
            let mut borders: Vec<i64> = borders(axis).chain([all.low[axis], all.high[axis]]).collect();
            borders.sort_unstable();
            spread(&borders, MOST_LINES[axis])
        });
        let lines = [along, through(across, middles)];
        if lines[0].len() * lines[1].len() > MOST_POINTS {
            return None;
        }
        let count = lines[0].len() * lines[1].len();
        let mut grid = Self {
            lines,
            ground: vec![Ground::default(); count],
            users: [vec![NOBODY; count], vec![NOBODY; count]],
            counts: [vec![0; count], vec![0; count]],
            labels: vec![NOBODY; count],
        };
        grid.fill(standing);
        Some(grid)
    }

    fn fill(&mut self, standing: &Standing<'_>) {
        let mut outermost_first: Vec<usize> = standing.part.deepest_first();
        outermost_first.reverse();
        for group in outermost_first {
            let Some(area) = standing.groups.get(group).copied().flatten() else { continue };
            let number = u32::try_from(group + 1).unwrap_or(0);
            self.each(&area, |grid, at| grid.ground[at].group = number);
            for axis in 0..2 {
                for side in [area.low[1 - axis], area.high[1 - axis]] {
                    let mut border = area;
                    (border.low[1 - axis], border.high[1 - axis]) = (side - BESIDE_BORDER, side + BESIDE_BORDER);
                    self.each(&border, |grid, at| grid.ground[at].cost[axis] = BORDER);
                }
            }
            if let Some(title) = standing.title(group) {
                self.each(&title.wider([BESIDE_TITLE; 2]), |grid, at| grid.ground[at].is_blocked = true);
            }
        }
        for (node, area) in standing.nodes.iter().enumerate() {
            if let Some(area) = area {
                let room = standing.room(node, area).wider([BESIDE_NODE; 2]);
                self.each(&room, |grid, at| grid.ground[at].is_blocked = true);
            }
        }
        for along in 0..self.lines[0].len() {
            for across in 0..self.lines[1].len() {
                let point = Area::at(self.point([along, across]), [0, 0]);
                let at = self.at([along, across]);
                if is_outside(standing.direction, &point) {
                    self.ground[at].cost.iter_mut().for_each(|cost| *cost += OUTSIDE);
                }
            }
        }
    }

    pub(super) fn at(&self, [along, across]: Place) -> usize {
        along * self.lines[1].len() + across
    }

    pub(super) fn place(&self, at: usize) -> Place {
        [at / self.lines[1].len(), at % self.lines[1].len()]
    }

    pub(super) fn point(&self, [along, across]: Place) -> [i64; 2] {
        [self.lines[0][along], self.lines[1][across]]
    }

    /// The lines of an axis from a place to another.
    pub(super) fn between(&self, axis: usize, low: i64, high: i64) -> std::ops::Range<usize> {
        let lines = &self.lines[axis];
        lines.partition_point(|&line| line < low)..lines.partition_point(|&line| line <= high)
    }

    /// Hands on each point in a box.
    pub(super) fn each(&mut self, area: &Area, mut take: impl FnMut(&mut Self, usize)) {
        let [along, across] = [0, 1].map(|axis| self.between(axis, area.low[axis], area.high[axis]));
        for along in along {
            for across in across.clone() {
                let at = self.at([along, across]);
                take(self, at);
            }
        }
    }

    /// Who runs along an axis through a point, on either side of it.
    pub(super) fn through(&self, axis: usize, place: Place) -> [u32; 2] {
        let users = &self.users[axis];
        [self.before(axis, place).map_or(NOBODY, |before| users[before]), users[self.at(place)]]
    }

    /// How many edges run along an axis through a point.
    pub(super) fn count(&self, axis: usize, place: Place) -> u16 {
        let counts = &self.counts[axis];
        counts[self.at(place)].max(self.before(axis, place).map_or(0, |before| counts[before]))
    }

    /// The point before another one along an axis.
    fn before(&self, axis: usize, mut place: Place) -> Option<usize> {
        place[axis] = place[axis].checked_sub(1)?;
        Some(self.at(place))
    }

    /// Lets an edge run from a place to another on the same line; where two share a stretch it is the first one's.
    pub(super) fn run(&mut self, from: Place, to: Place, user: u32) {
        self.stretch(from, to, |users, count| {
            if *count == 0 {
                *users = user;
            }
            *count = count.saturating_add(1);
        });
    }

    /// Takes an edge away from where it runs.
    pub(super) fn leave(&mut self, from: Place, to: Place) {
        self.stretch(from, to, |users, count| {
            *count = count.saturating_sub(1);
            if *count == 0 {
                *users = NOBODY;
            }
        });
    }

    fn stretch(&mut self, from: Place, to: Place, mut change: impl FnMut(&mut u32, &mut u16)) {
        let axis = usize::from(from[0] == to[0]);
        for step in from[axis].min(to[axis])..from[axis].max(to[axis]) {
            let mut place = from;
            place[axis] = step;
            let at = self.at(place);
            let before = self.counts[axis][at];
            change(&mut self.users[axis][at], &mut self.counts[axis][at]);
            let after = self.counts[axis][at];
            let next = at + if axis == 0 { self.lines[1].len() } else { 1 };
            for end in [at, next] {
                let busy = &mut self.ground[end].busy;
                *busy = (*busy + after).saturating_sub(before);
            }
        }
    }
}

/// Lines between borders, which are in order.
fn spread(borders: &[i64], most: i64) -> Vec<i64> {
    let mut lines = Vec::new();
    for pair in borders.windows(2) {
        let room = pair[1] - pair[0];
        let count = (room / PITCH).clamp(i64::from(room >= PITCH - 1), most);
        lines.extend((0..count).map(|step| pair[0] + room * (2 * step + 1) / (2 * count)));
    }
    lines
}

/// Lets lines run through the middles of nodes: edges between nodes side by side are straight.
fn through(mut lines: Vec<i64>, middles: Vec<i64>) -> Vec<i64> {
    for middle in middles {
        let next = lines.partition_point(|&line| line < middle);
        let near = [next, next.wrapping_sub(1)];
        let near = near.into_iter().find(|&at| lines.get(at).is_some_and(|line| (line - middle).abs() <= PITCH / 2));
        match near {
            Some(at) => lines[at] = middle,
            None => lines.insert(next, middle),
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}
