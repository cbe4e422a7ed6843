//! Renderers: what they are handed, and what they make.

mod artifacts;
pub mod picture;
pub mod template;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::plugin::{Description, PluginError};

pub use artifacts::{ArtifactPathError, check_paths};

/// Turns a graph into artifacts.
pub trait Renderer: Send + Sync {
    /// What it is, and which options it takes.
    fn description(&self) -> &Description;

    /// Whether it asks for what the rules found in the document.
    fn asks_findings(&self) -> bool {
        false
    }

    /// Renders a graph.
    ///
    /// # Errors
    /// The renderer failed: a mistake in a template, a limit that a component exceeded.
    fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError>;

    /// The renderer again, where its files have pages.
    fn paged(&self) -> Option<&dyn Paged> {
        None
    }
}

/// A renderer whose files have pages: several graphs become one file.
pub trait Paged {
    /// Renders graphs, a page each, that have the same options. A node or title that leads to `#NAME` leads to the page
    /// of the part of that name.
    ///
    /// # Errors
    /// Like those of [`Renderer::render`].
    fn render_pages(&self, pages: &[RenderContext<'_>]) -> Result<Output, PluginError>;
}

/// What a renderer is handed.
#[derive(Clone, Copy)]
pub struct RenderContext<'a> {
    /// The graph of a view.
    pub graph: &'a Graph<'a>,
    /// An object that [`Description::options`] accepts, every default filled in.
    pub options: &'a Value,
    /// The text that each renderer of [`Description::embeds`] made.
    pub embeds: &'a Embeds,
    /// What the rules found in the document; empty unless the renderer [asks for it](Renderer::asks_findings).
    pub findings: &'a [Diagnostic],
}

/// The text that each embedded renderer made, by its name.
pub type Embeds = BTreeMap<String, String>;

/// What a renderer made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// What the renderer reports of the document, or of what it drew.
    pub diagnostics: Vec<Diagnostic>,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// Its path, relative to the output folder, segments separated by `/`.
    pub path: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}
