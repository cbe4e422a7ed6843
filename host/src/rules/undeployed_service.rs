//! A service is not part of a deployment.
//!
//! ## What it does
//! Reports a service that is neither in `services` of a Helm release nor, as `svc:NAME`, in `resources` of a Terraform module, in a document with `deployments`.
//!
//! ## Why is this bad
//! The service does not run, or the document does not say how it is deployed.
//!
//! ## Example
//! ```json
//! { "services": { "api": { "image": { "name": "api" } } }, "deployments": { "helm": { "payments": { "chart": "org/payments" } } } }
//! ```
//!
//! ## Use instead
//! ```json
//! { "services": { "api": { "image": { "name": "api" } } }, "deployments": { "helm": { "payments": { "chart": "org/payments", "services": ["api"] } } } }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::text::quote;

/// A service is not part of a deployment.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "undeployed-service",
    severity: Severity::Info,
    summary: "A service is not part of a deployment.",
    tags: &["completeness", "deployments"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    if system.helm().next().is_none() && system.terraform().next().is_none() {
        return;
    }
    let released = system.helm().flat_map(|(_, release)| release.services.iter().map(|name| name.as_str()));
    let entries = system.terraform().flat_map(|(_, module)| &module.resources);
    let mut is_deployed = vec![false; system.services.len()];
    for name in released.chain(entries.filter_map(|entry| entry.strip_prefix("svc:"))) {
        if let Some(position) = system.services.get_index_of(name) {
            is_deployed[position] = true;
        }
    }
    for (name, _) in system.services.keys().zip(is_deployed).filter(|&(_, is_deployed)| !is_deployed) {
        let place = Place::Key(Pointer::of(["services", name]));
        let message = format!("{} is not part of a deployment", quote(name));
        findings.push(
            RULE.at(place, message)
                .help("add it to `services` of a Helm release or, as svc:NAME, to `resources` of a Terraform module"),
        );
    }
}
