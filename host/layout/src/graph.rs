//! What is laid out, and what comes of it.

use std::collections::BTreeMap;
use std::time::Instant;

/// A width and a height, in units of the drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// From left to right; not negative.
    pub width: f64,
    /// From top to bottom; not negative.
    pub height: f64,
}

/// A point; `y` grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// The left side.
    pub x: f64,
    /// The upper side.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

impl Rect {
    /// The box between two of its corners that face each other.
    pub(crate) fn between(a: Point, b: Point) -> Self {
        Self { x: a.x.min(b.x), y: a.y.min(b.y), width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
    }

    /// The point in the middle.
    pub fn center(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// The right side.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower side.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// A graph with nested groups.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its groups, in any order.
    pub groups: Vec<Group>,
    /// Its edges: from a node to a node; to itself and several between the same two are fine.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// What it is known by: where nothing else decides, nodes stand in the order of their keys, so that the order of the
    /// document does not count, and [`Hints`] name it. Keys should differ.
    pub key: String,
    /// Its size; it grows where more edges end at it than fit on its sides.
    pub size: Size,
    /// The position of the group that it lies in.
    pub group: Option<usize>,
}

/// A group: a box around its nodes and its groups.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// As that of a node.
    pub key: String,
    /// The size of its title, which stands in its upper left corner; no line runs through it.
    pub title: Size,
    /// The position of the group that it lies in.
    pub parent: Option<usize>,
}

/// An edge.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edge {
    /// The position of the node that it starts at.
    pub source: usize,
    /// The position of the node that it leads to.
    pub target: usize,
    /// The size of its label.
    pub label: Option<Size>,
    /// Edges of the same number that lead to the same side of a node share their last stretch and its arrow; an edge
    /// without a number shares nothing.
    pub bundle: Option<u32>,
}

/// Where edges lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    #[default]
    Right,
    /// From right to left.
    Left,
    /// From top to bottom.
    Down,
    /// From bottom to top.
    Up,
}

impl Direction {
    /// A point of the sheet in the direction of edges and in the other.
    pub(crate) fn seen(self, [x, y]: [i64; 2]) -> [i64; 2] {
        match self {
            Self::Right => [x, y],
            Self::Left => [-x, y],
            Self::Down => [y, x],
            Self::Up => [-y, x],
        }
    }

    /// The point of the sheet that is [`Self::seen`] so.
    pub(crate) fn on_sheet(self, [along, across]: [i64; 2]) -> [i64; 2] {
        match self {
            Self::Right => [along, across],
            Self::Left => [-along, across],
            Self::Down => [across, along],
            Self::Up => [across, -along],
        }
    }

    /// Whether edges lead to the left or up.
    pub(crate) fn is_back(self) -> bool {
        matches!(self, Self::Left | Self::Up)
    }

    pub(crate) fn is_level(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }
}

/// Distances, in units of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    /// From a node to the next beside it.
    pub node: f64,
    /// From one line to the next beside it, and from a label to what is beside it; where lines turn between two layers,
    /// three quarters of it.
    pub lane: f64,
    /// From a layer of nodes to the next, at least.
    pub layer: f64,
    /// From the border of a group to what is in it.
    pub padding: f64,
    /// From the upper border of a group to what is in it: the title stands there.
    pub title: f64,
    /// From a node to where its lines may turn: the arrow has room there.
    pub stub: f64,
}

impl Default for Spacing {
    fn default() -> Self {
        Self { node: 24.0, lane: 12.0, layer: 44.0, padding: 18.0, title: 30.0, stub: 16.0 }
    }
}

/// How a graph is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Where edges lead.
    pub direction: Direction,
    /// Distances.
    pub spacing: Spacing,
    /// How many times as wide as high the drawing should be, from 0.25 to 4; beyond, the nearer of both counts. What
    /// is too long gets fewer layers, so that some edges lead back, what is too high gets more of them, and distances grow
    /// up to four times. A few layers stay as edges ask for them.
    pub aspect: f64,
    /// When to give up. Whether it is reached is the only thing that time decides: the same input is laid out the same.
    pub deadline: Option<Instant>,
}

impl Default for Options {
    fn default() -> Self {
        Self { direction: Direction::Right, spacing: Spacing::default(), aspect: 1.6, deadline: None }
    }
}

impl Options {
    /// How many times as long in the direction of edges as in the other a drawing should be.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let aspect = self.aspect.is_finite().then(|| self.aspect.clamp(0.25, 4.0))?;
        Some(if self.direction.is_level() { aspect } else { 1.0 / aspect })
    }
}

/// Where nodes stood in an earlier drawing: they stay there as far as the graph lets them.
///
/// Nodes without a hint find a place among the others. Hints of nodes that are not there do not count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hints {
    /// The middles of nodes, by their keys.
    pub nodes: BTreeMap<String, Point>,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// As the nodes of the graph.
    pub nodes: Vec<Rect>,
    /// As the groups of the graph.
    pub groups: Vec<Rect>,
    /// As the edges of the graph: points from the border of the source to the border of the target, with right angles.
    pub routes: Vec<Vec<Point>>,
    /// As the edges of the graph: the middles of their labels. Of many edges between the same two nodes, some share a
    /// route, and only one of those has a label.
    pub labels: Vec<Option<Point>>,
    /// The upper left corner of all: zero, but where hints hold what is drawn where it was.
    pub origin: Point,
    /// The size of all.
    pub size: Size,
}

impl Layout {
    /// The hints that lead to the same places again.
    pub fn hints(&self, graph: &Graph) -> Hints {
        let middles = graph.nodes.iter().zip(&self.nodes).map(|(node, rect)| (node.key.clone(), rect.center()));
        Hints { nodes: middles.collect() }
    }
}
