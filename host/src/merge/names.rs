//! The names that a document has for what files call differently.

use std::collections::BTreeMap;

use super::settings::Observation;
use crate::model::{Deployments, Map, ServiceBindings, Text};

/// Puts the names of the document in the place of those of the files.
pub(super) fn rename(observation: &mut Observation, names: &BTreeMap<String, String>) {
    if names.is_empty() {
        return;
    }
    let name = |own: &str| -> Text { names.get(own).map_or(own, String::as_str).into() };
    let system = &mut observation.system;
    let mut services = Map::default();
    for (own, mut service) in std::mem::take(&mut system.services) {
        service.connections = std::mem::take(&mut service.connections)
            .into_iter()
            .map(|(target, connection)| (name(&target), connection))
            .collect();
        rename_resources(&mut service.bindings, names);
        let own = name(&own);
        // Two workloads of the files may be one service of the document: the first stands for both.
        if let Some(first) = services.insert(own.clone(), service) {
            services.insert(own, first);
        }
    }
    system.services = services;
    rename_resources(&mut observation.unbound, names);
    let rules = system.networks.values_mut().flat_map(|network| &mut network.rules);
    for service in rules.flat_map(|rule| [&mut rule.from_service, &mut rule.to_service]).flatten() {
        *service = name(service);
    }
    if let Some(Deployments { helm, terraform }) = &mut system.deployments {
        for service in helm.values_mut().flat_map(|release| &mut release.services) {
            *service = name(service);
        }
        for entry in terraform.values_mut().flat_map(|module| &mut module.resources) {
            *entry = renamed_entry(entry, names);
        }
    }
}

fn rename_resources(bindings: &mut ServiceBindings, names: &BTreeMap<String, String>) {
    let lists = bindings.0.iter_mut().flat_map(|bindings| &mut bindings.lists);
    for resource in lists.flat_map(|list| &mut list.resources) {
        if let Some(name) = names.get(&format!("{}:{}", resource.kind.id_prefix, resource.name)) {
            resource.name = name.as_str().into();
        }
    }
}

/// An entry of a Terraform module: the id of a service or of a resource.
fn renamed_entry(entry: &str, names: &BTreeMap<String, String>) -> Text {
    let Some((prefix, own)) = entry.split_once(':') else { return entry.into() };
    let name = if prefix == "svc" { names.get(own) } else { names.get(entry) };
    name.map_or_else(|| entry.into(), |name| format!("{prefix}:{name}").into())
}
