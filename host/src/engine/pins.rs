//! Scripted rules held to the lock: one that is pinned runs as it was pinned, or not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::EngineError;
use super::scripts::{self, Finder, ScriptFile};
use crate::diagnostic::{Place, Pointer};
use crate::project::{Lock, Project};
use crate::rules::{RuleFailure, failed_rule};
use crate::script::file_name;
use crate::source::Source;
use crate::text::quote;
use crate::wasm::sha256;

/// The pins of a project, for its scripts.
#[derive(Clone, Copy)]
pub(super) struct RulePins<'a> {
    pub project: &'a Project,
    pub lock: &'a Lock,
}

/// A script that runs as it was pinned, or why it does not run.
type HeldScript = Result<ScriptFile, Box<RuleFailure>>;

/// Finds the scripts of a project, each as it was pinned, if it was.
///
/// # Errors
/// A path of the project does not exist or leads out of its folder, or a file cannot be read.
pub fn project_scripts(project: &Project) -> Result<Vec<HeldScript>, EngineError> {
    RulePins { project, lock: &Lock::read(project)? }.own_scripts()
}

/// Finds the scripts at some paths, each as the project pinned it, if it did.
///
/// # Errors
/// There is nothing at a path, or it cannot be read.
pub fn named_scripts(project: &Project, paths: &[PathBuf]) -> Result<Vec<HeldScript>, EngineError> {
    RulePins { project, lock: &Lock::read(project)? }.named_scripts(paths)
}

impl RulePins<'_> {
    /// The scripts at some paths.
    pub fn named_scripts(&self, paths: &[PathBuf]) -> Result<Vec<HeldScript>, EngineError> {
        Ok(scripts::scripts_at(paths)?.into_iter().map(|found| self.hold(found)).collect())
    }

    /// The scripts that the project names, those of its folder of rules, and what is missing of the pinned ones.
    pub fn own_scripts(&self) -> Result<Vec<HeldScript>, EngineError> {
        let mut finder = Finder::default();
        let rules = self.project.rules_folder();
        let named = self.project.settings.scripts.iter().map(|path| self.project.path(path));
        for path in named.chain(rules.is_dir().then_some(rules)) {
            self.project.check_inside(&path)?;
            finder.add(&path)?;
        }
        let mut own = finder.found;
        // No script of the project comes before a pinned one of its id.
        own.sort_by_key(|found| !self.is_pinned(found));
        let missing = self.missing().into_iter().map(|missing| Err(Box::new(missing)));
        Ok(own.into_iter().map(|found| self.hold_own(found)).chain(missing).collect())
    }

    /// A script with the files that are pinned with it, and no others. One that is not pinned stays as it is.
    ///
    /// # Errors
    /// It, or a file that belongs to it, differs from its pin or is missing.
    pub fn hold(&self, found: ScriptFile) -> Result<ScriptFile, Box<RuleFailure>> {
        let path = PathBuf::from(found.source.name());
        let pins = self.lock.pins_with(self.project, &path);
        if pins.is_empty() {
            return Ok(found);
        }
        let name = stem(&path).to_owned();
        let mut siblings = Vec::new();
        for (pinned, sum) in pins {
            let pinned_name = pinned.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !pinned_name.ends_with(".rhai") {
                continue;
            }
            let is_own = path.file_name() == pinned.file_name();
            let there = match is_own {
                true => Some(&found.source),
                false => found.siblings.iter().find(|sibling| file_name(sibling.name()) == pinned_name),
            };
            let Some(there) = there else {
                return Err(Box::new(missing(&name, &pinned)));
            };
            let sum_there = sha256(there.text().as_bytes());
            if sum_there != sum {
                let why = format!(
                    "differs from the one that was pinned: it has sha256:{sum_there}, and sha256:{sum} is pinned"
                );
                return Err(Box::new(failure(&name, &pinned, &why)));
            }
            if !is_own {
                siblings.push(Arc::clone(there));
            }
        }
        Ok(ScriptFile { source: found.source, siblings: siblings.into() })
    }

    /// Holds a script of the project, and refuses one that has the name of a pinned rule and is not it.
    ///
    /// # Errors
    /// As [`Self::hold`].
    pub fn hold_own(&self, found: ScriptFile) -> Result<ScriptFile, Box<RuleFailure>> {
        let path = Path::new(found.source.name());
        let name = stem(path);
        let is_taken = self.lock.plugins.get(name).is_some_and(|pinned| pinned.is_rule(name));
        if is_taken && !self.is_pinned(&found) {
            return Err(Box::new(failure(name, path, "is pinned, and this file of the same name is not")));
        }
        self.hold(found)
    }

    /// Whether the lock has a script.
    pub fn is_pinned(&self, found: &ScriptFile) -> bool {
        self.lock.pin(self.project, Path::new(found.source.name())).is_some()
    }

    /// The pinned rules whose file is gone: that they do not run must not go unseen.
    pub fn missing(&self) -> Vec<RuleFailure> {
        let rules = self.lock.plugins.iter().filter(|(name, pinned)| pinned.is_rule(name));
        let files = rules.filter_map(|(name, pinned)| Some((name, self.project.path(Path::new(pinned.main(name)?)))));
        files.filter(|(_, file)| !file.is_file()).map(|(name, file)| missing(name, &file)).collect()
    }
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

fn missing(rule: &str, file: &Path) -> RuleFailure {
    failure(rule, file, "is pinned, and this file of it is missing")
}

/// A finding against the file of a rule that does not run.
fn failure(rule: &str, file: &Path, why: &str) -> RuleFailure {
    let source = Arc::new(Source::new(file.display().to_string(), Vec::new()));
    let message = format!("the rule {} does not run: it {why}", quote(rule));
    let finding = failed_rule::finding(Place::Value(Pointer::root()), message);
    let help = "restore it, or pin it as it is, if you trust it";
    RuleFailure { source, finding: finding.help(help) }
}
