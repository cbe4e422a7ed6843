//! The connections of a service.

use super::context::Context;
use super::protocol::finer;
use crate::import::Difference;
use crate::model::{Service, System};

/// Brings the connections of a service up to date. `system` has their targets.
pub(super) fn bring(name: &str, service: &mut Service, observed: &Service, system: &System, context: &mut Context<'_>) {
    for (target, connection) in &observed.connections {
        let at = ["services", name, "connections", target.as_str()];
        let Some(own) = service.connections.get_mut(target) else {
            if system.services.contains_key(target) && context.takes(Difference::Unmanaged, &at) {
                service.connections.insert(target.clone(), connection.clone());
            }
            continue;
        };
        let port = connection.port.or(own.port);
        let protocol = finer(&own.protocol, &connection.protocol).clone();
        if (port, &protocol) != (own.port, &own.protocol) && context.takes(Difference::Different, &at) {
            own.port = port;
            own.protocol = protocol;
        }
    }
}
