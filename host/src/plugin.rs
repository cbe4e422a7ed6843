//! What every plugin has, whatever it is made with: a description, abilities, and the ways in which it fails.

mod abilities;
mod error;

use serde::Serialize;
use serde_json::Value;

pub use abilities::{Abilities, Ability};
pub use error::component::{ComponentFault, DescriptionFault, ModuleFault, PathFault};
pub use error::picture::PictureFault;
pub use error::template::{SourcePlace, TemplateError, TemplateExcerpt, TemplateFault};
pub use error::{Details, EmbedFault, PluginError, TrustFault};

/// A plugin as it describes itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Its own name, in kebab-case.
    pub name: String,
    /// What it is made with.
    pub kind: PluginKind,
    /// Its own version, where it has one.
    pub version: Option<String>,
    /// One line on what it makes.
    pub summary: String,
    /// The media types of its artifacts, the main one first.
    pub media_types: Vec<String>,
    /// The extension of its main artifact, without the dot.
    pub file_extension: String,
    /// The JSON Schema of its options.
    pub options: Value,
    /// The renderers whose output it includes in its own, by name.
    #[serde(skip)]
    pub embeds: Vec<String>,
}

/// What a plugin is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PluginKind {
    /// A WebAssembly component.
    Component,
    /// A Tera template.
    Template,
    /// Part of the host.
    #[serde(rename = "built-in")]
    BuiltIn,
}

impl PluginKind {
    /// The word for it: `component`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Template => "template",
            Self::BuiltIn => "built-in",
        }
    }
}
