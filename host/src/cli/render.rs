//! `render`: draws a document.

use std::path::Path;

use serde_json::Value;

use super::args::RenderArguments;
use super::document::Document;
use super::view::View;
use super::{Failure, Outcome, discover, output, report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Graph, GroupKind};
use crate::model::System;
use crate::render::registry::{Entry, Registry};
use crate::render::{Artifact, PluginError};

/// Draws a document and writes what came out.
pub(super) fn run(arguments: &RenderArguments) -> anyhow::Result<Outcome> {
    let document = Document::read(&arguments.document)?;
    let prepared = Prepared::of(arguments, &document)?;
    let Some(system) = document.system(arguments.allow_errors)? else { return Ok(Outcome::Findings) };
    let mut drawn = prepared.draw(&system)?;
    report::sort(&document.source, &mut drawn.diagnostics);
    report::to_stderr(&document.source, &drawn.diagnostics)?;
    let Some(artifacts) = drawn.artifacts else { return Ok(Outcome::Findings) };
    write(arguments, &artifacts)?;
    // The process ends here: to free a large system piece by piece would only take time.
    std::mem::forget(system);
    Ok(Outcome::Clean)
}

/// Writes artifacts where the user wants them.
pub(super) fn write(arguments: &RenderArguments, made: &[Artifact]) -> anyhow::Result<()> {
    match (&arguments.split, &arguments.out) {
        (Some(_), Some(folder)) => output::into_folder(made, folder),
        _ => output::artifacts(made, arguments.out.as_deref()),
    }
}

/// Holds what was drawn.
pub(super) struct Drawn {
    /// The files; `None` where the renderer found an error.
    pub artifacts: Option<Vec<Artifact>>,
    /// What the renderer says.
    pub diagnostics: Vec<Diagnostic>,
}

/// Holds what a document is to be drawn with: everything about it that can be wrong has been checked.
pub(super) struct Prepared {
    registry: Registry,
    /// The name of the renderer in the registry.
    name: String,
    view: View,
    settings: Vec<(String, Value)>,
    split: Option<GroupKind>,
}

impl Prepared {
    /// Finds the renderer and the view that the user asked for.
    pub fn of(arguments: &RenderArguments, document: &Document) -> anyhow::Result<Self> {
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
        let settings = settings(arguments, document, &name, view.group_by.as_deref());
        let split = arguments.split.as_deref().and_then(group_kind);
        Ok(Self { registry, name, view, settings, split })
    }

    /// Draws a system.
    pub fn draw(&self, system: &System) -> anyhow::Result<Drawn> {
        let graph = self.view.apply(Graph::of(system))?;
        match self.split {
            Some(kind) => self.parts(&graph, kind),
            None => self.whole(graph),
        }
    }

    fn entry(&self) -> anyhow::Result<&Entry> {
        Ok(self.registry.find(&self.name).map_err(Failure::from)?)
    }

    fn whole(&self, graph: Graph<'_>) -> anyhow::Result<Drawn> {
        let rendered = self.registry.render(self.entry()?, graph, &self.settings).map_err(Failure::from)?;
        let is_error = rendered.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        Ok(Drawn { artifacts: (!is_error).then_some(rendered.artifacts), diagnostics: rendered.diagnostics })
    }

    /// Draws the parts of a graph, each into a file of its name, or into a folder where the renderer makes several files,
    /// and writes an index.
    fn parts(&self, graph: &Graph<'_>, kind: GroupKind) -> anyhow::Result<Drawn> {
        let renderer = self.entry()?.renderer().map_err(Failure::from)?;
        let extension = renderer.description().file_extension.clone();
        let file = |name: &str| format!("{name}.{extension}");
        let (mut artifacts, mut diagnostics, mut index) = (Vec::new(), Vec::new(), String::new());
        for part in graph.split(kind, file) {
            let drawn = self.whole(part.graph)?;
            diagnostics.extend(drawn.diagnostics);
            let Some(drawn) = drawn.artifacts else { return Ok(Drawn { artifacts: None, diagnostics }) };
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
        Ok(Drawn { artifacts: Some(artifacts), diagnostics })
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

impl From<PluginError> for Failure {
    fn from(error: PluginError) -> Self {
        Self { message: error.message, help: error.help, details: error.details }
    }
}
