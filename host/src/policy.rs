//! The rules that hold for a document: which there are, how bad each fault is, what each rule is told.

mod baseline;
mod exceptions;
mod ignore;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::System;
use crate::options::{self, ValueError};
use crate::rules::{Facts, Params, RULES, Rule, RuleFailure};
use crate::text::{nearest, quote};

pub use baseline::{BASELINE_FILE, Baseline, BaselineError, Compared};
pub use exceptions::{Exception, ExceptionUse, Exceptions, Pattern, PatternError};
pub use ignore::{IgnoreRule, IgnoreRules};

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

/// The severity of a rule, as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeveritySetting {
    /// The rule is on, with this severity.
    On(Severity),
    /// The rule is off.
    Off,
}

impl SeveritySetting {
    /// Every word for it.
    pub const WORDS: [&str; 4] = ["error", "warning", "info", "off"];

    /// Reads the word for it.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::On(Severity::Error)),
            "warning" => Some(Self::On(Severity::Warning)),
            "info" => Some(Self::On(Severity::Info)),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    fn severity(self) -> Option<Severity> {
        match self {
            Self::On(severity) => Some(severity),
            Self::Off => None,
        }
    }
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
pub struct Checked {
    /// What they found, rule by rule.
    pub findings: Vec<Diagnostic>,
    /// The rules that could not do their work.
    pub failed: Vec<RuleFailure>,
}

/// A setting of a rule that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// There is no rule of this id.
    #[error("there is no rule {}", quote(.id))]
    UnknownRule {
        /// The id.
        id: String,
        /// The id that may be meant.
        suggestion: Option<String>,
    },
    /// The severity of the rule cannot be changed.
    #[error("the severity of {} is fixed: it is about what cannot be read", quote(.id))]
    FixedSeverity {
        /// The id of the rule.
        id: String,
    },
    /// The severity is none of the words.
    #[error("{} is not a severity of {}", quote(.word), quote(.id))]
    SeverityWord {
        /// The id of the rule.
        id: String,
        /// The word.
        word: String,
        /// The word that may be meant.
        suggestion: Option<&'static str>,
    },
    /// The severity is not a word at all.
    #[error("expected the severity of {}, found a TOML {found}", quote(.id))]
    SeverityType {
        /// The id of the rule.
        id: String,
        /// TOML's word for the type of the value.
        found: &'static str,
    },
    /// The rule has no such parameter.
    #[error("{} has no parameter {}", quote(.id), quote(.name))]
    UnknownParameter {
        /// The id of the rule.
        id: String,
        /// The name.
        name: String,
        /// The name that may be meant.
        suggestion: Option<String>,
        /// Every parameter of the rule.
        known: Vec<String>,
    },
    /// The parameter has another type.
    #[error("{} of {}: expected type {expected}", quote(.name), quote(.id))]
    ParameterType {
        /// The id of the rule.
        id: String,
        /// The name of the parameter.
        name: String,
        /// The type.
        expected: &'static str,
        /// A value that it can have.
        example: String,
    },
    /// The value is not allowed.
    #[error("{} of {}: {fault}", quote(.name), quote(.id))]
    ParameterValue {
        /// The id of the rule.
        id: String,
        /// The name of the parameter.
        name: String,
        /// What is wrong with the value.
        fault: Box<ValueError>,
        /// A value that it can have.
        example: String,
    },
}

impl SettingError {
    /// The severity of a rule is none of the words.
    pub(crate) fn severity_word(id: &str, word: &str) -> Self {
        let suggestion = nearest(word, SeveritySetting::WORDS);
        Self::SeverityWord { id: id.to_owned(), word: word.to_owned(), suggestion }
    }

    /// The severity of a rule is not a word.
    pub(crate) fn severity_type(id: &str, found: &'static str) -> Self {
        Self::SeverityType { id: id.to_owned(), found }
    }

    /// The next step.
    pub fn help(&self) -> Option<String> {
        let words = || {
            format!(
                "write one of \"{}\", or {{ severity = \"…\", PARAMETER = … }}",
                SeveritySetting::WORDS.join("\", \"")
            )
        };
        Some(match self {
            Self::UnknownRule { suggestion: Some(meant), .. }
            | Self::UnknownParameter { suggestion: Some(meant), .. } => {
                format!("did you mean {}?", quote(meant))
            }
            Self::SeverityWord { suggestion: Some(meant), .. } => format!("did you mean {}?", quote(meant)),
            Self::UnknownRule { suggestion: None, .. } => "see `spec-engine rules list`".to_owned(),
            Self::FixedSeverity { .. } => "a single finding in a document can be accepted with an exception".to_owned(),
            Self::SeverityWord { .. } | Self::SeverityType { .. } => words(),
            Self::UnknownParameter { known, .. } if known.is_empty() => "it has none; `severity` can be set".to_owned(),
            Self::UnknownParameter { known, .. } => {
                format!("its parameters are {}", known.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", "))
            }
            Self::ParameterType { example, .. } | Self::ParameterValue { example, .. } => {
                format!("for example {example}")
            }
        })
    }
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
        self.rules.insert(rule.id().to_owned(), ConfiguredRule { rule, severity, params, source });
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

    /// The error that there is no rule with an id.
    pub fn unknown(&self, id: &str) -> SettingError {
        let suggestion = nearest(id, self.rules.keys().map(String::as_str)).map(str::to_owned);
        SettingError::UnknownRule { id: id.to_owned(), suggestion }
    }

    /// Sets the severity of a rule, or turns it off.
    ///
    /// # Errors
    /// There is no such rule, or it is part of reading.
    pub fn set_severity(&mut self, id: &str, setting: SeveritySetting) -> Result<(), SettingError> {
        let Some(configured) = self.rules.get_mut(id) else { return Err(self.unknown(id)) };
        if configured.rule.is_fixed() {
            return Err(SettingError::FixedSeverity { id: id.to_owned() });
        }
        configured.severity = setting.severity();
        Ok(())
    }

    /// Sets a parameter of a rule.
    ///
    /// # Errors
    /// There is no such rule or parameter, or the value has the wrong type.
    pub fn set_param(&mut self, id: &str, name: &str, value: &Value) -> Result<(), SettingError> {
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
            for finding in &mut findings {
                finding.severity = configured.severity.unwrap_or(finding.severity);
            }
            (findings, failed)
        };
        let mut checked = Checked::default();
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
