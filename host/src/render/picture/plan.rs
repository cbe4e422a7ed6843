//! What is drawn, measured but not yet placed: the lines of each label, the badges, the size of each box.

use super::font::{Fonts, Weight};
use super::hubs::{self, Hub};
use super::icons::{ICON_SIZE, Icon, Icons};
use super::look::{Look, SIDE_DEPTH, Shape};
use super::options::{Direction, Options};
use super::xml::shown;
use crate::graph::{Graph, Node, Origin};
use crate::plugin::PictureFault;

/// Sizes of texts, in units of the drawing (pixels at scale 1).
pub(super) const TITLE_SIZE: f64 = 18.0;
pub(super) const LABEL_SIZE: f64 = 14.0;
pub(super) const GROUP_SIZE: f64 = 13.0;
pub(super) const CAPTION_SIZE: f64 = 11.0;
pub(super) const EDGE_SIZE: f64 = 12.0;
pub(super) const BADGE_SIZE: f64 = 11.0;

/// From one line of a label to the next.
pub(super) const LABEL_LINE: f64 = 17.0;
/// The height of the line below a label.
pub(super) const CAPTION_LINE: f64 = 14.0;
/// From the border of a group to what is in it; the title stands there.
pub(super) const GROUP_PADDING: f64 = 28.0;
/// The height of a badge, and of the label of an edge.
pub(super) const BADGE_HEIGHT: f64 = 17.0;
/// From one badge to the next.
pub(super) const BADGE_GAP: f64 = 4.0;
/// The height of an edge's label.
pub(super) const EDGE_LINE: f64 = 16.0;
/// The room left and right in an edge's label.
pub(super) const EDGE_PADDING: f64 = 3.0;
/// How deep the ellipses of a standing cylinder are.
pub(super) const CYLINDER_DEPTH: f64 = 5.0;

/// The widest that the text of a node is; a longer one is broken, then shortened.
const WIDEST_LABEL: f64 = 190.0;
/// The widest that the title of a group is.
const WIDEST_GROUP: f64 = 320.0;
/// The widest that the label of an edge is.
const WIDEST_EDGE: f64 = 140.0;
/// The widest that the title of the drawing is.
const WIDEST_TITLE: f64 = 900.0;
/// The widest that the text of a badge is.
const WIDEST_BADGE: f64 = 110.0;
/// From an icon to the text beside it.
pub(super) const ICON_GAP: f64 = 7.0;
/// The most lines of a node's label.
const LABEL_LINES: usize = 2;
/// The narrowest node.
const NARROWEST_NODE: f64 = 88.0;
/// A node has room for the labels of so many lines on a side; more stand closer.
const MOST_ROOM: usize = 12;
const PADDING_X: f64 = 13.0;
const PADDING_Y: f64 = 9.0;

/// A measured line of text.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) width: f64,
}

impl Line {
    fn new(fonts: &Fonts, text: String, size: f64, weight: Weight) -> Self {
        Self { width: fonts.width(&text, size, weight), text }
    }

    /// Shortens a text to one line; `None` if it has nothing to show.
    pub(super) fn of(fonts: &Fonts, text: &str, size: f64, weight: Weight, most: f64) -> Option<Self> {
        fonts.fit(&shown(text), size, weight, most, 1).pop().map(|text| Self::new(fonts, text, size, weight))
    }
}

/// A whole drawing.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) title: Option<Line>,
    /// The whole of the title, as the document or the user gives it.
    pub(super) full_title: String,
    /// As the nodes of the graph.
    pub(super) nodes: Vec<NodePlan>,
    /// As the groups of the graph.
    pub(super) groups: Vec<Option<Line>>,
    /// As the edges of the graph.
    pub(super) edges: Vec<EdgePlan>,
    pub(super) hubs: Vec<Hub>,
    /// Whether it shows two versions that differ.
    pub(super) has_changes: bool,
    /// What stands below the drawing, before the legend.
    pub(super) note: Option<String>,
}

#[derive(Debug)]
pub(super) struct NodePlan {
    pub(super) label: Vec<Line>,
    pub(super) caption: Option<Line>,
    pub(super) icon: Option<Icon>,
    pub(super) badges: Vec<Badge>,
    /// The rows of badges, as numbers of badges.
    pub(super) badge_rows: Vec<usize>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A hub on one of its users, or a deployment on what it deploys.
#[derive(Debug)]
pub(super) struct Badge {
    /// The edge that it stands for.
    pub(super) edge: usize,
    /// The position in [`Plan::hubs`].
    pub(super) hub: usize,
    pub(super) text: Line,
    pub(super) width: f64,
}

/// How an edge is drawn.
#[derive(Debug)]
pub(super) enum EdgePlan {
    Line(Option<Line>),
    /// As a badge: of its target on its source, or of a deployment on what it deploys.
    Badge,
    /// Not by itself: the release says that it deploys the whole group.
    Told,
}

impl Plan {
    /// Plans a drawing, with a note below it.
    ///
    /// # Errors
    /// An icon cannot be used.
    pub(super) fn of(
        graph: &Graph<'_>,
        options: &Options,
        fonts: &Fonts,
        icons: &mut Icons,
        note: Option<&str>,
    ) -> Result<Self, PictureFault> {
        let hubs = hubs::find(graph, options.hubs);
        let chips: Vec<Option<Line>> = hubs.iter().map(|hub| badge_line(fonts, &hub.name)).collect();
        let mut badges: Vec<Vec<Badge>> = (0..graph.nodes.len()).map(|_| Vec::new()).collect();
        let mut edges = Vec::with_capacity(graph.edges.len());
        for (index, edge) in graph.edges.iter().enumerate() {
            let [at, drawn_as] = hubs::ends(edge);
            let hub = hubs.iter().position(|hub| hub.node == drawn_as && edge.source != edge.target);
            let hub = hub.filter(|&hub| hubs[hub].deploys == hubs::deploys(edge));
            edges.push(match hub {
                Some(hub) if !hubs[hub].whole_groups.is_empty() => EdgePlan::Told,
                Some(hub) => {
                    let text = chips[hub].clone().unwrap_or_else(|| Line { text: String::new(), width: 0.0 });
                    badges[at as usize].push(Badge { edge: index, hub, width: badge_width(&text), text });
                    EdgePlan::Badge
                }
                None => EdgePlan::Line(
                    graph
                        .edge_label(index)
                        .and_then(|label| Line::of(fonts, label, EDGE_SIZE, Weight::Regular, WIDEST_EDGE)),
                ),
            });
        }
        let ports = ports(graph, &edges);
        let mut nodes = Vec::with_capacity(graph.nodes.len());
        for (index, (node, mut badges)) in graph.nodes.iter().zip(badges).enumerate() {
            badges.sort_by_key(|badge| (badge.hub, badge.edge));
            let hub = hubs.iter().find(|hub| hub.node as usize == index);
            let caption = caption(graph, node, hub);
            let mut plan = NodePlan::new(fonts, &node.label, &caption, shape(node), icons.of(node)?, badges);
            plan.make_room(ports[index].into_iter().max().unwrap_or_default(), options.direction);
            nodes.push(plan);
        }
        let full_title = full_title(graph, options);
        let group_title = |label: &str| Line::of(fonts, label, GROUP_SIZE, Weight::Bold, WIDEST_GROUP);
        Ok(Self {
            title: Line::of(fonts, &full_title, TITLE_SIZE, Weight::Bold, WIDEST_TITLE),
            full_title,
            nodes,
            groups: graph.groups.iter().map(|group| group_title(group.label)).collect(),
            edges,
            hubs,
            has_changes: graph.has_changes(),
            note: note.map(str::to_owned),
        })
    }
}

/// What a drawing is called: as the user says, else the part that it shows, else the system.
fn full_title(graph: &Graph<'_>, options: &Options) -> String {
    let name = graph.system.name.as_str();
    match &graph.part {
        _ if !options.title.is_empty() => options.title.clone(),
        Some(part) if name.is_empty() => part.label.clone(),
        Some(part) => format!("{name} · {}", part.label),
        None => name.to_owned(),
    }
}

/// Whether a node stands for several of its kind with the same connections.
pub(super) fn is_stack(node: &Node<'_>) -> bool {
    matches!(node.origin, Origin::Collapsed(_)) && node.kind != crate::graph::COLLAPSED
}

/// The outline of a node.
pub(super) fn shape(node: &Node<'_>) -> Shape {
    if is_stack(node) { Shape::Stack } else { Look::of(node.kind).shape }
}

/// What stands below the name of a node. A plain box is a service; each would say so.
fn caption(graph: &Graph<'_>, node: &Node<'_>, hub: Option<&Hub>) -> String {
    let what = node.resource.or(match node.kind {
        "service" | crate::graph::COLLAPSED => None,
        "helm" => Some("Helm release"),
        "terraform" => Some("Terraform module"),
        kind => Some(kind),
    });
    let users = match hub.map(|hub| (hub, hub.whole_groups.as_slice())) {
        None => None,
        Some((_, [group])) => return format!("deploys all of {}", graph.groups[*group as usize].label),
        Some((_, groups)) if groups.len() > 1 => return format!("deploys all of {} groups", groups.len()),
        Some((hub, _)) if hub.deploys => Some(format!("deploys {}", hub.users)),
        Some((hub, _)) => Some(format!("{} users", hub.users)),
    };
    [what, users.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

impl NodePlan {
    fn new(fonts: &Fonts, label: &str, caption: &str, shape: Shape, icon: Option<Icon>, badges: Vec<Badge>) -> Self {
        let lines = fonts.fit(&shown(label), LABEL_SIZE, Weight::Regular, WIDEST_LABEL, LABEL_LINES);
        let line = |text| Line::new(fonts, text, LABEL_SIZE, Weight::Regular);
        let label: Vec<Line> = lines.into_iter().map(line).collect();
        let caption = Line::of(fonts, caption, CAPTION_SIZE, Weight::Regular, WIDEST_LABEL);
        let badge_rows = badge_rows(&badges);
        let beside = if icon.is_some() { ICON_SIZE + ICON_GAP } else { 0.0 };
        let texts = label.iter().chain(&caption).map(|line| line.width + beside);
        let mut rest = badges.as_slice();
        let rows = badge_rows.iter().map(|&count| {
            let (row, after) = rest.split_at(count);
            rest = after;
            row_width(row)
        });
        let widest = texts.chain(rows).fold(0.0, f64::max);
        let side = match shape {
            Shape::Tube => SIDE_DEPTH + 4.0,
            Shape::Hexagon => SIDE_DEPTH,
            Shape::Pill => 5.0,
            Shape::DoubleBox | Shape::Stack => 3.0,
            _ => 0.0,
        };
        let mut height = LABEL_LINE * count(label.len().max(1)) + 2.0 * PADDING_Y;
        height += if caption.is_some() { CAPTION_LINE } else { 0.0 };
        height += count(badge_rows.len()) * (BADGE_HEIGHT + BADGE_GAP);
        if shape == Shape::Cylinder {
            height += 2.0 * CYLINDER_DEPTH;
        }
        let width = (widest + 2.0 * (PADDING_X + side)).max(NARROWEST_NODE);
        Self { label, caption, icon, badges, badge_rows, width: even(width), height: even(height) }
    }
}

impl NodePlan {
    /// Makes the side that so many lines leave from long enough for their labels to stand one beside the other.
    fn make_room(&mut self, lines: usize, direction: Direction) {
        let room = count(lines.min(MOST_ROOM)) * (EDGE_LINE + 1.0);
        match direction {
            Direction::Right | Direction::Left => self.height = self.height.max(even(room + PADDING_Y)),
            Direction::Down | Direction::Up => self.width = self.width.max(even(room + 2.0 * PADDING_X)),
        }
    }
}

/// Counts the lines that lead to each node and from it.
fn ports(graph: &Graph<'_>, edges: &[EdgePlan]) -> Vec<[usize; 2]> {
    let mut ports = vec![[0; 2]; graph.nodes.len()];
    for (edge, plan) in graph.edges.iter().zip(edges) {
        if matches!(plan, EdgePlan::Line(_)) {
            ports[edge.target as usize][0] += 1;
            ports[edge.source as usize][1] += 1;
        }
    }
    ports
}

/// Rounds a size up to an even number: half of it, and so every border, is a whole one.
fn even(size: f64) -> f64 {
    (size / 2.0).ceil() * 2.0
}

/// How many badges stand in each row.
fn badge_rows(badges: &[Badge]) -> Vec<usize> {
    let mut rows: Vec<(usize, f64)> = Vec::new();
    for badge in badges {
        match rows.last_mut() {
            Some((count, width)) if *width + BADGE_GAP + badge.width <= WIDEST_LABEL => {
                *count += 1;
                *width += BADGE_GAP + badge.width;
            }
            _ => rows.push((1, badge.width)),
        }
    }
    rows.into_iter().map(|(count, _)| count).collect()
}

/// The width of a row of badges.
pub(super) fn row_width(row: &[Badge]) -> f64 {
    let widths: f64 = row.iter().map(|badge| badge.width).sum();
    widths + BADGE_GAP * count(row.len().saturating_sub(1))
}

/// The text of a badge of a hub.
pub(super) fn badge_line(fonts: &Fonts, name: &str) -> Option<Line> {
    Line::of(fonts, name, BADGE_SIZE, Weight::Bold, WIDEST_BADGE)
}

/// The width of a badge.
pub(super) fn badge_width(text: &Line) -> f64 {
    (text.width + 10.0).max(20.0)
}

/// Turns a small number into a factor.
pub(super) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
