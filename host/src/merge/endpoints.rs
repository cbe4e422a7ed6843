//! The endpoints of a service.

use super::context::Context;
use super::protocol::finer;
use crate::import::{Difference, Extent};
use crate::model::{Endpoint, Service};

/// Brings the endpoints of a service up to date. `extent` is how much the files show of endpoints.
pub(super) fn bring(name: &str, service: &mut Service, observed: &Service, extent: Extent, context: &mut Context<'_>) {
    let own = &mut service.exposes;
    let mut is_met = vec![false; own.len()];
    let mut new: Vec<&Endpoint> = Vec::new();
    for endpoint in &observed.exposes {
        let same = |place: usize| own[place].port == endpoint.port && is_same_transport(&own[place], endpoint);
        let Some(place) = (0..own.len()).find(|&place| !is_met[place] && same(place)) else {
            new.push(endpoint);
            continue;
        };
        is_met[place] = true;
        let protocol = finer(&own[place].protocol, &endpoint.protocol).clone();
        if protocol != own[place].protocol && context.takes(Difference::Different, &at(name, place)) {
            own[place].protocol = protocol;
        }
    }
    let mut left = (0..is_met.len()).filter(|&place| !is_met[place]);
    let moves = extent == Extent::Complete || (own.len() == 1 && observed.exposes.len() == 1);
    // One port that is gone and one that is new are one that changed.
    if let (Some(place), None, [endpoint], true) = (left.next(), left.next(), new.as_slice(), moves) {
        if context.takes(Difference::Different, &at(name, place)) {
            own[place].port = endpoint.port;
            own[place].protocol = finer(&own[place].protocol, &endpoint.protocol).clone();
        }
        return;
    }
    for endpoint in new {
        if context.takes(Difference::Unmanaged, &at(name, own.len())) {
            own.push(endpoint.clone());
        }
    }
}

fn is_same_transport(own: &Endpoint, observed: &Endpoint) -> bool {
    own.protocol.eq_ignore_ascii_case("udp") == observed.protocol.eq_ignore_ascii_case("udp")
}

fn at(name: &str, place: usize) -> [String; 4] {
    ["services".to_owned(), name.to_owned(), "exposes".to_owned(), place.to_string()]
}
