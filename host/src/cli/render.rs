//! `render`: draws a document.

use std::path::Path;

use serde_json::Value;

use super::args::RenderArguments;
use super::document::Document;
use super::view::View;
use super::{Failure, Outcome, discover, output, report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Graph, GroupKind};
use crate::render::registry::{Entry, Registry};
use crate::render::{Artifact, RenderError};

/// Draws a document and writes what came out.
pub(super) fn run(arguments: &RenderArguments) -> anyhow::Result<Outcome> {
    let document = Document::read(&arguments.document)?;
    let configured = document.project.settings.plugin.as_deref();
    let asked = arguments.plugin.as_deref().or(configured);
    let (registry, name) = discover::registry(&arguments.plugins, &document.project, asked)?;
    let usual = name.map(|name| registry.find(&name)).transpose().map_err(Failure::from)?;
    let entry = match (usual, ending(arguments.out.as_deref())) {
        (Some(entry), _) if arguments.plugin.is_some() => entry,
        (usual, Some(ending)) => registry.find_by_ending(ending, usual).map_err(Failure::from)?,
        (Some(entry), None) => entry,
        (None, None) => {
            let help = "name a file whose ending says it: --out FILE.svg; or a plugin: --plugin d2; \
                        `spec-engine plugins list` shows what there is";
            return Err(Failure::new("no plugin to render with").help(help).into());
        }
    };
    let name = entry.name.clone();

    let view = View::of(&arguments.view, &document.project)?;
    let Some(system) = document.system(arguments.allow_errors)? else { return Ok(Outcome::Findings) };
    let settings = settings(arguments, &document, &name, view.group_by.as_deref());
    let graph = view.apply(Graph::of(&system))?;
    let drawing = Drawing { registry: &registry, entry, settings: &settings, document: &document };
    let artifacts = match arguments.split.as_deref().and_then(group_kind) {
        Some(kind) => drawing.parts(&graph, kind)?,
        None => drawing.artifacts(graph)?,
    };
    let Some(artifacts) = artifacts else { return Ok(Outcome::Findings) };
    match (&arguments.split, &arguments.out) {
        (Some(_), Some(folder)) => output::into_folder(&artifacts, folder)?,
        _ => output::artifacts(&artifacts, arguments.out.as_deref())?,
    }
    // The process ends here: to free a large system piece by piece would only take time.
    std::mem::forget(system);
    Ok(Outcome::Clean)
}

/// Holds what diagrams of one document are drawn with.
struct Drawing<'a> {
    registry: &'a Registry,
    entry: &'a Entry,
    settings: &'a [(String, Value)],
    document: &'a Document,
}

impl Drawing<'_> {
    /// Draws a graph, and reports what the renderer says; `None` where that is an error.
    fn artifacts(&self, graph: Graph<'_>) -> anyhow::Result<Option<Vec<Artifact>>> {
        let rendered = self.registry.render(self.entry, graph, self.settings).map_err(Failure::from)?;
        let is_error = rendered.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        report_diagnostics(self.document, rendered.diagnostics)?;
        Ok((!is_error).then_some(rendered.artifacts))
    }

    /// Draws the parts of a graph, each into a file of its name, or into a folder where the renderer makes several files,
    /// and writes an index.
    fn parts(&self, graph: &Graph<'_>, kind: GroupKind) -> anyhow::Result<Option<Vec<Artifact>>> {
        let renderer = self.entry.renderer().map_err(Failure::from)?;
        let extension = renderer.description().file_extension.clone();
        let file = |name: &str| format!("{name}.{extension}");
        let (mut artifacts, mut index) = (Vec::new(), String::new());
        for part in graph.split(kind, file) {
            let Some(drawn) = self.artifacts(part.graph)? else { return Ok(None) };
            let single = drawn.len() == 1;
            for artifact in drawn {
                let path = if single { file(&part.name) } else { format!("{}/{}", part.name, artifact.path) };
                artifacts.push(Artifact { path, ..artifact });
            }
            let target = if single { file(&part.name) } else { format!("{}/", part.name) };
            index.push_str(&format!("- [{}]({target})\n", spec_engine_plugin::quote::markdown(&part.label)));
        }
        let title = spec_engine_plugin::quote::markdown(&graph.system.name);
        let content = format!("# {title}\n\n{index}").into_bytes();
        artifacts.push(Artifact { path: "index.md".to_owned(), media_type: "text/markdown".to_owned(), content });
        Ok(Some(artifacts))
    }
}

/// Reads the word for a kind of groups.
fn group_kind(word: &str) -> Option<GroupKind> {
    GroupKind::ALL.into_iter().find(|kind| kind.as_str() == word)
}

/// Returns the ending of the file to write, without the dot; a folder has none.
fn ending(out: Option<&Path>) -> Option<&str> {
    let out = out.filter(|out| !output::is_folder(out))?;
    out.extension()?.to_str()
}

/// Returns what the user set, the weakest first: the project file, the view, then the command line in its order.
fn settings(
    arguments: &RenderArguments,
    document: &Document,
    name: &str,
    group_by: Option<&str>,
) -> Vec<(String, Value)> {
    let project = document.project.settings.options.get(name).into_iter().flatten();
    let project = project.map(|(key, value)| (key.clone(), value.clone()));
    let group_by = group_by.into_iter().map(|word| ("group-by".to_owned(), word.into()));
    let given = arguments.settings.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
    project.chain(group_by).chain(given).collect()
}

fn report_diagnostics(document: &Document, mut diagnostics: Vec<Diagnostic>) -> anyhow::Result<()> {
    report::sort(&document.source, &mut diagnostics);
    report::to_stderr(&document.source, &diagnostics)?;
    Ok(())
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self { message: error.message, help: error.help, details: error.details }
    }
}
