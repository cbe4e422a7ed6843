//! What the documents of one project are checked with: the rules of the engine, of scripts and of components, as the project file and
//! the command line set them, and the findings that the project accepts.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use chrono::Utc;

use super::args::RuleSources;
use super::document::Document;
use super::project::{self, Project};
use super::{Failure, discover, report, scripts, view};
use crate::diagnostic::{Diagnostic, Place, Pointer};
use crate::load::{Loaded, load};
use crate::model::System;
use crate::policy::{Exceptions, Policy, Scope};
use crate::render::registry::Entry;
use crate::rules::{Failed, Rule as _, failed_rule};
use crate::script::{Limits, Script};
use crate::source::Source;

/// Holds what the documents of one project are checked with.
pub(super) struct Checker {
    pub project: Rc<Project>,
    pub policy: Policy,
    /// The scripts and components that hold, by the id of their rule.
    pub scripts: Vec<Scripted>,
    exceptions: Exceptions,
    settings: Vec<Diagnostic>,
    failed: Vec<Failed>,
}

/// Names a script, or a component with a rule, that was found.
pub(super) struct Scripted {
    pub rule: String,
    pub path: PathBuf,
    /// What is there instead, where another of the same id was found before.
    pub shadowed_by: Option<PathBuf>,
}

/// Holds what was found in a document.
pub(super) struct Checked {
    pub system: Option<System>,
    /// In the order of the document.
    pub findings: Vec<Diagnostic>,
    /// The findings that an exception of the project accepts.
    pub excepted: usize,
}

impl Checker {
    /// Takes the rules of the engine as a project sets them, for [`Scope::Format`]. Settings that cannot be are for
    /// `validate` to report.
    pub fn for_drawing(project: &Rc<Project>) -> Self {
        Self::of(project, Policy::built_in(), Vec::new(), Vec::new())
    }

    /// Takes the rules of the engine, every script and every component with rules that is found, as the project and the command line set them.
    pub fn for_validation(project: &Rc<Project>, sources: &RuleSources) -> anyhow::Result<Self> {
        let limits = limits(project, sources)?;
        let (mut policy, mut known, mut failed) = (Policy::built_in(), Vec::<Scripted>::new(), Vec::new());
        let is_component = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "wasm");
        let (components, scripts): (Vec<PathBuf>, Vec<PathBuf>) = sources.rules.iter().cloned().partition(is_component);
        for found in scripts::find(project, &scripts)? {
            let path = PathBuf::from(found.source.name());
            match Script::read(found.source, &found.siblings, limits.clone()) {
                Ok(script) => {
                    let rule = script.id().to_owned();
                    let first = known.iter().find(|other| other.rule == rule);
                    let shadowed_by = first.map(|first| first.path.clone());
                    if shadowed_by.is_none() {
                        // A script's id has a slash, and no rule of the engine has one.
                        let _ = policy.add(Box::new(script));
                    }
                    known.push(Scripted { rule, path, shadowed_by });
                }
                Err(error) => failed.push(*error),
            }
        }
        let stats = discover::stats(&sources.plugins);
        let (registry, named) = discover::registry_with(&sources.plugins, project, &components, stats)?;
        for (entry, shadowed) in registry.list() {
            let has_rules = add_component(entry, &mut policy, &mut known, &mut failed);
            if !has_rules && named.contains(&entry.name) {
                let plugin = entry.plugin().map_err(Failure::from)?;
                let why = plugin.component().map(|component| component.cannot("bring rules"));
                return Err(why.map_or_else(|| Failure::new("it is no component"), Failure::from).into());
            }
            for lost in shadowed.iter().filter(|lost| !has_rules && may_have_rules(lost)) {
                failed.extend(shadowed_rules(lost, entry));
            }
        }
        let mut checker = Self::of(project, policy, known, failed);
        for (rule, severity) in &sources.severities {
            checker.policy.set_severity(rule, *severity).map_err(|error| {
                let failure = Failure::new(format!("--rule {rule}: {}", error.message));
                match error.help {
                    Some(help) => failure.help(help),
                    None => failure,
                }
            })?;
        }
        Ok(checker)
    }

    fn of(project: &Rc<Project>, mut policy: Policy, scripts: Vec<Scripted>, failed: Vec<Failed>) -> Self {
        let text = project.source.as_ref().map(|source| source.text()).unwrap_or_default();
        let mut settings = project::rules::configure(&mut policy, text);
        let (exceptions, more) = project::rules::exceptions(&policy, text);
        settings.extend(more);
        settings.extend(view::mistakes(project));
        let exceptions = Exceptions::new(exceptions, Utc::now().date_naive());
        Self { project: Rc::clone(project), policy, scripts, exceptions, settings, failed }
    }

    /// Loads a document, holds it against the rules, and leaves out what the project accepts.
    pub fn check(&mut self, document: &Document, scope: Scope) -> Checked {
        self.check_loaded(document, load(&document.source), scope)
    }

    /// Holds a document that is loaded against the rules, and leaves out what the project accepts.
    pub fn check_loaded(&mut self, document: &Document, loaded: Loaded, scope: Scope) -> Checked {
        let checked = self.policy.check(loaded.system.as_ref(), loaded.findings, scope);
        for failed in checked.failed {
            let same = |other: &Failed| other.finding == failed.finding && other.source.name() == failed.source.name();
            if !self.failed.iter().any(same) {
                self.failed.push(failed);
            }
        }
        let mut findings = checked.findings;
        let excepted = self.exceptions.apply(&document.path_in_project(), &mut findings);
        report::sort(&document.source, &mut findings);
        Checked { system: loaded.system, findings, excepted }
    }

    /// Returns what is wrong with the files of the project itself, when every document was checked: a file and its
    /// findings each. The first is the project file's, where there is one.
    pub fn review(&self) -> Vec<(Arc<Source>, Vec<Diagnostic>)> {
        let mut files = Vec::new();
        if let Some(source) = &self.project.source {
            let mut findings = self.settings.clone();
            findings.extend(self.exceptions.review());
            report::sort(source, &mut findings);
            files.push((Arc::clone(source), findings));
        }
        for failed in &self.failed {
            match files.iter_mut().find(|(source, _)| source.name() == failed.source.name()) {
                Some((_, findings)) => findings.push(failed.finding.clone()),
                None => files.push((Arc::clone(&failed.source), vec![failed.finding.clone()])),
            }
        }
        files.retain(|(_, findings)| !findings.is_empty());
        files
    }

    /// Says whether a rule or a setting could not do its work, so that something may be missing from the findings.
    pub fn is_incomplete(&self) -> bool {
        !self.failed.is_empty() || !self.settings.is_empty()
    }
}

/// Says whether a plugin has rules, as far as can be seen; of one that cannot be looked at nobody knows.
fn may_have_rules(entry: &Entry) -> bool {
    entry.origin.path().is_some() && entry.possible_abilities().map_or(true, |abilities| abilities.has_rules)
}

/// Makes a finding of rules that are not asked, since another plugin has the name of theirs.
fn shadowed_rules(lost: &Entry, winner: &Entry) -> Option<Failed> {
    let source = Arc::new(Source::new(lost.origin.path()?.display().to_string(), Vec::new()));
    let message = format!("the rules of the plugin `{}` are not asked: another of its name comes first", lost.name);
    let finding = failed_rule::finding(Place::Value(Pointer::root()), message);
    Some(Failed { source, finding: finding.help(format!("give one of them another name: {}", winner.origin)) })
}

/// Adds the rules of a plugin that has some, and says whether it may. One that cannot be used is a finding against its
/// file.
fn add_component(entry: &Entry, policy: &mut Policy, known: &mut Vec<Scripted>, failed: &mut Vec<Failed>) -> bool {
    let Some(path) = entry.origin.path() else { return false };
    if !may_have_rules(entry) {
        return false;
    }
    let source = Arc::new(Source::new(path.display().to_string(), Vec::new()));
    match entry.plugin() {
        Ok(plugin) => {
            for rule in plugin.component().into_iter().flat_map(|component| component.rules(&source)) {
                let id = rule.id().to_owned();
                let shadowed_by = known.iter().find(|other| other.rule == id).map(|first| first.path.clone());
                if shadowed_by.is_none() {
                    // Its id has a slash, and no rule of the engine has one.
                    let _ = policy.add(Box::new(rule));
                }
                known.push(Scripted { rule: id, path: path.to_owned(), shadowed_by });
            }
        }
        Err(error) => {
            let nowhere = Place::Value(Pointer::root());
            let finding = failed_rule::finding(nowhere, error.message).help_if(error.help);
            failed.push(Failed { source, finding });
        }
    }
    true
}

/// Returns the limits of scripts: the project file's, then the command line's.
pub(super) fn limits(project: &Project, sources: &RuleSources) -> anyhow::Result<Limits> {
    let mut limits = Limits::default();
    for (key, value) in &project.settings.rule_limits {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        limits.set(key, &value).map_err(|error| Failure::new(format!("[rule-limits] of the project file: {error}")))?;
    }
    for (key, value) in &sources.limits {
        limits.set(key, value).map_err(|error| Failure::new(format!("--rule-limit: {error}")))?;
    }
    Ok(limits)
}
