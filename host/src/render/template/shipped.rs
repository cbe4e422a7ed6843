//! The templates that ship.

use super::{Template, TemplateError};

macro_rules! shipped {
    ($name:literal, $extension:literal) => {
        Shipped {
            file_name: concat!($name, ".", $extension, ".tera"),
            source: include_str!(concat!("../../../../templates/", $name, ".", $extension, ".tera")),
            sidecar: include_str!(concat!("../../../../templates/", $name, ".toml")),
        }
    };
}

/// Lists every template that ships: each file of `templates/` is here.
pub static SHIPPED: [Shipped; 5] = [
    shipped!("dot", "dot"),
    shipped!("cytoscape", "json"),
    shipped!("sigma", "json"),
    shipped!("graph", "json"),
    shipped!("markdown", "md"),
];

/// A template that ships.
#[derive(Debug)]
pub struct Shipped {
    /// The name of its file.
    pub file_name: &'static str,
    /// Its text.
    pub source: &'static str,
    /// The text of its sidecar.
    pub sidecar: &'static str,
}

impl Shipped {
    /// Makes the renderer.
    ///
    /// # Errors
    /// Never: a test makes each of them.
    pub fn template(&self) -> Result<Template, TemplateError> {
        Template::from_source(self.file_name, self.source, Some(self.sidecar), &[])
    }
}
