//! Resources that no service of the files binds.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bindings::{add_binding, bring_resource, position};
use super::combine::CombinedObservation;
use super::context::Context;
use super::settings::MergeRemark;
use crate::import::Difference;
use crate::model::{Resource, System, Text};

/// Binds the resources where the document names them; what it does not name goes to the service that the user names, else
/// it is told.
pub(super) fn bind(system: &mut System, combined: &CombinedObservation, context: &mut Context<'_>) {
    if combined.unbound.0.is_empty() {
        return;
    }
    let mut users: HashMap<(&'static str, Text), Vec<usize>, RandomState> = HashMap::default();
    for (index, service) in system.services.values().enumerate() {
        for resource in service.bindings.resources() {
            users.entry((resource.kind.resource, resource.name.clone())).or_default().push(index);
        }
    }
    let home = context.settings.home.and_then(|home| system.services.get_index_of(home));
    let mut left: Vec<&Resource> = Vec::new();
    for resource in combined.unbound.resources() {
        let of_document = users.get(&(resource.kind.resource, resource.name.clone()));
        for &index in of_document.into_iter().flatten() {
            let Some((name, service)) = system.services.get_index_mut(index) else { continue };
            if let Some(place) = position(&service.bindings, resource) {
                bring_resource(name, &mut service.bindings, place, resource, context);
            }
        }
        if of_document.is_some() {
            continue;
        }
        let home = match home {
            Some(index) => system.services.get_index_mut(index),
            None => None,
        };
        match home {
            Some((name, service)) => {
                if context.takes_resource(Difference::Unmanaged, (name, 0), resource, None) {
                    add_binding(&mut service.bindings, resource);
                }
            }
            None => left.push(resource),
        }
    }
    tell(&left, context);
}

/// Tells of what has no place, kind by kind.
fn tell(left: &[&Resource], context: &mut Context<'_>) {
    let mut kinds = Vec::new();
    for resource in left {
        if !kinds.contains(&resource.kind.resource) {
            kinds.push(resource.kind.resource);
        }
    }
    for kind in kinds {
        let own: Vec<&&Resource> = left.iter().filter(|resource| resource.kind.resource == kind).collect();
        let names = own.iter().map(|resource| resource.name.clone()).collect();
        context.remarks.push(MergeRemark::Unbound { kind: own[0].kind, names });
    }
}
