//! Changes as a diagram: both versions in one, through any renderer.

use serde_json::Value;

use crate::cli::args::DiffArguments;
use crate::cli::document::Document;
use crate::cli::view::View;
use crate::cli::{Failure, discover, output, report};
use crate::diagnostic::Severity;
use crate::diff::Diff;
use crate::graph::{Depth, Graph, Origin};
use crate::render::registry::Entry;

/// The services up to which a diagram shows all of both versions, unless the user says otherwise.
const MAX_WHOLE: usize = 50;

/// Draws both versions as one diagram. Returns whether there is one.
pub(super) fn run(arguments: &DiffArguments, plugin: &str, diff: &Diff<'_>, new: &Document) -> anyhow::Result<bool> {
    let (registry, name) = discover::registry(&arguments.plugins, &new.project, Some(plugin))?;
    let name = name.unwrap_or_default();
    let entry = registry.find(&name).map_err(Failure::from)?;
    let view = View::of(&arguments.view, &new.project)?;

    let union = diff.union();
    let mut graph = Graph::of(&union);
    diff.mark(&mut graph);
    let selection = &view.selection;
    let is_narrowed = !selection.focus.is_empty() || !selection.only.is_empty() || !selection.without.is_empty();
    let depth = match arguments.context {
        Some(depth) => Some(Depth(depth)),
        None if arguments.all || is_narrowed || union.services.len() <= MAX_WHOLE => None,
        None => Some(Depth::default()),
    };
    if let Some(depth) = depth {
        graph = around(graph, depth)?;
    }
    let mut graph = view.apply(graph)?;
    diff.label(&mut graph);

    let settings = settings(arguments, new, entry, view.group_by.as_deref());
    let mut rendered = registry.render(entry, graph, &settings).map_err(Failure::from)?;
    report::sort(&new.source, &mut rendered.diagnostics);
    report::to_stderr(&new.source, &rendered.diagnostics)?;
    if rendered.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(false);
    }
    output::artifacts(&rendered.artifacts, arguments.out.as_deref())?;
    Ok(true)
}

/// Narrows a graph to what changed, and says so.
fn around(graph: Graph<'_>, depth: Depth) -> anyhow::Result<Graph<'_>> {
    let services =
        |graph: &Graph<'_>| graph.nodes.iter().filter(|node| matches!(node.origin, Origin::Service(_))).count();
    let before = services(&graph);
    let graph = graph.around_changes(depth);
    let shown = report::number(services(&graph));
    let before = report::plural(before, "service");
    report::note(&format!(
        "the diagram shows what changed and what is near: {shown} of {before}; --all shows everything"
    ))?;
    Ok(graph)
}

/// Returns what the user set, the weakest first: the project file, the view, then the command line in its order.
fn settings(
    arguments: &DiffArguments,
    document: &Document,
    entry: &Entry,
    group_by: Option<&str>,
) -> Vec<(String, Value)> {
    let project = document.project.settings.options.get(&entry.name).into_iter().flatten();
    let project = project.map(|(key, value)| (key.clone(), value.clone()));
    let group_by = group_by.into_iter().map(|word| ("group-by".to_owned(), word.into()));
    let given = arguments.settings.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
    project.chain(group_by).chain(given).collect()
}
