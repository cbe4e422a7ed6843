//! The parts of a drawing on one sheet, and back from whole units along and across to its own.

use crate::graph::{Direction, Graph, Layout, Options, Point, Rect, Size};
use crate::part::even;
use crate::route::{Drawn, Space};
use crate::shelf;
use crate::split::Piece;

/// From one part to the next, in times the distance of nodes.
const APART: f64 = 1.5;

/// Puts parts on a sheet.
pub(crate) fn pack(graph: &Graph, options: &Options, parts: Vec<(Piece, Drawn)>) -> Layout {
    let mut layout = Layout {
        nodes: vec![Rect::default(); graph.nodes.len()],
        groups: vec![Rect::default(); graph.groups.len()],
        routes: vec![Vec::new(); graph.edges.len()],
        labels: vec![None; graph.edges.len()],
        size: Size::default(),
    };
    let boxes: Vec<Space> = parts.iter().map(|(_, drawn)| around(drawn)).collect();
    let sizes: Vec<(i64, i64)> = boxes
        .iter()
        .map(|&[_, _, along, across]| if options.direction.is_level() { (along, across) } else { (across, along) })
        .collect();
    let places = places(&sizes, options);
    for (((piece, drawn), own), place) in parts.iter().zip(&boxes).zip(places) {
        let view = View { direction: options.direction, own: *own, place };
        view.write(piece, drawn, &mut layout);
    }
    measure(&mut layout);
    layout
}

/// The box around a part.
fn around(drawn: &Drawn) -> Space {
    let points = drawn.routes.iter().flatten().copied();
    let corners = drawn.nodes.iter().chain(&drawn.groups).flat_map(|&[a, b, c, d]| [(a, b), (a + c, b + d)]);
    let (mut low, mut high) = ((i64::MAX, i64::MAX), (i64::MIN, i64::MIN));
    for (along, across) in points.chain(corners) {
        low = (low.0.min(along), low.1.min(across));
        high = (high.0.max(along), high.1.max(across));
    }
    [low.0, low.1, high.0 - low.0, high.1 - low.1]
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
    fn point(&self, (along, across): (i64, i64)) -> Point {
        let [start, low, length, _] = self.own;
        let (along, across) = (along - start, across - low);
        let (x, y) = match self.direction {
            Direction::Right => (along, across),
            Direction::Left => (length - along, across),
            Direction::Down => (across, along),
            Direction::Up => (across, length - along),
        };
        #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
        let point = Point { x: (x + self.place.0) as f64, y: (y + self.place.1) as f64 };
        point
    }

    fn rect(&self, [along, across, length, breadth]: Space) -> Rect {
        let (a, b) = (self.point((along, across)), self.point((along + length, across + breadth)));
        Rect { x: a.x.min(b.x), y: a.y.min(b.y), width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
    }

    fn write(&self, piece: &Piece, drawn: &Drawn, layout: &mut Layout) {
        for (members, &[along, across, length, breadth]) in piece.members.iter().zip(&drawn.nodes) {
            for member in members {
                let size = if member.is_whole { (length, breadth) } else { member.size };
                layout.nodes[member.node] = self.rect([along + member.along, across + member.across, size.0, size.1]);
            }
        }
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

/// Measures a drawing.
fn measure(layout: &mut Layout) {
    let rects = layout.nodes.iter().chain(&layout.groups);
    let (mut width, mut height) = (0.0_f64, 0.0_f64);
    for rect in rects {
        width = width.max(rect.right());
        height = height.max(rect.bottom());
    }
    for point in layout.routes.iter().flatten() {
        width = width.max(point.x);
        height = height.max(point.y);
    }
    layout.size = Size { width, height };
}
