//! Writes a laid-out drawing as SVG.

mod dropped;
mod legend;
mod lines;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use spec_engine_layout::{Point, Rect};

use self::dropped::diagnostics;
use self::legend::{LEGEND_LINE, Legend, SAMPLE_WIDTH, SPACE, Sign};
use self::lines::{FOLD, TAB, direction, pill_radius, rounded, tenth};
use super::Format;
use super::hubs::Hub;
use super::layout::Layout;
use super::look::{Look, SIDE_DEPTH, Shape};
use super::options::Options;
use super::plan::{
    BADGE_GAP, BADGE_HEIGHT, BADGE_SIZE, Badge, CAPTION_LINE, CAPTION_SIZE, CYLINDER_DEPTH, EDGE_LINE, EDGE_PADDING,
    EDGE_SIZE, EdgePlan, GROUP_PADDING, GROUP_SIZE, LABEL_LINE, LABEL_SIZE, Line, Plan, TITLE_SIZE, badge_width, count,
    row_width,
};
use super::style::{self, Theming, change_class, weight_class};
use super::xml::{Escaped, shown};
use crate::diagnostic::Diagnostic;
use crate::graph::{Change, Graph, Node, Origin};

/// The room around a drawing.
const MARGIN: f64 = 24.0;
/// The room that the title takes.
const TITLE_HEIGHT: f64 = 36.0;
/// How long an arrow is, and half of how wide.
const ARROW: (f64, f64) = (7.5, 3.4);

/// A finished drawing.
pub(super) struct Drawing {
    pub(super) svg: String,
    /// In whole units, as the document says.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Draws a graph.
pub(super) fn draw(
    name: &str,
    graph: &Graph<'_>,
    plan: &Plan,
    layout: &Layout,
    options: &Options,
    format: Format,
) -> Drawing {
    let mut pen = Pen { graph, plan, layout, format, out: String::new() };
    let title = if plan.title.is_some() { TITLE_HEIGHT } else { 0.0 };
    let legend = Legend::of(graph, plan, layout.width.max(MIN_LEGEND));
    let heading = plan.title.as_ref().map_or(0.0, |title| title.width);
    let width = layout.width.max(heading).max(legend.width) + 2.0 * MARGIN;
    let height = layout.height + title + legend.height + 2.0 * MARGIN;
    let (width, height) = (whole(width), whole(height));
    pen.head(width, height, options);
    if let Some(line) = &plan.title {
        pen.text("heading", line, Point { x: MARGIN, y: MARGIN + TITLE_SIZE * 0.8 }, Anchor::Start);
    }
    let _ = writeln!(pen.out, "<g transform=\"translate({MARGIN} {})\">", MARGIN + title);
    pen.groups();
    pen.lines();
    pen.nodes();
    pen.legend(&legend);
    pen.out.push_str("</g>\n</svg>\n");
    Drawing { svg: pen.out, width, height, diagnostics: diagnostics(name, graph, options) }
}

/// The legend is broken into lines that are at least so wide.
const MIN_LEGEND: f64 = 480.0;

fn whole(length: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and lengths are positive"
    )]
    let whole = length.ceil() as u32;
    whole
}

/// Which point of a text is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Start,
    Middle,
}

struct Pen<'a> {
    graph: &'a Graph<'a>,
    plan: &'a Plan,
    layout: &'a Layout,
    format: Format,
    out: String,
}

impl Pen<'_> {
    fn head(&mut self, width: u32, height: u32, options: &Options) {
        let kinds: BTreeSet<&'static str> = self.graph.nodes.iter().map(|node| Look::of(node.kind).kind).collect();
        let look = Theming { kinds, theme: options.theme, has_changes: self.plan.has_changes };
        let _ = writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"spec-picture\" role=\"img\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
        );
        let title = if options.title.is_empty() { self.graph.system.name.as_str() } else { &options.title };
        let (nodes, edges) = (self.graph.nodes.len(), self.graph.edges.len());
        let _ = writeln!(self.out, "<title>{}</title>", Escaped(title));
        let _ = writeln!(self.out, "<desc>{nodes} nodes and {edges} connections</desc>");
        let sheet = match self.format {
            Format::Svg => style::sheet(&look),
            Format::Png => style::plain_sheet(&look),
        };
        let _ = writeln!(self.out, "<style>\n{sheet}</style>");
        let _ = writeln!(self.out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
    }

    fn groups(&mut self) {
        self.out.push_str("<g class=\"groups\">\n");
        for (index, group) in self.graph.groups.iter().enumerate() {
            let rect = self.layout.groups[index];
            let inner = if group.parent.is_some() { " inner" } else { "" };
            let _ = write!(
                self.out,
                "<g class=\"group{inner}\" data-id=\"{}\" data-kind=\"{}\"><title>{}</title>",
                Escaped(&group.id),
                group.kind.as_str(),
                Escaped(group.label)
            );
            self.rect("box", rect, 10.0);
            if let Some(title) = &self.plan.groups[index] {
                let at = Point { x: rect.x + 14.0, y: rect.y + GROUP_PADDING / 2.0 + 2.0 + GROUP_SIZE * 0.36 };
                self.text("", title, at, Anchor::Start);
            }
            self.out.push_str("</g>\n");
        }
        self.out.push_str("</g>\n");
    }

    fn lines(&mut self) {
        self.out.push_str("<g class=\"edges\">\n");
        for index in 0..self.graph.edges.len() {
            if let (EdgePlan::Line(label), Some(route)) = (&self.plan.edges[index], &self.layout.routes[index]) {
                self.edge_tag(index, weight_class(self.graph.edges[index].count));
                self.line(index, route);
                if let (Some(label), Some(at)) = (label, self.layout.labels[index]) {
                    let width = label.width + 2.0 * EDGE_PADDING;
                    let rect = Rect { x: at.x - width / 2.0, y: at.y - EDGE_LINE / 2.0, width, height: EDGE_LINE };
                    self.out.push_str("<g class=\"label\">");
                    self.rect("", rect, 3.0);
                    self.text("", label, Point { x: at.x, y: at.y + EDGE_SIZE * 0.36 }, Anchor::Middle);
                    self.out.push_str("</g>");
                }
                self.out.push_str("</g>\n");
            }
        }
        self.out.push_str("</g>\n");
    }

    /// Opens the element of an edge, and says in words what it is.
    fn edge_tag(&mut self, index: usize, class: &str) {
        let edge = &self.graph.edges[index];
        let [source, target] = [edge.source, edge.target].map(|node| &self.graph.nodes[node as usize]);
        let deploys = if edge.kind == "deploys" { " deploys" } else { "" };
        let change = self.change_class(edge.change);
        let _ = write!(
            self.out,
            "<g class=\"edge{deploys}{class}{change}\" data-source=\"{}\" data-target=\"{}\" data-index=\"{index}\" \
             data-kind=\"{}\"><title>{} → {}",
            Escaped(&source.id),
            Escaped(&target.id),
            Escaped(edge.kind),
            Escaped(&source.label),
            Escaped(&target.label)
        );
        if let Some(label) = self.graph.edge_label(index) {
            let _ = write!(self.out, " ({})", Escaped(label));
        }
        self.out.push_str("</title>");
    }

    fn line(&mut self, index: usize, route: &[Point]) {
        let edge = &self.graph.edges[index];
        let mut points = route.to_vec();
        if points.len() < 2 {
            return;
        }
        let last = points.len() - 1;
        points[0] = self.on_outline(edge.source, points[0], points[1]);
        points[last] = self.on_outline(edge.target, points[last], points[last - 1]);
        let tip = points[last];
        let (x, y) = direction(points[last - 1], tip);
        let (long, half) = ARROW;
        let back = Point { x: tip.x - x * long, y: tip.y - y * long };
        // The line ends inside the arrow: its blunt end does not show beside the tip.
        let mut line = points.clone();
        line[last] = Point { x: tip.x - x * long * 0.7, y: tip.y - y * long * 0.7 };
        let _ = write!(self.out, "<path class=\"line\" d=\"{}\" data-end=\"{} {}\"/>", rounded(&line), tip.x, tip.y);
        let _ = write!(
            self.out,
            "<path class=\"arrow\" d=\"M{} {}L{} {}L{} {}Z\"/>",
            tenth(tip.x),
            tenth(tip.y),
            tenth(back.x - y * half),
            tenth(back.y + x * half),
            tenth(back.x + y * half),
            tenth(back.y - x * half)
        );
    }

    /// Moves an end of an edge from the box of its node to the outline inside that box.
    fn on_outline(&self, node: u32, end: Point, before: Point) -> Point {
        let rect = self.layout.nodes[node as usize];
        let shape = Look::of(self.graph.nodes[node as usize].kind).shape;
        let depth = if (end.y - before.y).abs() < 0.05 {
            let off = ((end.y - rect.center().y) / (rect.height / 2.0)).clamp(-1.0, 1.0);
            match shape {
                Shape::Tube => SIDE_DEPTH * (1.0 - (1.0 - off * off).sqrt()),
                Shape::Hexagon => SIDE_DEPTH * off.abs(),
                Shape::Pill => pill_radius(rect) * (1.0 - (1.0 - off * off).sqrt()),
                _ => 0.0,
            }
        } else {
            let off = ((end.x - rect.center().x) / (rect.width / 2.0)).clamp(-1.0, 1.0);
            match shape {
                Shape::Cylinder => CYLINDER_DEPTH * (1.0 - (1.0 - off * off).sqrt()),
                Shape::Package if end.y <= rect.y + 1.0 && end.x > rect.x + TAB => 0.0,
                _ => 0.0,
            }
        };
        let (x, y) = direction(before, end);
        Point { x: end.x + x * depth, y: end.y + y * depth }
    }

    fn nodes(&mut self) {
        self.out.push_str("<g class=\"nodes\">\n");
        for index in 0..self.graph.nodes.len() {
            self.node(index);
        }
        self.out.push_str("</g>\n");
    }

    fn node(&mut self, index: usize) {
        let (node, plan, rect) = (&self.graph.nodes[index], &self.plan.nodes[index], self.layout.nodes[index]);
        let look = Look::of(node.kind);
        let _ = write!(
            self.out,
            "<g class=\"node k-{}{}\" data-id=\"{}\" data-kind=\"{}\"><title>{}</title>",
            look.kind,
            self.change_class(node.change),
            Escaped(&node.id),
            Escaped(node.kind),
            Escaped(&node.label)
        );
        let link = link(self.graph, node);
        if let Some(link) = link {
            let _ = write!(self.out, "<a href=\"{}\">", Escaped(link));
        }
        self.outline(look.shape, rect);
        // A lying cylinder shows its right end.
        let aside = if look.shape == Shape::Tube { SIDE_DEPTH / 2.0 } else { 0.0 };
        let center = Point { x: rect.center().x - aside, y: rect.center().y };
        let caption = if plan.caption.is_some() { CAPTION_LINE } else { 0.0 };
        let badges = count(plan.badge_rows.len()) * (BADGE_HEIGHT + BADGE_GAP);
        let text = LABEL_LINE * count(plan.label.len()) + caption + badges;
        let down = if look.shape == Shape::Cylinder { CYLINDER_DEPTH * 0.6 } else { 0.0 };
        let mut y = center.y - text / 2.0 + down;
        for line in &plan.label {
            self.text("name", line, Point { x: center.x, y: y + LABEL_LINE / 2.0 + LABEL_SIZE * 0.36 }, Anchor::Middle);
            y += LABEL_LINE;
        }
        if let Some(line) = &plan.caption {
            let at = Point { x: center.x, y: y + CAPTION_LINE / 2.0 + CAPTION_SIZE * 0.36 };
            self.text("caption", line, at, Anchor::Middle);
            y += CAPTION_LINE;
        }
        self.out.push_str(if link.is_some() { "</a></g>\n" } else { "</g>\n" });
        let mut rest = plan.badges.as_slice();
        for &number in &plan.badge_rows {
            let (row, after) = rest.split_at(number);
            rest = after;
            y += BADGE_GAP;
            let mut x = center.x - row_width(row) / 2.0;
            for badge in row {
                self.badge(badge, Point { x, y });
                x += badge.width + BADGE_GAP;
            }
            y += BADGE_HEIGHT;
        }
    }

    /// The class of a change, with a space before it; nothing in a drawing of one version.
    fn change_class(&self, change: Option<Change>) -> &'static str {
        if self.plan.has_changes { change_class(change) } else { "" }
    }

    fn badge(&mut self, badge: &Badge, at: Point) {
        let hub = &self.plan.hubs[badge.hub];
        let kind = Look::of(self.graph.nodes[hub.node as usize].kind).kind;
        self.edge_tag(badge.edge, &format!(" badge b-{kind}"));
        self.mark(hub, at);
        self.out.push_str("</g>\n");
    }

    /// Draws the mark of a hub, its upper left corner at a point.
    fn mark(&mut self, hub: &Hub, at: Point) {
        let text = shown(&hub.mark);
        let line = Line { width: super::font::width(&text, BADGE_SIZE, super::font::Weight::Bold), text };
        let width = badge_width(&hub.mark);
        self.rect("", Rect { x: at.x, y: at.y, width, height: BADGE_HEIGHT }, 4.0);
        let middle = Point { x: at.x + width / 2.0, y: at.y + BADGE_HEIGHT / 2.0 + BADGE_SIZE * 0.36 };
        self.text("", &line, middle, Anchor::Middle);
    }

    fn outline(&mut self, shape: Shape, rect: Rect) {
        let Rect { x, y, width, height } = rect;
        let (right, bottom) = (rect.right(), rect.bottom());
        let path = |pen: &mut Self, class: &str, d: std::fmt::Arguments<'_>| {
            let _ = write!(pen.out, "<path class=\"{class}\" d=\"{d}\"/>");
        };
        match shape {
            Shape::Box | Shape::DashedBox => self.rect("shape", rect, 7.0),
            Shape::DoubleBox => {
                self.rect("shape", rect, 7.0);
                let inner = Rect { x: x + 3.0, y: y + 3.0, width: width - 6.0, height: height - 6.0 };
                self.rect("detail", inner, 5.0);
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

    fn legend(&mut self, legend: &Legend) {
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

    fn rect(&mut self, class: &str, rect: Rect, radius: f64) {
        self.out.push_str("<rect");
        if !class.is_empty() {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(tenth);
        let _ = write!(self.out, " x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>");
    }

    /// Writes a line of text. A reader without the font squeezes its own into the same width.
    fn text(&mut self, class: &str, line: &Line, at: Point, anchor: Anchor) {
        self.out.push_str("<text");
        if !class.is_empty() {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        let _ = write!(self.out, " x=\"{}\" y=\"{}\"", tenth(at.x), tenth(at.y));
        if anchor == Anchor::Middle {
            self.out.push_str(" text-anchor=\"middle\"");
        }
        if self.format == Format::Svg {
            let _ = write!(self.out, " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", tenth(line.width));
        }
        let _ = write!(self.out, ">{}</text>", Escaped(&line.text));
    }
}

/// Where a node leads to: one that stands for a group, to the diagram of that group, if it has one.
fn link<'a>(graph: &'a Graph<'_>, node: &Node<'_>) -> Option<&'a str> {
    match node.origin {
        Origin::Collapsed(index) => graph.collapsed[index as usize].link.as_deref(),
        _ => None,
    }
}
