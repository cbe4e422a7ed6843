//! A service has no owner, although the document has owners.
//!
//! ## What it does
//! Reports a service without `owner` in a document with `owners`.
//!
//! ## Why is this bad
//! Nobody knows whom to contact when the service fails.
//!
//! ## Example
//! ```json
//! { "owners": { "payments": { "name": "Payments" } }, "services": { "api": { "image": { "name": "api" } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "owners": { "payments": { "name": "Payments" } }, "services": { "api": { "image": { "name": "api" }, "owner": "payments" } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A service has no owner, although the document has owners.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-owner",
    severity: Severity::Info,
    summary: "A service has no owner, although the document has owners.",
    tags: &["completeness", "ownership"],
    params: &[],
    check: Check::System(check),
};

/// The owners that the next step names.
const SHOWN: usize = 3;

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    if system.owners.is_empty() {
        return;
    }
    let owners: Vec<String> = system.owners.keys().take(SHOWN).map(|id| quote(id)).collect();
    let more = if system.owners.len() > SHOWN { ", …" } else { "" };
    let help = format!("add `owner`, a key of `owners`: {}{more}", owners.join(", "));
    for (name, service) in &system.services {
        if service.owner.is_none() {
            let place = Place::Value(Pointer::of(["services", name, "owner"]));
            findings.push(RULE.at(place, format!("{} has no owner", quote(name))).help(help.as_str()));
        }
    }
}
