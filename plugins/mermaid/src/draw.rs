//! A graph as a Mermaid flowchart.

use spec_engine_plugin::quote::{has_mermaid_codes, push_mermaid};
use spec_engine_plugin::{
    Artifact, Change, Changes, Diagnostic, Direction, Graph, GraphKeys, Grouping, Place, Response, append, append_all,
    link,
};

use crate::Options;
use crate::look::{LOOKS, Look, changed_edge, changed_node};
use crate::title::push_title;

/// The most edges that a reader draws unless its own configuration allows more.
pub const MAX_EDGES: usize = 500;

/// The most characters, in UTF-16 code units, that a reader takes unless its own configuration allows more.
pub const MAX_CHARACTERS: usize = 50_000;

/// Makes Mermaid draw labels as HTML. Where a site has switched that off, it draws codes as they stand.
const HTML_LABELS: &str = "%%{init: {\"htmlLabels\": true, \"flowchart\": {\"htmlLabels\": true}}}%%\n";

/// Draws a graph, and `changes` in it where it shows two versions. `attributes` returns what the document says of a node;
/// it is asked for nodes that stand for a group.
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
        // An average line is shorter: to reserve too much costs nothing, to grow costs a copy.
        out: String::with_capacity(1_024 + 96 * (graph.nodes.len() + graph.edges.len() + graph.groups.len())),
        indent: 1,
        diagnostics: Vec::new(),
    };
    let head = drawing.head(options);
    drawing.members(None);
    drawing.edges();
    if has_mermaid_codes(&drawing.out[head..]) {
        drawing.out.insert_str(head, HTML_LABELS);
    }
    drawing.links(attributes);
    drawing.classes();
    drawing.check_limits();
    let mut response = Response::of(Artifact::text("diagram.mmd", "text/vnd.mermaid", drawing.out));
    response.diagnostics = drawing.diagnostics;
    response
}

struct Drawing<'a> {
    graph: &'a Graph,
    keys: GraphKeys,
    grouping: Grouping,
    /// The look of each node, as a position in [`LOOKS`].
    looks: Vec<usize>,
    /// The kind of edges from a deployment, where there are some.
    deploys: Option<u32>,
    /// What became of each node and edge, in a graph of two versions.
    changes: Option<Changes>,
    out: String,
    indent: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Drawing<'_> {
    /// Writes the title and the direction. Returns where the diagram itself starts, behind the title.
    fn head(&mut self, options: &Options) -> usize {
        if !options.title.is_empty() {
            self.diagnostics = push_title(&mut self.out, &options.title);
        }
        let start = self.out.len();
        append(
            &mut self.out,
            match options.direction {
                Direction::Right => "flowchart LR\n",
                Direction::Left => "flowchart RL\n",
                Direction::Down => "flowchart TB\n",
                Direction::Up => "flowchart BT\n",
            },
        );
        start
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
        let look = &LOOKS[self.looks[position as usize]];
        self.begin_line();
        append(&mut self.out, self.keys.node(position));
        append(&mut self.out, look.brackets[0]);
        let dropped = push_mermaid(&mut self.out, &node.label);
        let class = self.changes.as_ref().map_or(look.kind, |changes| changes.node(position).as_str());
        append_all(&mut self.out, [look.brackets[1], ":::", class, "\n"]);
        self.check(dropped, Some(Place::Node(position)), || format!("{:?}", node.id));
    }

    fn group(&mut self, position: u32) {
        let group = &self.graph.groups[position as usize];
        self.begin_line();
        append_all(&mut self.out, ["subgraph ", self.keys.group(position), "[\""]);
        let dropped = push_mermaid(&mut self.out, &group.label);
        append(&mut self.out, "\"]\n");
        self.check(dropped, None, || format!("the group {:?}", group.id));
        self.indent += 1;
        self.members(Some(position));
        self.indent -= 1;
        self.begin_line();
        append(&mut self.out, "end\n");
    }

    fn edges(&mut self) {
        for (position, edge) in (0..).zip(&self.graph.edges) {
            let arrow = if Some(edge.kind) == self.deploys { " -.->" } else { " -->" };
            append_all(&mut self.out, ["  ", self.keys.node(edge.source), arrow]);
            let mut dropped = 0;
            // Mermaid has no empty label of an edge.
            if let Some(label) = self.graph.edge_label(edge).filter(|label| !label.is_empty()) {
                append(&mut self.out, "|\"");
                dropped = push_mermaid(&mut self.out, label);
                append(&mut self.out, "\"|");
            }
            append_all(&mut self.out, [" ", self.keys.node(edge.target), "\n"]);
            self.check(dropped, Some(Place::Edge(position)), || {
                let [source, target] = [edge.source, edge.target].map(|node| &self.graph.nodes[node as usize].id);
                format!("the connection from {source:?} to {target:?}")
            });
        }
    }

    /// Writes where the nodes that stand for a group lead to.
    fn links(&mut self, attributes: impl Fn(u32) -> String) {
        for (position, node) in (0..).zip(&self.graph.nodes) {
            let Some(link) = link(self.graph, node, || attributes(position)) else { continue };
            append_all(&mut self.out, ["  click ", self.keys.node(position), " href \""]);
            let dropped = push_mermaid(&mut self.out, &link);
            append(&mut self.out, "\"\n");
            self.check(dropped, Some(Place::Node(position)), || format!("the link of {:?}", node.id));
        }
    }

    /// Writes the classes that occur: of kinds, or of what became of things.
    fn classes(&mut self) {
        if self.changes.is_some() {
            return self.change_classes();
        }
        let mut used = [false; LOOKS.len()];
        self.looks.iter().for_each(|&look| used[look] = true);
        for (look, _) in LOOKS.iter().zip(used).filter(|(_, used)| *used) {
            append_all(&mut self.out, ["  classDef ", look.kind, " ", look.style, "\n"]);
        }
    }

    fn change_classes(&mut self) {
        let Some(changes) = &self.changes else { return };
        for change in Change::ALL {
            append_all(&mut self.out, ["  classDef ", change.as_str(), " ", changed_node(change), "\n"]);
        }
        for change in Change::ALL {
            let edges = (0..).zip(&self.graph.edges).map(|(position, _)| position);
            let edges: Vec<String> =
                edges.filter(|&edge| changes.edge(edge) == change).map(|edge: u32| edge.to_string()).collect();
            if !edges.is_empty() {
                append_all(&mut self.out, ["  linkStyle ", &edges.join(","), " ", changed_edge(change), "\n"]);
            }
        }
    }

    /// Warns of a diagram that a reader such as GitHub refuses, which nothing in the diagram can change.
    fn check_limits(&mut self) {
        const HELP: &str = "Draw a narrower view of the system, or one diagram a group";
        let edges = self.graph.edges.len();
        if edges > MAX_EDGES {
            let message =
                format!("the diagram has {edges} edges, and readers such as GitHub refuse more than {MAX_EDGES}");
            self.diagnostics.push(Diagnostic::warning("too-many-edges", message).with_help(HELP));
        }
        let characters = self.out.len();
        // UTF-8 has at least as many bytes as UTF-16 has units, so a short text need not be counted.
        if characters > MAX_CHARACTERS && self.out.encode_utf16().nth(MAX_CHARACTERS).is_some() {
            let message = format!(
                "the diagram has about {characters} characters, and readers such as GitHub refuse more than {MAX_CHARACTERS}"
            );
            self.diagnostics.push(Diagnostic::warning("too-many-characters", message).with_help(HELP));
        }
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
