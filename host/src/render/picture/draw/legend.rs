//! The legend of a drawing: its shapes, lines, changes and badges.

use std::fmt::Write as _;

use super::pen::{Anchor, Pen, Tools};
use crate::graph::{Change, Graph};
use crate::render::picture::font::Weight;
use crate::render::picture::icons::of_kind;
use crate::render::picture::look::{Look, SIDE_DEPTH, Shape};
use crate::render::picture::plan::{
    BADGE_HEIGHT, CAPTION_SIZE, CYLINDER_DEPTH, EdgePlan, Line, Plan, badge_line, badge_width, is_stack,
};
use crate::render::picture::style::change_class;
use spec_engine_layout::{Point, Rect};

/// From one line of the legend to the next.
const LEGEND_LINE: f64 = 22.0;
/// The width of a sample.
const SAMPLE_WIDTH: f64 = 28.0;
/// The width and height of the icon in a sample.
const SAMPLE_ICON: f64 = 9.0;
/// The widest that the words of an entry are.
const WIDEST_ENTRY: f64 = 420.0;
/// From one entry to the next.
const GAP: f64 = 22.0;
/// From a sign to its words.
const SPACE: f64 = 6.0;

/// Explains the signs of a drawing, below it.
pub(super) struct Legend {
    entries: Vec<LegendEntry>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A sign and its words, from the corner of the legend.
struct LegendEntry {
    sign: Sign,
    text: Line,
    x: f64,
    y: f64,
}

/// What an entry explains.
enum Sign {
    /// No sign: the note of the plan.
    Note,
    /// The shape and colour of a kind.
    Kind(&'static Look),
    /// The dashed line of what a release deploys.
    Deploys,
    /// A thick line, that stands for several.
    Thick,
    /// A badge, as the first hub has it.
    Badge(Line),
    /// The colour and line of a change; `None` for what is unchanged.
    Change(Option<Change>),
}

impl Sign {
    /// The signs of a drawing in their order.
    fn all(graph: &Graph<'_>, plan: &Plan, tools: &Tools<'_>) -> Vec<Self> {
        let note = plan.note.as_ref().map(|_| Self::Note);
        if !tools.options.legend {
            return note.into_iter().collect();
        }
        let kinds: Vec<&Look> = Look::all()
            .filter(|look| graph.nodes.iter().any(|node| Look::of(node.kind).kind == look.kind && !is_stack(node)))
            .collect();
        // One kind alone is not to be told from another.
        let kinds = kinds.iter().filter(|_| kinds.len() > 1).map(|look| Self::Kind(look));
        let lines = || graph.edges.iter().zip(&plan.edges).filter(|(_, plan)| matches!(plan, EdgePlan::Line(_)));
        let deploys = lines().any(|(edge, _)| edge.kind == "deploys").then_some(Self::Deploys);
        let thick = lines().any(|(edge, _)| edge.count > 1).then_some(Self::Thick);
        let hub = plan.hubs.iter().find(|hub| hub.whole_groups.is_empty());
        let badge = hub.and_then(|hub| badge_line(tools.fonts, &hub.name)).map(Self::Badge);
        let is_there = |change: Option<Change>| {
            let nodes = graph.nodes.iter().map(|node| node.change);
            let mut changes = nodes.chain(graph.edges.iter().map(|edge| edge.change));
            plan.has_changes && changes.any(|other| other == change)
        };
        let changes = [Some(Change::Added), Some(Change::Removed), Some(Change::Changed), None];
        let changes = changes.into_iter().filter(|&change| is_there(change)).map(Self::Change);
        note.into_iter().chain(changes).chain(kinds).chain(deploys).chain(thick).chain(badge).collect()
    }

    fn words(&self, plan: &Plan) -> String {
        match self {
            Self::Note => plan.note.clone().unwrap_or_default(),
            Self::Kind(look) => look.words(),
            Self::Deploys => "deploys".to_owned(),
            Self::Thick => "several connections".to_owned(),
            Self::Badge(_) => "connected with it".to_owned(),
            Self::Change(change) => change.map_or("unchanged", Change::as_str).to_owned(),
        }
    }

    fn width(&self) -> f64 {
        match self {
            Self::Note => -SPACE,
            Self::Badge(line) => badge_width(line),
            Self::Kind(_) | Self::Deploys | Self::Thick | Self::Change(_) => SAMPLE_WIDTH,
        }
    }
}

impl Legend {
    /// Arranges a row of entries, or more where it would be wider than `most`.
    pub(super) fn of(graph: &Graph<'_>, plan: &Plan, tools: &Tools<'_>, most: f64) -> Self {
        let mut legend = Self { entries: Vec::new(), width: 0.0, height: 0.0 };
        let (mut x, mut y) = (0.0, 0.0);
        for sign in Sign::all(graph, plan, tools) {
            let words = sign.words(plan);
            let Some(text) = Line::of(tools.fonts, &words, CAPTION_SIZE, Weight::Regular, WIDEST_ENTRY) else {
                continue;
            };
            let wide = sign.width() + SPACE + text.width;
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

/// How far the middle of what a shape holds is left of its own.
fn aside(shape: Shape) -> f64 {
    if shape == Shape::Tube { SIDE_DEPTH / 2.0 } else { 0.0 }
}

/// How far the middle of what a shape holds is below its own.
fn down(shape: Shape) -> f64 {
    if shape == Shape::Cylinder { CYLINDER_DEPTH / 2.0 } else { 0.0 }
}

impl Pen<'_> {
    /// Draws the legend below the drawing.
    pub(super) fn legend(&mut self, legend: &Legend) {
        if legend.entries.is_empty() {
            return;
        }
        self.out.push_str("<g class=\"legend\">\n");
        let top = self.layout.height + LEGEND_LINE;
        for entry in &legend.entries {
            let at = Point { x: entry.x, y: top + entry.y };
            self.sign(&entry.sign, at);
            let x = at.x + entry.sign.width() + SPACE;
            let y = at.y + BADGE_HEIGHT / 2.0 + CAPTION_SIZE * 0.36;
            self.text("caption", &entry.text, Point { x, y }, Anchor::Start);
            self.out.push('\n');
        }
        self.out.push_str("</g>\n");
    }

    fn sign(&mut self, sign: &Sign, at: Point) {
        let sample = Rect { x: at.x, y: at.y, width: SAMPLE_WIDTH, height: BADGE_HEIGHT };
        match sign {
            Sign::Note => self.out.push_str("<g class=\"note\">"),
            Sign::Kind(look) => {
                let _ = write!(self.out, "<g class=\"sample k-{}\">", look.kind);
                self.outline(look.shape, sample);
                if let Some(lines) = of_kind(look.kind).filter(|_| self.tools.icons.are_of_kinds()) {
                    let middle = Point {
                        x: at.x + (SAMPLE_WIDTH - SAMPLE_ICON) / 2.0 - aside(look.shape),
                        y: at.y + (BADGE_HEIGHT - SAMPLE_ICON) / 2.0 + down(look.shape),
                    };
                    self.icon_lines(lines, middle, SAMPLE_ICON);
                }
            }
            Sign::Deploys => self.line_sample("sample deploys", at),
            Sign::Thick => self.line_sample("sample w3", at),
            Sign::Badge(line) => {
                let hub = self.plan.hubs.iter().find(|hub| hub.whole_groups.is_empty());
                let kind = hub.map_or("other", |hub| Look::of(self.graph.nodes[hub.node as usize].kind).kind);
                let _ = write!(self.out, "<g class=\"sample badge b-{kind}\">");
                self.chip(line, badge_width(line), at);
            }
            Sign::Change(change) => {
                let _ = write!(self.out, "<g class=\"sample{}\">", change_class(*change));
                self.rect("shape", sample, 4.0);
            }
        }
        self.out.push_str("</g>");
    }

    /// Draws a short line of a class, and leaves its element open.
    fn line_sample(&mut self, class: &str, at: Point) {
        let y = at.y + BADGE_HEIGHT / 2.0;
        let _ =
            write!(self.out, "<g class=\"{class}\"><path class=\"line\" d=\"M{} {y}H{}\"/>", at.x, at.x + SAMPLE_WIDTH);
    }
}
