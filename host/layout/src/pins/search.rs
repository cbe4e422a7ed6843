//! The cheapest way of an edge between two nodes that stand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::area::Area;
use super::grid::{Grid, Place, is_foreign, number};
use crate::deadline::Deadline;
use crate::error::Error;

/// What it costs, in lengths: to turn, to cross another line, to lie on one, to run into a group that has none of both ends
/// or a step in it, to run on a label.
const TURN: u32 = 30;
const CROSS: u32 = 45;
const OVERLAP: u32 = 2000;
const FOREIGN: u32 = 1500;
const ON_LABEL: u32 = 1500;
/// So near to a node, the edges of a bundle may share their last stretch; elsewhere a step costs this.
const SHARED: u32 = 48;
const SHARE: u32 = 25;
/// What it costs to leave by the side that edges arrive at, and the other way round.
const WRONG_SIDE: u32 = 40;
/// From a node to where its lines may turn.
const STUB: i64 = 15;
/// From the corners of a node to its ports.
const CORNER: i64 = 7;
/// After so many steps the time is looked at.
const STEPS: usize = 20_000;

/// The directions: forwards and backwards along each axis.
const WAYS: [(usize, isize); 4] = [(0, 1), (0, -1), (1, 1), (1, -1)];

/// An edge that looks for its way.
pub(super) struct Seeker<'s> {
    pub(super) from: Area,
    pub(super) to: Area,
    /// Its number.
    pub(super) edge: u32,
    /// Its number among those that share no lines with it.
    pub(super) user: u32,
    /// Whether it belongs into each group, counted from 1; 0 is the sheet.
    pub(super) is_home: &'s [bool],
}

/// Where an edge leaves a node or reaches it: the place on the grid, on which side, and what it costs.
#[derive(Clone, Copy)]
struct Port {
    place: Place,
    /// The way that leads away from the node.
    way: usize,
    cost: u32,
    /// Where it is on the border.
    border: i64,
}

/// What is remembered of each place and the way that led there, for one search after the other.
pub(super) struct Memory {
    states: Vec<State>,
    /// The search that is under way.
    now: u32,
    /// The steps of all searches.
    pub(super) steps: usize,
}

/// What is remembered of a place and a way.
#[derive(Clone, Copy, Default)]
struct State {
    /// What it cost to get there, in this search.
    cost: u32,
    before: u32,
    search: u32,
    is_done: bool,
}

/// What is to be looked at, the cheapest first.
type Queue = BinaryHeap<Reverse<u64>>;

fn entry(cost: u32, state: usize) -> u64 {
    u64::from(cost) << 32 | u64::from(number(state))
}

impl Memory {
    pub(super) fn new(grid: &Grid) -> Self {
        Self { states: vec![State::default(); grid.ground.len() * WAYS.len()], now: 0, steps: 0 }
    }

    fn cost(&self, state: usize) -> u32 {
        let State { cost, search, .. } = self.states[state];
        if search == self.now { cost } else { u32::MAX }
    }

    fn set(&mut self, state: usize, cost: u32, before: u32) {
        self.states[state] = State { cost, before, search: self.now, is_done: false };
    }
}

/// A way: its points from border to border, and its corners on the grid.
pub(super) struct Way {
    pub(super) points: Vec<[i64; 2]>,
    pub(super) places: Vec<Place>,
}

impl Seeker<'_> {
    /// Finds a way; `None` where there is none.
    ///
    /// # Errors
    /// The deadline passed.
    pub(super) fn find(&self, grid: &Grid, memory: &mut Memory, deadline: &Deadline) -> Result<Option<Way>, Error> {
        memory.now += 1;
        let starts = self.ports(grid, &self.from, 0);
        let ends = self.ports(grid, &self.to, 1);
        let mut queue = Queue::new();
        for port in &starts {
            let state = grid.at(port.place) * WAYS.len() + port.way;
            if port.cost < memory.cost(state) {
                memory.set(state, port.cost, u32::MAX);
                queue.push(Reverse(entry(port.cost + self.left(grid, port.place, port.way), state)));
            }
        }
        let mut best: Option<(u32, usize, Port)> = None;
        while let Some(Reverse(entry)) = queue.pop() {
            let (guess, state) = ((entry >> 32) as u32, (entry & 0xffff_ffff) as usize);
            if best.as_ref().is_some_and(|(least, ..)| guess >= *least) {
                break;
            }
            let State { cost, is_done, .. } = memory.states[state];
            if is_done {
                continue;
            }
            memory.states[state].is_done = true;
            memory.steps += 1;
            if memory.steps.is_multiple_of(STEPS) {
                deadline.check()?;
            }
            let (place, way) = (grid.place(state / WAYS.len()), state % WAYS.len());
            for port in ends.iter().filter(|port| port.place == place && way != port.way) {
                let turn = if way == opposite(port.way) { 0 } else { TURN };
                let total = cost + port.cost + turn;
                if best.as_ref().is_none_or(|(least, ..)| total < *least) {
                    best = Some((total, state, *port));
                }
            }
            self.go_on(grid, memory, &mut queue, (place, way, cost));
        }
        Ok(best.map(|(_, state, port)| self.way(grid, memory, &starts, state, port)))
    }

    fn go_on(&self, grid: &Grid, memory: &mut Memory, queue: &mut Queue, (place, way, cost): (Place, usize, u32)) {
        for (next_way, &(axis, step)) in WAYS.iter().enumerate() {
            if next_way == opposite(way) {
                continue;
            }
            let Some(line) = place[axis].checked_add_signed(step).filter(|&line| line < grid.lines[axis].len()) else {
                continue;
            };
            let mut next = place;
            next[axis] = line;
            let at = grid.at(next);
            if grid.ground[at].is_blocked {
                continue;
            }
            let turn = if next_way == way { 0 } else { TURN };
            let total = cost + turn + self.step(grid, axis, place, next);
            let state = at * WAYS.len() + next_way;
            if total < memory.cost(state) {
                memory.set(state, total, number(grid.at(place) * WAYS.len() + way));
                queue.push(Reverse(entry(total + self.left(grid, next, next_way), state)));
            }
        }
    }

    /// What a step costs.
    fn step(&self, grid: &Grid, axis: usize, from: Place, to: Place) -> u32 {
        let (start, end) = (grid.at(from), grid.at(to));
        let (leaves, reaches) = (&grid.ground[start], &grid.ground[end]);
        let mut cost = length(grid.lines[axis][from[axis]].abs_diff(grid.lines[axis][to[axis]]));
        cost += u32::from(reaches.cost[axis]);
        if reaches.group != leaves.group && !self.is_home[reaches.group as usize] {
            cost += FOREIGN;
        }
        if leaves.busy == 0 && reaches.busy == 0 {
            return cost;
        }
        let is_other = |user: u32| is_foreign(user, self.user);
        let user = grid.users[axis][start.min(end)];
        if is_other(user) {
            cost += OVERLAP;
        }
        if grid.through(1 - axis, to).into_iter().any(is_other) {
            cost += CROSS;
        }
        // To stand on the end of another line looks like being linked with it.
        if grid.through(axis, to).into_iter().any(is_other) && !is_other(user) {
            cost += CROSS;
        }
        if user == self.user && self.distance(grid, to) > SHARED {
            cost += SHARE;
        }
        if is_foreign(grid.labels[end], self.edge) {
            cost += ON_LABEL;
        }
        cost
    }

    /// What it costs to go on from a place, at least: an edge ends in the direction of edges.
    fn left(&self, grid: &Grid, place: Place, way: usize) -> u32 {
        let across = grid.lines[1][place[1]];
        let is_beside = self.to.low[1] <= across && across <= self.to.high[1];
        let turns = match (WAYS[way].0, is_beside) {
            (0, true) => 0,
            (0, false) => 2,
            _ => 1,
        };
        self.distance(grid, place) + turns * TURN
    }

    /// How far it is from a place, at least.
    fn distance(&self, grid: &Grid, place: Place) -> u32 {
        let point = grid.point(place);
        let beyond = |axis: usize| (self.to.low[axis] - point[axis]).max(point[axis] - self.to.high[axis]).max(0);
        length((beyond(0) + beyond(1)).unsigned_abs())
    }

    /// Where lines may leave a node (end 0) or reach it (end 1).
    fn ports(&self, grid: &Grid, area: &Area, end: usize) -> Vec<Port> {
        let [low, high] = [area.low[1] + CORNER, area.high[1] - CORNER];
        let mut rows = grid.between(1, low, high);
        if rows.is_empty() {
            rows = grid.between(1, area.low[1], area.high[1]);
        }
        let middle = area.middle()[1];
        let mut ports = Vec::new();
        for across in rows {
            for way in 0..2 {
                let (border, columns) = if way == 0 {
                    let border = area.high[0];
                    (border, grid.between(0, border + STUB, i64::MAX).next())
                } else {
                    let border = area.low[0];
                    (border, grid.between(0, i64::MIN, border - STUB).next_back())
                };
                let Some(along) = columns else { continue };
                let place = [along, across];
                if grid.ground[grid.at(place)].is_blocked {
                    continue;
                }
                let aside = length((grid.lines[1][across] - middle).unsigned_abs()) / 2;
                let wrong = if way == end { 0 } else { WRONG_SIDE };
                let stub = length(border.abs_diff(grid.lines[0][along]));
                ports.push(Port { place, way, cost: aside + wrong + stub + self.taken(grid, place, border), border });
            }
        }
        ports
    }

    /// What it costs that others have lines between a place and a border.
    fn taken(&self, grid: &Grid, place: Place, border: i64) -> u32 {
        let point = grid.lines[0][place[0]];
        let range = grid.between(0, border.min(point), border.max(point));
        let is_other = |user: u32| is_foreign(user, self.user);
        let taken = |along: usize| {
            let at = grid.at([along, place[1]]);
            let crossed = grid.through(1, [along, place[1]]).into_iter().any(is_other);
            let shared = grid.through(0, [along, place[1]]).into_iter().any(is_other);
            let labels = if is_foreign(grid.labels[at], self.edge) { ON_LABEL } else { 0 };
            labels + if shared { OVERLAP } else { 0 } + if crossed { CROSS } else { 0 }
        };
        range.map(taken).sum()
    }

    /// Reads the way back from its end.
    fn way(&self, grid: &Grid, memory: &Memory, starts: &[Port], state: usize, end: Port) -> Way {
        let mut places = vec![end.place];
        let mut first = state;
        loop {
            places.push(grid.place(first / WAYS.len()));
            match memory.states[first].before {
                u32::MAX => break,
                before => first = before as usize,
            }
        }
        places.dedup();
        places.reverse();
        let first_place = grid.place(first / WAYS.len());
        let start = starts.iter().find(|port| port.place == first_place && port.way == first % WAYS.len());
        let border = start.map_or(grid.lines[0][first_place[0]], |port| port.border);
        let mut points = vec![[border, grid.lines[1][first_place[1]]]];
        points.extend(places.iter().map(|&place| grid.point(place)));
        points.push([end.border, grid.lines[1][end.place[1]]]);
        Way { points: corners(points), places }
    }
}

/// Leaves out what lies on a straight stretch.
fn corners(points: Vec<[i64; 2]>) -> Vec<[i64; 2]> {
    let mut out: Vec<[i64; 2]> = Vec::with_capacity(points.len());
    for point in points {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = out[..]
            && (0..2).any(|axis| a[axis] == b[axis] && b[axis] == point[axis])
        {
            out.pop();
        }
        out.push(point);
    }
    out
}

fn opposite(way: usize) -> usize {
    way ^ 1
}

fn length(length: u64) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX / 8)
}
