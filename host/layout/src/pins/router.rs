//! The ways of edges between nodes that stand: one after the other, the cheapest on a grid, and again when all are there.

use std::collections::BTreeMap;

use super::area::{Area, shown, shown_box};
use super::grid::{Grid, NOBODY, is_foreign, number};
use super::labels::Label;
use super::search::{Memory, Seeker, Way};
use super::standing::Standing;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::graph::Layout;
use crate::loops;
use crate::pack::measure;

/// How often an edge that crosses others, or whose label has no room, looks for its way; and the steps of all searches after
/// which it is done with the first one. Of large drawings the later rounds better one crossing in a hundred.
const ROUNDS: usize = 4;
const MOST_STEPS: usize = 300_000;

/// Half of the breadth of an arrow, and its length.
const ARROW: [i64; 2] = [12, 5];

/// Draws edges between what stands; `None` where one finds no way.
///
/// # Errors
/// The deadline passed.
pub(super) fn route(standing: &Standing<'_>, deadline: &Deadline) -> Result<Option<Layout>, Error> {
    let Some(mut router) = Router::new(standing) else { return Ok(None) };
    for round in 0..ROUNDS {
        if router.memory.steps > MOST_STEPS {
            break;
        }
        for at in 0..router.order.len() {
            deadline.check()?;
            let edge = router.order[at];
            if (round == 0 || router.is_bad(edge)) && !router.draw(edge, deadline)? {
                return Ok(None);
            }
        }
    }
    router.settle_labels();
    Ok(Some(router.layout()))
}

struct Router<'r, 'g> {
    standing: &'r Standing<'g>,
    nodes: Vec<Area>,
    grid: Grid,
    memory: Memory,
    /// The edges that need a way, the shortest first.
    order: Vec<usize>,
    /// What edges that share their last stretch have in common.
    users: Vec<u32>,
    ways: Vec<Option<Way>>,
    labels: Vec<Option<[i64; 2]>>,
    /// The stretches where edges leave nodes and reach them.
    ends: Vec<Option<[Area; 2]>>,
    /// What no label covers.
    closed: Vec<Area>,
}

impl<'r, 'g> Router<'r, 'g> {
    fn new(standing: &'r Standing<'g>) -> Option<Self> {
        let grid = Grid::new(standing)?;
        let edges = &standing.part.edges;
        let nodes: Vec<Area> = standing.nodes.iter().map(|area| area.unwrap_or(Area::at([0, 0], [0, 0]))).collect();
        let mut order: Vec<usize> = (0..edges.len()).filter(|&edge| edges[edge].source != edges[edge].target).collect();
        let rank = |node: usize| standing.part.nodes[node].rank;
        order.sort_by_key(|&edge| {
            let own = &edges[edge];
            let [from, to] = [own.source, own.target].map(|node| nodes[node].middle());
            let length = (from[0] - to[0]).abs() + (from[1] - to[1]).abs();
            (length, rank(own.source), rank(own.target), edge)
        });
        let mut bundles = BTreeMap::new();
        let users = edges.iter().enumerate().map(|(edge, own)| {
            let first = *own.bundle.map_or(&edge, |bundle| bundles.entry((own.target, bundle)).or_insert(edge));
            number(first)
        });
        let users = users.collect();
        let titles = (0..standing.groups.len()).filter_map(|group| standing.title(group));
        let rooms = nodes.iter().enumerate().map(|(node, area)| standing.room(node, area).wider([2; 2]));
        let closed = rooms.chain(titles).collect();
        let count = edges.len();
        let memory = Memory::new(&grid);
        let ways = (0..count).map(|_| None).collect();
        let (labels, ends) = (vec![None; count], vec![None; count]);
        Some(Self { standing, nodes, grid, memory, order, users, ways, labels, ends, closed })
    }

    /// Finds the way of an edge, and the place of its label; whether there is one.
    fn draw(&mut self, edge: usize, deadline: &Deadline) -> Result<bool, Error> {
        self.take_away(edge);
        let own = &self.standing.part.edges[edge];
        let is_home = self.homes([own.source, own.target]);
        let [from, to] = [own.source, own.target].map(|node| self.nodes[node]);
        let seeker = Seeker { from, to, edge: number(edge), user: self.users[edge], is_home: &is_home };
        let Some(way) = seeker.find(&self.grid, &mut self.memory, deadline)? else { return Ok(false) };
        for pair in way.places.windows(2) {
            self.grid.run(pair[0], pair[1], self.users[edge]);
        }
        self.ends[edge] = ends(&way.points);
        self.ways[edge] = Some(way);
        self.write(edge);
        Ok(true)
    }

    /// Puts the label of an edge on its line.
    fn write(&mut self, edge: usize) {
        let Some((along, across)) = self.standing.part.edges[edge].label else { return };
        let Some(way) = &self.ways[edge] else { return };
        let size = [along, across];
        let mut closed = self.closed.clone();
        closed.extend(self.ends.iter().flatten().flatten());
        let others = self.labels.iter().zip(&self.standing.part.edges);
        closed.extend(others.filter_map(|(middle, own)| {
            let (along, across) = own.label?;
            Some(Area::around((*middle)?, [along, across]).wider([2, 1]))
        }));
        let label = Label { size, edge: number(edge), user: self.users[edge], route: &way.points, closed: &closed };
        let place = label.place(&self.grid);
        if let Some(middle) = place {
            self.grid.each(&Area::around(middle, size).wider([-1, -1]), |grid, at| {
                grid.labels[at] = number(edge);
                grid.ground[at].busy += 1;
            });
        }
        self.labels[edge] = place;
    }

    /// Puts each label where it lies best, now that all lines are there.
    fn settle_labels(&mut self) {
        for at in 0..self.order.len() {
            let edge = self.order[at];
            self.erase(edge);
            self.write(edge);
        }
    }

    /// Whether another way may be better: this one crosses others, or the label has no room.
    fn is_bad(&self, edge: usize) -> bool {
        let has_label = self.standing.part.edges[edge].label.is_some();
        let is_other = |user: u32| is_foreign(user, self.users[edge]);
        let crosses = |pair: &[[usize; 2]]| {
            let axis = usize::from(pair[0][0] == pair[1][0]);
            (pair[0][axis].min(pair[1][axis])..=pair[0][axis].max(pair[1][axis])).any(|step| {
                let mut place = pair[0];
                place[axis] = step;
                let label = self.grid.labels[self.grid.at(place)];
                is_foreign(label, number(edge)) || self.grid.through(1 - axis, place).into_iter().any(is_other)
            })
        };
        has_label && self.labels[edge].is_none()
            || self.ways[edge].as_ref().is_none_or(|way| way.places.windows(2).any(crosses))
    }

    /// Forgets the way of an edge.
    fn take_away(&mut self, edge: usize) {
        if let Some(way) = self.ways[edge].take() {
            for pair in way.places.windows(2) {
                self.grid.leave(pair[0], pair[1]);
            }
        }
        self.ends[edge] = None;
        self.erase(edge);
    }

    /// Takes the label of an edge away.
    fn erase(&mut self, edge: usize) {
        let label = self.standing.part.edges[edge].label;
        if let Some((middle, (along, across))) = self.labels[edge].take().zip(label) {
            let area = Area::around(middle, [along, across]);
            self.grid.each(&area, |grid, at| {
                if grid.labels[at] == number(edge) {
                    grid.labels[at] = NOBODY;
                    grid.ground[at].busy = grid.ground[at].busy.saturating_sub(1);
                }
            });
        }
    }

    /// Whether each group holds one of two nodes, counted from 1; 0 is the sheet.
    fn homes(&self, ends: [usize; 2]) -> Vec<bool> {
        let mut is_home = vec![false; self.standing.groups.len() + 1];
        is_home[0] = true;
        for node in ends {
            for group in self.standing.ways(self.standing.graph.nodes[node].group) {
                is_home[group + 1] = true;
            }
        }
        is_home
    }

    fn layout(self) -> Layout {
        let Self { standing, nodes, ways, labels, .. } = self;
        let (graph, direction) = (standing.graph, standing.direction);
        let show = |point| shown(direction, point);
        let mut layout = Layout {
            nodes: nodes.iter().map(|area| shown_box(direction, area)).collect(),
            groups: standing
                .groups
                .iter()
                .map(|area| area.as_ref().map(|area| shown_box(direction, area)).unwrap_or_default())
                .collect(),
            routes: vec![Vec::new(); graph.edges.len()],
            labels: vec![None; graph.edges.len()],
            ..Layout::default()
        };
        for (own, (way, label)) in standing.part.edges.iter().zip(ways.iter().zip(labels)) {
            let Some(way) = way else { continue };
            layout.routes[own.index] = way.points.iter().map(|&point| show(point)).collect();
            layout.labels[own.index] = label.map(show);
        }
        let spaces: Vec<[i64; 4]> = nodes.iter().map(space).collect();
        for (edge, route, label) in loops::draw(&standing.part, &spaces) {
            let own = standing.part.edges[edge].index;
            layout.routes[own] = route.into_iter().map(|(along, across)| show([along, across])).collect();
            layout.labels[own] = label.map(|(along, across)| show([along, across]));
        }
        for &(edge, like) in &standing.shared {
            layout.routes[edge.index] = layout.routes[standing.part.edges[like].index].clone();
        }
        measure(&mut layout);
        layout
    }
}

/// The stretches where a way leaves its first node and reaches the last one, with its arrow.
fn ends(points: &[[i64; 2]]) -> Option<[Area; 2]> {
    let [first, second, ..] = points else { return None };
    let [.., before, last] = points else { return None };
    let stretch = |end: &[i64; 2], next: &[i64; 2], breadth: i64| {
        let back = if next[0] < end[0] { end[0] - ARROW[0] } else { end[0] };
        Area::at([back, end[1]], [ARROW[0], 0]).wider([0, breadth])
    };
    Some([stretch(first, second, 1), stretch(last, before, ARROW[1])])
}

fn space(area: &Area) -> [i64; 4] {
    let [along, across] = area.size();
    [area.low[0], area.low[1], along, across]
}
