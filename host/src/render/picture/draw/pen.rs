//! What every part of a drawing is written with.

use std::fmt::Write as _;

use super::lines::tenth;
use crate::graph::Graph;
use crate::render::picture::font::Fonts;
use crate::render::picture::format::Format;
use crate::render::picture::icons::Icons;
use crate::render::picture::layout::Layout;
use crate::render::picture::options::Options;
use crate::render::picture::palette::Palette;
use crate::render::picture::plan::{Line, Plan};
use crate::render::picture::xml::EscapedText;
use spec_engine_layout::{Point, Rect};

/// What a drawing is made with.
pub(crate) struct Tools<'a> {
    pub options: &'a Options,
    pub format: Format,
    pub fonts: &'a Fonts,
    pub icons: &'a Icons,
    pub palette: &'a Palette,
}

/// Which point of a text is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
}

/// Writes a drawing.
pub(super) struct Pen<'a> {
    pub(super) graph: &'a Graph<'a>,
    pub(super) plan: &'a Plan,
    pub(super) layout: &'a Layout,
    pub(super) tools: &'a Tools<'a>,
    pub(super) out: String,
}

impl Pen<'_> {
    /// Writes a box with round corners.
    pub(super) fn rect(&mut self, class: &str, rect: Rect, radius: f64) {
        self.out.push_str("<rect");
        if !class.is_empty() {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(tenth);
        let _ = write!(self.out, " x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>");
    }

    /// Writes a line of text. A reader without the font squeezes its own into the same width.
    pub(super) fn text(&mut self, class: &str, line: &Line, at: Point, anchor: Anchor) {
        self.out.push_str("<text");
        if !class.is_empty() {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        let _ = write!(self.out, " x=\"{}\" y=\"{}\"", tenth(at.x), tenth(at.y));
        if anchor == Anchor::Middle {
            self.out.push_str(" text-anchor=\"middle\"");
        }
        if self.tools.format == Format::Svg {
            let _ = write!(self.out, " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", tenth(line.width));
        }
        let _ = write!(self.out, ">{}</text>", EscapedText(&line.text));
    }
}
