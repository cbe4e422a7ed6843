//! The parts of a drawing on one sheet, and back from whole units along and across to its own.

use std::collections::BTreeMap;

use crate::graph::{Direction, Graph, Hints, Layout, Options, Point, Rect, Size};
use crate::part::{even, whole};
use crate::route::{RoutedPart, Space};
use crate::shelf;
use crate::split::Piece;

/// From one part to the next, in times the distance of nodes.
const APART: f64 = 1.5;

/// Puts parts on a sheet. Those that were in an earlier drawing stand where they were, if they are not in each other's way.
pub(crate) fn pack(graph: &Graph, options: &Options, hints: &Hints, parts: Vec<(Piece, RoutedPart)>) -> Layout {
    let mut layout = Layout {
        nodes: vec![Rect::default(); graph.nodes.len()],
        groups: vec![Rect::default(); graph.groups.len()],
        routes: vec![Vec::new(); graph.edges.len()],
        labels: vec![None; graph.edges.len()],
        origin: Point::default(),
        size: Size::default(),
    };
    let mut views: Vec<View> = parts
        .iter()
        .map(|(_, drawn)| View { direction: options.direction, own: drawn.around(), place: (0, 0) })
        .collect();
    let held: Vec<Option<(i64, i64)>> =
        parts.iter().zip(&views).map(|((piece, drawn), view)| view.held(graph, hints, piece, drawn)).collect();
    let sizes: Vec<(i64, i64)> = views.iter().map(View::size).collect();
    let places = held_places(&sizes, &held, options).unwrap_or_else(|| places(&sizes, options));
    for (((piece, drawn), view), place) in parts.iter().zip(&mut views).zip(places) {
        view.place = place;
        view.write(piece, drawn, &mut layout);
    }
    measure(&mut layout);
    layout
}

/// Where the parts stand if those that are held stand where they were, and the others below; `None` where none is held or
/// two would overlap.
fn held_places(sizes: &[(i64, i64)], held: &[Option<(i64, i64)>], options: &Options) -> Option<Vec<(i64, i64)>> {
    let known: Vec<[i64; 4]> =
        sizes.iter().zip(held).filter_map(|(&(width, height), at)| at.map(|(x, y)| [x, y, width, height])).collect();
    let overlap = |a: &[i64; 4], b: &[i64; 4]| {
        (0..2).all(|axis| a[axis] < b[axis] + b[axis + 2] && b[axis] < a[axis] + a[axis + 2])
    };
    let are_apart = known.iter().enumerate().all(|(at, own)| known[at + 1..].iter().all(|other| !overlap(own, other)));
    let left = known.iter().map(|own| own[0]).min().filter(|_| are_apart)?;
    let bottom = known.iter().map(|own| own[1] + own[3]).max()?;
    let new: Vec<(i64, i64)> = sizes.iter().zip(held).filter(|(_, at)| at.is_none()).map(|(&size, _)| size).collect();
    let below = bottom + even(options.spacing.node * APART);
    let mut below = places(&new, options).into_iter().map(|(x, y)| (left + x, below + y));
    Some(held.iter().map(|at| at.or_else(|| below.next()).unwrap_or_default()).collect())
}

/// Where the parts stand: the highest first, each as high up as it fits.
fn places(sizes: &[(i64, i64)], options: &Options) -> Vec<(i64, i64)> {
    let gap = even(options.spacing.node * APART);
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&part| (std::cmp::Reverse(sizes[part].1), part));
    let sorted: Vec<(i64, i64)> = order.iter().map(|&part| sizes[part]).collect();
    let widest = sizes.iter().map(|size| size.0).max().unwrap_or(0);
    let mut best: Option<(f64, Vec<(i64, i64)>)> = None;
    let first = shelf::width_for(&sorted, options.aspect, gap);
    for width in [widest, first * 3 / 4, first * 7 / 8, first, first * 9 / 8] {
        let (places, (width, height)) = skyline(&sorted, width.max(widest), gap);
        #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
        let cost = (width as f64 / options.aspect).max(height as f64);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, places));
        }
    }
    let mut places = vec![(0, 0); sizes.len()];
    for (part, place) in order.into_iter().zip(best.map(|(_, places)| places).unwrap_or_default()) {
        places[part] = place;
    }
    places
}

/// Puts each box as high as it fits, then as far left, in a width; returns the places and the size of all.
fn skyline(sizes: &[(i64, i64)], width: i64, gap: i64) -> (Vec<(i64, i64)>, (i64, i64)) {
    // Stretches from the left, each with its start and how far down it is taken.
    let mut line: Vec<(i64, i64)> = vec![(0, 0)];
    let (mut places, mut most) = (Vec::with_capacity(sizes.len()), (0, 0));
    for &(own_width, own_height) in sizes {
        let mut best: Option<(i64, i64)> = None;
        for at in 0..line.len() {
            let x = line[at].0;
            if x > 0 && x + own_width > width {
                break;
            }
            let covered = line[at..].iter().take_while(|stretch| stretch.0 < x + own_width);
            let y = covered.map(|stretch| stretch.1).max().unwrap_or(0);
            if best.is_none_or(|(least, _)| y < least) {
                best = Some((y, x));
            }
        }
        let (y, x) = best.unwrap_or_default();
        places.push((x, y));
        most = (most.0.max(x + own_width), most.1.max(y + own_height));
        let end = x + own_width + gap;
        let behind = line.iter().rev().find(|stretch| stretch.0 <= end).map_or(0, |stretch| stretch.1);
        line.retain(|stretch| stretch.0 < x || stretch.0 > end);
        line.push((x, y + own_height + gap));
        line.push((end, behind));
        line.sort_unstable();
    }
    (places, most)
}

/// How a part is seen on the sheet.
struct View {
    direction: Direction,
    /// The box of the part, in its own units.
    own: Space,
    /// Its upper left corner on the sheet.
    place: (i64, i64),
}

impl View {
    /// The width and the height of the part.
    fn size(&self) -> (i64, i64) {
        let [_, _, along, across] = self.own;
        if self.direction.is_level() { (along, across) } else { (across, along) }
    }

    /// Where the part has to stand so that as many of its nodes as possible stand where they were.
    fn held(&self, graph: &Graph, hints: &Hints, piece: &Piece, drawn: &RoutedPart) -> Option<(i64, i64)> {
        let mut votes: BTreeMap<(i64, i64), usize> = BTreeMap::new();
        self.nodes(piece, drawn, |node, rect| {
            let hint = hints.nodes.get(&graph.nodes[node].key).filter(|hint| hint.x.is_finite() && hint.y.is_finite());
            if let Some(hint) = hint {
                let middle = rect.center();
                *votes.entry((whole(hint.x - middle.x), whole(hint.y - middle.y))).or_default() += 1;
            }
        });
        votes.into_iter().max_by_key(|&(place, count)| (count, std::cmp::Reverse(place))).map(|(place, _)| place)
    }

    /// Hands on where each node of the graph stands.
    fn nodes(&self, piece: &Piece, drawn: &RoutedPart, mut take: impl FnMut(usize, Rect)) {
        for (members, &[along, across, length, breadth]) in piece.members.iter().zip(&drawn.nodes) {
            for member in members {
                let size = if member.is_whole { (length, breadth) } else { member.size };
                take(member.node, self.rect([along + member.along, across + member.across, size.0, size.1]));
            }
        }
    }

    fn point(&self, (along, across): (i64, i64)) -> Point {
        let [start, low, length, _] = self.own;
        let end = if self.direction.is_back() { length } else { 0 };
        let [x, y] = self.direction.on_sheet([along - start - end, across - low]);
        #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
        let point = Point { x: (x + self.place.0) as f64, y: (y + self.place.1) as f64 };
        point
    }

    fn rect(&self, [along, across, length, breadth]: Space) -> Rect {
        Rect::between(self.point((along, across)), self.point((along + length, across + breadth)))
    }

    fn write(&self, piece: &Piece, drawn: &RoutedPart, layout: &mut Layout) {
        self.nodes(piece, drawn, |node, rect| layout.nodes[node] = rect);
        for (group, &space) in piece.part.groups.iter().zip(&drawn.groups) {
            if let Some(index) = group.index {
                layout.groups[index] = self.rect(space);
            }
        }
        for (edge, (route, label)) in piece.part.edges.iter().zip(drawn.routes.iter().zip(&drawn.labels)) {
            layout.routes[edge.index] = route.iter().map(|&point| self.point(point)).collect();
            layout.labels[edge.index] = label.map(|label| self.point(label));
        }
    }
}

/// Measures a drawing. A group with nothing in it is a point in its corner.
pub(crate) fn measure(layout: &mut Layout) {
    let full = layout.groups.iter().filter(|group| **group != Rect::default());
    let rects = layout
        .nodes
        .iter()
        .chain(full)
        .flat_map(|rect| [Point { x: rect.x, y: rect.y }, Point { x: rect.right(), y: rect.bottom() }]);
    let corners: Vec<Point> = rects.chain(layout.routes.iter().flatten().copied()).collect();
    let Some(&first) = corners.first() else { return };
    let (mut low, mut high) = (first, first);
    for corner in corners {
        low = Point { x: low.x.min(corner.x), y: low.y.min(corner.y) };
        high = Point { x: high.x.max(corner.x), y: high.y.max(corner.y) };
    }
    layout.origin = low;
    for group in layout.groups.iter_mut().filter(|group| **group == Rect::default()) {
        (group.x, group.y) = (low.x, low.y);
    }
    layout.size = Size { width: high.x - low.x, height: high.y - low.y };
}
