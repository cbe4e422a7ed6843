//! What several importers found, as one.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::bindings::{add_binding, position};
use super::context::Context;
use super::image;
use super::names::rename;
use super::settings::{MergeRemark, Observation};
use crate::import::{Coverage, Extent};
use crate::model::{Service, ServiceBindings, System, Text};

/// What several importers found, as one.
pub(super) struct CombinedObservation {
    /// What runs, under the names of the document.
    pub system: System,
    /// Resources that no service of the files binds.
    pub unbound: ServiceBindings,
    coverage: Vec<Coverage>,
    /// The resources that the files show, whoever binds them: kind and name.
    pub resources: HashSet<(&'static str, Text), RandomState>,
}

impl CombinedObservation {
    /// How much the files show of a part: what the importer shows that shows most of it.
    pub fn extent(&self, part: &str) -> Extent {
        self.coverage.iter().map(|coverage| coverage.of(part)).max().unwrap_or(Extent::None)
    }
}

/// Puts together what importers found.
pub(super) fn combine(observations: Vec<Observation>, context: &mut Context<'_>) -> CombinedObservation {
    let mut combined = CombinedObservation {
        system: System::default(),
        unbound: ServiceBindings::default(),
        coverage: Vec::new(),
        resources: HashSet::default(),
    };
    let mut sources: Vec<String> = Vec::new();
    for mut observation in observations {
        rename(&mut observation, context.settings.names);
        let Observation { source, mut system, unbound, coverage } = observation;
        if sources.is_empty() {
            combined.system.services = std::mem::take(&mut system.services);
        }
        for (name, service) in system.services {
            match combined.system.services.get_mut(&name) {
                None => drop(combined.system.services.insert(name, service)),
                Some(earlier) => {
                    tell_of_contradiction(&name, [&*earlier, &service], &sources, &source, context);
                    lay_over(earlier, service);
                }
            }
        }
        for (name, network) in system.networks {
            let own = combined.system.networks.entry(name).or_default();
            own.description = network.description.or(own.description.take());
            own.cidr = network.cidr.or(own.cidr.take());
            own.rules.extend(network.rules);
        }
        combined.system.owners.extend(system.owners);
        if let Some(deployments) = system.deployments {
            let own = combined.system.deployments.get_or_insert_default();
            own.helm.extend(deployments.helm);
            own.terraform.extend(deployments.terraform);
        }
        for resource in unbound.resources() {
            add_binding(&mut combined.unbound, resource);
        }
        combined.coverage.push(coverage);
        sources.push(source);
    }
    let bound = combined.system.services.values().flat_map(|service| service.bindings.resources());
    let all = bound.chain(combined.unbound.resources());
    combined.resources = all.map(|resource| (resource.kind.resource, resource.name.clone())).collect();
    combined
}

/// Lays what a later importer shows of a service over what an earlier one does.
fn lay_over(earlier: &mut Service, later: Service) {
    if !later.image.name.is_empty() {
        earlier.image = later.image;
        earlier.registry = later.registry;
    }
    earlier.description = later.description.or(earlier.description.take());
    earlier.owner = later.owner.or(earlier.owner.take());
    earlier.repo = later.repo.or(earlier.repo.take());
    earlier.env_vars = later.env_vars.or(earlier.env_vars.take());
    earlier.connections.extend(later.connections);
    for endpoint in later.exposes {
        match earlier.exposes.iter_mut().find(|own| own.port == endpoint.port) {
            Some(own) => *own = endpoint,
            None => earlier.exposes.push(endpoint),
        }
    }
    for resource in later.bindings.resources() {
        if position(&earlier.bindings, resource).is_none() {
            add_binding(&mut earlier.bindings, resource);
        }
    }
    for bindings in later.bindings.0 {
        if let Some(own) = earlier.bindings.0.iter_mut().find(|own| own.provider.key == bindings.provider.key) {
            for (field, value) in bindings.fields {
                own.fields.retain(|(own, _)| own.name != field.name);
                own.fields.push((field, value));
            }
        } else if !bindings.fields.is_empty() {
            earlier.bindings.0.push(bindings);
        }
    }
}

fn tell_of_contradiction(
    name: &Text,
    [earlier, later]: [&Service; 2],
    sources: &[String],
    source: &str,
    context: &mut Context<'_>,
) {
    if earlier.image.name.is_empty() || later.image.name.is_empty() {
        return;
    }
    let is_other_tag = earlier.image.tag.is_some() && later.image.tag.is_some() && earlier.image.tag != later.image.tag;
    if is_other_tag || !image::is_same_name(earlier, later) {
        context.remarks.push(MergeRemark::Contradiction {
            service: name.clone(),
            images: [earlier.image.reference(), later.image.reference()],
            sources: [sources.join(", "), source.to_owned()],
        });
    }
}
