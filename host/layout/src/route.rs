//! How far along everything stands, and how edges run: straight through layers, and turning between them.

use crate::loops;
use crate::orient::Link;
use crate::part::Part;
use crate::place::Places;
use crate::ports::Ports;
use crate::proper::{Kind, Proper};
use crate::tracks::{Turn, assign};

/// From a label to where its line may turn.
const BESIDE_LABEL: i64 = 7;
/// The least width of a channel without turns beside a layer of labels.
const NARROW: i64 = 10;

/// A layer is held back by so much, at most, to stand where it did.
const FARTHEST: i64 = 400;

/// A box of a part: along, across, and the sizes of both.
pub(crate) type Space = [i64; 4];

/// A part that is laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawn {
    pub(crate) nodes: Vec<Space>,
    /// As the groups of the part, the sheet included.
    pub(crate) groups: Vec<Space>,
    /// As the edges of the part, from source to target.
    pub(crate) routes: Vec<Vec<(i64, i64)>>,
    pub(crate) labels: Vec<Option<(i64, i64)>>,
}

/// Draws a part whose items have their places.
pub(crate) fn draw(part: &Part, proper: &Proper, links: &[Link], ports: &Ports, places: &Places) -> Drawn {
    let mut wires = vec![Wires::default(); proper.layers];
    for (link, chain) in proper.chains.iter().enumerate() {
        for (at, pair) in chain.windows(2).enumerate() {
            let from = places.items[pair[0]] + if at == 0 { ports.leaving[link] } else { 0 };
            let last = at + 2 == chain.len();
            let to = places.items[pair[1]] + if last { ports.entering[link] } else { 0 };
            wires[proper.items[pair[0]].layer].add(link, from, to);
        }
    }
    let columns = Columns::of(part, proper, &mut wires);
    let mut drawn = Drawn {
        nodes: vec![[0; 4]; part.nodes.len()],
        groups: columns.groups(part, proper, places),
        routes: vec![Vec::new(); part.edges.len()],
        labels: vec![None; part.edges.len()],
    };
    for (index, item) in proper.items.iter().enumerate() {
        let (left, width) = columns.layers[item.layer];
        match item.kind {
            Kind::Node(node) => {
                let across = part.nodes[node].across;
                let corner = (left + (width - item.along) / 2, places.items[index] - across / 2);
                drawn.nodes[node] = [corner.0, corner.1, item.along, across];
            }
            Kind::Label(link) => drawn.labels[links[link].edge] = Some((left + width / 2, places.items[index])),
            Kind::Lane(_) | Kind::Title(_) => {}
        }
    }
    for (link, own) in links.iter().enumerate() {
        let edge = &part.edges[own.edge];
        let mut route = vec![(end_of(drawn.nodes[own.left]), i64::MIN)];
        for &item in &proper.chains[link][..proper.chains[link].len() - 1] {
            let layer = proper.items[item].layer;
            wires[layer].follow(link, columns.tracks[layer], &mut route);
        }
        route.push((drawn.nodes[own.right][0], route[route.len() - 1].1));
        if edge.source != own.left {
            route.reverse();
        }
        drawn.routes[own.edge] = straight(route);
    }
    for (edge, route, label) in loops::draw(part, &drawn.nodes) {
        drawn.routes[edge] = route;
        drawn.labels[edge] = label;
    }
    drawn
}

fn end_of(space: Space) -> i64 {
    space[0] + space[2]
}

/// Leaves out points in the middle of a straight stretch.
fn straight(route: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(route.len());
    for point in route {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = out[..]
            && ((a.0 == b.0 && b.0 == point.0) || (a.1 == b.1 && b.1 == point.1))
        {
            out.pop();
        }
        out.push(point);
    }
    out
}

/// The pieces of edges between a layer and the next.
#[derive(Clone, Debug, Default)]
struct Wires {
    /// The link, where it comes from and goes to, and its turn, if it has one.
    pieces: Vec<(usize, i64, i64, Option<usize>)>,
    turns: Vec<Turn>,
    tracks: Vec<usize>,
}

impl Wires {
    fn add(&mut self, link: usize, from: i64, to: i64) {
        let turn = (from != to).then(|| {
            self.turns.push(Turn { from: vec![from], to: vec![to] });
            self.turns.len() - 1
        });
        self.pieces.push((link, from, to, turn));
    }

    /// Adds the points of a link to its route.
    fn follow(&self, link: usize, (first, step): (i64, i64), route: &mut Vec<(i64, i64)>) {
        let Ok(at) = self.pieces.binary_search_by_key(&link, |piece| piece.0) else { return };
        let (_, from, to, turn) = self.pieces[at];
        if let [start] = &mut route[..] {
            start.1 = from;
        }
        if let Some(turn) = turn {
            let along = first + step * i64::try_from(self.tracks[turn]).unwrap_or(0);
            route.extend([(along, from), (along, to)]);
        }
    }
}

/// Where layers were in an earlier drawing.
struct Held {
    /// The middle of each layer that has a node which is known.
    middles: Vec<Option<i64>>,
    /// From the places then to the places now.
    shift: Option<i64>,
}

impl Held {
    fn of(part: &Part, proper: &Proper) -> Self {
        let mut middles = vec![None; proper.layers];
        for item in &proper.items {
            if let Kind::Node(node) = item.kind {
                middles[item.layer] = middles[item.layer].max(part.nodes[node].hint.map(|(along, _)| along));
            }
        }
        Self { middles, shift: None }
    }

    /// Where a layer starts that could start at a place: further behind if it did then, within reason.
    fn start(&mut self, layer: usize, at: i64, width: i64) -> i64 {
        let Some(middle) = self.middles[layer] else { return at };
        let shift = *self.shift.get_or_insert(at + width / 2 - middle);
        let then = middle + shift - width / 2;
        if (at..at + FARTHEST).contains(&then) { then } else { at }
    }
}

/// Where the layers stand, and the tracks between them.
struct Columns {
    /// The start and the width of each layer.
    layers: Vec<(i64, i64)>,
    /// The first track behind each layer, and from one to the next.
    tracks: Vec<(i64, i64)>,
    /// How far the borders of each group are before its first layer and behind its last one.
    reaches: Vec<(i64, i64)>,
}

impl Columns {
    fn of(part: &Part, proper: &Proper, wires: &mut [Wires]) -> Self {
        let mut columns = Self { layers: Vec::new(), tracks: Vec::new(), reaches: vec![(0, 0); part.groups.len()] };
        columns.reach(part, proper);
        let mut widths = vec![0; proper.layers];
        let mut has_nodes = vec![false; proper.layers];
        for item in &proper.items {
            widths[item.layer] = item.along.max(widths[item.layer]);
            has_nodes[item.layer] |= !item.kind.is_passed();
        }
        let zones = columns.zones(proper);
        let mut at = zones.first().map_or(0, |zone| zone.0);
        let mut held = Held::of(part, proper);
        for layer in 0..proper.layers {
            at = held.start(layer, at, widths[layer]);
            let width = columns.wide_enough(part, proper, layer, at, widths[layer]);
            columns.layers.push((at, width));
            let last = layer + 1 == proper.layers;
            let (tracks, count) = assign(&wires[layer].turns);
            wires[layer].tracks = tracks;
            let stub = |is_node: bool| if is_node { part.gaps.stub } else { BESIDE_LABEL };
            let (behind, before) = (zones[layer].1, if last { 0 } else { zones[layer + 1].0 });
            let start = at + width + behind + stub(has_nodes[layer]);
            columns.tracks.push((start, part.gaps.lane));
            let room = match i64::try_from(count).unwrap_or(0) {
                0 => 0,
                count => stub(has_nodes[layer]) + (count - 1) * part.gaps.lane + stub(last || has_nodes[layer + 1]),
            };
            let least = if !last && has_nodes[layer] && has_nodes[layer + 1] { part.gaps.layer } else { NARROW };
            at += width + behind + room.max(least) + before;
        }
        columns
    }

    /// How far each group reaches: with the groups in it that start or end with it.
    fn reach(&mut self, part: &Part, proper: &Proper) {
        let mut inner = vec![(0, 0); part.groups.len()];
        for group in part.deepest_first() {
            let Some((first, last)) = proper.spans[group] else { continue };
            let own = &part.groups[group];
            self.reaches[group] = (inner[group].0 + own.start, inner[group].1 + own.end);
            let Some((outer_first, outer_last)) = proper.spans[own.parent] else { continue };
            let outer: &mut (i64, i64) = &mut inner[own.parent];
            if outer_first == first && own.parent != group {
                outer.0 = outer.0.max(self.reaches[group].0);
            }
            if outer_last == last && own.parent != group {
                outer.1 = outer.1.max(self.reaches[group].1);
            }
        }
    }

    /// The room that borders take before and behind each layer.
    fn zones(&self, proper: &Proper) -> Vec<(i64, i64)> {
        let mut zones = vec![(0, 0); proper.layers];
        for (span, reach) in proper.spans.iter().zip(&self.reaches) {
            if let Some((first, last)) = *span {
                zones[first].0 = reach.0.max(zones[first].0);
                zones[last].1 = reach.1.max(zones[last].1);
            }
        }
        zones
    }

    /// The width of a layer that starts at a place: groups that end here have room for their titles.
    fn wide_enough(&self, part: &Part, proper: &Proper, layer: usize, at: i64, width: i64) -> i64 {
        let ends_here = |group: &usize| proper.spans[*group].is_some_and(|(_, last)| last == layer);
        let missing = |group: usize| {
            let first = proper.spans[group].map_or(layer, |(first, _)| first);
            let start = if first == layer { at } else { self.layers[first].0 };
            part.groups[group].along - (self.reaches[group].0 + self.reaches[group].1) - (at - start)
        };
        (0..part.groups.len()).filter(ends_here).map(missing).fold(width, i64::max)
    }

    fn groups(&self, part: &Part, proper: &Proper, places: &Places) -> Vec<Space> {
        let space = |group: usize| {
            let (first, last) = proper.spans[group]?;
            let start = self.layers[first].0 - self.reaches[group].0;
            let end = self.layers[last].0 + self.layers[last].1 + self.reaches[group].1;
            let (low, high) = places.groups[group];
            Some([start, low, end - start, high - low])
        };
        (0..part.groups.len()).map(|group| space(group).unwrap_or_default()).collect()
    }
}
