//! The project file, `spec-engine.toml`: looked for beside the document and in every folder above it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::Failure;

/// The name of the project file.
pub(super) const FILE: &str = "spec-engine.toml";

/// Holds a project file, and the folder that its paths start from.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// The folder of the file; `None` where there is no file.
    pub folder: Option<PathBuf>,
    /// What stands in it.
    pub settings: Settings,
}

/// Holds what stands in a project file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Settings {
    /// The document, where the command line names none.
    pub document: Option<PathBuf>,
    /// The renderer, where the command line names none.
    pub plugin: Option<String>,
    /// Components and templates, or folders with some.
    #[serde(default)]
    pub plugins: Vec<PathBuf>,
    /// Options by renderer.
    #[serde(default)]
    pub options: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Project {
    /// Finds the project file for a folder.
    pub fn find(start: &Path) -> anyhow::Result<Self> {
        let start = std::path::absolute(start)?;
        let Some(folder) = start.ancestors().find(|folder| folder.join(FILE).is_file()) else {
            return Ok(Self::default());
        };
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
        let settings = toml::from_str(&text).map_err(|error| {
            let message = format!("{} is not a project file:\n{}", path.display(), error.to_string().trim_end());
            Failure::new(message).help("its keys are document, plugin, plugins and [options.NAME]")
        })?;
        Ok(Self { folder: Some(folder.to_owned()), settings })
    }

    /// Returns a path of the file as seen from where the process runs.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.as_deref().unwrap_or(Path::new("")).join(path)
    }
}
