//! A project: the nearest folder, from a document upward, that has a project file `spec-engine.toml` or a folder
//! `.spec-engine`.

mod accepted;
mod imports;
mod limits;
mod lock;
mod place;
mod rules;
mod schema;
mod table;
mod views;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use toml::de::{DeTable, Deserializer};

use self::place::is_inside;
use self::table::LocatedValue;
use crate::diagnostic::Diagnostic;
use crate::file;
use crate::policy::{Exception, Pattern, Policy};
use crate::source::Source;
use crate::text::nearest;
use crate::view::{PlacedErrors, View};

pub use imports::ImportSettings;
pub use limits::{LimitSettingError, PluginLimits, RaisedLimit, UnknownLimitOwner, UserLimits, script_limits};
pub use lock::{LOCK_FILE, Lock, LockError, PinnedPack, PinnedPlugin};

/// The name of the project file.
pub const PROJECT_FILE: &str = "spec-engine.toml";

/// The folder of a project that holds its plugins, templates and rules.
pub const PROJECT_FOLDER: &str = ".spec-engine";

/// The most bytes of a project file, and of a lock.
pub const MAX_BYTES: u64 = 8 << 20;

/// A project file, and the folder that its paths start from.
#[derive(Debug, Default)]
pub struct Project {
    /// The folder of the project, empty where it is the current one; `None` where there is neither a project file nor a
    /// folder `.spec-engine`.
    pub folder: Option<PathBuf>,
    /// The project file, where there is one.
    pub source: Option<Arc<Source>>,
    /// Its settings.
    pub settings: Settings,
    /// `[rules]`, with its place.
    rules: Option<LocatedValue>,
    /// `[[exceptions]]`, with its place.
    exceptions: Option<LocatedValue>,
    /// `[import]`, with its place.
    imports: Option<LocatedValue>,
}

/// The settings of a project file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "spec-engine.toml")]
pub struct Settings {
    /// The document, where nobody names one.
    pub document: Option<PathBuf>,
    /// The documents of the project, by patterns on their paths from its folder. Without it: every file of its folders
    /// that looks like one.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub documents: Vec<Pattern>,
    /// The renderer, where nobody names one.
    pub plugin: Option<String>,
    /// Components and templates, or folders with some.
    #[serde(default)]
    pub plugins: Vec<PathBuf>,
    /// Indexes of plugins: a path from the folder of the project, or an address.
    #[serde(default)]
    pub indexes: Vec<String>,
    /// Options by renderer.
    #[serde(default)]
    pub options: BTreeMap<String, BTreeMap<String, Value>>,
    /// Views by name.
    #[serde(default, rename = "view")]
    #[schemars(schema_with = "schema::views")]
    views: BTreeMap<String, views::ViewSection>,
    /// Scripted rules, or folders with some.
    #[serde(default)]
    pub scripts: Vec<PathBuf>,
    /// Limits of scripted rules.
    #[serde(default)]
    #[schemars(schema_with = "schema::rule_limits")]
    pub rule_limits: BTreeMap<String, Value>,
    /// Limits of plugins: of all by key, and of one as a table by its name.
    // [`PluginLimits`] reads them.
    #[serde(default)]
    #[schemars(schema_with = "schema::limits")]
    pub limits: toml::Table,
    /// Severities and parameters of rules.
    // [`Project::configure`] reads them with their places.
    #[serde(default, rename = "rules")]
    #[schemars(schema_with = "schema::rules")]
    _rules: IgnoredAny,
    /// Findings that the project accepts.
    // [`Project::exceptions`] reads them with their places.
    #[serde(default, rename = "exceptions")]
    #[schemars(schema_with = "schema::exceptions")]
    _exceptions: IgnoredAny,
    /// Names and differences of imports.
    // [`Project::import_settings`] reads them with their places.
    #[serde(default, rename = "import")]
    #[schemars(schema_with = "schema::imports")]
    _import: IgnoredAny,
}

/// The JSON Schema (2020-12) of the project file.
pub fn schema() -> serde_json::Value {
    crate::schema::of::<Settings>()
}

/// A project that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// A folder or the project file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// The project file is not one.
    #[error("{} is not a project file:\n{reason}", path.display())]
    Invalid {
        /// The project file.
        path: PathBuf,
        /// What is wrong, with its place.
        reason: String,
    },
    /// A path of the project leads out of its folder.
    #[error("{} leads out of the project's folder, and is not used", path.display())]
    Outside {
        /// The path.
        path: PathBuf,
    },
    /// The project has no view of this name.
    #[error("the project has no view {}", crate::text::quote(name))]
    UnknownView {
        /// The name.
        name: String,
        /// The name that may be meant.
        suggestion: Option<String>,
        /// Every view that there is.
        known: Vec<String>,
    },
    /// A view of the project has a value that it cannot have.
    #[error("[view.{name}]: {error}")]
    InvalidView {
        /// The name of the view.
        name: String,
        /// The first error in it.
        error: String,
    },
}

impl Project {
    /// A project without a file, in a folder.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..Self::default() }
    }

    /// Finds the project of a folder.
    ///
    /// # Errors
    /// The folder or its project file cannot be read, or the file is not a project file.
    pub fn find(start: &Path) -> Result<Self, ProjectError> {
        let unreadable = |path: &Path, error: std::io::Error| ProjectError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let start = std::path::absolute(start).map_err(|error| unreadable(start, error))?;
        // What is there and is no file is not read, and not passed over either.
        let has_file = |folder: &Path| folder.join(PROJECT_FILE).metadata().is_ok_and(|there| !there.is_dir());
        let is_project = |folder: &&Path| has_file(folder) || folder.join(PROJECT_FOLDER).is_dir();
        let Some(folder) = start.ancestors().find(is_project) else { return Ok(Self::default()) };
        // Paths are shown as they are seen from here, where they are below.
        let here = std::env::current_dir().ok();
        let folder = here.and_then(|here| folder.strip_prefix(here).ok()).unwrap_or(folder);
        let path = folder.join(PROJECT_FILE);
        if !has_file(folder) {
            return Ok(Self::in_folder(folder));
        }
        if !is_inside(folder, &path) {
            return Err(ProjectError::Outside { path });
        }
        let text = file::read_text(&path, MAX_BYTES).map_err(|error| unreadable(&path, error))?;
        Self::parse(folder.to_owned(), text)
    }

    /// Reads the text of the project file of a folder.
    ///
    /// # Errors
    /// [`ProjectError::Invalid`]
    pub fn parse(folder: PathBuf, text: String) -> Result<Self, ProjectError> {
        let path = folder.join(PROJECT_FILE);
        let invalid = |mut error: toml::de::Error| {
            error.set_input(Some(&text));
            ProjectError::Invalid { path: path.clone(), reason: error.to_string().trim_end().to_owned() }
        };
        let table = DeTable::parse(&text).map_err(invalid)?;
        let [rules, exceptions, imports] =
            ["rules", "exceptions", "import"].map(|key| table.get_ref().get(key).map(LocatedValue::of));
        let settings = Settings::deserialize(Deserializer::from(table)).map_err(invalid)?;
        let source = Arc::new(Source::new(path.display().to_string(), text.clone().into_bytes()));
        Ok(Self { folder: Some(folder), source: Some(source), settings, rules, exceptions, imports })
    }

    /// Checks that a path, as seen from where the process runs, leads into the folder of the project. Links are followed;
    /// nothing need be there.
    ///
    /// # Errors
    /// [`ProjectError::Outside`]
    pub fn check_inside(&self, path: &Path) -> Result<(), ProjectError> {
        let is_inside = is_inside(self.folder.as_deref().unwrap_or(Path::new("")), path);
        if is_inside { Ok(()) } else { Err(ProjectError::Outside { path: path.to_owned() }) }
    }

    /// The folder of the project that holds its plugins, templates and rules.
    pub fn own_folder(&self) -> PathBuf {
        self.path(Path::new(PROJECT_FOLDER))
    }

    /// The folder of the project that holds its scripted rules.
    pub fn rules_folder(&self) -> PathBuf {
        self.own_folder().join("rules")
    }

    /// A path of the project file as seen from where the process runs.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.as_deref().unwrap_or(Path::new("")).join(path)
    }

    /// Whether the project names a file as one of its documents; `None` where it names none.
    pub fn names_document(&self, file: &Path) -> Option<bool> {
        self.folder.as_ref().filter(|_| !self.settings.documents.is_empty())?;
        let folder = std::path::absolute(self.path(Path::new("."))).ok()?;
        let path = std::path::absolute(file).ok()?;
        let path = path.strip_prefix(folder).ok()?;
        let segments: Vec<_> = path.iter().map(|segment| segment.to_string_lossy()).collect();
        Some(self.settings.documents.iter().any(|pattern| pattern.matches(&segments.join("/"))))
    }

    /// Reads a view by its name.
    ///
    /// # Errors
    /// There is no such view, or a value in it cannot be.
    pub fn view(&self, name: &str) -> Result<View, ProjectError> {
        let views = &self.settings.views;
        let Some(section) = views.get(name) else {
            let suggestion = nearest(name, views.keys().map(String::as_str)).map(str::to_owned);
            let known = views.keys().cloned().collect();
            return Err(ProjectError::UnknownView { name: name.to_owned(), suggestion, known });
        };
        section.read().map_err(|errors| {
            let error = errors.into_iter().next().map(|(_, error)| error.to_string()).unwrap_or_default();
            ProjectError::InvalidView { name: name.to_owned(), error }
        })
    }

    /// Sets in a policy what `[rules]` says. Returns what of it cannot be, as findings against the project file.
    pub fn configure(&self, policy: &mut Policy) -> Vec<Diagnostic> {
        self.rules.as_ref().map(|rules| rules::configure(policy, rules)).unwrap_or_default()
    }

    /// Reads `[[exceptions]]`, and what of them cannot be, as findings against the project file. `policy` knows the rules.
    pub fn exceptions(&self, policy: &Policy) -> (Vec<Exception>, Vec<Diagnostic>) {
        self.exceptions.as_ref().map(|section| rules::exceptions(policy, section)).unwrap_or_default()
    }

    /// Reads `[import]`, and what of it cannot be, as findings against the project file.
    pub fn import_settings(&self) -> (ImportSettings, Vec<Diagnostic>) {
        self.imports.as_ref().map(imports::read).unwrap_or_default()
    }

    /// What is wrong with the views of the project file.
    pub fn view_errors(&self) -> PlacedErrors {
        self.settings.views.values().filter_map(|section| section.read().err()).flatten().collect()
    }
}
