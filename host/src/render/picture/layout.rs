//! Places what a plan measured: a layered layout, with groups as boxes around their nodes and edges at right angles.

use std::time::{Duration, Instant};

use spec_engine_layout as engine;
use spec_engine_layout::{Point, Rect};

use super::options::{Direction, Options};
use super::plan::{EDGE_LINE, EDGE_PADDING, EdgePlan, GROUP_PADDING, GROUP_SIZE, Plan};
use crate::graph::{Change, Edge, Graph};
use crate::places::DrawingPlaces;
use crate::plugin::PictureFault;

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    /// As the nodes of the graph.
    pub(super) nodes: Vec<Rect>,
    /// As the groups of the graph.
    pub(super) groups: Vec<Rect>,
    /// As the edges of the graph: from the border of the source to that of the target; `None` for one that is a badge.
    pub(super) routes: Vec<Option<Vec<Point>>>,
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

/// Lays a plan out. What is known of an earlier drawing stands as it does there, where the labels of changes have room; else
/// what a graph of two versions has of the old one stands as the old one stands by itself.
///
/// # Errors
/// It takes longer than the options allow, or the layout fails.
pub(super) fn lay_out(
    graph: &Graph<'_>,
    plan: &Plan,
    options: &Options,
    known: Option<&DrawingPlaces>,
) -> Result<Layout, PictureFault> {
    let (input, lines) = input(graph, plan);
    let (nodes, edges) = (graph.nodes.len(), lines.len());
    let settings = settings(options);
    let anew = || as_before(graph, &input, &lines, &settings);
    let drawn = match known {
        Some(known) => match engine::pin(&input, &settings, &pins(known)) {
            Ok(drawn) if hides_change(graph, &input, &lines, &drawn) => anew(),
            drawn => drawn,
        },
        None => anew(),
    };
    let drawn = drawn.map_err(|error| match error {
        engine::Error::TimedOut => PictureFault::TimedOut { nodes, edges, seconds: options.seconds },
        error => PictureFault::Layout { nodes, edges, reason: error.to_string() },
    })?;
    Ok(placed(graph, drawn, &lines))
}

/// Whether an edge that changed has no room for its label, which says what changed: that counts more than places.
fn hides_change(graph: &Graph<'_>, input: &engine::Graph, lines: &[usize], drawn: &engine::Layout) -> bool {
    let mut labels = input.edges.iter().zip(&drawn.labels).zip(lines);
    labels.any(|((edge, label), &line)| edge.label.is_some() && label.is_none() && graph.edges[line].change.is_some())
}

/// The places that are known, for the layout.
fn pins(known: &DrawingPlaces) -> engine::Pins {
    let nodes = known.nodes.iter().map(|(id, &[x, y])| (id.clone(), Point { x: x.into(), y: y.into() }));
    let groups = known.groups.iter().map(|(id, &[x, y, width, height])| {
        (id.clone(), Rect { x: x.into(), y: y.into(), width: width.into(), height: height.into() })
    });
    engine::Pins { nodes: nodes.collect(), groups: groups.collect() }
}

/// Lays an input out, where nothing is known of earlier drawings.
fn as_before(
    graph: &Graph<'_>,
    input: &engine::Graph,
    lines: &[usize],
    settings: &engine::Options,
) -> Result<engine::Layout, engine::Error> {
    let old = old_version(graph, input, lines);
    let hints = old.as_ref().map_or(Ok(engine::Hints::default()), |old| {
        engine::layout(old, settings, &engine::Hints::default()).map(|drawn| drawn.hints(old))
    });
    hints.and_then(|hints| engine::layout(input, settings, &hints))
}

/// What an input without the additions of a graph of two versions is; `None` where nothing was added, or all of it.
fn old_version(graph: &Graph<'_>, input: &engine::Graph, lines: &[usize]) -> Option<engine::Graph> {
    let is_old: Vec<bool> = graph.nodes.iter().map(|node| node.change != Some(Change::Added)).collect();
    let mut numbers = vec![0; is_old.len()];
    let mut old = engine::Graph { groups: input.groups.clone(), ..engine::Graph::default() };
    for (node, own) in input.nodes.iter().enumerate().filter(|(node, _)| is_old[*node]) {
        numbers[node] = old.nodes.len();
        old.nodes.push(own.clone());
    }
    for (edge, &line) in input.edges.iter().zip(lines) {
        if is_old[edge.source] && is_old[edge.target] && graph.edges[line].change != Some(Change::Added) {
            let [source, target] = [edge.source, edge.target].map(|node| numbers[node]);
            old.edges.push(engine::Edge { source, target, ..*edge });
        }
    }
    let is_whole = old.nodes.len() == input.nodes.len() && old.edges.len() == input.edges.len();
    (!is_whole && !old.nodes.is_empty()).then_some(old)
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
        let (source, target) = (index(edge.source), index(edge.target));
        input.edges.push(engine::Edge { source, target, label, bundle: bundle(edge) });
        lines.push(position);
    }
    (input, lines)
}

/// Which edges may share their last stretch: those that are drawn alike. One that stands for several has a width of its
/// own.
fn bundle(edge: &Edge<'_>) -> Option<u32> {
    let change = match edge.change {
        None => 0,
        Some(Change::Added) => 1,
        Some(Change::Removed) => 2,
        Some(Change::Changed) => 3,
    };
    (edge.count == 1).then(|| 2 * change + u32::from(edge.kind == "deploys"))
}

/// Reads what came out, with the upper left corner at zero.
fn placed(graph: &Graph<'_>, drawn: engine::Layout, lines: &[usize]) -> Layout {
    let engine::Layout { mut nodes, mut groups, origin, .. } = drawn;
    let moved = |point: Point| Point { x: point.x - origin.x, y: point.y - origin.y };
    for own in nodes.iter_mut().chain(&mut groups) {
        Point { x: own.x, y: own.y } = moved(Point { x: own.x, y: own.y });
    }
    let mut routes = vec![None; graph.edges.len()];
    let mut labels = vec![None; graph.edges.len()];
    for ((route, label), &edge) in drawn.routes.into_iter().zip(drawn.labels).zip(lines) {
        routes[edge] = Some(route.into_iter().map(moved).collect());
        labels[edge] = label.map(moved);
    }
    let engine::Size { width, height } = drawn.size;
    Layout { nodes, groups, routes, labels, width, height }
}

impl Layout {
    /// The places of a drawing, to stand at them again.
    pub(super) fn places(&self, graph: &Graph<'_>) -> DrawingPlaces {
        let middle = |rect: &Rect| [rect.center().x, rect.center().y].map(rounded);
        let nodes = graph.nodes.iter().zip(&self.nodes).map(|(node, rect)| (node.id.to_string(), middle(rect)));
        let around = |rect: &Rect| [rect.x, rect.y, rect.width, rect.height].map(rounded);
        let groups = graph.groups.iter().zip(&self.groups).filter(|(_, rect)| rect.width > 0.0);
        let groups = groups.map(|(group, rect)| (group.id.to_string(), around(rect)));
        DrawingPlaces { groups: groups.collect(), nodes: nodes.collect() }
    }
}

/// A length as a whole number: `as` saturates.
fn rounded(length: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, and no drawing is that large")]
    let whole = length.round() as i32;
    whole
}
