//! Sets nodes down: those that are kept in their places, the others where there is room, near to what they are linked
//! with. Where a group has no room for what is new in it, what stands behind it moves on by as much as that needs.

use std::collections::BTreeMap;

use super::Pins;
use super::area::{Area, is_outside, seen, seen_box};
use super::standing::Standing;
use crate::cut::Cut;
use crate::error::Error;
use crate::graph::{Edge, Graph, Group, Hints, Node, Options, Point};
use crate::{loops, make_room, orient, share, split};

/// Groups that grow, with their boxes after that.
type GrownGroups = Vec<(usize, Area)>;

/// Places that are farther from the corner are none: no drawing is so large.
const FARTHEST: f64 = 1e6;
/// From a node to the next where it is set down, in the direction of edges and in the other: what is tried, in turn.
const ROOM: [[i64; 2]; 2] = [[44, 24], [28, 16]];
/// From a group that grows to what is beside it.
const BESIDE_GROUP: i64 = 12;
/// What an edge against the direction costs.
const BACKWARDS: i64 = 160;
/// Beside so many nodes of a group, the nearest, a place is looked for.
const NEAR: usize = 24;

/// A node, or a new group with all that is in it, that is set down at once.
struct Unit {
    home: Option<usize>,
    size: [i64; 2],
    /// Where its nodes and groups stand, seen from its corner.
    nodes: Vec<(usize, Area)>,
    groups: Vec<(usize, Area)>,
}

/// Sets down every node; `None` where that leads to nothing that can be drawn.
///
/// # Errors
/// A new group cannot be laid out.
pub(super) fn stand<'g>(graph: &'g Graph, options: &Options, pins: &Pins) -> Result<Option<Standing<'g>>, Error> {
    let mut part = split::whole_part(graph, options)?;
    let shared = share(&mut part);
    loops::make_room(&mut part);
    let links = orient::orient(&part, &Cut::default());
    make_room(&mut part, &links);
    let mut standing = Standing::new(graph, options, part, shared);
    standing.keep(pins);
    let mut units = standing.units(options)?;
    while !units.is_empty() {
        let next = (0..units.len()).max_by_key(|&unit| (standing.links(&units[unit]).len(), std::cmp::Reverse(unit)));
        let unit = units.remove(next.unwrap_or_default());
        standing.set(&unit);
    }
    Ok(standing.is_sound().then_some(standing))
}

impl Standing<'_> {
    /// Sets down what is kept. A node whose group is another one now, or that would stand on another, is not.
    fn keep(&mut self, pins: &Pins) {
        let is_place = |at: &&Point| at.x.abs() <= FARTHEST && at.y.abs() <= FARTHEST;
        let boxes: Vec<Option<Area>> = self
            .graph
            .groups
            .iter()
            .map(|group| pins.groups.get(&group.key).map(|rect| seen_box(self.direction, rect)))
            .collect();
        let mut order: Vec<usize> = (0..self.graph.nodes.len()).collect();
        order.sort_by_key(|&node| self.part.nodes[node].rank);
        for node in order {
            let own = &self.graph.nodes[node];
            let Some(at) = pins.nodes.get(&own.key).filter(is_place) else { continue };
            let at = seen(self.direction, *at);
            let is_at_home = |(group, kept): (usize, &Option<Area>)| {
                kept.is_none_or(|kept| kept.has(at) == self.is_in(own.group, group))
            };
            let area = Area::around(at, self.size(node));
            let room = self.room(node, &area);
            let is_apart = |(other, area): (usize, &Option<Area>)| {
                area.as_ref().is_none_or(|area| !self.room(other, area).meets(&room))
            };
            if boxes.iter().enumerate().all(is_at_home) && self.nodes.iter().enumerate().all(is_apart) {
                self.nodes[node] = Some(area);
            }
        }
        self.surround(&boxes);
    }

    /// Gives groups with nodes that stand their boxes: as they are kept, and larger where they have to be.
    fn surround(&mut self, boxes: &[Option<Area>]) {
        for group in self.part.deepest_first().into_iter().filter(|&group| group < boxes.len()) {
            let nodes = self.nodes.iter().enumerate().filter(|(node, _)| self.graph.nodes[*node].group == Some(group));
            let nodes = nodes.filter_map(|(node, area)| Some(self.room(node, area.as_ref()?)));
            let groups = self.groups.iter().enumerate();
            let groups = groups.filter(|(inner, _)| self.graph.groups[*inner].parent == Some(group));
            let inner = nodes.chain(groups.filter_map(|(_, area)| *area)).reduce(|a, b| a.with(&b));
            let Some(inner) = inner else { continue };
            self.groups[group] = Some(match boxes[group] {
                // What is kept may be closer to the border by a little: a node that grew moves nothing.
                Some(kept) => kept.with(&inner.wider([BESIDE_GROUP / 2; 2])),
                None => self.titled(group, self.around(group, &inner)),
            });
        }
    }

    /// What is to be set down, in the order of keys.
    fn units(&self, options: &Options) -> Result<Vec<Unit>, Error> {
        let mut new: BTreeMap<(usize, Option<usize>), Vec<usize>> = BTreeMap::new();
        let mut order: Vec<usize> = (0..self.nodes.len()).filter(|&node| self.nodes[node].is_none()).collect();
        order.sort_by_key(|&node| self.part.nodes[node].rank);
        for (place, &node) in order.iter().enumerate() {
            let outermost =
                self.ways(self.graph.nodes[node].group).filter(|&group| self.groups[group].is_none()).last();
            let key = outermost.map_or((place, None), |group| (usize::MAX, Some(group)));
            new.entry(key).or_default().push(node);
        }
        new.into_iter().map(|((_, group), nodes)| self.unit(options, group, nodes)).collect()
    }

    fn unit(&self, options: &Options, group: Option<usize>, nodes: Vec<usize>) -> Result<Unit, Error> {
        let Some(root) = group else {
            let size = self.size(nodes[0]);
            let aside = self.part.nodes[nodes[0]].aside;
            let area = Area::at([0, aside], size);
            let home = self.graph.nodes[nodes[0]].group;
            return Ok(Unit {
                home,
                size: [size[0], size[1] + 2 * aside],
                nodes: vec![(nodes[0], area)],
                groups: vec![],
            });
        };
        let groups: Vec<usize> = (0..self.groups.len()).filter(|&group| self.is_in(Some(group), root)).collect();
        let graph = self.inner(&nodes, &groups);
        let drawn = crate::layout(&graph, options, &Hints::default())?;
        let around = groups.iter().position(|&group| group == root).map(|at| drawn.groups[at]).unwrap_or_default();
        let around = seen_box(self.direction, &around);
        let back = around.low.map(|at| -at);
        let seen = |rect| seen_box(self.direction, rect).moved(back);
        let shown = groups.iter().zip(&drawn.groups).filter(|(_, rect)| rect.width > 0.0);
        Ok(Unit {
            home: self.graph.groups[root].parent,
            size: around.size(),
            groups: shown.map(|(&group, rect)| (group, seen(rect))).collect(),
            nodes: nodes.iter().zip(&drawn.nodes).map(|(&node, rect)| (node, seen(rect))).collect(),
        })
    }

    /// A part of the graph by itself.
    fn inner(&self, nodes: &[usize], groups: &[usize]) -> Graph {
        let at = |all: &[usize], one: usize| all.iter().position(|&own| own == one);
        let group = |group: Option<usize>| group.and_then(|group| at(groups, group));
        let node =
            |&node: &usize| Node { group: group(self.graph.nodes[node].group), ..self.graph.nodes[node].clone() };
        let inner =
            |&own: &usize| Group { parent: group(self.graph.groups[own].parent), ..self.graph.groups[own].clone() };
        let edge =
            |edge: &Edge| Some(Edge { source: at(nodes, edge.source)?, target: at(nodes, edge.target)?, ..*edge });
        Graph {
            nodes: nodes.iter().map(node).collect(),
            groups: groups.iter().map(inner).collect(),
            edges: self.graph.edges.iter().filter_map(edge).collect(),
        }
    }

    /// What stands and is linked with a unit: its box, and whether edges lead from there (1) or to it (-1).
    fn links(&self, unit: &Unit) -> Vec<(Area, i64)> {
        let is_own = |node: usize| unit.nodes.iter().any(|own| own.0 == node);
        let link = |edge: &Edge| match (is_own(edge.source), is_own(edge.target)) {
            (true, false) => Some((self.nodes[edge.target]?, -1)),
            (false, true) => Some((self.nodes[edge.source]?, 1)),
            _ => None,
        };
        self.graph.edges.iter().filter_map(link).collect()
    }

    /// Sets a unit down.
    fn set(&mut self, unit: &Unit) {
        let links = self.links(unit);
        let found = ROOM.iter().find_map(|&room| self.find(unit, &links, room));
        let (corner, grown) = found.unwrap_or_else(|| (self.make_way(unit, &links), GrownGroups::new()));
        for (group, area) in grown {
            self.groups[group] = Some(area);
        }
        for &(node, area) in &unit.nodes {
            self.nodes[node] = Some(area.moved(corner));
        }
        for &(group, area) in &unit.groups {
            self.groups[group] = Some(area.moved(corner));
        }
    }

    /// The cheapest place that is free: its corner, and the groups that grow for it.
    fn find(&self, unit: &Unit, links: &[(Area, i64)], room: [i64; 2]) -> Option<([i64; 2], GrownGroups)> {
        let mut places = self.places(unit, links, room);
        places.sort_unstable();
        places.dedup();
        let mut best: Option<(i64, [i64; 2], GrownGroups)> = None;
        for (cost, corner) in places {
            if best.as_ref().is_some_and(|(least, ..)| cost >= *least) {
                break;
            }
            let area = Area::at(corner, unit.size);
            if !self.is_free(unit.home, &area, room) {
                continue;
            }
            let Some(grown) = self.grown(unit.home, &area, BESIDE_GROUP) else { continue };
            let more =
                |&(group, after): &(usize, Area)| after.reach() - self.groups[group].map_or(0, |own| own.reach());
            let outer = grown.last().map_or(area, |grown| grown.1);
            // Above or left of the corner of the sheet, it would move everything.
            if is_outside(self.direction, &outer) {
                continue;
            }
            let cost = cost + grown.iter().map(more).sum::<i64>() + self.sheet_grows(&outer);
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, corner, grown));
            }
        }
        best.map(|(_, corner, grown)| (corner, grown))
    }

    /// The box around all that stands.
    fn around_all(&self) -> Option<Area> {
        self.nodes.iter().chain(&self.groups).flatten().copied().reduce(|a, b| a.with(&b))
    }

    /// By how much the sheet grows for a box.
    fn sheet_grows(&self, area: &Area) -> i64 {
        self.around_all().map_or(0, |all| all.with(area).reach() - all.reach())
    }

    /// Places that may be free, each with what its distance from what it is linked with costs: beside what stands in the
    /// same group, and where its links want it.
    fn places(&self, unit: &Unit, links: &[(Area, i64)], room: [i64; 2]) -> Vec<(i64, [i64; 2])> {
        let [length, breadth] = unit.size;
        let wanted = self.wanted(unit, links, room[0]);
        let middle = [wanted[0] + length / 2, wanted[1] + breadth / 2];
        let distance = |area: &Area| (0..2).map(|axis| (area.middle()[axis] - middle[axis]).abs()).sum::<i64>();
        let in_home = |(node, _): &(usize, &Option<Area>)| {
            unit.home.is_none_or(|home| self.is_in(self.graph.nodes[*node].group, home))
        };
        let nodes = self.nodes.iter().enumerate().filter(in_home).filter_map(|(_, area)| *area);
        let groups = self.groups.iter().enumerate().filter(|(group, _)| self.graph.groups[*group].parent == unit.home);
        let mut near: Vec<Area> = nodes.chain(groups.filter_map(|(_, area)| *area)).collect();
        near.sort_by_key(distance);
        near.truncate(NEAR);
        let home = unit.home.and_then(|home| Some((home, self.groups[home]?)));
        let (mut along, mut across) = (vec![wanted[0]], vec![wanted[1]]);
        for own in &near {
            let start = own.middle()[0] - length / 2;
            along.extend([own.low[0], start, own.high[0] + room[0], own.low[0] - room[0] - length]);
            across.extend([
                own.low[1],
                own.middle()[1] - breadth / 2,
                own.high[1] + room[1],
                own.low[1] - room[1] - breadth,
            ]);
        }
        if let Some(all) = self.around_all().filter(|_| home.is_none()) {
            along.extend([all.low[0], all.high[0] + room[0]]);
            across.extend([all.low[1], all.high[1] + room[1]]);
        }
        if let Some((home, area)) = home {
            let own = &self.part.groups[home];
            along.extend([area.low[0] + own.start, area.high[0] - own.end - length]);
            across.extend([area.low[1] + own.low, area.high[1] - own.high - breadth]);
        }
        for list in [&mut along, &mut across] {
            list.sort_unstable();
            list.dedup();
        }
        let cost = |corner: [i64; 2]| self.cost(&Area::at(corner, unit.size), links, room[0], wanted);
        let pairs = along.iter().flat_map(|&along| across.iter().map(move |&across| [along, across]));
        pairs.map(|corner| (cost(corner), corner)).collect()
    }

    /// The corner that the links of a unit want; without any, one below what stands in its group.
    fn wanted(&self, unit: &Unit, links: &[(Area, i64)], room: i64) -> [i64; 2] {
        let count = i64::try_from(links.len()).unwrap_or(1);
        if count == 0 {
            let home = unit.home.and_then(|home| self.groups[home]);
            return home.or_else(|| self.around_all()).map_or([0, 0], |around| [around.low[0], around.high[1]]);
        }
        let across = links.iter().map(|(area, _)| area.middle()[1]).sum::<i64>() / count - unit.size[1] / 2;
        let after = links.iter().filter(|link| link.1 > 0).map(|link| link.0.high[0] + room).max();
        let before = links.iter().filter(|link| link.1 < 0).map(|link| link.0.low[0] - room - unit.size[0]).min();
        [after.or(before).unwrap_or_default(), across]
    }

    fn cost(&self, area: &Area, links: &[(Area, i64)], room: i64, wanted: [i64; 2]) -> i64 {
        if links.is_empty() {
            return (0..2).map(|axis| (area.low[axis] - wanted[axis]).abs()).sum();
        }
        let link = |&(other, way): &(Area, i64)| {
            let gap = if way > 0 { area.low[0] - other.high[0] } else { other.low[0] - area.high[0] };
            let along = if gap < room { BACKWARDS + (room - gap) } else { (gap - room) * 2 / 3 };
            along + (area.middle()[1] - other.middle()[1]).abs()
        };
        links.iter().map(link).sum()
    }

    /// Lets what stands behind the group of a unit move on, so that it has room at its end; returns its corner.
    fn make_way(&mut self, unit: &Unit, links: &[(Area, i64)]) -> [i64; 2] {
        let wanted = self.wanted(unit, links, ROOM[0][0]);
        let home = unit.home.and_then(|home| Some((home, self.groups[home]?)));
        let Some((home, area)) = home else {
            let around = self.around_all().unwrap_or(Area::at([0, 0], [0, 0]));
            return [around.low[0], around.high[1] + ROOM[0][1]];
        };
        let own = &self.part.groups[home];
        let (starts, ends) = ([own.start, own.low], [own.end, own.high]);
        let lines = [area.high[0] - own.end, area.high[1] - own.high];
        let axis = usize::from(self.behind(0, lines[0]) >= self.behind(1, lines[1]));
        let other = 1 - axis;
        let inside = area.size()[other] - starts[other] - ends[other];
        let missing = unit.size[other] - inside;
        if missing > 0 {
            self.open(other, lines[other], missing);
        }
        let mut corner = [0; 2];
        corner[axis] = lines[axis] + ROOM[0][axis];
        self.open(axis, lines[axis], unit.size[axis] + ROOM[0][axis]);
        let start = area.low[other] + starts[other];
        let last = start.max(start + inside.max(unit.size[other]) - unit.size[other]);
        corner[other] = wanted[other].clamp(start, last);
        corner
    }
}
