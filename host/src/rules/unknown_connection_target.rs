//! A connection leads to a service that the document does not have.
//!
//! ## What it does
//! Reports a key of `connections` that is not the name of a service.
//!
//! ## Why is this bad
//! The connection cannot be drawn, and whoever follows it ends nowhere.
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
use crate::text::{Suggester, quote};
use crate::diagnostic::{Diagnostic, Place, Severity};

/// A connection leads to a service that the document does not have.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-connection-target",
    severity: Severity::Error,
    summary: "A connection leads to a service that the document does not have.",
    params: &[],
    check: Check::Format(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for &link in context.links().iter().filter(|link| link.target.is_none()) {
        let ((name, _), (target, _)) = (context.service(link.source), context.connection(link));
        let message = format!("{} connects to {}, which is not a service", quote(name), quote(target));
        let meant = suggester.did_you_mean(target, context.system.services.keys().map(|name| name.as_str()));
        let place = Place::Key(context.link_pointer(link));
        findings.push(RULE.at(place, message).label("no such service").help_if(meant));
    }
}
