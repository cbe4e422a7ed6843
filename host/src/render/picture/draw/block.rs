//! The title block of a drawing: what it shows, in which version, of when.

use super::pen::{Anchor, Pen, Tools};
use crate::graph::Graph;
use crate::render::picture::font::Weight;
use crate::render::picture::plan::{CAPTION_SIZE, Line, Plan};
use spec_engine_layout::{Point, Rect};

/// From one row of the block to the next.
const ROW: f64 = 18.0;
/// From the border of the block to its texts.
const PADDING: f64 = 10.0;
/// From the names of the rows to their values.
const COLUMN: f64 = 64.0;
/// The widest that a value is.
const WIDEST: f64 = 260.0;
/// From the drawing to the block.
const ABOVE: f64 = 20.0;

/// The rows of a title block; without rows there is none.
pub(super) struct Block {
    rows: Vec<[Line; 2]>,
    /// With the room above it.
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Block {
    /// Makes the block that the options ask for.
    pub(super) fn of(graph: &Graph<'_>, plan: &Plan, tools: &Tools<'_>) -> Self {
        let options = tools.options;
        if !options.title_block && options.date.is_empty() && options.commit.is_empty() {
            return Self { rows: Vec::new(), width: 0.0, height: 0.0 };
        }
        let version = graph.system.version.as_ref().map_or("", |version| version.as_str());
        let line = |text: &str, weight| Line::of(tools.fonts, text, CAPTION_SIZE, weight, WIDEST);
        let rows: Vec<[Line; 2]> = [
            ("Title", plan.full_title.as_str()),
            ("Version", version),
            ("Date", &options.date),
            ("Commit", &options.commit),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some([line(name, Weight::Regular)?, line(value, Weight::Bold)?]))
        .collect();
        let values = rows.iter().map(|[_, value]| value.width).fold(0.0, f64::max);
        let height = ABOVE + ROW * crate::render::picture::plan::count(rows.len()) + PADDING;
        Self { rows, width: 2.0 * PADDING + COLUMN + values, height }
    }
}

impl Pen<'_> {
    /// Draws the title block, the upper left corner of its room at a point.
    pub(super) fn block(&mut self, block: &Block, at: Point) {
        if block.rows.is_empty() {
            return;
        }
        self.out.push_str("<g class=\"block\">");
        let top = at.y + ABOVE;
        self.rect("", Rect { x: at.x, y: top, width: block.width, height: block.height - ABOVE }, 3.0);
        let mut y = top + PADDING / 2.0 + ROW / 2.0 + CAPTION_SIZE * 0.36;
        for [name, value] in &block.rows {
            self.text("caption", name, Point { x: at.x + PADDING, y }, Anchor::Start);
            self.text("value", value, Point { x: at.x + PADDING + COLUMN, y }, Anchor::Start);
            y += ROW;
        }
        self.out.push_str("</g>\n");
    }
}
