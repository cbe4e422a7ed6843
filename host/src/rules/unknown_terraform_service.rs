//! A Terraform module deploys an unknown service.
//!
//! ## What it does
//! Reports an entry `svc:NAME` of `resources` of a Terraform module where NAME is not a service.
//!
//! ## Why is this bad
//! The module and the document disagree on what runs.
//!
//! ## Example
//! ```json
//! { "source": "./infra", "resources": ["svc:api-gatway"] }
//! ```
//!
//! ## Use instead
//! ```json
//! { "source": "./infra", "resources": ["svc:api-gateway"] }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::{Suggester, quote};

/// A Terraform module deploys an unknown service.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-terraform-service",
    severity: Severity::Error,
    summary: "A Terraform module deploys an unknown service.",
    tags: &["deployments", "references"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut suggester = Suggester::default();
    for (module, deployment) in system.terraform() {
        for (index, entry) in deployment.resources.iter().enumerate() {
            let Some(service) = entry.strip_prefix("svc:") else { continue };
            if !system.services.contains_key(service) {
                let place = Place::Value(Pointer::of(["deployments", "terraform", module, "resources"]).index(index));
                let message =
                    format!("the Terraform module {} deploys the unknown service {}", quote(module), quote(service));
                let meant = suggester.did_you_mean(service, system.services.keys().map(|name| name.as_str()));
                findings.push(RULE.at(place, message).label("unknown service").help_if(meant));
            }
        }
    }
}
