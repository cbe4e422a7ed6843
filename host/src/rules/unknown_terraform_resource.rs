//! A Terraform module deploys a resource that no service uses.
//!
//! ## What it does
//! Reports an entry of `resources` of a Terraform module that is not the id of a node.
//!
//! ## Why is this bad
//! The entry has a typo, or the resource is unused: the diagram does not show it.
//!
//! ## Example
//! ```json
//! { "source": "./infra", "resources": ["rds:payment-db"] }
//! ```
//!
//! ## Use instead
//! ```json
//! { "source": "./infra", "resources": ["rds:payments-db"] }
//! ```

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::System;
use crate::text::{Suggester, quote};

/// A Terraform module deploys a resource that no service uses.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "unknown-terraform-resource",
    severity: Severity::Warning,
    summary: "A Terraform module deploys a resource that no service uses.",
    tags: &["deployments", "references"],
    params: &[],
    check: Check::System(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    if system.terraform().all(|(_, module)| module.resources.is_empty()) {
        return;
    }
    let ids = node_ids(system);
    let mut candidates: Vec<&str> = ids.iter().map(String::as_str).collect();
    candidates.sort_unstable();
    let mut suggester = Suggester::default();
    for (module, deployment) in system.terraform() {
        for (index, entry) in deployment.resources.iter().enumerate() {
            if !entry.starts_with("svc:") && !ids.contains(entry.as_str()) {
                let place = Place::Value(Pointer::of(["deployments", "terraform", module, "resources"]).index(index));
                let message =
                    format!("the Terraform module {} deploys {}, which no service uses", quote(module), quote(entry));
                let meant = suggester.did_you_mean(entry, candidates.iter().copied());
                findings.push(RULE.at(place, message).label("unknown resource").help_if(meant));
            }
        }
    }
}

/// The ids of the nodes that an entry may name, beside services.
fn node_ids(system: &System) -> HashSet<String, RandomState> {
    let resources = system.services.values().flat_map(|service| service.bindings.resources());
    let resources = resources.map(|resource| format!("{}:{}", resource.kind.id_prefix, resource.name));
    let helm = system.helm().map(|(name, _)| format!("helm:{name}"));
    let terraform = system.terraform().map(|(name, _)| format!("terraform:{name}"));
    resources.chain(helm).chain(terraform).collect()
}
