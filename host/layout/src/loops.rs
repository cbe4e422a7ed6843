//! Edges from a node to itself: beside the node, one around the other, each with its label on the far side.

use crate::part::Part;
use crate::route::Space;

/// From one such edge to the next, and from its label to where it turns.
const APART: i64 = 8;
/// From the corners of a node to the ends of its outermost edge.
const CORNER: i64 = 8;

/// The edges of each node to itself, in the order of the part.
fn by_node(part: &Part) -> Vec<Vec<usize>> {
    let mut loops = vec![Vec::new(); part.nodes.len()];
    for (index, edge) in part.edges.iter().enumerate().filter(|(_, edge)| edge.source == edge.target) {
        loops[edge.source].push(index);
    }
    loops
}

/// One of the edges of a node to itself.
struct Shape {
    /// Half of its length beside the node.
    half: i64,
    /// How far from the node it turns.
    depth: i64,
    /// How far its label reaches.
    reach: i64,
}

/// The shapes of some edges of a node to itself, the inner one first.
fn shapes(part: &Part, loops: &[usize]) -> Vec<Shape> {
    let (mut half, mut reach) = (APART, 0);
    let shape = |&edge: &usize| {
        let (along, across) = part.edges[edge].label.unwrap_or((0, 0));
        half = (half + APART).max(along / 2 + APART);
        let depth = reach + APART + across / 2;
        reach = depth + across / 2;
        Shape { half, depth, reach }
    };
    loops.iter().map(shape).collect()
}

/// Makes room beside nodes.
pub(crate) fn make_room(part: &mut Part) {
    for (node, loops) in by_node(part).into_iter().enumerate() {
        if let Some(outermost) = shapes(part, &loops).last() {
            let own = &mut part.nodes[node];
            own.along = own.along.max(2 * (outermost.half + CORNER));
            own.aside = outermost.reach;
        }
    }
}

/// An edge from a node to itself: its position in the part, its route, and the middle of its label.
pub(crate) type Loop = (usize, Vec<(i64, i64)>, Option<(i64, i64)>);

/// Draws them beside nodes that have their places.
pub(crate) fn draw(part: &Part, nodes: &[Space]) -> Vec<Loop> {
    let mut out = Vec::new();
    for (node, loops) in by_node(part).into_iter().enumerate() {
        let [along, across, length, breadth] = nodes[node];
        let (middle, border) = (along + length / 2, across + breadth);
        for (&edge, shape) in loops.iter().zip(shapes(part, &loops)) {
            let (first, last, far) = (middle - shape.half, middle + shape.half, border + shape.depth);
            let route = vec![(first, border), (first, far), (last, far), (last, border)];
            out.push((edge, route, part.edges[edge].label.map(|_| (middle, far))));
        }
    }
    out
}
