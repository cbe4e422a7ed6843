//! The legend of a drawing: the changes that it shows, and the badges that stand for nodes with many edges.

use std::fmt::Write as _;

use super::{Anchor, Pen};
use crate::graph::{Change, Graph};
use crate::render::picture::font::{Weight, fit, width};
use crate::render::picture::geometry::{Point, Rect};
use crate::render::picture::look::Look;
use crate::render::picture::plan::{BADGE_HEIGHT, CAPTION_SIZE, Line, Plan, badge_width};
use crate::render::picture::style::change_class;
use crate::render::picture::xml::shown;

/// From one line of the legend to the next.
const LEGEND_LINE: f64 = 20.0;
/// The width of the sample of a change.
const SAMPLE_WIDTH: f64 = 26.0;
/// The widest that the words of an entry are.
const WIDEST_ENTRY: f64 = 420.0;
/// From one entry to the next.
const GAP: f64 = 22.0;
/// From a sign to its words.
const SPACE: f64 = 6.0;

/// Explains the signs of a drawing, below it.
pub(super) struct Legend {
    entries: Vec<LegendEntry>,
    pub width: f64,
    pub height: f64,
}

/// A sign and its words, from the corner of the legend.
struct LegendEntry {
    sign: Sign,
    text: Line,
    x: f64,
    y: f64,
}

/// What an entry explains.
#[derive(Clone, Copy)]
enum Sign {
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

    fn width(self, plan: &Plan) -> f64 {
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

impl Pen<'_> {
    pub(super) fn legend(&mut self, legend: &Legend) {
        if legend.entries.is_empty() {
            return;
        }
        self.out.push_str("<g class=\"legend\">\n");
        let top = self.layout.height + LEGEND_LINE;
        for entry in &legend.entries {
            let at = Point { x: entry.x, y: top + entry.y };
            match entry.sign {
                Sign::Hub(index) => {
                    let hub = &self.plan.hubs[index];
                    let kind = Look::of(self.graph.nodes[hub.node as usize].kind).kind;
                    let _ = write!(self.out, "<g class=\"badge b-{kind}\">");
                    self.mark(hub, at);
                }
                Sign::Change(change) => {
                    let _ = write!(self.out, "<g class=\"sample{}\">", change_class(change));
                    self.rect("shape", Rect { x: at.x, y: at.y, width: SAMPLE_WIDTH, height: BADGE_HEIGHT }, 4.0);
                }
                Sign::Note => self.out.push_str("<g class=\"note\">"),
            }
            self.out.push_str("</g>");
            let x = at.x + entry.sign.width(self.plan) + SPACE;
            let y = at.y + BADGE_HEIGHT / 2.0 + CAPTION_SIZE * 0.36;
            self.text("caption", &entry.text, Point { x, y }, Anchor::Start);
            self.out.push('\n');
        }
        self.out.push_str("</g>\n");
    }
}
