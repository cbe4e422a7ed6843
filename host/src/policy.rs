//! The rules that hold for a document: which there are, how bad each fault is, what each rule is told.

mod baseline;
mod exceptions;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::System;
use crate::options;
use crate::rules::{Failed, Params, RULES, Rule, Shared};
use crate::text::{nearest, quote};

pub use baseline::{Baseline, Compared};
pub use exceptions::{Exception, Exceptions, Pattern};

/// The services from which on the rules of the engine are asked on every core. With fewer, a thread costs more than it
/// saves.
const MANY_SERVICES: usize = 1_000;

/// The stack of a thread that asks rules, in bytes: what the deepest script that its limits allow needs, in a build
/// without optimisation, too.
pub(crate) const STACK_BYTES: usize = 64 << 20;

/// Holds the rules, each with its severity and parameters.
pub struct Policy {
    rules: IndexMap<String, Held>,
}

/// A rule with what a project says of it.
pub struct Held {
    /// The rule.
    pub rule: Box<dyn Rule>,
    /// How bad its fault is; `None` where the rule is off.
    pub severity: Option<Severity>,
    /// What it is told.
    pub params: Params,
    scripted: bool,
}

/// Says which rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every rule.
    All,
    /// What the format demands: enough to know whether a document can be drawn.
    Format,
}

/// Holds what the rules say of a document.
#[derive(Debug, Default)]
pub struct Checked {
    /// What they found, rule by rule.
    pub findings: Vec<Diagnostic>,
    /// The rules that could not do their work.
    pub failed: Vec<Failed>,
}

/// Says why a setting of a rule cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SettingError {
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

impl Policy {
    /// Takes the rules of the engine as they are.
    pub fn built_in() -> Self {
        let mut policy = Self { rules: IndexMap::new() };
        for registered in RULES {
            policy.hold(Box::new(registered), false);
        }
        policy
    }

    /// Adds a scripted rule; returns it where there is one of its id already, which wins.
    pub fn add(&mut self, rule: Box<dyn Rule>) -> Result<(), Box<dyn Rule>> {
        if self.rules.contains_key(rule.id()) {
            return Err(rule);
        }
        self.hold(rule, true);
        Ok(())
    }

    fn hold(&mut self, rule: Box<dyn Rule>, scripted: bool) {
        let (severity, params) = (Some(rule.severity()), Params::of(rule.params()));
        self.rules.insert(rule.id().to_owned(), Held { rule, severity, params, scripted });
    }

    /// Returns every rule, those of the engine first.
    pub fn rules(&self) -> impl Iterator<Item = &Held> {
        self.rules.values()
    }

    /// Finds the rule with an id.
    pub fn find(&self, id: &str) -> Option<&Held> {
        self.rules.get(id)
    }

    /// Says that there is no rule with an id, and which may be meant.
    pub fn unknown(&self, id: &str) -> SettingError {
        let meant = nearest(id, self.rules.keys().map(String::as_str));
        let help = meant.map_or_else(|| "see `spec-engine rules list`".to_owned(), did_you_mean);
        SettingError { message: format!("there is no rule {}", quote(id)), help: Some(help) }
    }

    /// Sets the severity of a rule; `None` turns it off.
    ///
    /// # Errors
    /// There is no such rule, or it is part of reading.
    pub fn set_severity(&mut self, id: &str, severity: Option<Severity>) -> Result<(), SettingError> {
        let Some(held) = self.rules.get_mut(id) else { return Err(self.unknown(id)) };
        if held.rule.is_fixed() {
            let message = format!("the severity of {} is fixed: it is about what cannot be read", quote(id));
            let help = "a single finding in a document can be accepted with an exception".to_owned();
            return Err(SettingError { message, help: Some(help) });
        }
        held.severity = severity;
        Ok(())
    }

    /// Sets a parameter of a rule.
    ///
    /// # Errors
    /// There is no such rule or parameter, or the value has the wrong type.
    pub fn set_param(&mut self, id: &str, name: &str, value: &Value) -> Result<(), SettingError> {
        let Some(held) = self.rules.get_mut(id) else { return Err(self.unknown(id)) };
        let params = held.rule.params();
        let Some(param) = params.iter().find(|param| param.name == name) else {
            let names = || params.iter().map(|param| param.name.as_ref());
            let help = match nearest(name, names().chain(["severity"])) {
                Some(meant) => did_you_mean(meant),
                None if params.is_empty() => "it has none; `severity` can be set".to_owned(),
                None => format!("its parameters are {}", names().map(quote).collect::<Vec<_>>().join(", ")),
            };
            let message = format!("{} has no parameter {}", quote(id), quote(name));
            return Err(SettingError { message, help: Some(help) });
        };
        let help = || Some(format!("for example {}", param.default.to_json()));
        let Some(like) = param.default.like(value) else {
            let message = format!("{} of {} has to be {}", quote(name), quote(id), param.default.type_name());
            return Err(SettingError { message, help: help() });
        };
        if let Some(Err(reason)) = param.allowed.as_ref().map(|allowed| options::check(value, allowed)) {
            let message = format!("{} of {} {reason}", quote(name), quote(id));
            return Err(SettingError { message, help: help() });
        }
        held.params.set(name, like);
        Ok(())
    }

    /// Holds a document against the rules. `known` is what [`crate::load`] found already: what lies inside a place that
    /// has an error of shape is not reported again.
    pub fn check(&self, system: Option<&System>, known: Vec<Diagnostic>, scope: Scope) -> Checked {
        let mut checked = system.map(|system| self.ask(system, scope)).unwrap_or_default();
        let places: HashSet<&str> =
            known.iter().filter_map(|finding| Some(finding.place.pointer()?.as_str())).collect();
        if !places.is_empty() {
            checked.findings.retain(|finding| {
                finding.place.pointer().is_none_or(|pointer| !is_within_any(pointer.as_str(), &places))
            });
        }
        checked.findings.splice(0..0, known);
        checked
    }

    /// Asks the rules: on this thread if there is little to do, else on every core.
    fn ask(&self, system: &System, scope: Scope) -> Checked {
        let shared = Shared::of(system);
        let asked: Vec<&Held> = self
            .rules
            .values()
            .filter(|held| held.severity.is_some() && (scope == Scope::All || held.rule.is_of_the_format()))
            .collect();
        let ask = |index: usize| {
            let held = asked[index];
            let (mut findings, context) = (Vec::new(), shared.context(&held.params));
            let failed = held.rule.check(context, &mut findings).err();
            for finding in &mut findings {
                finding.severity = held.severity.unwrap_or(finding.severity);
            }
            (findings, failed)
        };
        let mut checked = Checked::default();
        let mut take = |(findings, failed): (Vec<Diagnostic>, Option<Box<Failed>>)| {
            checked.findings.extend(findings);
            checked.failed.extend(failed.map(|failed| *failed));
        };
        if system.services.len() < MANY_SERVICES && !asked.iter().any(|held| held.scripted) {
            (0..asked.len()).map(ask).for_each(take);
            return checked;
        }
        let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(asked.len());
        let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let work = || {
                    for index in std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                        .take_while(|&index| index < asked.len())
                    {
                        let answer = ask(index);
                        answers.lock().unwrap_or_else(PoisonError::into_inner).push((index, answer));
                    }
                };
                let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
                thread.spawn_scoped(scope, work).expect("a process may have a few threads");
            }
        });
        let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        answers.sort_by_key(|&(index, _)| index);
        answers.into_iter().map(|(_, answer)| answer).for_each(&mut take);
        checked
    }
}

fn did_you_mean(meant: &str) -> String {
    format!("did you mean {}?", quote(meant))
}

/// Says whether a pointer, or one that it stands inside, is among some.
fn is_within_any(pointer: &str, places: &HashSet<&str>) -> bool {
    places.contains(pointer) || pointer.match_indices('/').any(|(end, _)| places.contains(&pointer[..end]))
}
