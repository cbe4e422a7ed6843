//! A Terraform module deploys a service that the document does not have.
//!
//! ## What it does
//! Reports an entry `svc:NAME` of the `resources` of a Terraform module where NAME is not a service.
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
use crate::text::{Suggester, quote};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};

/// A Terraform module deploys a service that the document does not have.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-terraform-service",
    severity: Severity::Error,
    summary: "A Terraform module deploys a service that the document does not have.",
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
                    format!("the Terraform module {} deploys {}, which is not a service", quote(module), quote(service));
                let meant = suggester.did_you_mean(service, system.services.keys().map(|name| name.as_str()));
                findings.push(RULE.at(place, message).label("no such service").help_if(meant));
            }
        }
    }
}
