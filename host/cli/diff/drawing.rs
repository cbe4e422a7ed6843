//! Changes as a diagram: both versions in one, through any renderer.

use std::path::PathBuf;

use clap::Args;

use spec_engine::diagnostic::Severity;
use spec_engine::diff::Diff;
use spec_engine::engine::{Document, Engine};
use spec_engine::graph::{Depth, Graph, Origin};
use spec_engine::text::{number, plural};

use crate::arguments::{SettingArguments, ViewArguments};
use crate::failure::{Failure, Result};
use crate::layout::{LayoutArguments, LayoutFile};
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};
use crate::report;

/// What of both versions is drawn, and where to.
#[derive(Debug, Args)]
pub(crate) struct DiagramArguments {
    /// Draw only what changed and what is at most N edges away [default: 1 where there are more than 50 services and no
    /// view narrows the diagram].
    #[arg(long, value_name = "N", requires = "plugin")]
    context: Option<usize>,
    /// Draw everything, however large.
    #[arg(long, requires = "plugin", conflicts_with = "context")]
    all: bool,
    #[command(flatten)]
    pub settings: SettingArguments,
    /// Where to write the diagram: a file, or a folder if it exists or ends in a slash. Without it: standard output.
    #[arg(long, short, value_name = "PATH", requires = "plugin")]
    out: Option<PathBuf>,
    /// Replace files in the folder of --out that spec-engine did not write there; never those of the project.
    #[arg(long, requires = "out")]
    overwrite: bool,
    #[command(flatten)]
    pub layout: LayoutArguments,
    #[command(flatten)]
    view: ViewArguments,
}

impl DiagramArguments {
    /// Refuses what says how to draw, where no renderer is named.
    pub fn check(&self, plugin: Option<&str>) -> Result<()> {
        if plugin.is_none() && self.layout.fresh_layout {
            return Err(Failure::new("--fresh-layout needs a renderer").help("name one: --plugin svg"));
        }
        Ok(())
    }
}

/// The services up to which a diagram shows all of both versions, unless the user says otherwise.
const MAX_WHOLE: usize = 50;

/// Draws both versions as one diagram, which stands where the layout of the new one is kept. The outcome is incomplete where
/// the renderer found an error, and where the file of the layout is damaged.
pub(crate) fn run(
    arguments: &DiagramArguments,
    engine: &Engine,
    plugin: &str,
    diff: &Diff<'_>,
    [old, new]: [&Document; 2],
) -> Result<Outcome> {
    let plugin = engine.plugins().find(plugin)?;
    let layout = LayoutFile::of(engine.project(), new.path(), arguments.layout);
    let view = arguments.view.view(engine.project())?;
    let union = diff.union();
    let mut graph = Graph::of(&union);
    diff.mark(&mut graph);
    let depth = match arguments.context {
        Some(depth) => Some(Depth(depth)),
        None if arguments.all || view.is_narrowed() || union.services.len() <= MAX_WHOLE => None,
        None => Some(Depth::default()),
    };
    if let Some(depth) = depth {
        graph = around(graph, depth)?;
    }
    let (mut graph, warnings) = view.apply(graph)?;
    report::warnings(&warnings)?;
    diff.label(&mut graph);
    // What is near the changes would stand far apart at the places of a whole drawing.
    graph.places = depth.is_none().then(|| layout.known(&arguments.view));

    let settings = arguments.settings.of(engine, &plugin.name, &view)?;
    let findings = if engine.plugins().asks_findings(plugin) { engine.check(new)?.findings } else { Vec::new() };
    let mut rendered = engine.plugins().render(plugin, graph, &settings, &findings)?;
    new.source().sort(&mut rendered.diagnostics);
    report::to_stderr(new.source(), &rendered.diagnostics)?;
    if rendered.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(Outcome::Incomplete);
    }
    let inputs = InputFiles::of(engine).with([old, new].into_iter().filter_map(Document::path)).with([layout.path()]);
    let written = output::artifacts(
        &rendered.artifacts,
        arguments.out.as_deref(),
        arguments.overwrite.into(),
        &inputs,
    )?;
    output::tell_written(&written)?;
    if let Some(damage) = &layout.damage {
        report::failure(damage);
        return Ok(Outcome::Incomplete);
    }
    Ok(Outcome::Clean)
}

/// Narrows a graph to what changed, and tells the user.
fn around(graph: Graph<'_>, depth: Depth) -> Result<Graph<'_>> {
    let services =
        |graph: &Graph<'_>| graph.nodes.iter().filter(|node| matches!(node.origin, Origin::Service(_))).count();
    let before = services(&graph);
    let graph = graph.around_changes(depth);
    let shown = number(services(&graph));
    let before = plural(before, "service");
    report::note(&format!(
        "the diagram shows what changed and what is near: {shown} of {before}; --all shows everything"
    ))?;
    Ok(graph)
}
