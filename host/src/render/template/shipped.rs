//! The templates that ship.

use super::sidecar::Sidecar;
use super::{Source, Template};
use crate::plugin::{Description, TemplateError};

macro_rules! text {
    ($file:expr) => {
        include_str!(concat!("../../../../templates/", $file))
    };
}

macro_rules! shipped {
    ($name:literal, $extension:literal $(, $part:literal)*) => {
        ShippedTemplate {
            file_name: concat!($name, ".", $extension, ".tera"),
            source: text!(concat!($name, ".", $extension, ".tera")),
            sidecar: text!(concat!($name, ".toml")),
            parts: &[$(Source { file_name: $part, text: text!($part) }),*],
        }
    };
}

/// Lists every template that ships: each file of `templates/` is here.
pub static SHIPPED: [ShippedTemplate; 6] = [
    shipped!("dot", "dot"),
    shipped!("cytoscape", "json"),
    shipped!("sigma", "json"),
    shipped!("graph", "json"),
    shipped!("markdown", "md"),
    shipped!(
        "html",
        "html",
        "_html.css.tera",
        "_html.js.tera",
        "_html_graph.js.tera",
        "_html_drawing.js.tera",
        "_html_camera.js.tera",
        "_html_facts.js.tera",
        "_html_state.js.tera"
    ),
];

/// A template that ships.
#[derive(Debug)]
pub struct ShippedTemplate {
    /// The name of its file.
    pub file_name: &'static str,
    /// Its text.
    pub source: &'static str,
    /// The text of its sidecar.
    pub sidecar: &'static str,
    /// The files that it includes.
    pub parts: &'static [Source<'static>],
}

impl ShippedTemplate {
    /// Makes the renderer.
    ///
    /// # Errors
    /// Never: a test makes each of them.
    pub fn template(&self) -> Result<Template, TemplateError> {
        Template::shipped(self.file_name, self.source, self.sidecar, self.parts)
    }

    /// Describes the renderer, without reading its text.
    ///
    /// # Errors
    /// Never, as [`Self::template`].
    pub fn description(&self) -> Result<Description, TemplateError> {
        super::description(self.file_name, Sidecar::of(self.file_name, self.sidecar)?)
    }
}
