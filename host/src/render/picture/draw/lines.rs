//! The lines and outlines of a drawing.

use std::fmt::Write as _;

use spec_engine_layout::{Point, Rect};

/// The radius of the corner where an edge turns.
const TURN: f64 = 7.0;

/// How wide the tab of a package is.
pub(super) const TAB: f64 = 26.0;
/// How large the folded corner of a page is.
pub(super) const FOLD: f64 = 9.0;

/// The radius of the corners of a pill.
pub(super) fn pill_radius(rect: Rect) -> f64 {
    (rect.height / 2.0).min(16.0)
}

/// The unit vector from one point to another.
pub(super) fn direction(from: Point, to: Point) -> (f64, f64) {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let length = (x * x + y * y).sqrt();
    if length > 0.0 { (x / length, y / length) } else { (1.0, 0.0) }
}

/// A line through points, its turns rounded, as the `d` of a path.
pub(super) fn rounded(points: &[Point]) -> String {
    let mut out = format!("M{} {}", tenth(points[0].x), tenth(points[0].y));
    for window in points.windows(3) {
        let [before, at, after] = [window[0], window[1], window[2]];
        let half = |a: Point, b: Point| ((a.x - b.x).powi(2) + (a.y - b.y).powi(2)).sqrt() / 2.0;
        let radius = TURN.min(half(before, at)).min(half(at, after));
        let (ax, ay) = direction(at, before);
        let (bx, by) = direction(at, after);
        let _ = write!(
            out,
            "L{} {}Q{} {} {} {}",
            tenth(at.x + ax * radius),
            tenth(at.y + ay * radius),
            tenth(at.x),
            tenth(at.y),
            tenth(at.x + bx * radius),
            tenth(at.y + by * radius)
        );
    }
    let end = points[points.len() - 1];
    let _ = write!(out, "L{} {}", tenth(end.x), tenth(end.y));
    out
}

/// Rounds to tenths, without a negative zero.
pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}
