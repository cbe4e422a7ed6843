//! Where plugins and rules come from, beside the project.

use std::path::PathBuf;

use crate::policy::SeveritySetting;
use crate::script::PrintHook;

/// What the caller of an engine adds to the project.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    pub plugins: Vec<PathBuf>,
    /// Components whose rules were asked for.
    pub rule_components: Vec<PathBuf>,
    pub plugin_folders: Vec<PathBuf>,
    pub limits: Vec<(String, String)>,
    pub scripts: Vec<PathBuf>,
    pub script_limits: Vec<(String, String)>,
    pub severities: Vec<(String, SeveritySetting)>,
    pub on_print: Option<PrintHook>,
    pub user_folder: Option<PathBuf>,
}
