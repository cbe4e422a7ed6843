//! The scripted rules that a command works on.

use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::engine::{ScriptFile, scripts_at};
use spec_engine::limits::ScriptLimits;
use spec_engine::project::{Project, UserLimits, script_limits};

use crate::arguments::key_value;
use crate::failure::{Failure, Result};
use crate::session;

/// Which scripted rules, and what they may use.
#[derive(Debug, Args)]
pub(super) struct ScriptArguments {
    /// Scripts, and folders with some. Without any: .spec-engine/rules in the project's folder.
    paths: Vec<PathBuf>,
    /// Set a limit of scripted rules. Can be repeated.
    #[arg(long = "rule-limit", value_name = "KEY=VALUE", value_parser = key_value)]
    limits: Vec<(String, String)>,
}

/// Scripted rules of a project.
pub(super) struct Scripts {
    pub project: Project,
    pub limits: ScriptLimits,
    pub files: Vec<ScriptFile>,
}

impl ScriptArguments {
    /// Finds the scripts, those of the project where none are named.
    pub fn find(&self) -> Result<Scripts> {
        let project = Project::find(Path::new("."))?;
        let usual = [project.rules_folder()];
        let paths = if self.paths.is_empty() {
            project.check_inside(&usual[0])?;
            &usual[..]
        } else {
            &self.paths
        };
        let user = session::user_folder().map(|folder| UserLimits::read(&folder)).transpose()?.unwrap_or_default();
        let limits = script_limits(&project.settings, &user, &self.limits)?;
        let files = scripts_at(paths)?;
        if files.is_empty() {
            return Err(Failure::new("there are no rules here").help("`spec-engine rules new` writes one"));
        }
        Ok(Scripts { project, limits, files })
    }
}

impl Scripts {
    /// Checks the scripts without running them: what is wrong with each.
    pub fn check(&self) -> Vec<Vec<spec_engine::rules::RuleFailure>> {
        let files: Vec<_> = self.files.iter().map(|file| (&file.source, file.siblings.as_slice())).collect();
        spec_engine::script::check::check(&files, &self.limits)
    }
}
