//! The project file, `spec-engine.toml`: looked for beside the document and in every folder above it.

pub(super) mod rules;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Failure;
use super::view::NamedView;
use crate::source::Source;

/// The name of the project file.
pub(super) const FILE: &str = "spec-engine.toml";

/// The folder of a project that holds its renderers and rules.
const OWN_FOLDER: &str = ".spec-engine";

/// Holds a project file, and the folder that its paths start from.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// The folder of the project, empty where it is the current one; `None` where there is neither a project file nor a folder `.spec-engine`.
    pub folder: Option<PathBuf>,
    /// The text of the project file, where there is one.
    pub source: Option<Arc<Source>>,
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
    /// Views by name.
    #[serde(default)]
    pub view: BTreeMap<String, NamedView>,
    /// Scripted rules, or folders with some.
    #[serde(default)]
    pub scripts: Vec<PathBuf>,
    /// Limits of scripted rules.
    #[serde(default)]
    pub rule_limits: BTreeMap<String, Value>,
    /// Limits of plugins: of all by key, and of one as a table by its name. [`super::limits`] reads them.
    #[serde(default)]
    pub limits: toml::Table,
    /// Severities and parameters of rules: [`rules::configure`] reads them with their places.
    #[serde(default, rename = "rules")]
    _rules: IgnoredAny,
    /// Findings that the project accepts: [`rules::exceptions`] reads them with their places.
    #[serde(default, rename = "exceptions")]
    _exceptions: IgnoredAny,
}

impl Project {
    /// Finds the project of a folder: the nearest folder, from it upward, that has a project file or a folder
    /// `.spec-engine`.
    pub fn find(start: &Path) -> anyhow::Result<Self> {
        let start = std::path::absolute(start)?;
        let is_project = |folder: &&Path| folder.join(FILE).is_file() || folder.join(OWN_FOLDER).is_dir();
        let Some(folder) = start.ancestors().find(is_project) else { return Ok(Self::default()) };
        // Paths are shown as they are seen from here, where they are below.
        let here = std::env::current_dir().ok();
        let folder = here.and_then(|here| folder.strip_prefix(here).ok()).unwrap_or(folder);
        let project = Self { folder: Some(folder.to_owned()), ..Self::default() };
        let path = folder.join(FILE);
        if !path.is_file() {
            return Ok(project);
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
        let settings = toml::from_str(&text).map_err(|error| {
            let message = format!("{} is not a project file:\n{}", path.display(), error.to_string().trim_end());
            Failure::new(message).help(
                "its keys are document, plugin, plugins, scripts, [options.NAME], [view.NAME], [limits], [limits.NAME], [rules], [rule-limits] and [[exceptions]]",
            )
        })?;
        let source = Source::new(path.display().to_string(), text.into_bytes());
        Ok(Self { settings, source: Some(Arc::new(source)), ..project })
    }

    /// Returns the folder of the project that holds its renderers and rules.
    pub fn own_folder(&self) -> PathBuf {
        self.path(Path::new(OWN_FOLDER))
    }

    /// Returns the folder of the project that holds its scripted rules.
    pub fn rules_folder(&self) -> PathBuf {
        self.own_folder().join("rules")
    }

    /// Returns a path of the file as seen from where the process runs.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.as_deref().unwrap_or(Path::new("")).join(path)
    }
}
