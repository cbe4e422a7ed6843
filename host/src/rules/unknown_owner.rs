//! A service has an unknown owner.
//!
//! ## What it does
//! Reports a service whose `owner` is not a key of `owners`.
//!
//! ## Why is this bad
//! Nobody can tell which team to contact.
//!
//! ## Example
//! ```json
//! { "owners": { "payments": { "name": "Payments" } }, "services": { "api": { "owner": "payment", "image": { "name": "api" } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "owners": { "payments": { "name": "Payments" } }, "services": { "api": { "owner": "payments", "image": { "name": "api" } } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::{Suggester, quote};

/// A service has an unknown owner.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-owner",
    severity: Severity::Warning,
    summary: "A service has an unknown owner.",
    tags: &["ownership", "references"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for (name, service) in &system.services {
        if let Some(owner) = service.owner.as_ref().filter(|&owner| !system.owners.contains_key(owner)) {
            let place = Place::Value(Pointer::of(["services", name, "owner"]));
            let message = format!("{} has the unknown owner {}", quote(name), quote(owner));
            let meant = suggester.did_you_mean(owner, system.owners.keys().map(|id| id.as_str()));
            findings.push(RULE.at(place, message).label("unknown owner").help_if(meant));
        }
    }
}
