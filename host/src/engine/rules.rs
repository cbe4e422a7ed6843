//! The rules of a project: those of the engine, of scripts and of components, as the project configures them, and the
//! findings that it accepts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Utc;

use super::document::Document;
use super::error::EngineError;
use super::pins::RulePins;
use super::scripts::{self, ScriptFile};
use super::sources::Sources;
use crate::diagnostic::{Diagnostic, Place};
use crate::finding::{self, Finding};
use crate::plugin::{Ability, PluginError};
use crate::policy::{ExceptionUse, Exceptions, Policy, Scope};
use crate::project::{Lock, Project, UserLimits, script_limits};
use crate::registry::{Origin, Plugin, Registry};
use crate::rules::{Rule, RuleFailure, failed_rule, invalid_setting};
use crate::script::{PrintHook, Script, ScriptBudget};
use crate::source::Source;
use crate::wasm::ComponentRule;

/// The rules of a project.
pub struct RuleSet {
    /// The rules with their severities and parameters.
    pub policy: Policy,
    /// The scripts and components with rules, in the order in which they were found.
    pub files: Vec<RuleFile>,
    exceptions: Exceptions,
    /// What is wrong with the settings of rules and views in the project file.
    mistakes: Vec<Diagnostic>,
    broken_scripts: Vec<RuleFailure>,
    broken_plugins: Vec<BrokenPlugin>,
}

/// A script, or a component with a rule, that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// The id of the rule.
    pub rule: String,
    /// The file.
    pub path: PathBuf,
    /// The file that has the same id and was found before, where there is one.
    pub shadowed_by: Option<PathBuf>,
}

/// A plugin whose rules cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenPlugin {
    /// Its file.
    pub path: PathBuf,
    /// Why its rules cannot run.
    pub error: BrokenPluginError,
}

/// Why the rules of a plugin cannot run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenPluginError {
    /// It cannot be loaded.
    #[error(transparent)]
    Load(#[from] PluginError),
    /// Another plugin of its name comes first.
    #[error("the rules of the plugin `{name}` do not run: another plugin of this name comes first")]
    Shadowed {
        /// The name of both.
        name: String,
        /// Where the other one comes from.
        by: Origin,
    },
}

/// The findings in one document.
#[derive(Debug, Default)]
pub struct DocumentFindings {
    /// The findings, in the order of the document.
    pub findings: Vec<Diagnostic>,
    /// How many findings an exception of the project accepts; these are not among the findings.
    pub excepted: usize,
}

/// A run of rules over the documents of a project.
pub struct CheckRun<'e> {
    rules: &'e RuleSet,
    project: &'e Project,
    exceptions: ExceptionUse,
    failed: Vec<RuleFailure>,
}

/// The findings against the files of a project itself.
#[derive(Debug, Default)]
pub struct ProjectFindings {
    /// Files with their findings: the project file first, then scripts and components.
    pub files: Vec<(Arc<Source>, Vec<Diagnostic>)>,
    /// Plugins whose rules cannot run.
    pub plugins: Vec<BrokenPlugin>,
}

impl DocumentFindings {
    /// The findings with their lines and columns; each prints itself.
    pub fn located<'d>(&'d self, document: &'d Document) -> Vec<Finding<'d>> {
        finding::locate(document.source(), &self.findings, ToString::to_string)
    }
}

impl RuleSet {
    /// The rules of the engine, as a project configures them.
    pub(super) fn built_in(project: &Project) -> Self {
        Self::of(project, Policy::built_in())
    }

    /// The rules of the engine, every script and every component with rules that is found, as the project and the caller
    /// configure them.
    pub(super) fn load(
        project: &Project,
        lock: &Lock,
        registry: &Registry,
        sources: &Sources,
        user: &UserLimits,
        with_rules: &[String],
    ) -> Result<Self, EngineError> {
        let budget = ScriptBudget::from(script_limits(&project.settings, user, &sources.script_limits)?);
        let pins = RulePins { project, lock };
        let (files, broken_scripts, broken_plugins) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = RuleDiscovery { policy: Policy::built_in(), files, broken_scripts, broken_plugins };
        for script in scripts(pins, sources)? {
            match script {
                Ok(script) => found.add_script(script, &budget, sources.on_print.as_ref()),
                Err(error) => found.broken_scripts.push(*error),
            }
        }
        for (plugin, shadowed) in registry.list() {
            let has_rules = found.add_plugin(plugin);
            if !has_rules && with_rules.contains(&plugin.name) {
                plugin.component()?;
                return Err(plugin.missing(Ability::Rules).into());
            }
            for lost in shadowed.iter().filter(|lost| !has_rules && may_have_rules(lost)) {
                let Some(path) = lost.origin.path() else { continue };
                let error = BrokenPluginError::Shadowed { name: lost.name.clone(), by: plugin.origin.clone() };
                found.broken_plugins.push(BrokenPlugin { path: path.to_owned(), error });
            }
        }
        let mut rules = Self::of(project, found.policy);
        (rules.files, rules.broken_scripts) = (found.files, found.broken_scripts);
        rules.broken_plugins = found.broken_plugins;
        for (rule, setting) in &sources.severities {
            rules.policy.set_severity(rule, *setting).map_err(EngineError::Severity)?;
        }
        Ok(rules)
    }

    fn of(project: &Project, mut policy: Policy) -> Self {
        let mut mistakes = project.configure(&mut policy);
        let (exceptions, more) = project.exceptions(&policy);
        mistakes.extend(more);
        mistakes.extend(project.import_settings().1);
        let wrong = |(span, error): (_, crate::view::ViewError)| {
            invalid_setting::finding(Place::Bytes(span), error.to_string())
        };
        mistakes.extend(project.view_errors().into_iter().map(wrong));
        let exceptions = Exceptions::new(exceptions, Utc::now().date_naive());
        let (files, broken_scripts, broken_plugins) = (Vec::new(), Vec::new(), Vec::new());
        Self { policy, files, exceptions, mistakes, broken_scripts, broken_plugins }
    }

    /// Starts a run over documents of the project.
    pub(super) fn run<'e>(&'e self, project: &'e Project) -> CheckRun<'e> {
        self.policy.rules().for_each(|configured| configured.rule.begin_run());
        CheckRun { rules: self, project, exceptions: self.exceptions.unused(), failed: self.broken_scripts.clone() }
    }
}

impl CheckRun<'_> {
    /// The rules of the run.
    pub fn rules(&self) -> &RuleSet {
        self.rules
    }

    /// Checks a document, and leaves out what the project accepts.
    pub fn check(&mut self, document: &Document, scope: Scope) -> DocumentFindings {
        let known = document.load_findings().to_vec();
        let checked = self.rules.policy.check(document.system(), known, scope);
        for failed in checked.failed {
            let same =
                |other: &RuleFailure| other.finding == failed.finding && other.source.name() == failed.source.name();
            if !self.failed.iter().any(same) {
                self.failed.push(failed);
            }
        }
        let mut findings = checked.findings;
        let path = document.path_from(self.project.folder.as_deref().unwrap_or(Path::new("")));
        let excepted = self.rules.exceptions.apply(&mut self.exceptions, &path, &mut findings);
        document.source().sort(&mut findings);
        DocumentFindings { findings, excepted }
    }

    /// The findings against the files of the project, after every document was checked.
    pub fn project_findings(&self) -> ProjectFindings {
        let mut files = Vec::new();
        if let Some(source) = &self.project.source {
            let mut findings = self.rules.mistakes.clone();
            findings.extend(self.rules.exceptions.review(&self.exceptions));
            source.sort(&mut findings);
            files.push((Arc::clone(source), findings));
        }
        for failed in &self.failed {
            match files.iter_mut().find(|(source, _)| source.name() == failed.source.name()) {
                Some((_, findings)) => findings.push(failed.finding.clone()),
                None => files.push((Arc::clone(&failed.source), vec![failed.finding.clone()])),
            }
        }
        files.retain(|(_, findings)| !findings.is_empty());
        ProjectFindings { files, plugins: self.rules.broken_plugins.clone() }
    }

    /// Whether a rule or a setting failed, so that findings may be missing.
    pub fn is_incomplete(&self) -> bool {
        !(self.failed.is_empty() && self.rules.mistakes.is_empty() && self.rules.broken_plugins.is_empty())
    }
}

/// Finds every script, the strongest first, each held to its pin.
fn scripts(pins: RulePins<'_>, sources: &Sources) -> Result<Vec<Result<ScriptFile, Box<RuleFailure>>>, EngineError> {
    let mut found = pins.named_scripts(&sources.scripts)?;
    found.extend(pins.own_scripts()?);
    let user = sources.user_folder.as_ref().map(|folder| folder.join("rules"));
    if let Some(folder) = user.filter(|folder| folder.is_dir()) {
        found.extend(scripts::scripts_at(&[folder])?.into_iter().map(Ok));
    }
    Ok(found)
}

/// Whether a plugin has rules, as far as can be seen; of one that cannot be read nobody knows.
fn may_have_rules(plugin: &Plugin) -> bool {
    plugin.origin.path().is_some() && plugin.possible_abilities().map_or(true, |abilities| abilities.has_rules)
}

/// The rules that were found so far.
struct RuleDiscovery {
    policy: Policy,
    files: Vec<RuleFile>,
    broken_scripts: Vec<RuleFailure>,
    broken_plugins: Vec<BrokenPlugin>,
}

impl RuleDiscovery {
    fn add_script(&mut self, found: ScriptFile, budget: &ScriptBudget, on_print: Option<&PrintHook>) {
        let path = PathBuf::from(found.source.name());
        match Script::read(found.source, found.siblings, budget.clone()) {
            Ok(script) => {
                let script = on_print.into_iter().fold(script, |script, hook| script.on_print(hook.clone()));
                self.add(path, Box::new(script));
            }
            Err(errors) => self.broken_scripts.extend(errors),
        }
    }

    /// Adds the rules of a plugin that has some, and tells whether it may have some.
    fn add_plugin(&mut self, plugin: &Plugin) -> bool {
        let Some(path) = plugin.origin.path().filter(|_| may_have_rules(plugin)) else { return false };
        let source = Arc::new(Source::new(path.display().to_string(), Vec::new()));
        match plugin.component() {
            Ok(component) => {
                for rule in component.into_iter().flat_map(|component| ComponentRule::all(component, &source)) {
                    self.add(path.to_owned(), Box::new(rule));
                }
            }
            Err(error) => self.broken_plugins.push(BrokenPlugin { path: path.to_owned(), error: error.into() }),
        }
        true
    }

    fn add(&mut self, path: PathBuf, rule: Box<dyn Rule>) {
        let id = rule.id().to_owned();
        let shadowed_by = self.files.iter().find(|other| other.rule == id).map(|first| first.path.clone());
        if shadowed_by.is_none() {
            // Its id has a slash, and no rule of the engine has one.
            let _ = self.policy.add(rule);
        }
        self.files.push(RuleFile { rule: id, path, shadowed_by });
    }
}

impl From<&BrokenPlugin> for RuleFailure {
    fn from(broken: &BrokenPlugin) -> Self {
        let source = Arc::new(Source::new(broken.path.display().to_string(), Vec::new()));
        let place = Place::File;
        Self { source, finding: failed_rule::finding(place, broken.error.to_string()) }
    }
}
