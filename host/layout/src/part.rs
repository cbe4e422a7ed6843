//! A connected part of a graph, in whole units, seen so that edges lead along the first axis.

use crate::graph::{Graph, Options};

/// What is laid out at once. The last group is the sheet, which holds everything.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) nodes: Vec<PartNode>,
    pub(crate) groups: Vec<PartGroup>,
    pub(crate) edges: Vec<PartEdge>,
    pub(crate) gaps: Gaps,
}

/// A node of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartNode {
    /// Its size in the direction of edges, and the other.
    pub(crate) along: i64,
    pub(crate) across: i64,
    /// The room beside it, on each side, for its edges to itself.
    pub(crate) aside: i64,
    /// The group that it lies in.
    pub(crate) group: usize,
    /// Its place in the order of keys.
    pub(crate) rank: usize,
    /// Where it was, along and across.
    pub(crate) hint: Option<(i64, i64)>,
}

/// A group of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartGroup {
    /// Its position in the graph; none is the sheet.
    pub(crate) index: Option<usize>,
    /// The group that it lies in; the sheet lies in itself.
    pub(crate) parent: usize,
    pub(crate) depth: usize,
    pub(crate) rank: usize,
    /// From its border to what is in it: before and behind in the direction of edges, and aside.
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// The least size in the direction of edges.
    pub(crate) along: i64,
    /// The least size in the other, which is what the title takes of the border that edges enter by.
    pub(crate) across: i64,
}

impl PartGroup {
    /// The sheet, by its position.
    pub(crate) fn sheet(position: usize) -> Self {
        let [start, end, low, high, along, across] = [0; 6];
        Self { index: None, parent: position, depth: 0, rank: 0, start, end, low, high, along, across }
    }
}

/// An edge of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartEdge {
    /// Its position in the graph.
    pub(crate) index: usize,
    pub(crate) source: usize,
    pub(crate) target: usize,
    /// The size of its label, along and across.
    pub(crate) label: Option<(i64, i64)>,
    /// Which of the edges to its target share their last stretch with it.
    pub(crate) bundle: Option<u32>,
}

/// Distances, in whole units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gaps {
    pub(crate) node: i64,
    pub(crate) lane: i64,
    /// From a turn to the next between two layers.
    pub(crate) track: i64,
    pub(crate) layer: i64,
    pub(crate) group: i64,
    pub(crate) stub: i64,
    /// What stands between two layers of nodes beyond what lines and labels need.
    pub(crate) spread: i64,
    /// Whether titles stand where edges enter groups, leave them, or aside.
    pub(crate) title: TitleSide,
}

/// Which side of a group its title stands at, seen in the direction of edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TitleSide {
    Start,
    End,
    Aside,
}

impl Gaps {
    pub(crate) fn of(options: &Options) -> Self {
        use crate::graph::Direction;
        let spacing = options.spacing;
        Self {
            node: whole(spacing.node),
            lane: whole(spacing.lane),
            track: whole(spacing.lane * 0.75),
            layer: whole(spacing.layer),
            group: whole(spacing.node),
            stub: whole(spacing.stub),
            spread: 0,
            title: match options.direction {
                Direction::Right | Direction::Left => TitleSide::Aside,
                Direction::Down => TitleSide::Start,
                Direction::Up => TitleSide::End,
            },
        }
    }
}

/// Rounds a length up to a whole number.
pub(crate) fn whole(length: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "sizes are checked to be lengths, and clamped here")]
    let whole = length.clamp(-1e12, 1e12).ceil() as i64;
    whole
}

/// Rounds a length up to an even number: half of it is a whole one.
pub(crate) fn even(length: f64) -> i64 {
    let whole = whole(length);
    whole + whole % 2
}

/// A node or a group, seen as a child of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Block {
    Node(usize),
    Group(usize),
}

impl Part {
    /// The sheet.
    pub(crate) fn sheet(&self) -> usize {
        self.groups.len() - 1
    }

    /// The groups, those that lie deepest first; the sheet is last.
    pub(crate) fn deepest_first(&self) -> Vec<usize> {
        let mut groups: Vec<usize> = (0..self.groups.len()).collect();
        groups.sort_by_key(|&group| (std::cmp::Reverse(self.groups[group].depth), group));
        groups
    }

    /// The innermost group that holds both nodes, and the children of it that the nodes are or lie in.
    pub(crate) fn meet(&self, a: usize, b: usize) -> (usize, Block, Block) {
        let (mut at_a, mut at_b) = (Block::Node(a), Block::Node(b));
        let (mut in_a, mut in_b) = (self.nodes[a].group, self.nodes[b].group);
        while in_a != in_b {
            let (depth_a, depth_b) = (self.groups[in_a].depth, self.groups[in_b].depth);
            if depth_a >= depth_b {
                at_a = Block::Group(in_a);
                in_a = self.groups[in_a].parent;
            }
            if depth_b >= depth_a {
                at_b = Block::Group(in_b);
                in_b = self.groups[in_b].parent;
            }
        }
        (in_a, at_a, at_b)
    }
}

/// The order of keys, as a place for each; equal keys keep the order of the document.
pub(crate) fn ranks<'k>(keys: impl Iterator<Item = &'k str>) -> Vec<usize> {
    let keys: Vec<&str> = keys.collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|&index| (keys[index], index));
    let mut ranks = vec![0; keys.len()];
    for (rank, index) in order.into_iter().enumerate() {
        ranks[index] = rank;
    }
    ranks
}

/// How deep each group lies: 1 on the sheet.
///
/// # Errors
/// A group that lies in itself.
pub(crate) fn depths(graph: &Graph) -> Result<Vec<usize>, usize> {
    let mut depths = vec![0_usize; graph.groups.len()];
    let mut way = Vec::new();
    for group in 0..depths.len() {
        let mut at = Some(group);
        while let Some(on) = at.filter(|&on| depths[on] == 0) {
            if way.len() > depths.len() {
                return Err(group);
            }
            way.push(on);
            at = graph.groups[on].parent;
        }
        let mut depth = at.map_or(0, |on| depths[on]);
        while let Some(on) = way.pop() {
            depth += 1;
            depths[on] = depth;
        }
    }
    Ok(depths)
}
