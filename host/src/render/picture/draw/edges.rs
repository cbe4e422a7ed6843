//! Draws the edges of a drawing.

use std::fmt::Write as _;

use super::lines::{TAB, direction, pill_radius, rounded, tenth};
use super::pen::{Anchor, Pen};
use crate::graph::Change;
use crate::render::picture::look::{SIDE_DEPTH, Shape};
use crate::render::picture::plan::{CYLINDER_DEPTH, EDGE_LINE, EDGE_PADDING, EDGE_SIZE, EdgePlan, shape};
use crate::render::picture::style::{change_class, weight_class};
use crate::render::picture::xml::EscapedText;
use spec_engine_layout::{Point, Rect};

/// How long an arrow is, and half of how wide.
const ARROW: (f64, f64) = (7.5, 3.4);

impl Pen<'_> {
    pub(super) fn lines(&mut self) {
        self.out.push_str("<g class=\"edges\">\n");
        for index in 0..self.graph.edges.len() {
            if matches!(self.plan.edges[index], EdgePlan::Told) {
                // The release says it; readers of the file find the edge here.
                self.edge_tag(index, " told");
                self.out.push_str("</g>\n");
            }
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
    pub(super) fn edge_tag(&mut self, index: usize, class: &str) {
        let edge = &self.graph.edges[index];
        let [source, target] = [edge.source, edge.target].map(|node| &self.graph.nodes[node as usize]);
        let deploys = if edge.kind == "deploys" { " deploys" } else { "" };
        let change = self.change_class(edge.change);
        let _ = write!(
            self.out,
            "<g class=\"edge{deploys}{class}{change}\" data-source=\"{}\" data-target=\"{}\" data-index=\"{index}\" \
             data-kind=\"{}\"><title>{} → {}",
            EscapedText(&source.id),
            EscapedText(&target.id),
            EscapedText(edge.kind),
            EscapedText(&source.label),
            EscapedText(&target.label)
        );
        if let Some(label) = self.graph.edge_label(index) {
            let _ = write!(self.out, " ({})", EscapedText(label));
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
        let shape = shape(&self.graph.nodes[node as usize]);
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

    /// The class of a change, with a space before it; nothing in a drawing of one version.
    pub(super) fn change_class(&self, change: Option<Change>) -> &'static str {
        if self.plan.has_changes { change_class(change) } else { "" }
    }
}
