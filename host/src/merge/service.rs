//! A service that the document and the files have.

use super::combine::CombinedObservation;
use super::context::Context;
use super::{bindings, connections, endpoints, image};
use crate::model::{Service, System};

/// Brings a service up to date. `system` has the others.
pub(super) fn bring(
    name: &str,
    service: &mut Service,
    observed: &Service,
    system: &System,
    combined: &CombinedObservation,
    context: &mut Context<'_>,
) {
    image::bring(name, service, observed, context);
    fill(&mut service.description, &observed.description);
    fill(&mut service.owner, &observed.owner);
    fill(&mut service.repo, &observed.repo);
    fill(&mut service.env_vars, &observed.env_vars);
    endpoints::bring(name, service, observed, combined.extent("endpoints"), context);
    connections::bring(name, service, observed, system, context);
    bindings::bring(name, service, observed, context);
}

/// Takes from the files what the document does not say.
fn fill<T: Clone>(own: &mut Option<T>, observed: &Option<T>) {
    if own.is_none() {
        own.clone_from(observed);
    }
}
