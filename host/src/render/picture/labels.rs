//! Puts the label of each edge on its own line, where it covers as little else as possible.
//!
//! A label that would cover a node wherever it stood is left out; the title of its edge still says it.

use super::geometry::{Point, Rect, Route};
use super::plan::{EDGE_LINE, EDGE_PADDING, Line};

/// From a label to the ends of the stretch of line that it stands on.
const CLEARANCE: f64 = 6.0;
/// From a label to the tip of an arrow.
const TIP: f64 = 11.0;
/// Where on a stretch a label is tried, from its middle to its ends, as shares of the room.
const PLACES: [f64; 7] = [0.5, 0.35, 0.65, 0.2, 0.8, 0.0, 1.0];

/// What it costs to cover another thing; lower is better.
mod cost {
    /// A node: never, where there is another place.
    pub(super) const NODE: f64 = 100_000.0;
    pub(super) const LABEL: f64 = 5_000.0;
    /// The line of another edge.
    pub(super) const LINE: f64 = 60.0;
    /// The border of a group.
    pub(super) const GROUP: f64 = 40.0;
    /// A label across its line hides less of it than one along it, and reads worse.
    pub(super) const UPRIGHT: f64 = 14.0;
    /// A label that is longer than its stretch of line.
    pub(super) const SHORT: f64 = 90.0;
    /// A place beside the line.
    pub(super) const BESIDE: f64 = 160.0;
    /// A place off the middle of a stretch.
    pub(super) const OFF_MIDDLE: f64 = 8.0;
}

/// The middle of each edge's label.
pub(super) fn place(
    labels: &[Option<&Line>],
    routes: &[Option<Route>],
    nodes: &[Rect],
    groups: &[Rect],
) -> Vec<Option<Point>> {
    let segments: Vec<(usize, Rect)> = routes
        .iter()
        .enumerate()
        .flat_map(|(edge, route)| {
            let points = route.as_ref().map_or(&[][..], |route| &route.points);
            points.windows(2).map(move |ends| (edge, around(ends[0], ends[1])))
        })
        .collect();
    let mut placed: Vec<Rect> = Vec::new();
    let mut out = Vec::with_capacity(routes.len());
    for (edge, (label, route)) in labels.iter().zip(routes).enumerate() {
        let (Some(label), Some(route)) = (label, route) else {
            out.push(None);
            continue;
        };
        let (width, height) = (label.width + 2.0 * EDGE_PADDING, EDGE_LINE);
        let mut best: Option<(f64, Rect)> = None;
        for (bias, at) in candidates(route, width, height) {
            let rect = Rect { x: at.x - width / 2.0, y: at.y - height / 2.0, width, height };
            let covered = |rects: &[Rect], gap: f64| rects.iter().filter(|other| meet(&rect, other, gap)).count();
            let lines = segments.iter().filter(|(other, line)| *other != edge && meet(&rect, line, 1.0)).count();
            let borders = groups.iter().filter(|group| crosses_border(&rect, group)).count();
            let total = bias
                + cost::NODE * count(covered(nodes, 2.0))
                + cost::LABEL * count(covered(&placed, 2.0))
                + cost::LINE * count(lines)
                + cost::GROUP * count(borders);
            if best.is_none_or(|(least, _)| total < least) {
                best = Some((total, rect));
            }
        }
        let best = best.filter(|&(total, _)| total < cost::NODE).map(|(_, rect)| rect);
        placed.extend(best);
        out.push(best.map(|rect| rect.center()));
    }
    out
}

fn count(number: usize) -> f64 {
    super::plan::count(number)
}

/// Lists where a label may stand, with what each place costs by itself.
fn candidates(route: &Route, width: f64, height: f64) -> Vec<(f64, Point)> {
    let mut out = Vec::new();
    let last = route.points.len().saturating_sub(2);
    for (index, ends) in route.points.windows(2).enumerate() {
        let (from, to) = (ends[0], ends[1]);
        let is_level = (from.y - to.y).abs() < 0.05;
        let size = if is_level { width } else { height };
        let length = (from.x - to.x).abs() + (from.y - to.y).abs();
        let before = CLEARANCE.min(length / 2.0);
        let behind = if index == last { TIP } else { CLEARANCE };
        let room = length - size - before - behind;
        let upright = if is_level { 0.0 } else { cost::UPRIGHT };
        let short = if room < 0.0 { cost::SHORT - room } else { 0.0 };
        for share in PLACES {
            let at = before + size / 2.0 + room.max(0.0) * share;
            let at = if length > 0.0 { (at / length).min(1.0) } else { 0.0 };
            let point = Point { x: from.x + (to.x - from.x) * at, y: from.y + (to.y - from.y) * at };
            let bias = upright + short + cost::OFF_MIDDLE * (share - 0.5).abs();
            out.push((bias, point));
            let (dx, dy) = if is_level { (0.0, height / 2.0 + 2.0) } else { (width / 2.0 + 2.0, 0.0) };
            for side in [-1.0, 1.0] {
                out.push((bias + cost::BESIDE, Point { x: point.x + dx * side, y: point.y + dy * side }));
            }
        }
    }
    out
}

/// The box around two points.
fn around(a: Point, b: Point) -> Rect {
    Rect { x: a.x.min(b.x), y: a.y.min(b.y), width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
}

/// Whether two boxes are nearer to each other than a gap.
fn meet(a: &Rect, b: &Rect, gap: f64) -> bool {
    a.x < b.right() + gap && b.x < a.right() + gap && a.y < b.bottom() + gap && b.y < a.bottom() + gap
}

fn crosses_border(a: &Rect, group: &Rect) -> bool {
    let inside = a.x > group.x && a.right() < group.right() && a.y > group.y && a.bottom() < group.bottom();
    meet(a, group, 0.0) && !inside
}
