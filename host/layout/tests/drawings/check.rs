//! What every drawing holds.

use spec_engine_layout::{Graph, Layout, Point, Rect};

/// Less than this is nothing.
const NOTHING: f64 = 0.01;

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x + NOTHING < b.right() && b.x + NOTHING < a.right() && a.y + NOTHING < b.bottom() && b.y + NOTHING < a.bottom()
}

fn holds(outer: &Rect, inner: &Rect) -> bool {
    outer.x < inner.x && outer.y < inner.y && outer.right() > inner.right() && outer.bottom() > inner.bottom()
}

fn is_in(graph: &Graph, mut group: Option<usize>, outer: usize) -> bool {
    while let Some(at) = group.filter(|&at| at != outer) {
        group = graph.groups[at].parent;
    }
    group.is_some()
}

/// The box around a piece of a route.
fn around(a: Point, b: Point) -> Rect {
    Rect { x: a.x.min(b.x), y: a.y.min(b.y), width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
}

fn is_on_border(rect: &Rect, point: Point) -> bool {
    let aside = (point.x - rect.x).abs().min((point.x - rect.right()).abs());
    let above = (point.y - rect.y).abs().min((point.y - rect.bottom()).abs());
    let inside = rect.x - NOTHING <= point.x
        && point.x <= rect.right() + NOTHING
        && rect.y - NOTHING <= point.y
        && point.y <= rect.bottom() + NOTHING;
    inside && aside.min(above) < NOTHING
}

/// Checks nodes, groups, routes and labels.
pub fn check(graph: &Graph, drawn: &Layout) {
    check_boxes(graph, drawn);
    check_routes(graph, drawn);
}

/// Checks nodes and groups.
pub fn check_boxes(graph: &Graph, drawn: &Layout) {
    for (index, rect) in drawn.nodes.iter().enumerate() {
        let size = graph.nodes[index].size;
        assert!(rect.width >= size.width && rect.height >= size.height, "node {index} shrinks: {rect:?}");
        for (other, beside) in drawn.nodes.iter().enumerate().skip(index + 1) {
            assert!(!overlap(rect, beside), "nodes {index} and {other} overlap: {rect:?} {beside:?}");
        }
        for (group, around) in drawn.groups.iter().enumerate() {
            if is_in(graph, graph.nodes[index].group, group) {
                assert!(holds(around, rect), "node {index} leaves group {group}: {rect:?} {around:?}");
            } else {
                assert!(!overlap(around, rect), "node {index} is in group {group}: {rect:?} {around:?}");
            }
        }
    }
    for (group, rect) in drawn.groups.iter().enumerate() {
        for (other, beside) in drawn.groups.iter().enumerate().skip(group + 1) {
            let nested = is_in(graph, Some(group), other) || is_in(graph, Some(other), group);
            assert!(nested || !overlap(rect, beside), "groups {group} and {other} overlap: {rect:?} {beside:?}");
        }
    }
}

/// Checks that routes lead from border to border, upright and through no node.
pub fn check_lines(graph: &Graph, drawn: &Layout) {
    for (index, (edge, route)) in graph.edges.iter().zip(&drawn.routes).enumerate() {
        let [first, .., last] = route[..] else { panic!("edge {index} has no route: {route:?}") };
        assert!(is_on_border(&drawn.nodes[edge.source], first), "edge {index} starts at {first:?}");
        assert!(is_on_border(&drawn.nodes[edge.target], last), "edge {index} ends at {last:?}");
        for pair in route.windows(2) {
            let piece = around(pair[0], pair[1]);
            assert!(piece.width < NOTHING || piece.height < NOTHING, "edge {index} is not upright: {route:?}");
            for (node, rect) in drawn.nodes.iter().enumerate() {
                let through = overlap_line(&piece, rect);
                assert!(!through, "edge {index} runs through node {node}: {piece:?} {rect:?}");
            }
        }
    }
}

fn check_routes(graph: &Graph, drawn: &Layout) {
    check_lines(graph, drawn);
    for (index, (edge, route)) in graph.edges.iter().zip(&drawn.routes).enumerate() {
        for pair in route.windows(2) {
            let piece = around(pair[0], pair[1]);
            for (group, rect) in drawn.groups.iter().enumerate() {
                let stands_beside = |node: usize| graph.nodes[node].group == graph.groups[group].parent;
                let through = overlap_line(&piece, rect) && [edge.source, edge.target].into_iter().all(stands_beside);
                assert!(!through, "edge {index} runs through group {group}: {piece:?} {rect:?}");
            }
            for (other, (label, own)) in graph.edges.iter().map(|edge| edge.label).zip(&drawn.labels).enumerate() {
                let (Some(size), Some(middle)) = (label, own) else { continue };
                let shares = (edge.source, edge.target) == (graph.edges[other].source, graph.edges[other].target);
                let rect = Rect {
                    x: middle.x - size.width / 2.0,
                    y: middle.y - size.height / 2.0,
                    width: size.width,
                    height: size.height,
                };
                assert!(shares || !overlap_line(&piece, &rect), "edge {index} runs through the label of {other}");
            }
        }
    }
}

/// Whether a line runs through a box, by more than its border.
fn overlap_line(line: &Rect, rect: &Rect) -> bool {
    let inner = |start: f64, end: f64, low: f64, high: f64| start < high - NOTHING && end > low + NOTHING;
    inner(line.x, line.right(), rect.x, rect.right()) && inner(line.y, line.bottom(), rect.y, rect.bottom())
}
