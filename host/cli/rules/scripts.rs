//! The scripted rules that a command works on.

use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::engine::{ScriptFile, named_scripts, project_scripts};
use spec_engine::limits::ScriptLimits;
use spec_engine::project::{Project, UserLimits, script_limits};
use spec_engine::rules::RuleFailure;

use crate::arguments::key_value;
use crate::failure::{Failure, Result};
use crate::session;

/// Which scripted rules, and what they may use.
#[derive(Debug, Args)]
pub(super) struct ScriptArguments {
    /// Scripts, and folders with some. Without any: those of the project.
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
    /// Why scripts do not run that differ from what the project pins.
    pub broken: Vec<RuleFailure>,
}

impl ScriptArguments {
    /// Finds the scripts, those of the project where none are named.
    pub fn find(&self) -> Result<Scripts> {
        let project = Project::find(Path::new("."))?;
        let user = session::user_folder().map(|folder| UserLimits::read(&folder)).transpose()?.unwrap_or_default();
        let limits = script_limits(&project.settings, &user, &self.limits)?;
        let found = match self.paths.as_slice() {
            [] => project_scripts(&project)?,
            paths => named_scripts(&project, paths)?,
        };
        let (mut files, mut broken) = (Vec::new(), Vec::new());
        for script in found {
            match script {
                Ok(script) => files.push(script),
                Err(failed) => broken.push(*failed),
            }
        }
        if files.is_empty() && broken.is_empty() {
            return Err(Failure::new("there are no rules here").help("`spec-engine rules new` writes one"));
        }
        Ok(Scripts { project, limits, files, broken })
    }
}

impl Scripts {
    /// Checks the scripts without running them: what is wrong with each of the files.
    pub fn check(&self) -> Vec<Vec<RuleFailure>> {
        let files: Vec<_> = self.files.iter().map(|file| (&file.source, &*file.siblings)).collect();
        spec_engine::script::check::check(&files, &self.limits)
    }
}
