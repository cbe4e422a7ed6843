//! A connection leads to an unknown service.
//!
//! ## What it does
//! Reports a key of `connections` that is not the name of a service.
//!
//! ## Why is this bad
//! The connection cannot be drawn, and its target cannot be checked.
//!
//! ## Example
//! ```json
//! { "connections": { "user-service": { "port": 8080, "protocol": "grpc" } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "connections": { "users-service": { "port": 8080, "protocol": "grpc" } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::text::{Suggester, quote};

/// A connection leads to an unknown service.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-connection-target",
    severity: Severity::Error,
    summary: "A connection leads to an unknown service.",
    tags: &["connections", "references"],
    params: &[],
    check: Check::Format(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for &link in context.links().iter().filter(|link| link.target.is_none()) {
        let ((name, _), (target, _)) = (context.service(link.source), context.connection(link));
        let message = format!("{} connects to the unknown service {}", quote(name), quote(target));
        let meant = suggester.did_you_mean(target, context.system.services.keys().map(|name| name.as_str()));
        let place = Place::Key(context.link_pointer(link));
        findings.push(RULE.at(place, message).label("unknown service").help_if(meant));
    }
}
