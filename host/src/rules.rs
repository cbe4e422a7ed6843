//! The rules that a document is held against: one file a rule, one row here a file.

mod suggest;

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Place, RuleId, Severity};
use crate::model::System;

pub use suggest::{Suggester, nearest, quote, shorten, visible};

/// Registers the rules: a module `rules/NAME.rs` with a `RULE`, whose module documentation explains it.
macro_rules! registry {
    ($($name:ident)*) => {
        $(pub(crate) mod $name;)*

        /// Lists every rule, in the order in which `validate` asks them.
        pub static RULES: &[Registered] =
            &[$(Registered { rule: &$name::RULE, source: include_str!(concat!("rules/", stringify!($name), ".rs")) }),*];
    };
}

registry! {
    invalid_encoding
    invalid_json
    wrong_type
    invalid_value
    unknown_field
    duplicate_key
    port_out_of_range
    missing_system_name
    no_services
    missing_image_name
    missing_repo_url
    missing_protocol
    missing_field
    unknown_owner
    unknown_connection_target
    unknown_helm_service
    unknown_terraform_service
    unknown_terraform_resource
}

/// Describes a rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name for ever: kebab-case, after the fault.
    pub id: &'static str,
    /// How bad the fault is.
    pub severity: Severity,
    /// One sentence on what it finds.
    pub summary: &'static str,
    /// Who finds it.
    pub check: Check,
}

/// Says who finds the fault of a rule.
#[derive(Debug)]
pub enum Check {
    /// [`crate::load`] does, while it reads the text.
    Load,
    /// A function on the system does.
    System(fn(&System, &mut Vec<Diagnostic>)),
}

impl Rule {
    /// Makes a finding of this rule.
    pub fn at(&self, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(RuleId::from(self.id), self.severity, place, message)
    }
}

impl From<&'static Rule> for RuleId {
    fn from(rule: &'static Rule) -> Self {
        rule.id.into()
    }
}

/// A rule of the engine with its documentation.
#[derive(Debug)]
pub struct Registered {
    /// The rule.
    pub rule: &'static Rule,
    source: &'static str,
}

impl Registered {
    /// Returns what the rule does, why, with an example and what to write instead, as Markdown.
    pub fn docs(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    }
}

/// Finds the rule with an id.
pub fn find(id: &str) -> Option<&'static Registered> {
    RULES.iter().find(|registered| registered.rule.id == id)
}

/// Holds a system against every rule. `known` is what [`crate::load`] found already: what lies inside a place that has
/// an error of shape is not reported again.
pub fn check(system: &System, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for registered in RULES {
        if let Check::System(check) = registered.rule.check {
            check(system, &mut findings);
        }
    }
    let known: HashSet<&str> = known.iter().filter_map(|finding| Some(finding.place.pointer()?.as_str())).collect();
    if !known.is_empty() {
        findings
            .retain(|finding| finding.place.pointer().is_none_or(|pointer| !is_within_any(pointer.as_str(), &known)));
    }
    findings
}

/// Says whether a pointer, or one that it stands inside, is among some.
fn is_within_any(pointer: &str, known: &HashSet<&str>) -> bool {
    known.contains(pointer) || pointer.match_indices('/').any(|(end, _)| known.contains(&pointer[..end]))
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn every_rule_is_named_after_its_file_and_documented() {
        for registered in RULES {
            let (id, docs) = (registered.rule.id, registered.docs());
            assert!(docs.starts_with(registered.rule.summary), "{id}: the summary opens the documentation");
            for section in ["## What it does", "## Why is this bad", "## Example", "## Use instead"] {
                assert!(docs.contains(section), "{id}: has no section `{section}`");
            }
        }
    }

    #[test]
    fn every_file_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/host/src/rules");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let id = name.trim_end_matches(".rs").replace('_', "-");
            assert!(id == "suggest" || super::find(&id).is_some(), "rules/{name} is not registered as `{id}`");
        }
    }
}
