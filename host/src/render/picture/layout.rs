//! Places what a plan measured: a layered layout, with groups as boxes around their nodes and edges at right angles.

use std::time::{Duration, Instant};

use spec_engine_layout as engine;

use super::geometry::{Point, Rect, Route};
use super::options::{Direction, Options};
use super::plan::{EDGE_LINE, EDGE_PADDING, EdgePlan, GROUP_PADDING, GROUP_SIZE, Plan};
use crate::graph::Graph;
use crate::plugin::PictureFault;

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
    let (nodes, edges) = (graph.nodes.len(), lines.len());
    let drawn = engine::layout(&input, &settings(options), &engine::Hints::default()).map_err(|error| match error {
        engine::Error::TimedOut => PictureFault::TimedOut { nodes, edges, seconds: options.seconds },
        error => PictureFault::Layout { nodes, edges, reason: error.to_string() },
    })?;
    Ok(placed(graph, &drawn, &lines))
}

fn settings(options: &Options) -> engine::Options {
    let direction = match options.direction {
        Direction::Right => engine::Direction::Right,
        Direction::Left => engine::Direction::Left,
        Direction::Down => engine::Direction::Down,
        Direction::Up => engine::Direction::Up,
    };
    let spacing = engine::Spacing { title: GROUP_PADDING, ..engine::Spacing::default() };
    let deadline = Instant::now().checked_add(Duration::from_secs(options.seconds));
    engine::Options { direction, spacing, deadline, ..engine::Options::default() }
}

/// Makes the input of the layout, and which edges are lines.
fn input(graph: &Graph<'_>, plan: &Plan) -> (engine::Graph, Vec<usize>) {
    let index = |position: u32| position as usize;
    let nodes = graph.nodes.iter().zip(&plan.nodes).map(|(node, plan)| engine::Node {
        key: node.id.to_string(),
        size: engine::Size { width: plan.width, height: plan.height },
        group: node.group.map(index),
    });
    let groups = graph.groups.iter().zip(&plan.groups).map(|(group, title)| engine::Group {
        key: group.id.to_string(),
        title: engine::Size { width: title.as_ref().map_or(0.0, |title| title.width), height: GROUP_SIZE },
        parent: group.parent.map(index),
    });
    let mut input = engine::Graph { nodes: nodes.collect(), groups: groups.collect(), edges: Vec::new() };
    let mut lines = Vec::new();
    for (position, (edge, plan)) in graph.edges.iter().zip(&plan.edges).enumerate() {
        let EdgePlan::Line(label) = plan else { continue };
        let label =
            label.as_ref().map(|label| engine::Size { width: label.width + 2.0 * EDGE_PADDING, height: EDGE_LINE });
        input.edges.push(engine::Edge { source: index(edge.source), target: index(edge.target), label });
        lines.push(position);
    }
    (input, lines)
}

/// Reads what came out.
fn placed(graph: &Graph<'_>, drawn: &engine::Layout, lines: &[usize]) -> Layout {
    let point = |point: &engine::Point| Point { x: point.x, y: point.y };
    let rect = |rect: &engine::Rect| Rect { x: rect.x, y: rect.y, width: rect.width, height: rect.height };
    let mut routes: Vec<Option<Route>> = graph.edges.iter().map(|_| None).collect();
    let mut labels: Vec<Option<Point>> = graph.edges.iter().map(|_| None).collect();
    for ((route, label), &edge) in drawn.routes.iter().zip(&drawn.labels).zip(lines) {
        routes[edge] = Some(Route { points: route.iter().map(point).collect() });
        labels[edge] = label.as_ref().map(point);
    }
    Layout {
        nodes: drawn.nodes.iter().map(rect).collect(),
        groups: drawn.groups.iter().map(rect).collect(),
        routes,
        labels,
        width: drawn.size.width,
        height: drawn.size.height,
    }
}
