//! A graph as D2.

use spec_engine_plugin::quote::{is_xml, push_d2};
use spec_engine_plugin::{
    Artifact, Change, Changes, Diagnostic, Direction, Graph, GraphKeys, Grouping, Place, Response, append, append_all,
    link,
};

use crate::Options;
use crate::details::{is_url, push_details};
use crate::look::{CONTAINER, DEPLOYS, LOOKS, Look, changed_edge, changed_node};

/// The key of the title's shape. Each key of a node or a group has a `_` in it, so none is like it.
pub const TITLE_KEY: &str = "title";

/// What stands behind the name of a change in the class of an edge.
const EDGE: &str = "-edge";

/// Draws a graph, and `changes` in it where it shows two versions. `attributes` returns what the document says of a node;
/// it is asked for services with details only, and for nodes that stand for a group.
pub fn draw(
    graph: &Graph,
    options: &Options,
    changes: Option<Changes>,
    attributes: impl Fn(u32) -> String,
) -> Response {
    let mut drawing = Drawing {
        graph,
        keys: GraphKeys::of(graph),
        grouping: Grouping::of(graph),
        looks: looks(graph),
        deploys: graph.find_word("deploys"),
        changes,
        details: options.details,
        attributes,
        // An average line is shorter: to reserve too much costs nothing, to grow costs a copy.
        out: String::with_capacity(1_024 + 96 * (graph.nodes.len() + graph.edges.len() + graph.groups.len())),
        indent: 0,
        diagnostics: Vec::new(),
    };
    drawing.head(options);
    drawing.members(None);
    drawing.edges();
    let mut response = Response::of(Artifact::text("diagram.d2", "text/vnd.d2", drawing.out));
    response.diagnostics = drawing.diagnostics;
    response
}

struct Drawing<'a, A> {
    graph: &'a Graph,
    keys: GraphKeys,
    grouping: Grouping,
    /// The look of each node, as a position in [`LOOKS`].
    looks: Vec<usize>,
    /// The kind of edges from a deployment, where there are some.
    deploys: Option<u32>,
    /// What became of each node and edge, in a graph of two versions.
    changes: Option<Changes>,
    details: bool,
    attributes: A,
    out: String,
    indent: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<A: Fn(u32) -> String> Drawing<'_, A> {
    fn head(&mut self, options: &Options) {
        append(
            &mut self.out,
            match options.direction {
                Direction::Right => "direction: right\n",
                Direction::Left => "direction: left\n",
                Direction::Down => "direction: down\n",
                Direction::Up => "direction: up\n",
            },
        );
        self.classes();
        // D2 has no text without a character to show.
        let is_shown = |c: char| is_xml(c) && !c.is_whitespace();
        let dropped = if options.title.contains(is_shown) {
            append(&mut self.out, TITLE_KEY);
            append(&mut self.out, ": ");
            let dropped = push_d2(&mut self.out, &options.title);
            append(&mut self.out, " {shape: text; near: top-center; style: {font-size: 28; bold: true}}\n");
            dropped
        } else {
            options.title.chars().filter(|&c| !is_xml(c)).count()
        };
        self.check(dropped, None, || "the title".to_owned());
    }

    /// Writes the classes that occur: one for each kind of node, one for containers, one for deployments.
    fn classes(&mut self) {
        let mut used = [false; LOOKS.len()];
        self.looks.iter().for_each(|&look| used[look] = true);
        let kinds = LOOKS.iter().zip(used).filter(|(_, used)| *used).map(|(look, _)| (look.kind, look.class));
        let container = (!self.graph.groups.is_empty()).then_some(("container", CONTAINER));
        let deploys = self.deploys.map(|_| ("deploys", DEPLOYS));
        let mut classes = kinds.chain(container).chain(deploys).peekable();
        if classes.peek().is_none() {
            return;
        }
        append(&mut self.out, "classes: {\n");
        for (name, class) in classes {
            append_all(&mut self.out, ["  ", name, ": {", class, "}\n"]);
        }
        if self.changes.is_some() {
            for change in Change::ALL {
                let (name, node, edge) = (change.as_str(), changed_node(change), changed_edge(change));
                append_all(&mut self.out, ["  ", name, ": {", node, "}\n  ", name, EDGE, ": {", edge, "}\n"]);
            }
        }
        append(&mut self.out, "}\n");
    }

    /// Writes the nodes and groups right inside a group, or those in none.
    fn members(&mut self, group: Option<u32>) {
        for i in 0..self.grouping.nodes_in(group).len() {
            self.node(self.grouping.nodes_in(group)[i]);
        }
        for i in 0..self.grouping.groups_in(group).len() {
            self.group(self.grouping.groups_in(group)[i]);
        }
    }

    fn node(&mut self, position: u32) {
        let node = &self.graph.nodes[position as usize];
        self.begin_line();
        append(&mut self.out, self.keys.node(position));
        append(&mut self.out, ": ");
        let mut dropped = push_d2(&mut self.out, &node.label);
        let kind = LOOKS[self.looks[position as usize]].kind;
        match &self.changes {
            Some(changes) => {
                append_all(&mut self.out, [" {class: [", kind, "; ", changes.node(position).as_str(), "]"]);
            }
            None => append_all(&mut self.out, [" {class: ", kind]),
        }
        if self.details && self.graph.kind(node) == "service" {
            dropped += push_details(&mut self.out, &node.label, &(self.attributes)(position));
        }
        // D2 refuses a link on a shape whose label is an address.
        let link = link(self.graph, node, || (self.attributes)(position)).filter(|_| !is_url(&node.label));
        if let Some(link) = link {
            // Without the dot D2 takes it for a board of this diagram.
            append(&mut self.out, "; link: ");
            dropped += push_d2(&mut self.out, &["./", link.as_str()].concat());
        }
        append(&mut self.out, "}\n");
        self.check(dropped, Some(Place::Node(position)), || format!("{:?}", node.id));
    }

    fn group(&mut self, position: u32) {
        let group = &self.graph.groups[position as usize];
        self.begin_line();
        append(&mut self.out, self.keys.group(position));
        append(&mut self.out, ": ");
        let dropped = push_d2(&mut self.out, &group.label);
        append(&mut self.out, " {\n");
        self.check(dropped, None, || format!("the group {:?}", group.id));
        self.indent += 1;
        self.begin_line();
        append(&mut self.out, "class: container\n");
        self.members(Some(position));
        self.indent -= 1;
        self.begin_line();
        append(&mut self.out, "}\n");
    }

    fn edges(&mut self) {
        let paths = self.paths();
        let path = |node: u32| self.graph.nodes[node as usize].group.map_or("", |group| paths[group as usize].as_str());
        for (position, edge) in (0..).zip(&self.graph.edges) {
            let ends = [edge.source, edge.target];
            let [source, target] = ends.map(|node| (path(node), self.keys.node(node)));
            append_all(&mut self.out, [source.0, source.1, " -> ", target.0, target.1]);
            let label = self.graph.edge_label(edge).filter(|label| !label.is_empty());
            let is_deployment = Some(edge.kind) == self.deploys;
            let change = self.changes.as_ref().map(|changes| changes.edge(position).as_str());
            if label.is_some() || is_deployment || change.is_some() {
                self.out.push(':');
            }
            let mut dropped = 0;
            if let Some(label) = label {
                self.out.push(' ');
                dropped = push_d2(&mut self.out, label);
            }
            match (is_deployment, change) {
                (true, None) => append(&mut self.out, " {class: deploys}"),
                (true, Some(change)) => append_all(&mut self.out, [" {class: [deploys; ", change, EDGE, "]}"]),
                (false, Some(change)) => append_all(&mut self.out, [" {class: ", change, EDGE, "}"]),
                (false, None) => {}
            }
            self.out.push('\n');
            self.check(dropped, Some(Place::Edge(position)), || {
                let [source, target] = ends.map(|node| &self.graph.nodes[node as usize].id);
                format!("the connection from {source:?} to {target:?}")
            });
        }
    }

    /// The way into each group, with a dot at its end: an edge at the root names its ends whole.
    fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = Vec::with_capacity(self.graph.groups.len());
        for (position, group) in (0..).zip(&self.graph.groups) {
            let parent = group.parent.map_or("", |parent| paths[parent as usize].as_str());
            let path = [parent, self.keys.group(position), "."].concat();
            paths.push(path);
        }
        paths
    }

    fn begin_line(&mut self) {
        for _ in 0..self.indent {
            append(&mut self.out, "  ");
        }
    }

    fn check(&mut self, dropped: usize, place: Option<Place>, what: impl FnOnce() -> String) {
        if dropped > 0 {
            self.diagnostics.push(Diagnostic { place, ..Diagnostic::characters_dropped(dropped, &what()) });
        }
    }
}

/// The look of each node.
fn looks(graph: &Graph) -> Vec<usize> {
    let by_word: Vec<usize> = graph.words.iter().map(|word| Look::of(word)).collect();
    graph.nodes.iter().map(|node| by_word[node.kind as usize]).collect()
}
