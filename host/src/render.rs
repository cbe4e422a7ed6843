//! What turns a graph into files: the trait that every renderer implements: component, template or built in.

pub mod picture;
pub mod registry;
pub mod template;

use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::wasm::Component;

/// Turns a graph into artifacts.
pub trait Renderer: Send + Sync {
    /// Says what it is and which options it takes.
    fn description(&self) -> &Description;

    /// Renders the graph of a view. `options` is an object that [`Description::options`] accepts, every default filled in.
    ///
    /// # Errors
    /// When the renderer failed: a template's mistake, a limit that a component passed.
    fn render(&self, graph: &Graph<'_>, options: &Value) -> Result<Output, PluginError>;

    /// Returns the component that it is, if it is one.
    fn component(&self) -> Option<&Component> {
        None
    }

    /// Names the renderers whose output it wants to have in its own.
    fn embeds(&self) -> &[String] {
        &[]
    }

    /// Renders with the text that each of [`Self::embeds`] made.
    ///
    /// # Errors
    /// As [`Self::render`].
    fn render_embedding(
        &self,
        graph: &Graph<'_>,
        options: &Value,
        embeds: &template::Embeds,
    ) -> Result<Output, PluginError> {
        let _ = embeds;
        self.render(graph, options)
    }
}

/// Says what a renderer is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Its own name.
    pub name: String,
    /// What it is made with.
    pub kind: RendererKind,
    /// Its own version, where it has one.
    pub version: Option<String>,
    /// One line on what it makes.
    pub summary: String,
    /// The media types of its artifacts, the main one first.
    pub media_types: Vec<String>,
    /// The ending of its main artifact without the dot.
    pub file_extension: String,
    /// The JSON Schema of its options.
    pub options: Value,
}

/// Says what a renderer is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RendererKind {
    /// A WebAssembly component.
    Component,
    /// A Tera template.
    Template,
    /// Part of the host.
    #[serde(rename = "built-in")]
    BuiltIn,
}

impl RendererKind {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Template => "template",
            Self::BuiltIn => "built-in",
        }
    }
}

/// What a renderer made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// What it has to say about the document, or about what it drew.
    pub diagnostics: Vec<Diagnostic>,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// Where it goes, relative to the output folder, segments separated by `/`.
    pub path: String,
    /// Its media type.
    pub media_type: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Says why a plugin could not be loaded, or made nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PluginError {
    /// What went wrong, with the plugin's name and, for a template, file, line and column.
    pub message: String,
    /// What stands behind it: what the plugin logged, a backtrace, wasmtime's own words.
    pub details: Option<String>,
    /// The next step.
    pub help: Option<String>,
}

impl PluginError {
    /// Makes an error without details and help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), details: None, help: None }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
