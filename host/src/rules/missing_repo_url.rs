//! A repository has no address.
//!
//! ## What it does
//! Reports a `repo` whose `url` is absent or empty.
//!
//! ## Why is this bad
//! The other fields of `repo` point into a repository that nobody can find.
//!
//! ## Example
//! ```json
//! { "repo": { "ref": "main" } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "repo": { "url": "https://github.com/org/api", "ref": "main" } }
//! ```

use super::{Check, Rule, quote};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::System;

/// A repository has no address.
pub(crate) const RULE: Rule = Rule {
    id: "missing-repo-url",
    severity: Severity::Error,
    summary: "A repository has no address.",
    check: Check::System(check),
};

fn check(system: &System, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        if service.repo.as_ref().is_some_and(|repo| repo.url.is_empty()) {
            let place = Place::Value(Pointer::of(["services", name, "repo", "url"]));
            let message = format!("the repository of {} has no address", quote(name));
            findings.push(RULE.at(place, message).help("add \"url\": \"https://…\", or take `repo` out"));
        }
    }
}
