//! A Helm release deploys an unknown service.
//!
//! ## What it does
//! Reports an entry of `services` of a Helm release that is not the name of a service.
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
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::{Suggester, quote};

/// A Helm release deploys an unknown service.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-helm-service",
    severity: Severity::Error,
    summary: "A Helm release deploys an unknown service.",
    tags: &["deployments", "references"],
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
                    format!("the Helm release {} deploys the unknown service {}", quote(release), quote(service));
                let meant = suggester.did_you_mean(service, system.services.keys().map(|name| name.as_str()));
                findings.push(RULE.at(place, message).label("unknown service").help_if(meant));
            }
        }
    }
}
