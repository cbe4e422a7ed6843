//! Removes from a system what is gone, and what would lead to it.

use std::collections::{HashMap, HashSet};

use super::states::{DocumentPart, ServicePart, States};
use crate::model::{Deployments, NetworkRule, Resource, Service, System, Text};

/// Removes the parts that are missing.
pub(super) fn missing(system: &mut System, states: &States) {
    let mut gone: HashSet<&str> = HashSet::new();
    let mut parts: HashMap<&str, Vec<&ServicePart>> = HashMap::new();
    for DocumentPart { service, part } in &states.missing {
        match part {
            ServicePart::Whole => {
                gone.insert(service.as_str());
            }
            part => parts.entry(service.as_str()).or_default().push(part),
        }
    }
    for (name, parts) in parts {
        if let Some(service) = system.services.get_mut(name) {
            remove_parts(service, &parts);
        }
    }
    let before = resources(system);
    if !gone.is_empty() {
        system.services.retain(|name, _| !gone.contains(name.as_str()));
        for service in system.services.values_mut() {
            service.connections.retain(|target, _| !gone.contains(target.as_str()));
        }
        let is_gone = |service: &Option<Text>| service.as_ref().is_some_and(|service| gone.contains(service.as_str()));
        let leads_nowhere = |rule: &NetworkRule| is_gone(&rule.from_service) || is_gone(&rule.to_service);
        system.networks.values_mut().for_each(|network| network.rules.retain(|rule| !leads_nowhere(rule)));
    }
    let after = resources(system);
    if let Some(Deployments { helm, terraform }) = &mut system.deployments {
        helm.values_mut().for_each(|release| release.services.retain(|service| !gone.contains(service.as_str())));
        let is_gone = |entry: &str| match entry.strip_prefix("svc:") {
            Some(service) => gone.contains(service),
            None => before.contains(entry) && !after.contains(entry),
        };
        terraform.values_mut().for_each(|module| module.resources.retain(|entry| !is_gone(entry)));
    }
}

/// The ids of the resources of a system that has Terraform modules.
fn resources(system: &System) -> HashSet<String> {
    if system.terraform().next().is_none() {
        return HashSet::new();
    }
    let all = system.services.values().flat_map(|service| service.bindings.resources());
    all.map(|resource| format!("{}:{}", resource.kind.id_prefix, resource.name)).collect()
}

fn remove_parts(service: &mut Service, parts: &[&ServicePart]) {
    let mut endpoints: HashSet<usize> = HashSet::new();
    for part in parts {
        match part {
            ServicePart::Whole => {}
            ServicePart::Endpoint(index) => {
                endpoints.insert(*index);
            }
            ServicePart::Connection(target) => drop(service.connections.shift_remove(target)),
            ServicePart::Resource(kind, _, name) => {
                let is_meant = |one: &Resource| one.kind.resource == kind.resource && one.name == *name;
                let lists = service.bindings.0.iter_mut().flat_map(|bindings| &mut bindings.lists);
                lists.for_each(|list| list.resources.retain(|one| !is_meant(one)));
            }
        }
    }
    for bindings in &mut service.bindings.0 {
        bindings.lists.retain(|list| !list.resources.is_empty());
    }
    service.bindings.0.retain(|bindings| !bindings.lists.is_empty() || !bindings.fields.is_empty());
    let mut index = 0;
    service.exposes.retain(|_| {
        index += 1;
        !endpoints.contains(&(index - 1))
    });
}
