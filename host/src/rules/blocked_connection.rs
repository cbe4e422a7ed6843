//! A network rule denies a connection.
//!
//! ## What it does
//! Reports a connection that the rules of a network deny. A service is in the network in which a diagram shows it: the first whose rules name it, else the `vpc`, `vpcNetwork` or `vnet` that it binds. An inbound rule applies to connections to the services of its network, an outbound rule to connections from them. A rule with a service applies to the traffic from it (`fromService`) or to it (`toService`); a rule without one applies to the traffic with everything outside of the network. The port has to be the same, and `tcp` or `udp` has to carry the protocol. The first rule that applies decides; a connection without one is allowed.
//!
//! ## Why is this bad
//! The document says that the services communicate, and that they cannot.
//!
//! ## Example
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "db": { "port": 5432, "protocol": "sql" } } },
//!     "db": { "image": { "name": "db" }, "aws": { "vpc": "internal" } }
//!   },
//!   "networks": {
//!     "internal": { "rules": [{ "direction": "inbound", "fromService": "api", "port": 5432, "protocol": "tcp", "action": "deny" }] }
//!   }
//! }
//! ```
//!
//! ## Use instead
//! ```json
//! {
//!   "services": {
//!     "api": { "image": { "name": "api" }, "connections": { "db": { "port": 5432, "protocol": "sql" } } },
//!     "db": { "image": { "name": "db" }, "aws": { "vpc": "internal" } }
//!   },
//!   "networks": {
//!     "internal": { "rules": [{ "direction": "inbound", "fromService": "api", "port": 5432, "protocol": "tcp", "action": "allow" }] }
//!   }
//! }
//! ```

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::transport::transport;
use super::{BuiltIn, Check, Context};
use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::graph::GroupKind;
use crate::model::{Action, Direction, Port, System, Transport};
use crate::text::quote;

/// A network rule denies a connection.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "blocked-connection",
    severity: Severity::Warning,
    summary: "A network rule denies a connection.",
    tags: &["connections", "network"],
    params: &[],
    check: Check::System(check),
};

fn check(context: Context<'_>, findings: &mut Vec<Diagnostic>) {
    let system = context.system;
    if !system.networks.values().flat_map(|network| &network.rules).any(|rule| rule.action == Some(Action::Deny)) {
        return;
    }
    let rules = Rules::of(system);
    let graph = context.graph();
    // The services are the first nodes of the graph, in their order.
    let network_of = |service: u32| {
        let group = graph.membership(service as usize, GroupKind::Network)?;
        system.networks.get_index_of(graph.groups[group as usize].label)
    };
    for &link in context.links() {
        let Some(target) = link.target else { continue };
        let (_, connection) = context.connection(link);
        let Some(port) = connection.port else { continue };
        let ((source_name, _), (target_name, _)) = (context.service(link.source), context.service(target));
        let (from, to) = (network_of(link.source), network_of(target));
        let leaves = from != to;
        let traffic = |network, inbound, other| Traffic {
            network,
            inbound,
            service: other,
            crosses: leaves,
            port,
            protocol: transport(&connection.protocol),
        };
        let deny = |traffic| rules.first(&traffic).filter(|first| first.action == Action::Deny);
        let out = from.and_then(|network| deny(traffic(network, false, target_name)).map(|rule| (network, rule)));
        let denied = out
            .or_else(|| to.and_then(|network| deny(traffic(network, true, source_name)).map(|rule| (network, rule))));
        let Some((network, rule)) = denied else { continue };
        let (network, _) = system.networks.get_index(network).expect("a position in the networks");
        let message = format!(
            "the network {} denies the connection from {} to {} on port {port}",
            quote(network),
            quote(source_name),
            quote(target_name),
        );
        let rule = Pointer::of(["networks", network, "rules"]).index(rule.index);
        let finding = RULE.at(Place::Key(context.link_pointer(link)), message);
        let finding = finding.related(Place::Value(rule), "denied here");
        findings.push(finding.help("remove the connection, or allow it in an earlier rule"));
    }
}

/// The traffic of a connection, seen from a network at one of its ends.
struct Traffic<'a> {
    network: usize,
    inbound: bool,
    /// The service at the other end.
    service: &'a str,
    /// Whether the other end is outside the network.
    crosses: bool,
    port: Port,
    protocol: Option<Transport>,
}

/// The first rule for each traffic, so that a connection is held against few.
#[derive(Default)]
struct Rules<'a>(HashMap<RuleKey<'a>, First, RandomState>);

/// The network, whether inbound, the service, the port, whether TCP.
type RuleKey<'a> = (usize, bool, Option<&'a str>, Port, bool);

#[derive(Clone, Copy)]
struct First {
    index: usize,
    action: Action,
}

impl<'a> Rules<'a> {
    fn of(system: &'a System) -> Self {
        let mut rules = Self::default();
        for (network, value) in system.networks.values().enumerate() {
            for (index, rule) in value.rules.iter().enumerate() {
                let (Some(direction), Some(port), Some(protocol), Some(action)) =
                    (rule.direction, rule.port, rule.protocol, rule.action)
                else {
                    continue;
                };
                let inbound = direction == Direction::Inbound;
                let service = if inbound { &rule.from_service } else { &rule.to_service };
                let key = (network, inbound, service.as_deref(), port, protocol == Transport::Tcp);
                rules.0.entry(key).or_insert(First { index, action });
            }
        }
        rules
    }

    /// Finds the first rule that applies to a connection.
    fn first(&self, traffic: &Traffic<'_>) -> Option<First> {
        let services = [Some(Some(traffic.service)), traffic.crosses.then_some(None)];
        let carriers = [Transport::Tcp, Transport::Udp]
            .into_iter()
            .filter(|&carrier| traffic.protocol.is_none_or(|protocol| protocol == carrier));
        let found = carriers.flat_map(|carrier| {
            services.into_iter().flatten().filter_map(move |service| {
                let key = (traffic.network, traffic.inbound, service, traffic.port, carrier == Transport::Tcp);
                self.0.get(&key).copied()
            })
        });
        found.min_by_key(|first| first.index)
    }
}
