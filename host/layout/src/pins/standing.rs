//! What stands on the sheet already, and where there is room beside it.

use super::area::{Area, seen_box, shown_box};
use crate::graph::{Direction, Graph, Options, Rect};
use crate::part::{Part, PartEdge};

/// From the border of a group to the box that keeps its title free.
const BESIDE_TITLE: f64 = 16.0;

/// The boxes of nodes and groups that stand.
pub(super) struct Standing<'g> {
    pub(super) graph: &'g Graph,
    pub(super) direction: Direction,
    title_height: f64,
    /// The graph as one part; the sheet is the last group.
    pub(super) part: Part,
    /// Edges that have the route of another one, each with that.
    pub(super) shared: Vec<(PartEdge, usize)>,
    pub(super) nodes: Vec<Option<Area>>,
    pub(super) groups: Vec<Option<Area>>,
}

impl<'g> Standing<'g> {
    pub(super) fn new(graph: &'g Graph, options: &Options, part: Part, shared: Vec<(PartEdge, usize)>) -> Self {
        let (nodes, groups) = (vec![None; graph.nodes.len()], vec![None; graph.groups.len()]);
        let (direction, title_height) = (options.direction, options.spacing.title);
        Self { graph, direction, title_height, part, shared, nodes, groups }
    }

    /// The size of a node.
    pub(super) fn size(&self, node: usize) -> [i64; 2] {
        let own = &self.part.nodes[node];
        [own.along, own.across]
    }

    /// What a node takes with its edges to itself.
    pub(super) fn room(&self, node: usize, area: &Area) -> Area {
        area.wider([0, self.part.nodes[node].aside])
    }

    /// A group and all that it lies in, the innermost first.
    pub(super) fn ways(&self, group: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(group, |&group| self.graph.groups[group].parent)
    }

    pub(super) fn is_in(&self, group: Option<usize>, outer: usize) -> bool {
        self.ways(group).any(|at| at == outer)
    }

    /// Where the title of a group stands.
    pub(super) fn title(&self, group: usize) -> Option<Area> {
        let size = self.graph.groups[group].title;
        let around = shown_box(self.direction, self.groups[group].as_ref()?);
        let width = size.width + BESIDE_TITLE;
        let title = Rect { x: around.x + 2.0, y: around.y + 2.0, width, height: self.title_height - 4.0 };
        (size.width > 0.0).then(|| seen_box(self.direction, &title))
    }

    /// What a box needs of a group that holds it.
    pub(super) fn around(&self, group: usize, inner: &Area) -> Area {
        let own = &self.part.groups[group];
        Area {
            low: [inner.low[0] - own.start, inner.low[1] - own.low],
            high: [inner.high[0] + own.end, inner.high[1] + own.high],
        }
    }

    /// Lets a group be as large as its title needs.
    pub(super) fn titled(&self, group: usize, area: Area) -> Area {
        let (own, mut area) = (&self.part.groups[group], area);
        for (axis, least) in [own.along, own.across].into_iter().enumerate() {
            area.high[axis] = area.high[axis].max(area.low[axis] + least);
        }
        area
    }

    /// Whether a box in a group would touch nothing, with some room around it.
    pub(super) fn is_free(&self, home: Option<usize>, area: &Area, room: [i64; 2]) -> bool {
        let wide = area.wider(room);
        let is_node = |(node, other): (usize, &Option<Area>)| {
            other.as_ref().is_some_and(|other| self.room(node, other).meets(&wide))
        };
        let is_group = |(group, other): (usize, &Option<Area>)| {
            let Some(other) = other else { return false };
            if self.is_in(home, group) {
                self.title(group).is_some_and(|title| title.meets(area))
            } else {
                other.meets(&wide)
            }
        };
        !self.nodes.iter().enumerate().any(is_node) && !self.groups.iter().enumerate().any(is_group)
    }

    /// How the groups around a box have to grow to hold it; `None` where one would touch something else.
    pub(super) fn grown(&self, home: Option<usize>, area: &Area, room: i64) -> Option<Vec<(usize, Area)>> {
        let (mut grown, mut inner) = (Vec::new(), *area);
        for group in self.ways(home) {
            let need = self.titled(group, self.around(group, &inner));
            let before = self.groups[group];
            let after = before.map_or(need, |before| before.with(&need));
            if before == Some(after) {
                break;
            }
            if !self.may_be(group, &after.wider([room; 2])) {
                return None;
            }
            grown.push((group, after));
            inner = after;
        }
        Some(grown)
    }

    /// Whether a group may have a box: nothing that is not in it is there.
    fn may_be(&self, group: usize, wide: &Area) -> bool {
        let is_foreign_node = |(node, other): (usize, &Option<Area>)| {
            other.as_ref().is_some_and(|other| {
                self.room(node, other).meets(wide) && !self.is_in(self.graph.nodes[node].group, group)
            })
        };
        let is_foreign_group = |(other, area): (usize, &Option<Area>)| {
            let Some(area) = area else { return false };
            if self.is_in(Some(other), group) {
                return false;
            }
            if self.is_in(Some(group), other) {
                return self.title(other).is_some_and(|title| title.meets(wide));
            }
            area.meets(wide)
        };
        !self.nodes.iter().enumerate().any(is_foreign_node) && !self.groups.iter().enumerate().any(is_foreign_group)
    }

    /// Moves everything behind a line on, so that there is room.
    pub(super) fn open(&mut self, axis: usize, line: i64, room: i64) {
        for area in self.nodes.iter_mut().chain(&mut self.groups).flatten() {
            if area.low[axis] >= line {
                area.low[axis] += room;
                area.high[axis] += room;
            }
        }
        for area in self.groups.iter_mut().flatten() {
            if area.low[axis] < line && area.high[axis] >= line {
                area.high[axis] += room;
            }
        }
    }

    /// How many nodes stand behind a line.
    pub(super) fn behind(&self, axis: usize, line: i64) -> usize {
        self.nodes.iter().flatten().filter(|area| area.low[axis] >= line).count()
    }

    /// Whether everything stands, and nothing stands where something else does.
    pub(super) fn is_sound(&self) -> bool {
        let whole = |(node, area): (usize, &Option<Area>)| {
            area.is_some_and(|area| {
                let others = self.nodes.iter().enumerate().skip(node + 1);
                let mut others = others.filter_map(|(other, area)| Some(self.room(other, area.as_ref()?)));
                let own = self.room(node, &area);
                let home = self.graph.nodes[node].group;
                let held = self.ways(home).all(|group| self.groups[group].is_some_and(|group| group.holds(&own)));
                held && !others.any(|other| other.meets(&own))
            })
        };
        let apart = |(group, area): (usize, &Option<Area>)| area.is_none_or(|area| self.may_be(group, &area));
        self.nodes.iter().enumerate().all(whole) && self.groups.iter().enumerate().all(apart)
    }
}
