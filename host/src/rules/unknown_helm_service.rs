//! A Helm release deploys a service that the document does not have.
//!
//! ## What it does
//! Reports an entry of the `services` of a Helm release that is not the name of a service.
//!
//! ## Why is this bad
//! The release and the document disagree on what runs.
//!
//! ## Example
//! ```json
//! { "chart": "org/payments", "services": ["api-gatway"] }
//! ```
//!
//! ## Use instead
//! ```json
//! { "chart": "org/payments", "services": ["api-gateway"] }
//! ```

use super::{BuiltIn, Check, Context};
use crate::text::{Suggester, quote};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A Helm release deploys a service that the document does not have.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-helm-service",
    severity: Severity::Error,
    summary: "A Helm release deploys a service that the document does not have.",
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for (release, deployment) in system.helm() {
        for (index, service) in deployment.services.iter().enumerate() {
            if !system.services.contains_key(service) {
                let place = Place::Value(Pointer::of(["deployments", "helm", release, "services"]).index(index));
                let message =
                    format!("the Helm release {} deploys {}, which is not a service", quote(release), quote(service));
                let meant = suggester.did_you_mean(service, system.services.keys().map(|name| name.as_str()));
                findings.push(RULE.at(place, message).label("no such service").help_if(meant));
            }
        }
    }
}
