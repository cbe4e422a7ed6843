//! Draws a system with a renderer and a view: what `render`, `watch` and `serve` share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::engine::Engine;
use spec_engine::graph::{Graph, GroupKind, SelectionRemark};
use spec_engine::model::System;
use spec_engine::places::{DrawingId, DrawingPlaces, KnownPlaces};
use spec_engine::project::Project;
use spec_engine::registry::Plugin;
use spec_engine::render::{Artifact, Output};
use spec_engine::view::View;

use crate::arguments::{DocumentArguments, PluginArguments, SettingArguments, ViewArguments};
use crate::failure::{Failure, Result};
use crate::layout::{LayoutArguments, LayoutFile};
use crate::output::{self, InputFiles};

/// What to draw, and where to.
#[derive(Clone, Debug, Args)]
pub(crate) struct DrawingArguments {
    #[command(flatten)]
    pub document: DocumentArguments,
    /// The renderer: a name that `plugins list` shows, or the path of a component (.wasm) or template (.tera). Without
    /// it: the one that writes the extension of --out.
    #[arg(long, short, visible_alias = "format", value_name = "NAME|PATH")]
    pub plugin: Option<String>,
    #[command(flatten)]
    pub settings: SettingArguments,
    /// Where to write: a file, or a folder if it exists or ends in a slash. Without it, or with `-`: standard output. Where no
    /// --plugin is given, the extension of the file picks the renderer: .svg, .png, .pdf, .html, .d2, .mmd, .dot, .md.
    #[arg(long, short, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw an overview in which each group of a kind is one node, one diagram a group, and an index, into the folder of
    /// --out; as PDF, a page each in one file.
    #[arg(long, value_name = "KIND", requires = "out")]
    pub split: Option<SplitBy>,
    /// Replace files in the folder of --out that spec-engine did not write there; never those of the project.
    #[arg(long)]
    pub overwrite: bool,
    /// Draw what can be drawn of a document with errors.
    #[arg(long)]
    pub allow_errors: bool,
    #[command(flatten)]
    pub layout: LayoutArguments,
    #[command(flatten)]
    pub view: ViewArguments,
    #[command(flatten)]
    pub plugins: PluginArguments,
}

/// The kind of groups that a system is drawn by, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SplitBy {
    /// Each provider.
    Provider,
    /// Each owner.
    Owner,
    /// Each network.
    Network,
    /// Each deployment.
    Deployment,
}

impl From<SplitBy> for GroupKind {
    fn from(by: SplitBy) -> Self {
        match by {
            SplitBy::Provider => Self::Provider,
            SplitBy::Owner => Self::Owner,
            SplitBy::Network => Self::Network,
            SplitBy::Deployment => Self::Deployment,
        }
    }
}

/// What was drawn.
pub(crate) struct DrawOutput {
    /// The files; `None` where the renderer found an error.
    pub artifacts: Option<Vec<Artifact>>,
    /// The findings of the renderer.
    pub diagnostics: Vec<Diagnostic>,
    /// Warnings about the view.
    pub warnings: Vec<SelectionRemark>,
    /// Where nodes stand in what was laid out.
    pub places: Vec<(DrawingId, DrawingPlaces)>,
}

/// A drawing whose renderer, view and options have been found.
pub(crate) struct Drawing {
    /// The name of the renderer.
    plugin: String,
    view: View,
    settings: Vec<(String, Value)>,
    split: Option<GroupKind>,
    places: KnownPlaces,
}

impl DrawingArguments {
    /// The engine, with the plugin that the command line or else the project asks for.
    pub fn engine(&self, project: Project) -> Result<(Engine, Option<String>)> {
        let asked = self.plugin.clone().or_else(|| project.settings.plugin.clone());
        self.plugins.engine_with(project, asked.as_deref())
    }

    /// Writes artifacts to where the user wants them. Returns the paths of what is now in the folder of --out.
    pub fn write(&self, made: &[Artifact], inputs: &InputFiles) -> Result<Vec<PathBuf>> {
        let overwrite = self.overwrite.into();
        match (&self.split, &self.out) {
            // A split into pages is one file.
            (Some(_), Some(folder)) if made.len() > 1 && !output::is_stdout(folder) => {
                output::into_folder(made, folder, overwrite, inputs)
            }
            _ => output::artifacts(made, self.out.as_deref(), overwrite, inputs),
        }
    }
}

impl Drawing {
    /// Finds the renderer, the view and the options. `asked` is the name of the plugin that was asked for, `layout` the
    /// file with the places of nodes.
    pub fn prepare(
        arguments: &DrawingArguments,
        engine: &Engine,
        asked: Option<&str>,
        layout: &LayoutFile,
    ) -> Result<Self> {
        let plugins = engine.plugins();
        let asked = asked.map(|name| plugins.find(name)).transpose()?;
        let plugin = match (asked, extension(arguments.out.as_deref())) {
            (Some(plugin), _) if arguments.plugin.is_some() => plugin,
            (asked, Some(extension)) => plugins.find_writer(extension, asked)?,
            (Some(plugin), None) => plugin,
            (None, None) => {
                let help = "name a file whose extension tells: --out FILE.svg; or a plugin: --plugin d2; \
                            `spec-engine plugins list` shows every plugin";
                return Err(Failure::new("no plugin to render with").help(help));
            }
        };
        let view = arguments.view.view(engine.project())?;
        let settings = arguments.settings.of(engine, &plugin.name, &view)?;
        let (split, places) = (arguments.split.map(Into::into), layout.known(&arguments.view));
        Ok(Self { plugin: plugin.name.clone(), view, settings, split, places })
    }

    /// Draws a system. `findings` gives what the rules found in it, where the renderer asks for that.
    pub fn draw(
        &self,
        engine: &Engine,
        system: &System,
        findings: impl FnOnce() -> Result<Vec<Diagnostic>>,
    ) -> Result<DrawOutput> {
        let (mut graph, warnings) = self.view.apply(Graph::of(system))?;
        graph.places = Some(self.places.clone());
        let plugin = engine.plugins().find(&self.plugin)?;
        let findings = if engine.plugins().asks_findings(plugin) { findings()? } else { Vec::new() };
        let whole = |graph| -> Result<DrawOutput> {
            Ok(engine.plugins().render(plugin, graph, &self.settings, &findings)?.into())
        };
        let drawn = match self.split {
            Some(kind) => match plugin.renderer()?.paged() {
                Some(paged) => {
                    let pages = graph.split(kind, |name| format!("#{name}")).into_iter().map(|part| part.graph);
                    engine.plugins().render_pages(plugin, paged, pages, &self.settings)?.into()
                }
                None => parts(plugin, &graph, kind, whole)?,
            },
            None => whole(graph)?,
        };
        Ok(DrawOutput { warnings, ..drawn })
    }
}

/// Draws the parts of a graph, each into a file of its name, or into a folder where the renderer makes several files,
/// and writes an index.
fn parts<'a>(
    plugin: &Plugin,
    graph: &Graph<'a>,
    kind: GroupKind,
    draw: impl Fn(Graph<'a>) -> Result<DrawOutput>,
) -> Result<DrawOutput> {
    let extension = plugin.renderer()?.description().file_extension.clone();
    let file = |name: &str| format!("{name}.{extension}");
    let (mut artifacts, mut diagnostics, mut index, mut places) = (Vec::new(), Vec::new(), String::new(), Vec::new());
    for part in graph.split(kind, file) {
        let drawn = draw(part.graph)?;
        diagnostics.extend(drawn.diagnostics);
        places.extend(drawn.places);
        let Some(drawn) = drawn.artifacts else {
            return Ok(DrawOutput { artifacts: None, diagnostics, warnings: Vec::new(), places });
        };
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
    Ok(DrawOutput { artifacts: Some(artifacts), diagnostics, warnings: Vec::new(), places })
}

impl From<Output> for DrawOutput {
    fn from(output: Output) -> Self {
        let is_error = output.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let artifacts = (!is_error).then_some(output.artifacts);
        Self { artifacts, diagnostics: output.diagnostics, warnings: Vec::new(), places: output.places }
    }
}

/// The extension of the file to write, without the dot; a folder has none.
fn extension(out: Option<&Path>) -> Option<&str> {
    let out = out.filter(|out| !output::is_folder(out))?;
    out.extension()?.to_str()
}
