//! Draws the groups and nodes of a drawing.

use std::fmt::Write as _;

use super::lines::tenth;
use super::pen::{Anchor, Pen};
use crate::graph::{Node, Origin};
use crate::render::picture::icons::{GRID, ICON_SIZE, Icon};
use crate::render::picture::look::{Look, SIDE_DEPTH, Shape};
use crate::render::picture::plan::{
    BADGE_GAP, BADGE_HEIGHT, BADGE_SIZE, Badge, CAPTION_LINE, CAPTION_SIZE, CYLINDER_DEPTH, GROUP_PADDING, GROUP_SIZE,
    ICON_GAP, LABEL_LINE, LABEL_SIZE, Line, count, is_stack, row_width, shape,
};
use crate::render::picture::xml::EscapedText;
use spec_engine_layout::{Point, Rect};

impl Pen<'_> {
    pub(super) fn groups(&mut self) {
        self.out.push_str("<g class=\"groups\">\n");
        for (index, group) in self.graph.groups.iter().enumerate() {
            let rect = self.layout.groups[index];
            let inner = if group.parent.is_some() { " inner" } else { "" };
            let _ = write!(
                self.out,
                "<g class=\"group{inner}\" data-id=\"{}\" data-kind=\"{}\"><title>{}</title>",
                EscapedText(&group.id),
                group.kind.as_str(),
                EscapedText(group.label)
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

    pub(super) fn nodes(&mut self) {
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
            "<g class=\"node k-{}{}\" data-id=\"{}\" data-kind=\"{}\"",
            look.kind,
            self.change_class(node.change),
            EscapedText(&node.id),
            EscapedText(node.kind),
        );
        self.members(node);
        let _ = write!(self.out, "><title>{}", EscapedText(&node.label));
        self.tooltip(index);
        self.out.push_str("</title>");
        let link = self.link(index);
        if let Some(link) = &link {
            let _ = write!(self.out, "<a href=\"{}\">", EscapedText(link));
        }
        let shape = shape(node);
        self.outline(shape, rect);
        // A lying cylinder shows its right end.
        let aside = if shape == Shape::Tube { SIDE_DEPTH / 2.0 } else { 0.0 };
        let center = Point { x: rect.center().x - aside, y: rect.center().y };
        let caption = if plan.caption.is_some() { CAPTION_LINE } else { 0.0 };
        let badges = count(plan.badge_rows.len()) * (BADGE_HEIGHT + BADGE_GAP);
        let text = LABEL_LINE * count(plan.label.len()) + caption;
        let down = match shape {
            Shape::Cylinder => CYLINDER_DEPTH * 0.6,
            Shape::Stack => 2.0,
            _ => 0.0,
        };
        let mut y = center.y - (text + badges) / 2.0 + down;
        let x = self.icon(index, center.x, y + text / 2.0);
        for line in &plan.label {
            self.text("name", line, Point { x, y: y + LABEL_LINE / 2.0 + LABEL_SIZE * 0.36 }, Anchor::Middle);
            y += LABEL_LINE;
        }
        if let Some(line) = &plan.caption {
            let at = Point { x, y: y + CAPTION_LINE / 2.0 + CAPTION_SIZE * 0.36 };
            self.text("caption", line, at, Anchor::Middle);
            y += CAPTION_LINE;
        }
        self.out.push_str(if link.is_some() { "</a></g>\n" } else { "</g>\n" });
        self.badges(index, Point { x: center.x, y });
    }

    /// Names the nodes that a stack stands for: a JSON list of their ids.
    fn members(&mut self, node: &Node<'_>) {
        let Origin::Collapsed(index) = node.origin else { return };
        if is_stack(node) {
            let members = serde_json::json!(self.graph.collapsed[index as usize].members).to_string();
            let _ = write!(self.out, " data-members=\"{}\"", EscapedText(&members));
        }
    }

    /// Draws the icon of a node beside its text, their middle at a point. Returns the middle of the text.
    fn icon(&mut self, index: usize, middle: f64, y: f64) -> f64 {
        let plan = &self.plan.nodes[index];
        let Some(icon) = plan.icon else { return middle };
        let text = plan.label.iter().chain(&plan.caption).map(|line| line.width).fold(0.0, f64::max);
        let (left, top) = (middle - (ICON_SIZE + ICON_GAP + text) / 2.0, y - ICON_SIZE / 2.0);
        match icon {
            Icon::Lines(lines) => self.icon_lines(lines, Point { x: left, y: top }, ICON_SIZE),
            Icon::Image(image) => {
                let (x, y) = (tenth(left), tenth(top));
                let _ = write!(self.out, "<use href=\"#spec-icon-{image}\" x=\"{x}\" y=\"{y}\"/>");
            }
        }
        middle + (ICON_SIZE + ICON_GAP) / 2.0
    }

    /// Draws the lines of an icon in a size, its upper left corner at a point.
    pub(super) fn icon_lines(&mut self, lines: &str, at: Point, size: f64) {
        let (x, y, scale) = (tenth(at.x), tenth(at.y), size / GRID);
        let _ =
            write!(self.out, "<path class=\"icon\" transform=\"translate({x} {y}) scale({scale})\" d=\"{lines}\"/>");
    }

    /// Draws the badges of a node in rows, the middle of their upper side at a point.
    fn badges(&mut self, index: usize, at: Point) {
        let plan = &self.plan.nodes[index];
        let (mut rest, mut y) = (plan.badges.as_slice(), at.y);
        for &number in &plan.badge_rows {
            let (row, after) = rest.split_at(number);
            rest = after;
            y += BADGE_GAP;
            let mut x = at.x - row_width(row) / 2.0;
            for badge in row {
                self.badge(badge, Point { x, y });
                x += badge.width + BADGE_GAP;
            }
            y += BADGE_HEIGHT;
        }
    }

    fn badge(&mut self, badge: &Badge, at: Point) {
        let hub = &self.plan.hubs[badge.hub];
        let kind = Look::of(self.graph.nodes[hub.node as usize].kind).kind;
        self.edge_tag(badge.edge, &format!(" badge b-{kind}"));
        self.chip(&badge.text, badge.width, at);
        self.out.push_str("</g>\n");
    }

    /// Draws the badge of a hub, its upper left corner at a point.
    pub(super) fn chip(&mut self, text: &Line, width: f64, at: Point) {
        self.rect("", Rect { x: at.x, y: at.y, width, height: BADGE_HEIGHT }, 4.0);
        let middle = Point { x: at.x + width / 2.0, y: at.y + BADGE_HEIGHT / 2.0 + BADGE_SIZE * 0.36 };
        self.text("", text, middle, Anchor::Middle);
    }
}
