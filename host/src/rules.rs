//! The rules of the engine: one file per rule, one row here per file.

mod context;
mod docs;
mod params;
mod rule;
mod transport;

use crate::diagnostic::{Diagnostic, Severity};

pub use context::{Context, Facts, Link};
pub use params::{Param, ParamValue, Params};
pub use rule::{BuiltIn, Check, Rule, RuleFailure};

/// Registers the rules: a module `rules/NAME.rs` with a `RULE`, whose module documentation explains it.
macro_rules! registry {
    ($($name:ident)*) => {
        $(pub(crate) mod $name;)*

        /// Every rule of the engine, in the order in which they run.
        pub static RULES: &[RuleEntry] = &[$({
            const SOURCE: &str = include_str!(concat!("rules/", stringify!($name), ".rs"));
            const DOCS: [u8; docs::length(SOURCE)] = docs::extract(SOURCE);
            RuleEntry { rule: &$name::RULE, docs: docs::as_str(&DOCS) }
        }),*];
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
    credentials_in_url
    invalid_cidr
    invalid_network_rule
    conflicting_network_rules
    conflicting_resource
    invalid_env_var_name
    connection_not_exposed
    protocol_mismatch
    blocked_connection
    missing_exposes
    duplicate_port
    inconsistent_protocol_case
    dependency_cycle
    isolated_service
    mutable_tag
    malformed_digest
    no_connections
    no_resources
    undeployed_service
    unpinned_image
    missing_owner
    unused_exception
    expired_exception
    failed_rule
    invalid_setting
}

/// A rule of the engine with its documentation.
#[derive(Debug)]
pub struct RuleEntry {
    /// The rule.
    pub rule: &'static BuiltIn,
    docs: &'static str,
}

impl Rule for &'static RuleEntry {
    fn id(&self) -> &str {
        self.rule.id
    }

    fn severity(&self) -> Severity {
        self.rule.severity
    }

    fn summary(&self) -> &str {
        self.rule.summary
    }

    fn docs(&self) -> String {
        self.docs.trim_end().to_owned()
    }

    fn tags(&self) -> Vec<&str> {
        self.rule.tags.to_vec()
    }

    fn params(&self) -> &[Param] {
        self.rule.params
    }

    fn is_fixed(&self) -> bool {
        matches!(self.rule.check, Check::Load | Check::Project)
    }

    fn is_of_the_format(&self) -> bool {
        matches!(self.rule.check, Check::Load | Check::Format(_))
    }

    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<RuleFailure>> {
        match self.rule.check {
            Check::Format(check) | Check::System(check) => check(context, findings),
            Check::Load | Check::Project => {}
        }
        Ok(())
    }
}

/// Finds the rule of the engine with an id.
pub fn find(id: &str) -> Option<&'static RuleEntry> {
    RULES.iter().find(|entry| entry.rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::{RULES, Rule as _};

    #[test]
    fn every_rule_is_named_after_its_file_and_documented() {
        for entry in RULES {
            let (id, docs) = (entry.rule.id, entry.docs());
            assert!(!entry.rule.tags.is_empty() && entry.rule.tags.is_sorted(), "{id}: it has tags, in order");
            // Else no setting could name the tag: of some of its rules the severity is fixed.
            assert_eq!(entry.is_fixed(), ["reading", "project"].contains(&entry.rule.tags[0]), "{id}");
            assert!(docs.starts_with(entry.rule.summary), "{id}: the summary opens the documentation");
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
            assert!(
                ["README.md", "context", "docs", "params", "rule", "transport"].contains(&id.as_str())
                    || super::find(&id).is_some(),
                "rules/{name} is not registered as `{id}`"
            );
        }
    }
}
