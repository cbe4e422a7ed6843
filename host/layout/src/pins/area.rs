//! Boxes in the direction of edges, and back to the sheet.

use crate::graph::{Direction, Point, Rect};
use crate::part::whole;

/// A box: where it starts and ends in the direction of edges (0) and in the other (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) low: [i64; 2],
    pub(super) high: [i64; 2],
}

impl Area {
    pub(super) fn around(middle: [i64; 2], size: [i64; 2]) -> Self {
        let low = [middle[0] - size[0] / 2, middle[1] - size[1] / 2];
        Self { low, high: [low[0] + size[0], low[1] + size[1]] }
    }

    pub(super) fn at(low: [i64; 2], size: [i64; 2]) -> Self {
        Self { low, high: [low[0] + size[0], low[1] + size[1]] }
    }

    pub(super) fn size(&self) -> [i64; 2] {
        [self.high[0] - self.low[0], self.high[1] - self.low[1]]
    }

    pub(super) fn middle(&self) -> [i64; 2] {
        [(self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2]
    }

    /// This with room around it.
    pub(super) fn wider(&self, by: [i64; 2]) -> Self {
        Self { low: [self.low[0] - by[0], self.low[1] - by[1]], high: [self.high[0] + by[0], self.high[1] + by[1]] }
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        (0..2).all(|axis| self.low[axis] < other.high[axis] && other.low[axis] < self.high[axis])
    }

    pub(super) fn holds(&self, other: &Self) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.low[axis] && other.high[axis] <= self.high[axis])
    }

    pub(super) fn has(&self, point: [i64; 2]) -> bool {
        (0..2).all(|axis| self.low[axis] <= point[axis] && point[axis] <= self.high[axis])
    }

    /// The box around both.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            low: [self.low[0].min(other.low[0]), self.low[1].min(other.low[1])],
            high: [self.high[0].max(other.high[0]), self.high[1].max(other.high[1])],
        }
    }

    pub(super) fn moved(&self, by: [i64; 2]) -> Self {
        Self::at([self.low[0] + by[0], self.low[1] + by[1]], self.size())
    }

    /// Half of the length of its border.
    pub(super) fn reach(&self) -> i64 {
        self.size().iter().sum()
    }
}

/// A point of the sheet in the direction of edges.
pub(super) fn seen(direction: Direction, point: Point) -> [i64; 2] {
    direction.seen([whole(point.x), whole(point.y)])
}

/// A box of the sheet in the direction of edges.
pub(super) fn seen_box(direction: Direction, rect: &Rect) -> Area {
    let [a, b] = [Point { x: rect.x, y: rect.y }, Point { x: rect.right(), y: rect.bottom() }]
        .map(|corner| seen(direction, corner));
    Area { low: [a[0].min(b[0]), a[1].min(b[1])], high: [a[0].max(b[0]), a[1].max(b[1])] }
}

/// A point of the sheet.
pub(super) fn shown(direction: Direction, point: [i64; 2]) -> Point {
    let [x, y] = direction.on_sheet(point);
    #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
    let point = Point { x: x as f64, y: y as f64 };
    point
}

/// A box of the sheet.
pub(super) fn shown_box(direction: Direction, area: &Area) -> Rect {
    Rect::between(shown(direction, area.low), shown(direction, area.high))
}

/// Whether a box stands above or left of the corner of the sheet.
pub(super) fn is_outside(direction: Direction, area: &Area) -> bool {
    let Rect { x, y, .. } = shown_box(direction, area);
    x < 0.0 || y < 0.0
}
