//! A required field is missing.
//!
//! ## What it does
//! Reports every required field that is missing and that no other rule covers: ports, charts, sources, names of owners and resources, the direction and action of network rules.
//!
//! ## Why is this bad
//! Without it, the object cannot be checked or drawn.
//!
//! ## Example
//! ```json
//! { "protocol": "grpc" }
//! ```
//!
//! ## Use instead
//! ```json
//! { "port": 8080, "protocol": "grpc" }
//! ```

use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::model::{Service, Text};
use crate::text::quote;

/// A required field is missing.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "missing-field",
    severity: Severity::Error,
    summary: "A required field is missing.",
    tags: &["completeness"],
    params: &[],
    check: Check::Format(check),
};

fn check(Context { system, .. }: Context<'_>, findings: &mut Vec<Diagnostic>) {
    for (id, owner) in &system.owners {
        if owner.name.is_none() {
            findings.push(missing(Pointer::of(["owners", id]), "name", || format!("the owner {}", quote(id))));
        }
    }
    for (name, service) in &system.services {
        check_service(name, service, findings);
    }
    for (name, network) in &system.networks {
        for (index, rule) in network.rules.iter().enumerate() {
            let absent = [
                ("direction", rule.direction.is_none()),
                ("port", rule.port.is_none()),
                ("action", rule.action.is_none()),
            ];
            for (field, _) in absent.into_iter().filter(|&(_, absent)| absent) {
                let pointer = Pointer::of(["networks", name, "rules"]).index(index);
                findings.push(missing(pointer, field, || format!("rule {index} of the network {}", quote(name))));
            }
        }
    }
    for (name, release) in system.helm() {
        if release.chart.is_none() {
            let pointer = Pointer::of(["deployments", "helm", name]);
            findings.push(missing(pointer, "chart", || format!("the Helm release {}", quote(name))));
        }
    }
    for (name, module) in system.terraform() {
        if module.source.is_none() {
            let pointer = Pointer::of(["deployments", "terraform", name]);
            findings.push(missing(pointer, "source", || format!("the Terraform module {}", quote(name))));
        }
    }
}

fn check_service(name: &Text, service: &Service, findings: &mut Vec<Diagnostic>) {
    for (target, connection) in &service.connections {
        if connection.port.is_none() {
            let pointer = Pointer::of(["services", name, "connections", target]);
            let what = || format!("the connection from {} to {}", quote(name), quote(target));
            findings.push(missing(pointer, "port", what));
        }
    }
    for (index, endpoint) in service.exposes.iter().enumerate() {
        if endpoint.port.is_none() {
            let pointer = Pointer::of(["services", name, "exposes"]).index(index);
            findings.push(missing(pointer, "port", || format!("endpoint {index} of {}", quote(name))));
        }
    }
    for bindings in &service.bindings.0 {
        for list in &bindings.lists {
            for (index, resource) in list.resources.iter().enumerate() {
                if resource.name.is_empty() {
                    let key = list.kind.key();
                    let pointer = Pointer::of(["services", name, bindings.provider.key, key]).index(index);
                    let what = || format!("{key} resource {index} of {}", quote(name));
                    findings.push(missing(pointer, list.kind.name_field, what));
                }
            }
        }
    }
}

fn missing(pointer: Pointer, field: &str, what: impl Fn() -> String) -> Diagnostic {
    RULE.at(Place::Value(pointer.join(field)), format!("{} has no {field}", what())).help(format!("add \"{field}\""))
}
