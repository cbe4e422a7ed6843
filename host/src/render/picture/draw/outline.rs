//! Draws the outline of a node.

use std::fmt::Write as _;

use super::lines::{FOLD, TAB, pill_radius};
use super::pen::Pen;
use crate::render::picture::look::{SIDE_DEPTH, Shape};
use crate::render::picture::plan::CYLINDER_DEPTH;
use spec_engine_layout::Rect;

/// How far a stack shows the box behind it.
const BEHIND: f64 = 4.0;

impl Pen<'_> {
    /// Draws a shape into a box.
    pub(super) fn outline(&mut self, shape: Shape, rect: Rect) {
        let Rect { x, y, width, height } = rect;
        let (right, bottom) = (rect.right(), rect.bottom());
        let path = |pen: &mut Self, class: &str, d: std::fmt::Arguments<'_>| {
            let _ = write!(pen.out, "<path class=\"{class}\" d=\"{d}\"/>");
        };
        match shape {
            Shape::Box | Shape::DashedBox => self.rect("shape", rect, (height / 4.0).min(7.0)),
            Shape::DoubleBox => {
                self.rect("shape", rect, (height / 4.0).min(7.0));
                let inner = Rect { x: x + 3.0, y: y + 3.0, width: width - 6.0, height: height - 6.0 };
                self.rect("detail", inner, 5.0);
            }
            Shape::Stack => {
                let front = Rect { x, y: y + BEHIND, width: width - BEHIND, height: height - BEHIND };
                self.rect("shape", front, 6.0);
                let (left, end, top) = (x + BEHIND, right - BEHIND, y + BEHIND);
                path(self, "detail", format_args!("M{left} {top}V{y}H{right}V{}H{end}", bottom - BEHIND));
            }
            Shape::Pill => self.rect("shape", rect, pill_radius(rect)),
            Shape::Cylinder => {
                let (half, depth) = (width / 2.0, CYLINDER_DEPTH);
                let (top, low) = (y + depth, bottom - depth);
                path(
                    self,
                    "shape",
                    format_args!("M{x} {top}A{half} {depth} 0 0 1 {right} {top}V{low}A{half} {depth} 0 0 1 {x} {low}Z"),
                );
                path(self, "detail", format_args!("M{x} {top}A{half} {depth} 0 0 0 {right} {top}"));
            }
            Shape::Tube => {
                let (half, depth) = (height / 2.0, SIDE_DEPTH);
                let (left, end) = (x + depth, right - depth);
                path(
                    self,
                    "shape",
                    format_args!(
                        "M{left} {y}H{end}A{depth} {half} 0 0 1 {end} {bottom}H{left}A{depth} {half} 0 0 1 {left} {y}Z"
                    ),
                );
                path(self, "detail", format_args!("M{end} {y}A{depth} {half} 0 0 0 {end} {bottom}"));
            }
            Shape::Hexagon => {
                let (left, end, middle) = (x + SIDE_DEPTH, right - SIDE_DEPTH, y + height / 2.0);
                path(
                    self,
                    "shape",
                    format_args!("M{x} {middle}L{left} {y}H{end}L{right} {middle}L{end} {bottom}H{left}Z"),
                );
            }
            Shape::Page => {
                let (fold, low) = (right - FOLD, y + FOLD);
                path(self, "shape", format_args!("M{x} {y}H{fold}L{right} {low}V{bottom}H{x}Z"));
                path(self, "detail", format_args!("M{fold} {y}V{low}H{right}"));
            }
            Shape::Package => {
                self.rect("shape", rect, 4.0);
                path(self, "detail", format_args!("M{x} {}H{}V{y}", y + 6.0, x + TAB));
            }
        }
    }
}
