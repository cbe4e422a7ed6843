//! A graph as parts that are not connected, in whole units and seen in the direction of its edges.

use crate::error::Error;
use crate::graph::{Direction, Graph, Hints, Options, Size};
use crate::part::{Gaps, Part, PartEdge, PartGroup, PartNode, depths, even, ranks, whole};
use crate::shelf;

/// A part, and what its nodes are in the graph.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) part: Part,
    /// Of each node of the part, the nodes of the graph that it stands for: its corner in that node, and its size, along
    /// and across.
    pub(crate) members: Vec<Vec<Member>>,
    /// The place of its first node in the order of keys.
    pub(crate) rank: usize,
}

/// A node of the graph in a node of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) node: usize,
    pub(crate) along: i64,
    pub(crate) across: i64,
    pub(crate) size: (i64, i64),
    /// Whether it takes what room its node has.
    pub(crate) is_whole: bool,
}

/// Splits a graph.
///
/// # Errors
/// It names what is not there, a group lies in itself, or a size is none.
pub(crate) fn split(graph: &Graph, options: &Options, hints: &Hints) -> Result<Vec<Piece>, Error> {
    check(graph)?;
    let depths = depths(graph).map_err(|group| Error::Circle { group })?;
    let splitter = Splitter {
        graph,
        options,
        hints,
        depths,
        node_ranks: ranks(graph.nodes.iter().map(|node| node.key.as_str())),
        group_ranks: ranks(graph.groups.iter().map(|group| group.key.as_str())),
    };
    let of_node = splitter.components();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len() + graph.groups.len() + 1];
    for (node, &component) in of_node.iter().enumerate() {
        members[component].push(node);
    }
    let mut pieces: Vec<Piece> = members
        .iter()
        .enumerate()
        .filter(|(_, nodes)| !nodes.is_empty())
        .map(|(component, nodes)| splitter.piece(nodes, &of_node, component))
        .collect();
    pieces.sort_by_key(|piece| piece.rank);
    Ok(pieces)
}

/// A graph as one part, whatever is connected: nodes, groups and edges have their numbers, and the sheet is last.
///
/// # Errors
/// As those of [`split`].
pub(crate) fn whole_part(graph: &Graph, options: &Options) -> Result<Part, Error> {
    check(graph)?;
    let splitter = Splitter {
        graph,
        options,
        hints: &Hints::default(),
        depths: depths(graph).map_err(|group| Error::Circle { group })?,
        node_ranks: ranks(graph.nodes.iter().map(|node| node.key.as_str())),
        group_ranks: ranks(graph.groups.iter().map(|group| group.key.as_str())),
    };
    let sheet = graph.groups.len();
    let numbers: Vec<usize> = (0..graph.nodes.len()).collect();
    let groups = (0..sheet).map(|group| splitter.group(group, graph.groups[group].parent.unwrap_or(sheet)));
    Ok(Part {
        nodes: numbers.iter().map(|&node| splitter.node(node, graph.nodes[node].group.unwrap_or(sheet))).collect(),
        groups: groups.chain([PartGroup::sheet(sheet)]).collect(),
        edges: (0..graph.edges.len()).map(|edge| splitter.edge(edge, &numbers)).collect(),
        gaps: Gaps::of(options),
    })
}

/// Checks that everything that is named is there, and that sizes are lengths.
fn check(graph: &Graph) -> Result<(), Error> {
    let (nodes, groups) = (graph.nodes.len(), graph.groups.len());
    let is_size = |size: Size| [size.width, size.height].iter().all(|side| side.is_finite() && *side >= 0.0);
    for (index, node) in graph.nodes.iter().enumerate() {
        let what = || format!("node {index}");
        if node.group.is_some_and(|group| group >= groups) {
            return Err(Error::Missing { what: what() });
        }
        if !is_size(node.size) {
            return Err(Error::Size { what: what() });
        }
    }
    for (index, group) in graph.groups.iter().enumerate() {
        let what = || format!("group {index}");
        if group.parent.is_some_and(|parent| parent >= groups) {
            return Err(Error::Missing { what: what() });
        }
        if !is_size(group.title) {
            return Err(Error::Size { what: what() });
        }
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        let what = || format!("edge {index}");
        if edge.source >= nodes || edge.target >= nodes {
            return Err(Error::Missing { what: what() });
        }
        if edge.label.is_some_and(|size| !is_size(size)) {
            return Err(Error::Size { what: what() });
        }
    }
    Ok(())
}

struct Splitter<'g> {
    graph: &'g Graph,
    options: &'g Options,
    hints: &'g Hints,
    depths: Vec<usize>,
    node_ranks: Vec<usize>,
    group_ranks: Vec<usize>,
}

impl Splitter<'_> {
    /// What each node is connected with, as a number: by edges and by the groups that they share. Nodes that are
    /// connected with nothing are together.
    fn components(&self) -> Vec<usize> {
        let (nodes, groups) = (self.graph.nodes.len(), self.graph.groups.len());
        let alone = nodes + groups;
        let mut parents: Vec<usize> = (0..=alone).collect();
        let mut is_linked = vec![false; nodes];
        let outermost = |mut group: usize| {
            while let Some(parent) = self.graph.groups[group].parent {
                group = parent;
            }
            group
        };
        for edge in &self.graph.edges {
            join(&mut parents, edge.source, edge.target);
            is_linked[edge.source] = true;
            is_linked[edge.target] = true;
        }
        for (node, own) in self.graph.nodes.iter().enumerate() {
            match own.group {
                Some(group) => join(&mut parents, node, nodes + outermost(group)),
                None if !is_linked[node] => join(&mut parents, node, alone),
                None => {}
            }
        }
        (0..nodes).map(|node| find(&mut parents, node)).collect()
    }

    fn piece(&self, nodes: &[usize], of_node: &[usize], component: usize) -> Piece {
        let mut groups = Groups::new(self.graph);
        for &node in nodes {
            if let Some(group) = self.graph.nodes[node].group {
                groups.take(self.graph, group);
            }
        }
        let sheet = groups.taken.len();
        let mut part = Part { nodes: Vec::new(), groups: Vec::new(), edges: Vec::new(), gaps: Gaps::of(self.options) };
        for &group in &groups.taken {
            let parent = self.graph.groups[group].parent.map_or(sheet, |parent| groups.numbers[parent]);
            part.groups.push(self.group(group, parent));
        }
        part.groups.push(PartGroup::sheet(sheet));
        let mut numbers = vec![usize::MAX; self.graph.nodes.len()];
        let mut members = Vec::new();
        let is_linked = self.linked();
        let mut alone: Vec<Vec<usize>> = vec![Vec::new(); part.groups.len()];
        for &node in nodes {
            let group = self.graph.nodes[node].group.map_or(sheet, |group| groups.numbers[group]);
            if is_linked[node] {
                numbers[node] = part.nodes.len();
                part.nodes.push(self.node(node, group));
                members.push(vec![self.member(node)]);
            } else {
                alone[group].push(node);
            }
        }
        let aspect = if part.nodes.is_empty() { self.options.aspect } else { 0.8 };
        for (group, alone) in alone.into_iter().enumerate().filter(|(_, alone)| !alone.is_empty()) {
            let (node, own) = self.shelf(alone, group, aspect);
            part.nodes.push(node);
            members.push(own);
        }
        for (index, edge) in self.graph.edges.iter().enumerate() {
            if of_node[edge.source] == component {
                part.edges.push(self.edge(index, &numbers));
            }
        }
        let rank = nodes.iter().map(|&node| self.node_ranks[node]).min().unwrap_or(0);
        Piece { part, members, rank }
    }

    /// An edge, where nodes have these numbers.
    fn edge(&self, index: usize, numbers: &[usize]) -> PartEdge {
        let edge = &self.graph.edges[index];
        let label = edge.label.map(|size| self.turned(whole(size.width), even(size.height)));
        let label = label.map(|(along, across)| (along, across + across % 2));
        let [source, target] = [edge.source, edge.target].map(|node| numbers[node]);
        PartEdge { index, source, target, label, bundle: edge.bundle }
    }

    /// Which nodes have edges.
    fn linked(&self) -> Vec<bool> {
        let mut linked = vec![false; self.graph.nodes.len()];
        for edge in &self.graph.edges {
            linked[edge.source] = true;
            linked[edge.target] = true;
        }
        linked
    }

    /// A width and a height as along and across, and the other way round.
    fn turned(&self, width: i64, height: i64) -> (i64, i64) {
        if self.options.direction.is_level() { (width, height) } else { (height, width) }
    }

    fn size(&self, node: usize) -> (i64, i64) {
        let size = self.graph.nodes[node].size;
        self.turned(even(size.width), even(size.height))
    }

    fn hint(&self, node: usize) -> Option<(i64, i64)> {
        let point = self.hints.nodes.get(&self.graph.nodes[node].key)?;
        if !(point.x.is_finite() && point.y.is_finite()) {
            return None;
        }
        Some(self.seen(whole(point.x), whole(point.y)))
    }

    /// A place as along and across.
    fn seen(&self, x: i64, y: i64) -> (i64, i64) {
        self.options.direction.seen([x, y]).into()
    }

    fn node(&self, node: usize, group: usize) -> PartNode {
        let (along, across) = self.size(node);
        PartNode { along, across, aside: 0, group, rank: self.node_ranks[node], hint: self.hint(node) }
    }

    fn member(&self, node: usize) -> Member {
        Member { node, along: 0, across: 0, size: self.size(node), is_whole: true }
    }

    fn group(&self, group: usize, parent: usize) -> PartGroup {
        let (spacing, title) = (self.options.spacing, self.graph.groups[group].title);
        let (padding, top) = (even(spacing.padding), even(spacing.title.max(spacing.padding)));
        let width = whole(title.width) + 2 * padding;
        let mut own = PartGroup {
            index: Some(group),
            parent,
            depth: self.depths[group],
            rank: self.group_ranks[group],
            start: padding,
            end: padding,
            low: padding,
            high: padding,
            along: 0,
            across: 0,
        };
        match self.options.direction {
            Direction::Right | Direction::Left => (own.low, own.along) = (top, width),
            Direction::Down => (own.start, own.across) = (top, width),
            Direction::Up => (own.end, own.across) = (top, width),
        }
        own
    }

    /// One node for all nodes of a group that have no edges: those that were in an earlier drawing as they were, the
    /// others in rows.
    fn shelf(&self, mut nodes: Vec<usize>, group: usize, aspect: f64) -> (PartNode, Vec<Member>) {
        nodes.sort_by_key(|&node| self.node_ranks[node]);
        let corner = self.known_corner(&nodes);
        let (places, (width, height)) = match corner {
            Some(corner) => self.held_shelf(&nodes, corner, aspect),
            None => self.rows(&nodes, 0, aspect),
        };
        let mirrored =
            |at: i64, size: i64, all: i64, back| if self.options.direction == back { all - at - size } else { at };
        let members = nodes.iter().zip(places).map(|(&node, (x, y))| {
            let (own_width, own_height) = self.upright(node);
            let is_held = corner.is_some();
            let x = if is_held { mirrored(x, own_width, width, Direction::Left) } else { x };
            let y = if is_held { mirrored(y, own_height, height, Direction::Up) } else { y };
            let (along, across) = self.turned(x, y);
            Member { node, along, across, size: self.size(node), is_whole: false }
        });
        let members = members.collect();
        let (along, across) = self.turned(width, height);
        let hint = corner.map(|(x, y)| self.seen(x + width / 2, y + height / 2));
        (PartNode { along, across, aside: 0, group, rank: self.node_ranks[nodes[0]], hint }, members)
    }

    /// The width and the height of a node.
    fn upright(&self, node: usize) -> (i64, i64) {
        let size = self.graph.nodes[node].size;
        (even(size.width), even(size.height))
    }

    /// Nodes in rows.
    fn rows(&self, nodes: &[usize], least: i64, aspect: f64) -> shelf::Rows {
        let sizes: Vec<(i64, i64)> = nodes.iter().map(|&node| self.upright(node)).collect();
        let gap = even(self.options.spacing.node);
        shelf::rows(&sizes, shelf::width_for(&sizes, aspect, gap).max(least), gap)
    }

    /// Where a node without edges was: its box.
    fn known(&self, node: usize) -> Option<[i64; 4]> {
        let point = self.hints.nodes.get(&self.graph.nodes[node].key)?;
        let (width, height) = self.upright(node);
        let is_place = point.x.is_finite() && point.y.is_finite();
        is_place.then(|| [whole(point.x) - width / 2, whole(point.y) - height / 2, width, height])
    }

    /// The upper left corner of the nodes that were in an earlier drawing, if they can stand there.
    fn known_corner(&self, nodes: &[usize]) -> Option<(i64, i64)> {
        let known: Vec<[i64; 4]> = nodes.iter().filter_map(|&node| self.known(node)).collect();
        let sizes: Vec<(i64, i64)> = known.iter().map(|own| (own[2], own[3])).collect();
        let corner = (known.iter().map(|own| own[0]).min()?, known.iter().map(|own| own[1]).min()?);
        let ends = known.iter().map(|own| (own[0] + own[2] - corner.0, own[1] + own[3] - corner.1));
        let reach = ends.fold((0, 0), |most, end| (most.0.max(end.0), most.1.max(end.1)));
        // Places that are farther apart than rows ever are come from another drawing.
        let row = sizes.iter().map(|size| size.0 + size.1).sum::<i64>() * 2;
        let overlap = |a: &[i64; 4], b: &[i64; 4]| {
            (0..2).all(|axis| a[axis] < b[axis] + b[axis + 2] && b[axis] < a[axis] + a[axis + 2])
        };
        let are_apart =
            known.iter().enumerate().all(|(at, own)| known[at + 1..].iter().all(|other| !overlap(own, other)));
        (are_apart && reach.0 <= row && reach.1 <= row).then_some(corner)
    }

    /// Nodes where they were, seen from a corner, and the others below.
    fn held_shelf(&self, nodes: &[usize], corner: (i64, i64), aspect: f64) -> shelf::Rows {
        let known: Vec<Option<[i64; 4]>> = nodes.iter().map(|&node| self.known(node)).collect();
        let ends = known.iter().flatten().map(|own| (own[0] + own[2] - corner.0, own[1] + own[3] - corner.1));
        let (mut width, mut height) = ends.fold((0, 0), |most, end| (most.0.max(end.0), most.1.max(end.1)));
        let new: Vec<usize> =
            nodes.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(&node, _)| node).collect();
        let (below, (new_width, new_height)) = self.rows(&new, width, aspect);
        let first = height + even(self.options.spacing.node);
        if !new.is_empty() {
            (width, height) = (width.max(new_width), first + new_height);
        }
        let mut below = below.into_iter().map(|(x, y)| (x, first + y));
        let place = |known: Option<[i64; 4]>| match known {
            Some([x, y, ..]) => (x - corner.0, y - corner.1),
            None => below.next().unwrap_or_default(),
        };
        (known.into_iter().map(place).collect(), (width, height))
    }
}

/// The groups of a part.
struct Groups {
    taken: Vec<usize>,
    numbers: Vec<usize>,
}

impl Groups {
    fn new(graph: &Graph) -> Self {
        Self { taken: Vec::new(), numbers: vec![usize::MAX; graph.groups.len()] }
    }

    /// Takes a group and all that it lies in.
    fn take(&mut self, graph: &Graph, group: usize) {
        let mut at = Some(group);
        while let Some(on) = at.filter(|&on| self.numbers[on] == usize::MAX) {
            self.numbers[on] = self.taken.len();
            self.taken.push(on);
            at = graph.groups[on].parent;
        }
    }
}

fn find(parents: &mut [usize], mut node: usize) -> usize {
    while parents[node] != node {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    node
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(parents, a), find(parents, b));
    parents[a.max(b)] = a.min(b);
}
