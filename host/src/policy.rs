//! The rules that hold for a document: which there are, how bad each fault is, what each rule is told.

mod baseline;
mod exceptions;
mod ignore;
mod selector;
mod setting;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::System;
use crate::options;
use crate::rules::{Facts, Params, RULES, Rule, RuleFailure};
use crate::text::nearest;

pub use baseline::{BASELINE_FILE, Baseline, BaselineComparison, BaselineError};
pub use exceptions::{Exception, ExceptionUse, Exceptions, Pattern, PatternError};
pub use ignore::{IgnoreRule, IgnoreRules};
pub use selector::Selector;
pub use setting::{SettingError, SeveritySetting};

/// The services from which on the rules of the engine are asked on every core. With fewer, a thread costs more than it
/// saves.
const MANY_SERVICES: usize = 1_000;

/// The stack of a thread that asks rules, in bytes: what the deepest script that its limits allow needs, in a build
/// without optimisation, too.
pub(crate) const STACK_BYTES: usize = 64 << 20;

/// The rules, each with its severity and parameters.
pub struct Policy {
    rules: IndexMap<String, ConfiguredRule>,
}

/// A rule as a project configures it.
pub struct ConfiguredRule {
    /// The rule.
    pub rule: Box<dyn Rule>,
    /// How bad its fault is; `None` where the rule is off.
    pub severity: Option<Severity>,
    /// What it is told.
    pub params: Params,
    /// Whether the severity is that of a setting: then every finding has it, whatever severity the rule gives it.
    is_severity_set: bool,
    source: RuleSource,
}

/// Who brings a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RuleSource {
    /// The engine.
    Engine,
    /// A script or a component.
    Project,
}

/// Which rules are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every rule.
    All,
    /// What the format demands: enough to know whether a document can be drawn.
    Format,
}

/// The findings of rules in a document.
#[derive(Debug, Default)]
pub struct RuleFindings {
    /// What they found, rule by rule.
    pub findings: Vec<Diagnostic>,
    /// The rules that could not do their work.
    pub failed: Vec<RuleFailure>,
}

impl Policy {
    /// The rules of the engine as they are.
    pub fn built_in() -> Self {
        let mut policy = Self { rules: IndexMap::new() };
        for entry in RULES {
            policy.insert(Box::new(entry), RuleSource::Engine);
        }
        policy
    }

    /// Adds a scripted rule; returns it where there is one of its id already, which wins.
    pub fn add(&mut self, rule: Box<dyn Rule>) -> Result<(), Box<dyn Rule>> {
        if self.rules.contains_key(rule.id()) {
            return Err(rule);
        }
        self.insert(rule, RuleSource::Project);
        Ok(())
    }

    fn insert(&mut self, rule: Box<dyn Rule>, source: RuleSource) {
        let (severity, params) = (Some(rule.severity()), Params::of(rule.params()));
        let configured = ConfiguredRule { rule, severity, params, is_severity_set: false, source };
        self.rules.insert(configured.rule.id().to_owned(), configured);
    }

    /// Every rule, those of the engine first.
    pub fn rules(&self) -> impl Iterator<Item = &ConfiguredRule> {
        self.rules.values()
    }

    /// Finds the rule with an id.
    pub fn find(&self, id: &str) -> Option<&ConfiguredRule> {
        self.rules.get(id)
    }

    /// Whether a finding is an error that the format itself makes: the document cannot be drawn faithfully.
    pub fn prevents_drawing(&self, finding: &Diagnostic) -> bool {
        let is_of_the_format = || self.find(finding.rule.as_str()).is_some_and(|found| found.rule.is_of_the_format());
        finding.severity == Severity::Error && is_of_the_format()
    }

    /// The error that no rule has an id, is in a group, or has a tag.
    pub fn unknown(&self, name: &str) -> SettingError {
        Selector::parse(name).unknown(self.rules.values().map(|configured| configured.rule.as_ref()))
    }

    /// Whether a setting names rules that there are.
    ///
    /// # Errors
    /// It names none.
    pub fn check_name(&self, name: &str) -> Result<(), SettingError> {
        let selector = Selector::parse(name);
        let is_known = self.rules.values().any(|configured| selector.matches(configured.rule.as_ref()));
        if is_known { Ok(()) } else { Err(self.unknown(name)) }
    }

    /// Sets the severity of the rules that a [`Selector`] names, or turns them off.
    ///
    /// # Errors
    /// There is no such rule, or it is part of reading.
    pub fn set_severity(&mut self, name: &str, setting: SeveritySetting) -> Result<(), SettingError> {
        self.check_name(name)?;
        let selector = Selector::parse(name);
        for configured in self.rules.values_mut().filter(|configured| selector.matches(configured.rule.as_ref())) {
            if configured.rule.is_fixed() {
                return Err(SettingError::FixedSeverity { id: configured.rule.id().to_owned() });
            }
            configured.severity = setting.severity();
            configured.is_severity_set = true;
        }
        Ok(())
    }

    /// Sets a parameter of a rule.
    ///
    /// # Errors
    /// Several rules are named, there is no such rule or parameter, or the value has the wrong type.
    pub fn set_param(&mut self, id: &str, name: &str, value: &Value) -> Result<(), SettingError> {
        if !matches!(Selector::parse(id), Selector::Rule(_)) {
            return Err(SettingError::ParameterOfSeveral { name: id.to_owned(), parameter: name.to_owned() });
        }
        let Some(configured) = self.rules.get_mut(id) else { return Err(self.unknown(id)) };
        let params = configured.rule.params();
        let (id, name) = (id.to_owned(), name.to_owned());
        let Some(param) = params.iter().find(|param| param.name == name) else {
            let known: Vec<String> = params.iter().map(|param| param.name.as_ref().to_owned()).collect();
            let suggestion = nearest(&name, known.iter().map(String::as_str).chain(["severity"])).map(str::to_owned);
            return Err(SettingError::UnknownParameter { id, name, suggestion, known });
        };
        let example = param.default.to_json().to_string();
        let Some(like) = param.default.like(value) else {
            return Err(SettingError::ParameterType { id, name, expected: param.default.type_name(), example });
        };
        if let Some(Err(fault)) = param.allowed.as_ref().map(|allowed| options::check(value, allowed)) {
            return Err(SettingError::ParameterValue { id, name, fault: Box::new(fault), example });
        }
        configured.params.set(&name, like);
        Ok(())
    }

    /// Checks a document with the rules. `known` is what [`crate::load`] found already: what lies inside a place that
    /// has an error of shape is not reported again.
    pub fn check(&self, system: Option<&System>, known: Vec<Diagnostic>, scope: Scope) -> RuleFindings {
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
    fn ask(&self, system: &System, scope: Scope) -> RuleFindings {
        let facts = Facts::of(system);
        let asked: Vec<&ConfiguredRule> = self
            .rules
            .values()
            .filter(|configured| {
                configured.severity.is_some() && (scope == Scope::All || configured.rule.is_of_the_format())
            })
            .collect();
        let ask = |index: usize| {
            let configured = asked[index];
            let (mut findings, context) = (Vec::new(), facts.context(&configured.params));
            let failed = configured.rule.check(context, &mut findings).err();
            if let Some(severity) = configured.severity.filter(|_| configured.is_severity_set) {
                findings.iter_mut().for_each(|finding| finding.severity = severity);
            }
            (findings, failed)
        };
        let mut checked = RuleFindings::default();
        let mut take = |(findings, failed): (Vec<Diagnostic>, Option<Box<RuleFailure>>)| {
            checked.findings.extend(findings);
            checked.failed.extend(failed.map(|failed| *failed));
        };
        if system.services.len() < MANY_SERVICES
            && !asked.iter().any(|configured| configured.source == RuleSource::Project)
        {
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

/// Whether a pointer, or one that it stands inside, is among some.
fn is_within_any(pointer: &str, places: &HashSet<&str>) -> bool {
    places.contains(pointer) || pointer.match_indices('/').any(|(end, _)| places.contains(&pointer[..end]))
}
