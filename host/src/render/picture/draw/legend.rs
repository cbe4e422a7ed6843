//! The legend of a drawing: the changes that it shows, and the badges that stand for nodes with many edges.

use crate::graph::{Change, Graph};
use crate::render::picture::font::{Weight, fit, width};
use crate::render::picture::plan::{CAPTION_SIZE, Line, Plan, badge_width};
use crate::render::picture::xml::shown;

/// From one line of the legend to the next.
pub(super) const LEGEND_LINE: f64 = 20.0;
/// The width of the sample of a change.
pub(super) const SAMPLE_WIDTH: f64 = 26.0;
/// The widest that the words of an entry are.
const WIDEST_ENTRY: f64 = 420.0;
/// From one entry to the next.
const GAP: f64 = 22.0;
/// From a sign to its words.
pub(super) const SPACE: f64 = 6.0;

/// Explains the signs of a drawing, below it.
pub(super) struct Legend {
    pub entries: Vec<LegendEntry>,
    pub width: f64,
    pub height: f64,
}

/// A sign and its words, from the corner of the legend.
pub(super) struct LegendEntry {
    pub sign: Sign,
    pub text: Line,
    pub x: f64,
    pub y: f64,
}

/// What an entry explains.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// A badge, by its position among the hubs of the plan.
    Hub(usize),
    /// The colour and line of a change; `None` for what is unchanged.
    Change(Option<Change>),
    /// No sign: the note of the plan.
    Note,
}

impl Sign {
    /// The signs of a drawing in their order.
    fn all(graph: &Graph<'_>, plan: &Plan) -> Vec<Self> {
        let is_there = |change: Option<Change>| {
            let mut changes =
                graph.nodes.iter().map(|node| node.change).chain(graph.edges.iter().map(|edge| edge.change));
            plan.has_changes && changes.any(|other| other == change)
        };
        let changes = [Some(Change::Added), Some(Change::Removed), Some(Change::Changed), None];
        let changes = changes.into_iter().filter(|&change| is_there(change)).map(Self::Change);
        let note = plan.note.as_ref().map(|_| Self::Note);
        note.into_iter().chain(changes).chain((0..plan.hubs.len()).map(Self::Hub)).collect()
    }

    fn words(self, graph: &Graph<'_>, plan: &Plan) -> String {
        match self {
            Self::Hub(index) => shown(&graph.nodes[plan.hubs[index].node as usize].label),
            Self::Change(change) => change.map_or("unchanged", Change::as_str).to_owned(),
            Self::Note => plan.note.clone().unwrap_or_default(),
        }
    }

    pub fn width(self, plan: &Plan) -> f64 {
        match self {
            Self::Hub(index) => badge_width(&plan.hubs[index].mark),
            Self::Change(_) => SAMPLE_WIDTH,
            Self::Note => -SPACE,
        }
    }
}

impl Legend {
    /// Arranges a row of entries, or more where it would be wider than `most`.
    pub fn of(graph: &Graph<'_>, plan: &Plan, most: f64) -> Self {
        let mut legend = Self { entries: Vec::new(), width: 0.0, height: 0.0 };
        let (mut x, mut y) = (0.0, 0.0);
        for sign in Sign::all(graph, plan) {
            let words = sign.words(graph, plan);
            let text = fit(&words, CAPTION_SIZE, Weight::Regular, WIDEST_ENTRY, 1).pop().unwrap_or_default();
            let text = Line { width: width(&text, CAPTION_SIZE, Weight::Regular), text };
            let wide = sign.width(plan) + SPACE + text.width;
            if x > 0.0 && x + wide > most {
                (x, y) = (0.0, y + LEGEND_LINE);
            }
            legend.width = legend.width.max(x + wide);
            legend.entries.push(LegendEntry { sign, text, x, y });
            x += wide + GAP;
        }
        if !legend.entries.is_empty() {
            legend.height = y + 2.0 * LEGEND_LINE;
        }
        legend
    }
}
