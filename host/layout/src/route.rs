//! How far along everything stands, and how edges run: straight through layers, and turning between them.

use std::collections::BTreeMap;

use crate::columns::Columns;
use crate::loops;
use crate::orient::Link;
use crate::part::Part;
use crate::place::Places;
use crate::ports::Ports;
use crate::proper::{Kind, Proper};
use crate::tracks::{Turn, assign};

/// A box of a part: along, across, and the sizes of both.
pub(crate) type Space = [i64; 4];

/// A part that is laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoutedPart {
    pub(crate) nodes: Vec<Space>,
    /// As the groups of the part, the sheet included.
    pub(crate) groups: Vec<Space>,
    /// As the edges of the part, from source to target.
    pub(crate) routes: Vec<Vec<(i64, i64)>>,
    pub(crate) labels: Vec<Option<(i64, i64)>>,
}

impl RoutedPart {
    /// The box around everything.
    pub(crate) fn around(&self) -> Space {
        let points = self.routes.iter().flatten().copied();
        let corners = self.nodes.iter().chain(&self.groups).flat_map(|&[a, b, c, d]| [(a, b), (a + c, b + d)]);
        let (mut low, mut high) = ((i64::MAX, i64::MAX), (i64::MIN, i64::MIN));
        for (along, across) in points.chain(corners) {
            low = (low.0.min(along), low.1.min(across));
            high = (high.0.max(along), high.1.max(across));
        }
        [low.0, low.1, high.0 - low.0, high.1 - low.1]
    }

    /// The sizes of that box.
    pub(crate) fn size(&self) -> (f64, f64) {
        let [_, _, along, across] = self.around();
        #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
        let size = (along as f64, across as f64);
        size
    }
}

/// Draws a part whose items have their places.
pub(crate) fn draw(part: &Part, proper: &Proper, links: &[Link], ports: &Ports, places: &Places) -> RoutedPart {
    let mut wires = vec![Wires::default(); proper.layers];
    for (link, chain) in proper.chains.iter().enumerate() {
        let (own, [left, right]) = (&links[link], links[link].bundles(part));
        for (at, pair) in chain.windows(2).enumerate() {
            let [is_first, is_last] = [at == 0, at + 2 == chain.len()];
            let from = places.items[pair[0]] + if is_first { ports.leaving[link] } else { 0 };
            let to = places.items[pair[1]] + if is_last { ports.entering[link] } else { 0 };
            let shared = left.filter(|_| is_first).map(|bundle| (own.left, bundle));
            let shared = shared.or(right.filter(|_| is_last).map(|bundle| (own.right, bundle)));
            wires[proper.items[pair[0]].layer].add(link, from, to, shared);
        }
    }
    let columns = Columns::of(part, proper, &mut wires);
    let mut drawn = RoutedPart {
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
pub(crate) struct Wires {
    pieces: Vec<Piece>,
    turns: Vec<Turn>,
    tracks: Vec<usize>,
    /// The turns that edges of a bundle share, by the node that they lead to.
    bundles: BTreeMap<(usize, u32), usize>,
}

/// A piece of a link: where it comes from and goes to, and its turn, if it has one.
#[derive(Clone, Copy, Debug)]
struct Piece {
    link: usize,
    from: i64,
    to: i64,
    turn: Option<usize>,
}

impl Wires {
    /// Adds a piece; one that shares its turn names the node and the bundle.
    fn add(&mut self, link: usize, from: i64, to: i64, bundle: Option<(usize, u32)>) {
        let next = self.turns.len();
        let turn = bundle.map_or(next, |bundle| *self.bundles.entry(bundle).or_insert(next));
        if turn == next {
            self.turns.push(Turn { from: vec![from], to: vec![to] });
        } else {
            self.turns[turn].add(from, to);
        }
        self.pieces.push(Piece { link, from, to, turn: Some(turn) });
    }

    /// Forgets the turns of what runs straight on, and finds the tracks of the others; returns how many there are.
    pub(crate) fn settle(&mut self) -> usize {
        let mut kept = Vec::with_capacity(self.turns.len());
        let numbers: Vec<Option<usize>> = std::mem::take(&mut self.turns)
            .into_iter()
            .map(|turn| {
                turn.is_bent().then(|| {
                    kept.push(turn);
                    kept.len() - 1
                })
            })
            .collect();
        for piece in &mut self.pieces {
            piece.turn = piece.turn.and_then(|turn| numbers[turn]);
        }
        let (tracks, count) = assign(&kept);
        (self.turns, self.tracks) = (kept, tracks);
        count
    }

    /// Adds the points of a link to its route.
    fn follow(&self, link: usize, (first, step): (i64, i64), route: &mut Vec<(i64, i64)>) {
        let Ok(at) = self.pieces.binary_search_by_key(&link, |piece| piece.link) else { return };
        let Piece { from, to, turn, .. } = self.pieces[at];
        if let [start] = &mut route[..] {
            start.1 = from;
        }
        if let Some(turn) = turn {
            let along = first + step * i64::try_from(self.tracks[turn]).unwrap_or(0);
            route.extend([(along, from), (along, to)]);
        }
    }
}
