//! Drawings whose nodes stand where somebody keeps them.
//!
//! What the layout by layers leads to by itself is taken where all nodes stand in their places then; so is what it leads
//! to with those places as hints. Else nodes are set down ([`room`]): those that are kept in their places, the others
//! where there is room; and edges find their ways between them ([`router`]).

mod area;
mod grid;
mod labels;
mod room;
mod router;
mod search;
mod standing;

use std::collections::BTreeMap;

use crate::deadline::Deadline;
use crate::error::Error;
use crate::graph::{Graph, Hints, Layout, Options, Point, Rect, Size};

/// Where nodes and groups are kept, by their keys; those that are not there do not count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pins {
    /// The middles of nodes, seen from the upper left corner of the sheet.
    pub nodes: BTreeMap<String, Point>,
    /// The boxes of groups: they hold what stands in them, and more where it needs more.
    pub groups: BTreeMap<String, Rect>,
}

/// A graph is laid out anew, with its places as hints, where fewer than one node of so many is kept.
const FEW: usize = 4;

impl Pins {
    /// The pins of a drawing, seen from its corner.
    pub fn of(graph: &Graph, drawn: &Layout) -> Self {
        let seen = |rect: &Rect| Rect { x: rect.x - drawn.origin.x, y: rect.y - drawn.origin.y, ..*rect };
        let nodes = graph.nodes.iter().zip(&drawn.nodes).map(|(node, rect)| (node.key.clone(), seen(rect).center()));
        let groups = graph.groups.iter().zip(&drawn.groups).filter(|(_, rect)| rect.width > 0.0);
        Self { nodes: nodes.collect(), groups: groups.map(|(group, rect)| (group.key.clone(), seen(rect))).collect() }
    }

    /// How many nodes of a graph are kept.
    fn count(&self, graph: &Graph) -> usize {
        graph.nodes.iter().filter(|node| self.nodes.contains_key(&node.key)).count()
    }

    /// Whether every node that is kept stands in its place, seen from a corner.
    fn hold(&self, graph: &Graph, drawn: &Layout, corner: Point) -> bool {
        graph.nodes.iter().zip(&drawn.nodes).all(|(node, rect)| {
            let middle = rect.center();
            let (x, y) = (middle.x - corner.x, middle.y - corner.y);
            let is_there = |at: &Point| (at.x - x).abs() < 0.5 && (at.y - y).abs() < 0.5;
            self.nodes.get(&node.key).is_none_or(is_there)
        })
    }
}

/// Places a graph so that nodes stand where they are kept, as far as there is room. The corner of the sheet is at zero, or
/// above and left of it where something has to be.
///
/// # Errors
/// As those of [`layout`](crate::layout()).
pub fn pin(graph: &Graph, options: &Options, pins: &Pins) -> Result<Layout, Error> {
    let known = pins.count(graph);
    let free = || crate::layout(graph, options, &Hints::default());
    if known == 0 {
        return free();
    }
    if known == graph.nodes.len() {
        let drawn = free()?;
        if pins.hold(graph, &drawn, drawn.origin) {
            return Ok(drawn);
        }
    }
    let mut hinted = crate::layout(graph, options, &Hints { nodes: pins.nodes.clone() })?;
    if hinted.origin.x >= 0.0 && hinted.origin.y >= 0.0 && pins.hold(graph, &hinted, Point::default()) {
        return Ok(anchored(hinted));
    }
    let deadline = Deadline::new(options.deadline);
    if known * FEW >= graph.nodes.len()
        && let Some(standing) = room::stand(graph, options, pins)?
        && let Some(drawn) = router::route(&standing, &deadline)?
    {
        return Ok(anchored(drawn));
    }
    hinted.origin = Point { x: hinted.origin.x.min(0.0), y: hinted.origin.y.min(0.0) };
    Ok(anchored(hinted))
}

/// Lets a sheet start at zero where nothing stands before it.
fn anchored(mut drawn: Layout) -> Layout {
    let Point { x, y } = drawn.origin;
    let (left, top) = (x.max(0.0), y.max(0.0));
    drawn.size = Size { width: drawn.size.width + left, height: drawn.size.height + top };
    drawn.origin = Point { x: x - left, y: y - top };
    drawn
}
