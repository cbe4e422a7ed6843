//! Helm releases and Terraform modules.

use std::collections::HashSet;

use super::combine::CombinedObservation;
use super::context::Context;
use crate::import::Difference;
use crate::model::{Deployments, HelmDeployment, System, TerraformDeployment, Text};

/// Brings the deployments up to date.
pub(super) fn bring(system: &mut System, combined: &CombinedObservation, context: &mut Context<'_>) {
    let Some(observed) = &combined.system.deployments else { return };
    let had_any = system.deployments.is_some();
    let mut own: Deployments = system.deployments.take().unwrap_or_default();
    let services = &system.services;
    for (name, release) in &observed.helm {
        let place = ["deployments", "helm", name.as_str()];
        let is_known = |service: &Text| services.contains_key(service);
        let Some(there) = own.helm.get_mut(name) else {
            if context.takes(Difference::Unmanaged, &place) {
                let services = release.services.iter().filter(|service| is_known(service)).cloned().collect();
                own.helm.insert(name.clone(), HelmDeployment { services, ..release.clone() });
            }
            continue;
        };
        update(&mut there.chart, &release.chart, &place, "chart", context);
        update(&mut there.version, &release.version, &place, "version", context);
        update(&mut there.repo, &release.repo, &place, "repo", context);
        let new = release.services.iter().filter(|service| is_known(service));
        add(&mut there.services, new, &place, "services", context);
    }
    let ids = if observed.terraform.is_empty() { HashSet::new() } else { ids(system) };
    for (name, module) in &observed.terraform {
        let place = ["deployments", "terraform", name.as_str()];
        let Some(there) = own.terraform.get_mut(name) else {
            if context.takes(Difference::Unmanaged, &place) {
                let resources = known_entries(module, &ids);
                own.terraform.insert(name.clone(), TerraformDeployment { resources, ..module.clone() });
            }
            continue;
        };
        update(&mut there.source, &module.source, &place, "source", context);
        update(&mut there.version, &module.version, &place, "version", context);
        let new = known_entries(module, &ids);
        add(&mut there.resources, new.iter(), &place, "resources", context);
    }
    if had_any || !own.helm.is_empty() || !own.terraform.is_empty() {
        system.deployments = Some(own);
    }
}

/// The ids of the services and resources of a system.
fn ids(system: &System) -> HashSet<String> {
    let bound = system.services.values().flat_map(|service| service.bindings.resources());
    let resources = bound.map(|resource| format!("{}:{}", resource.kind.id_prefix, resource.name));
    resources.chain(system.services.keys().map(|name| format!("svc:{name}"))).collect()
}

/// The entries of a module that name a node of the system.
fn known_entries(module: &TerraformDeployment, ids: &HashSet<String>) -> Vec<Text> {
    module.resources.iter().filter(|entry| ids.contains(entry.as_str())).cloned().collect()
}

fn update(own: &mut Option<Text>, observed: &Option<Text>, place: &[&str; 3], field: &str, context: &mut Context<'_>) {
    let Some(observed) = observed.as_ref().filter(|observed| own.as_ref() != Some(*observed)) else { return };
    let [first, second, name] = *place;
    if own.is_none() || context.takes(Difference::Different, &[first, second, name, field]) {
        *own = Some(observed.clone());
    }
}

fn add<'t>(
    own: &mut Vec<Text>,
    observed: impl Iterator<Item = &'t Text>,
    place: &[&str; 3],
    field: &str,
    context: &mut Context<'_>,
) {
    let [first, second, name] = *place;
    let mut known: HashSet<Text> = own.iter().cloned().collect();
    for entry in observed {
        if known.insert(entry.clone()) && context.takes(Difference::Unmanaged, &[first, second, name, field]) {
            own.push(entry.clone());
        }
    }
}
