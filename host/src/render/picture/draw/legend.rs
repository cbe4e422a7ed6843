//! The legend of a drawing: the badges that stand for nodes with many edges, each with its name.

use crate::graph::Graph;
use crate::render::picture::font::{Weight, fit, width};
use crate::render::picture::plan::{CAPTION_SIZE, Line, Plan, badge_width};
use crate::render::picture::xml::shown;

/// From one line of the legend to the next.
pub(super) const LEGEND_LINE: f64 = 20.0;

/// Names each badge, below the drawing.
pub(super) struct Legend {
    pub entries: Vec<LegendEntry>,
    pub width: f64,
    pub height: f64,
}

/// A badge and its words, from the corner of the legend.
pub(super) struct LegendEntry {
    /// The position of the badge among those of the plan.
    pub hub: usize,
    pub text: Line,
    pub x: f64,
    pub y: f64,
}

impl Legend {
    /// Arranges a row of entries, or more where it would be wider than `most`.
    pub fn of(graph: &Graph<'_>, plan: &Plan, most: f64) -> Self {
        const WIDEST_ENTRY: f64 = 220.0;
        const GAP: f64 = 22.0;
        let mut legend = Self { entries: Vec::new(), width: 0.0, height: 0.0 };
        let (mut x, mut y) = (0.0, 0.0);
        for (index, hub) in plan.hubs.iter().enumerate() {
            let label = shown(&graph.nodes[hub.node as usize].label);
            let text = fit(&label, CAPTION_SIZE, Weight::Regular, WIDEST_ENTRY, 1).pop().unwrap_or_default();
            let text = Line { width: width(&text, CAPTION_SIZE, Weight::Regular), text };
            let wide = badge_width(&hub.mark) + 6.0 + text.width;
            if x > 0.0 && x + wide > most {
                (x, y) = (0.0, y + LEGEND_LINE);
            }
            legend.width = legend.width.max(x + wide);
            legend.entries.push(LegendEntry { hub: index, text, x, y });
            x += wide + GAP;
        }
        if !legend.entries.is_empty() {
            legend.height = y + 2.0 * LEGEND_LINE;
        }
        legend
    }
}
