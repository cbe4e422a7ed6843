//! Characters that a drawing cannot have.

use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::graph::Graph;
use crate::render::picture::options::Options;
use crate::render::picture::xml::dropped;

/// Warns of texts with characters that XML cannot hold.
pub(super) fn diagnostics(name: &str, graph: &Graph<'_>, options: &Options) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut check = |texts: [&str; 2], place: &dyn Fn() -> Place, what: &dyn Fn() -> String| {
        let message = match texts.into_iter().map(dropped).sum::<usize>() {
            0 => return,
            1 => format!("1 control character in the text of {} cannot be drawn and was left out", what()),
            count => format!("{count} control characters in the text of {} cannot be drawn and were left out", what()),
        };
        let rule = format!("{name}/characters-dropped");
        out.push(Diagnostic::new(rule, Severity::Warning, place(), message).help("Remove them from the document"));
    };
    let title = if options.title.is_empty() { graph.system.name.as_str() } else { &options.title };
    check([title, ""], &|| Place::Value(Pointer::root()), &|| "the title".to_owned());
    for (index, node) in graph.nodes.iter().enumerate() {
        check([&node.label, ""], &|| Place::Key(graph.node_pointer(index)), &|| format!("{:?}", node.id));
    }
    for group in &graph.groups {
        check([group.label, ""], &|| Place::Value(Pointer::root()), &|| format!("the group {:?}", group.id));
    }
    for (index, edge) in graph.edges.iter().enumerate() {
        let [source, target] = [edge.source, edge.target].map(|node| &graph.nodes[node as usize].id);
        check([graph.edge_label(index).unwrap_or_default(), ""], &|| Place::Key(graph.edge_pointer(index)), &|| {
            format!("the edge from {source:?} to {target:?}")
        });
    }
    out
}
