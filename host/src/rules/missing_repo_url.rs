//! A repository has no URL.
//!
//! ## What it does
//! Reports a `repo` whose `url` is missing or empty.
//!
//! ## Why is this bad
//! The other fields of `repo` refer to a repository that nobody can find.
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

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A repository has no URL.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-repo-url",
    severity: Severity::Error,
    summary: "A repository has no URL.",
    tags: &["completeness"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (name, service) in &system.services {
        if service.repo.as_ref().is_some_and(|repo| repo.url.is_empty()) {
            let place = Place::Value(Pointer::of(["services", name, "repo", "url"]));
            let message = format!("the repository of {} has no URL", quote(name));
            findings.push(RULE.at(place, message).help("add \"url\": \"https://…\", or remove `repo`"));
        }
    }
}
