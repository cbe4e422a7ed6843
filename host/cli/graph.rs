//! `graph`: prints the graph of a document as JSON.

use clap::Args;

use spec_engine::graph::{EdgeLabels, Graph, ViewOptions};

use crate::arguments::{DocumentArguments, PluginArguments, ViewArguments};
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::{documents, output, report, session};

/// Print the graph of a document as JSON: nodes, edges and groups.
///
/// With --group-by it is what renderers get with this grouping; without, it has every grouping.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    document: DocumentArguments,
    /// Print what can be printed of a document with errors.
    #[arg(long)]
    allow_errors: bool,
    #[command(flatten)]
    view: ViewArguments,
}

/// Prints the graph, or the view of it that renderers get with a grouping.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let (project, input) = documents::find(&arguments.document)?;
    let document = input.read()?;
    let view = arguments.view.view(&project)?;
    let engine = session::build(PluginArguments::default().engine(project))?;
    let system = documents::system(&engine, &document, arguments.allow_errors.into())?;
    let Some(system) = system else { return Ok(Outcome::Findings) };
    let (graph, remarks) = view.apply(Graph::of(system))?;
    report::warnings(&remarks)?;
    let graph = match view.group_by {
        Some(group_by) => graph.view(&ViewOptions { group_by, ..ViewOptions::default() }),
        None => graph.label_edges(EdgeLabels::default()),
    };
    output::json(&graph)?;
    std::mem::forget(document);
    Ok(Outcome::Clean)
}
