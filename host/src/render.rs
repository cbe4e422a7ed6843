//! Renderers: what they are handed, and what they make.

mod artifacts;
pub mod picture;
pub mod template;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::places::{DrawingId, DrawingPlaces};
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

    /// The renderer that it wants [further layouts](RenderContext::layouts) of, by name.
    fn layouts(&self) -> Option<&str> {
        None
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
    /// Further layouts of the document; empty unless the renderer [wants them](Renderer::layouts).
    pub layouts: &'a [FurtherLayout],
    /// What the rules found in the document; empty unless the renderer [asks for it](Renderer::asks_findings).
    pub findings: &'a [Diagnostic],
}

/// The text that each embedded renderer made, by its name.
pub type Embeds = BTreeMap<String, String>;

/// The document in another grouping, or a part of it, as another renderer draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FurtherLayout {
    /// What its nodes are grouped by: `owner`; `none`.
    pub group_by: &'static str,
    /// Whether each group is one node.
    pub closed: bool,
    /// The group that it shows, with its neighbours; `None` where it shows the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The groups that nodes may stand in: id and label.
    pub groups: Vec<(String, String)>,
    /// What the other renderer made.
    pub text: String,
}

/// What a renderer made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// What the renderer reports of the document, or of what it drew.
    pub diagnostics: Vec<Diagnostic>,
    /// Where nodes stand in what it drew, for a graph with [places](Graph::places).
    pub places: Vec<(DrawingId, DrawingPlaces)>,
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
