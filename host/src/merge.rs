//! Brings a document up to date with what importers found in files.
//!
//! There is no memory of an earlier import: what wins is decided field by field. What files know wins over the document:
//! images, ports, connections, resources, versions of deployments. What people write wins over the files: descriptions,
//! owners, repositories, names of variables; where the document has none, the files fill it in. What the files do not
//! show is gone only where they cover it, and is removed only if that is asked for.

mod bindings;
mod combine;
mod connections;
mod context;
mod deployments;
mod endpoints;
mod image;
mod names;
mod networks;
mod protocol;
mod remove;
mod renames;
mod service;
mod settings;
mod states;
mod unbound;
mod written;

use crate::import::Difference;
use crate::model::{System, Text};

use self::combine::{CombinedObservation, combine};
use self::context::Context;
use self::renames::HeldBack;

pub use settings::{Digests, Gone, MergeRemark, MergeSettings, NotJson, Observation, Renames};
pub use states::{DocumentPart, ServicePart, States};
pub use written::written;

/// A document that was brought up to date.
#[derive(Debug)]
pub struct MergeResult {
    /// The system.
    pub system: System,
    /// What became of each part of the document.
    pub states: States,
    /// What somebody has to decide, or should know.
    pub remarks: Vec<MergeRemark>,
    /// How many differences the project ignores.
    pub ignored: usize,
    /// Which of the rules of the project ignored something.
    pub used: Vec<bool>,
}

/// Brings a system up to date with what importers found. Of what several of them show, the last one counts.
pub fn merge(document: &System, observations: Vec<Observation>, settings: &MergeSettings<'_>) -> MergeResult {
    let mut context = Context::new(settings);
    let mut system = document.clone();
    let combined = combine(observations, &mut context);
    let held_back = renames::suspected(document, &combined, &mut context);
    add_services(&mut system, &combined, &held_back, &mut context);
    for (name, observed) in &combined.system.services {
        let Some(index) = document.services.get_index_of(name) else { continue };
        // Its name stays, so that its neighbours are seen beside it.
        let mut own = std::mem::take(&mut system.services[index]);
        service::bring(name, &mut own, observed, &system, &combined, &mut context);
        system.services[index] = own;
    }
    unbound::bind(&mut system, &combined, &mut context);
    add_owners(&mut system, &combined);
    networks::bring(&mut system, &combined, &mut context);
    deployments::bring(&mut system, &combined, &mut context);
    let states = states::of(document, &system, &combined, &held_back, &mut context);
    if settings.gone == Gone::Removed {
        remove::missing(&mut system, &states);
    }
    let Context { remarks, ignored, used, .. } = context;
    MergeResult { system, states, remarks, ignored, used }
}

/// Adds the services that only the files have.
fn add_services(system: &mut System, combined: &CombinedObservation, held_back: &HeldBack, context: &mut Context<'_>) {
    let first = system.services.len();
    for (name, observed) in &combined.system.services {
        let is_new = !system.services.contains_key(name) && !held_back.observed.contains(name);
        if is_new && observed.image.name.is_empty() && context.settings.renames == Renames::HeldBack {
            context.remarks.push(MergeRemark::NoImage { service: name.clone() });
        } else if is_new && context.takes(Difference::Unmanaged, &["services", name.as_str()]) {
            system.services.insert(name.clone(), observed.clone());
        }
    }
    for index in first..system.services.len() {
        let mut connections = std::mem::take(&mut system.services[index].connections);
        connections.retain(|target, _| system.services.contains_key(target));
        system.services[index].connections = connections;
    }
}

/// Adds the owners that services have now and that only the files describe.
fn add_owners(system: &mut System, combined: &CombinedObservation) {
    let named: Vec<Text> = system.services.values().filter_map(|service| service.owner.clone()).collect();
    for name in named {
        if let Some(owner) = combined.system.owners.get(&name).filter(|_| !system.owners.contains_key(&name)) {
            system.owners.insert(name, owner.clone());
        }
    }
}
