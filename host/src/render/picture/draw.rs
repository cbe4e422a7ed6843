//! Writes a laid-out drawing as SVG.

mod block;
mod dropped;
mod edges;
mod legend;
mod lines;
mod nodes;
mod outline;
mod pen;
mod tooltip;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use self::block::Block;
use self::dropped::diagnostics;
use self::legend::Legend;
pub(super) use self::pen::Tools;
use self::pen::{Anchor, Pen};
use super::format::Format;
use super::icons::ICON_SIZE;
use super::layout::Layout;
use super::look::Look;
use super::plan::{Plan, TITLE_SIZE};
use super::style::{self, Theming};
use super::xml::EscapedText;
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::places::{DrawingId, DrawingPlaces};
use spec_engine_layout::{Point, Rect};

/// The room around a drawing.
const MARGIN: f64 = 24.0;
/// The room that the title takes.
const TITLE_HEIGHT: f64 = 36.0;
/// The legend is broken into lines that are at least so wide.
const MIN_LEGEND: f64 = 480.0;

/// A finished drawing.
pub(super) struct Drawing {
    pub(super) svg: String,
    /// In whole units, as the document says.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) title: String,
    pub(super) links: Vec<Link>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Where its nodes stand, and which drawing it is, where somebody wants to know.
    pub(super) places: Option<(DrawingId, DrawingPlaces)>,
}

/// A part of a drawing that leads somewhere.
pub(super) struct Link {
    pub(super) rect: Rect,
    /// An address: of a repository, or of another diagram.
    pub(super) target: String,
}

/// Draws a graph.
pub(super) fn draw(graph: &Graph<'_>, plan: &Plan, layout: &Layout, tools: &Tools<'_>) -> Drawing {
    let mut pen = Pen { graph, plan, layout, tools, out: String::new() };
    let title = if plan.title.is_some() { TITLE_HEIGHT } else { 0.0 };
    let legend = Legend::of(graph, plan, tools, layout.width.max(MIN_LEGEND));
    let block = Block::of(graph, plan, tools);
    let heading = plan.title.as_ref().map_or(0.0, |title| title.width);
    let width = layout.width.max(heading).max(legend.width).max(block.width);
    let height = layout.height + title + legend.height + block.height;
    let size = [width, height].map(|side| whole(side + 2.0 * MARGIN));
    pen.head(size);
    pen.heading();
    let _ = writeln!(pen.out, "<g transform=\"translate({MARGIN} {})\">", MARGIN + title);
    pen.groups();
    pen.lines();
    pen.nodes();
    pen.legend(&legend);
    pen.block(&block, Point { x: width - block.width, y: layout.height + legend.height });
    pen.out.push_str("</g>\n</svg>\n");
    let diagnostics = diagnostics(tools.format.as_str(), graph, tools.options);
    let links = pen.links(Point { x: MARGIN, y: MARGIN + title });
    let title = plan.full_title.clone();
    Drawing { svg: pen.out, width: size[0], height: size[1], title, links, diagnostics, places: None }
}

fn whole(length: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and lengths are positive"
    )]
    let whole = length.ceil() as u32;
    whole
}

impl Pen<'_> {
    fn head(&mut self, [width, height]: [u32; 2]) {
        let kinds: BTreeSet<&'static str> = self.graph.nodes.iter().map(|node| Look::of(node.kind).kind).collect();
        let families = self.tools.fonts.families();
        let look = Theming {
            kinds,
            theme: self.tools.options.theme,
            palette: self.tools.palette,
            families: &families,
            has_changes: self.plan.has_changes,
        };
        let _ = writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"spec-picture\" role=\"img\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
        );
        let _ = writeln!(self.out, "<title>{}</title>", EscapedText(&self.plan.full_title));
        self.description();
        let sheet = match self.tools.format {
            Format::Svg => style::sheet(&look),
            Format::Png | Format::Pdf => style::plain_sheet(&look),
        };
        let _ = writeln!(self.out, "<style>\n{sheet}</style>");
        self.images();
        let _ = writeln!(self.out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
    }

    /// Writes each image of the user once; nodes refer to it.
    fn images(&mut self) {
        for (index, image) in self.tools.icons.images().iter().enumerate() {
            let _ = writeln!(
                self.out,
                "<defs><image id=\"spec-icon-{index}\" width=\"{ICON_SIZE}\" height=\"{ICON_SIZE}\" \
                 href=\"{}\"/></defs>",
                EscapedText(image)
            );
        }
    }

    /// Lists what leads somewhere: nodes, whose places count from `origin`, and the title.
    fn links(&self, origin: Point) -> Vec<Link> {
        let nodes = self.layout.nodes.iter().enumerate().filter_map(|(index, &rect)| {
            let rect = Rect { x: rect.x + origin.x, y: rect.y + origin.y, ..rect };
            Some(Link { rect, target: self.link(index)? })
        });
        let heading = self.plan.title.as_ref().zip(self.overview()).map(|(line, overview)| {
            let rect = Rect { x: MARGIN, y: MARGIN, width: line.width, height: TITLE_SIZE };
            Link { rect, target: overview.to_owned() }
        });
        nodes.chain(heading).collect()
    }

    /// The address of the overview that the drawing is a part of.
    fn overview(&self) -> Option<&str> {
        self.graph.part.as_ref()?.overview.as_deref()
    }

    /// Writes the title; that of a part leads back to the overview.
    fn heading(&mut self) {
        let Some(line) = &self.plan.title else { return };
        let overview = self.overview().map(str::to_owned);
        if let Some(overview) = &overview {
            let _ = write!(self.out, "<a class=\"back\" href=\"{}\"><title>Overview</title>", EscapedText(overview));
        }
        self.text("heading", line, Point { x: MARGIN, y: MARGIN + TITLE_SIZE * 0.8 }, Anchor::Start);
        self.out.push_str(if overview.is_some() { "</a>\n" } else { "\n" });
    }
}
