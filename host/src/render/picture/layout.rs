//! Places what a plan measured: a layered layout, with groups as boxes around their nodes and edges at right angles.

use std::sync::mpsc;
use std::time::Duration;

use graphlay::{Edge, LayoutOptions, Node, NodeId, RankConstraint, Size};

use super::geometry::{Point, Rect, Route};
use super::options::{Direction, Options};
use super::plan::{EDGE_LINE, EDGE_PADDING, EdgePlan, GROUP_PADDING, Line, Plan};
use super::{labels, ranks};
use crate::graph::Graph;
use crate::plugin::PictureFault;

/// How much stack the layout has, in bytes.
const STACK: usize = 64 * 1024 * 1024;

/// Up to so many lines, the layout takes the time to look for few crossings.
const THOROUGH_LINES: usize = 150;

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    /// As the nodes of the graph.
    pub(super) nodes: Vec<Rect>,
    /// As the groups of the graph.
    pub(super) groups: Vec<Rect>,
    /// As the edges of the graph; `None` for one that is a badge.
    pub(super) routes: Vec<Option<Route>>,
    /// The middle of each edge's label.
    pub(super) labels: Vec<Option<Point>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Why a graph is too large to be read as one picture, if it is.
pub(super) fn too_large(graph: &Graph<'_>, options: &Options) -> Option<PictureFault> {
    let counts = [
        ("nodes", graph.nodes.len(), "max-nodes", options.max_nodes),
        ("edges", graph.edges.len(), "max-edges", options.max_edges),
    ];
    let (what, count, option, most) = counts.into_iter().find(|(_, count, _, most)| count > most)?;
    Some(PictureFault::TooLarge { what, count, most, option })
}

/// Lays a plan out.
///
/// # Errors
/// It takes longer than the options allow, or the layout fails.
pub(super) fn lay_out(graph: &Graph<'_>, plan: &Plan, options: &Options) -> Result<Layout, PictureFault> {
    let (input, lines) = input(graph, plan);
    let settings = settings(graph, lines.len(), options);
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || {
        // Nobody receives it when the time is over.
        let _ = sender.send(graphlay::layout(&input, &settings));
    };
    let (nodes, edges) = (graph.nodes.len(), lines.len());
    let failed = |reason: String| PictureFault::Layout { nodes, edges, reason };
    let thread = std::thread::Builder::new().name("layout".to_owned()).stack_size(STACK).spawn(work);
    thread.map_err(|error| failed(error.to_string()))?;
    let drawn = match receiver.recv_timeout(Duration::from_secs(options.seconds)) {
        Ok(drawn) => drawn,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            return Err(PictureFault::TimedOut { nodes, edges, seconds: options.seconds });
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => return Err(failed("it broke off".to_owned())),
    };
    let drawn = drawn.map_err(|error| failed(error.to_string()))?;
    Ok(placed(graph, plan, &drawn, &lines))
}

fn settings(graph: &Graph<'_>, lines: usize, options: &Options) -> LayoutOptions {
    let mut settings = LayoutOptions::layered_default();
    if lines > THOROUGH_LINES {
        settings.effort = graphlay::Effort::Fast;
    }
    settings.direction = match options.direction {
        Direction::Right => graphlay::Direction::LeftRight,
        Direction::Down => graphlay::Direction::TopBottom,
    };
    settings.spacing.node_gap = 26.0;
    settings.spacing.layer_gap = 56.0;
    settings.spacing.dummy_gap = 16.0;
    settings.spacing.port_gap = 14.0;
    settings.labels.reservation = graphlay::LabelReservation::Always;
    settings.spacing.isolated_gap = 20.0;
    settings.spacing.compound_padding = GROUP_PADDING;
    // About as wide as it is high.
    settings.spacing.isolated_max_columns = (1..).find(|side| side * side * 2 >= graph.nodes.len()).unwrap_or(1).max(2);
    settings
}

/// Makes the input of the layout: nodes, then groups; and which edges are lines.
fn input(graph: &Graph<'_>, plan: &Plan) -> (graphlay::Graph, Vec<usize>) {
    let mut input = graphlay::Graph::new();
    let of_group = |group: u32| Some(NodeId(u32::try_from(graph.nodes.len()).ok()? + group));
    for (node, plan) in graph.nodes.iter().zip(&plan.nodes) {
        let parent = node.group.and_then(of_group);
        input.nodes.push(Node { size: Size::new(plan.width, plan.height), parent, ..Node::default() });
    }
    for (group, title) in graph.groups.iter().zip(&plan.groups) {
        let width = title.as_ref().map_or(0.0, |title| title.width) + 2.0 * GROUP_PADDING;
        let size = Size::new(width.ceil(), 2.0 * GROUP_PADDING);
        input.nodes.push(Node { size, parent: group.parent.and_then(of_group), ..Node::default() });
    }
    let mut lines = Vec::new();
    for (index, (edge, plan)) in graph.edges.iter().zip(&plan.edges).enumerate() {
        let EdgePlan::Line(label) = plan else { continue };
        let label_size = label.as_ref().map(|label| Size::new(label.width + 2.0 * EDGE_PADDING, EDGE_LINE));
        input.edges.push(Edge { label_size, thickness: 1.5, ..Edge::new(NodeId(edge.source), NodeId(edge.target)) });
        lines.push(index);
    }
    for (node, group) in ranks::kept_last(graph, &lines) {
        // Each group is laid out by itself; a number of its own keeps edges between groups out of this.
        input.nodes[node].rank = RankConstraint::Fixed(i32::try_from(group).unwrap_or(i32::MAX));
    }
    (input, lines)
}

/// Reads what came out, with the upper left corner at the origin.
fn placed(graph: &Graph<'_>, plan: &Plan, drawn: &graphlay::Layout, lines: &[usize]) -> Layout {
    let origin = drawn.bounds.min;
    let point = |point: graphlay::Point| Point { x: round(point.x - origin.x), y: round(point.y - origin.y) };
    let rect = |placement: &graphlay::Placement| {
        let (width, height) = (placement.size.width, placement.size.height);
        let center = point(placement.center);
        Rect {
            x: round(center.x - width / 2.0),
            y: round(center.y - height / 2.0),
            width: round(width),
            height: round(height),
        }
    };
    let mut rects = drawn.nodes.iter().map(rect);
    let nodes: Vec<Rect> = rects.by_ref().take(graph.nodes.len()).collect();
    let groups: Vec<Rect> = rects.collect();
    let mut routes: Vec<Option<Route>> = graph.edges.iter().map(|_| None).collect();
    for (route, &edge) in drawn.edges.iter().zip(lines) {
        let points = route.points.iter().copied().map(point).collect();
        routes[edge] = Some(Route { points });
    }
    let texts: Vec<Option<&Line>> = plan.edges.iter().map(EdgePlan::label).collect();
    let labels = labels::place(&texts, &routes, &nodes, &groups);
    Layout { nodes, groups, routes, labels, width: drawn.bounds.width(), height: drawn.bounds.height() }
}

/// Rounds to tenths, which nobody sees.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
