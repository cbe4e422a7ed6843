//! Why an engine cannot be made, or a document cannot be rendered.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::graph::select::SelectionError;
use crate::plugin::PluginError;
use crate::policy::SettingError;
use crate::project::{LimitSettingError, LockError, ProjectError};
use crate::text::plural;

/// An engine that cannot be made, or whose rules cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The project cannot be used.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The lock of the project cannot be read.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A limit cannot be set.
    #[error(transparent)]
    Limit(#[from] LimitSettingError),
    /// The severity of a rule cannot be set.
    #[error(transparent)]
    Severity(SettingError),
    /// A plugin cannot be used.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// There is no plugin file at a path that the caller named.
    #[error("there is no plugin file {}", .0.display())]
    NoPluginFile(PathBuf),
    /// A folder of plugins that the caller named is not a folder.
    #[error("{} is not a folder with plugins", .0.display())]
    NotAFolder(PathBuf),
    /// The project file names a plugin that does not exist.
    #[error("the project file names the plugin {}, which does not exist", .0.display())]
    NoProjectPlugin(PathBuf),
    /// There is no script at a path.
    #[error("there are no rules at {}", .0.display())]
    NoRules(PathBuf),
    /// A file or folder with rules cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
}

impl EngineError {
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }
}

/// A document that cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The document has errors: nothing can be drawn of it.
    #[error("the document has {} that prevent drawing", plural(.0.len(), "error"))]
    Document(Vec<Diagnostic>),
    /// The view cannot be shown.
    #[error(transparent)]
    View(#[from] SelectionError),
    /// The plugin failed.
    #[error(transparent)]
    Plugin(#[from] PluginError),
    /// The plugin asks for what the rules find, and they cannot be loaded.
    #[error(transparent)]
    Rules(#[from] EngineError),
}
