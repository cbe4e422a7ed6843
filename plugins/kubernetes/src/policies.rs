//! NetworkPolicies as rules of the network that a namespace is.
//!
//! A rule of the format is one of a whole network, names one other service and one port, and does not know the service
//! that it protects. So what a policy allows is written for each peer and port; that it forbids the rest is written as a
//! rule against what is outside of the network, at the ports of the workloads that it protects, where no other workload of
//! the network listens at the same port.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::document::Rule;
use spec_engine_evidence::party::{Port, Transport};
use spec_engine_evidence::tree::{Node, Place};

use crate::container::transport;
use crate::object::{Object, text};
use crate::selector::{Selectors, pairs};
use crate::workload::Workload;

/// The most rules of one policy.
const MAX_RULES: usize = 500;

/// What the policies of all namespaces say.
#[derive(Default)]
pub struct Policies {
    /// The rules by namespace.
    pub rules: IndexMap<String, IndexSet<RuleKey>>,
    /// Where the first policy stands.
    pub first: Option<Place>,
    /// What the format has no field for, with an object that says it.
    pub lost: Vec<(Untranslated, Place, String)>,
}

/// A rule, to be told apart from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleKey {
    /// Whether it is about traffic into the network.
    pub is_inbound: bool,
    /// The position of the other workload; none for what is outside of the network.
    pub peer: Option<usize>,
    /// The port.
    pub port: u16,
    /// Whether UDP carries the traffic.
    pub is_udp: bool,
    /// Whether the traffic is allowed.
    pub is_allowed: bool,
}

/// What the format has no field for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untranslated {
    /// Addresses, instead of workloads.
    Addresses,
    /// A workload of another namespace.
    Namespace,
    /// More rules than are written.
    Many,
}

impl RuleKey {
    /// The rule as the document has it. `name` gives workloads their names.
    pub fn rule(&self, name: &dyn Fn(usize) -> String) -> Rule {
        let peer = self.peer.map(name);
        let (from_service, to_service) = if self.is_inbound { (peer, None) } else { (None, peer) };
        Rule {
            direction: if self.is_inbound { "inbound" } else { "outbound" },
            from_service,
            to_service,
            port: self.port,
            protocol: if self.is_udp { "udp" } else { "tcp" },
            action: if self.is_allowed { "allow" } else { "deny" },
        }
    }
}

/// Whether an object is a policy.
pub fn is_policy(object: &Object) -> bool {
    object.kind == "NetworkPolicy" && object.group == "networking.k8s.io"
}

/// A peer of a policy.
enum Peer {
    /// Anybody.
    Any,
    /// Workloads of the same namespace.
    Workloads(Vec<usize>),
    /// Workloads of other namespaces.
    Elsewhere,
    /// Addresses.
    Addresses,
}

/// Reads all policies.
pub fn policies<'a>(objects: &'a [Object], workloads: &[Workload<'a>], selectors: &Selectors<'a>) -> Policies {
    let mut policies = Policies::default();
    let mut protected: IndexMap<&str, IndexSet<usize>> = IndexMap::new();
    // Ports of protected workloads to which somebody outside of the namespace may come.
    let mut open: HashSet<(usize, u16)> = HashSet::new();
    for object in objects.iter().filter(|object| is_policy(object)) {
        let Some(spec) = object.spec() else { continue };
        policies.first.get_or_insert(object.place);
        let namespace = object.namespace.as_str();
        let of = match spec.get("podSelector") {
            Some(selector) => selectors.selected(namespace, selector),
            None => selectors.namespace(namespace).to_vec(),
        };
        let types = spec.get("policyTypes").map_or(&[][..], Node::items);
        let has = |kind: &str| types.iter().any(|own| own.text() == Some(kind));
        let rules = policies.rules.entry(namespace.to_owned()).or_default();
        let before = rules.len();
        if types.is_empty() || has("Ingress") {
            protected.entry(namespace).or_default().extend(&of);
            for rule in spec.get("ingress").map_or(&[][..], Node::items) {
                let ports = ports(rule, of.iter().flat_map(|&own| &workloads[own].ports), &of, workloads);
                for peer in peers(rule.get("from"), namespace, selectors) {
                    match peer {
                        Peer::Workloads(from) => add(rules, true, &from, &ports, before),
                        Peer::Any => {
                            open.extend(of.iter().flat_map(|&own| ports.iter().map(move |port| (own, port.0))))
                        }
                        Peer::Elsewhere | Peer::Addresses => {
                            let lost = if matches!(peer, Peer::Elsewhere) {
                                Untranslated::Namespace
                            } else {
                                Untranslated::Addresses
                            };
                            open.extend(of.iter().flat_map(|&own| ports.iter().map(move |port| (own, port.0))));
                            policies.lost.push((lost, object.place, object.called()));
                        }
                    }
                }
            }
        }
        if has("Egress") {
            for rule in spec.get("egress").map_or(&[][..], Node::items) {
                for peer in peers(rule.get("to"), namespace, selectors) {
                    match peer {
                        Peer::Workloads(to) => {
                            let ports = ports(rule, to.iter().flat_map(|&own| &workloads[own].ports), &to, workloads);
                            add(rules, false, &to, &ports, before);
                        }
                        Peer::Any => {}
                        Peer::Elsewhere => policies.lost.push((Untranslated::Namespace, object.place, object.called())),
                        Peer::Addresses => policies.lost.push((Untranslated::Addresses, object.place, object.called())),
                    }
                }
            }
        }
        if rules.len() >= before + MAX_RULES {
            policies.lost.push((Untranslated::Many, object.place, object.called()));
        }
    }
    for (namespace, protected) in protected {
        let others = selectors.namespace(namespace).iter().filter(|own| !protected.contains(*own));
        let others: HashSet<(u16, bool)> = others.flat_map(|&own| &workloads[own].ports).map(key).collect();
        let is_open: HashSet<u16> =
            open.iter().filter(|(own, _)| protected.contains(own)).map(|(_, port)| *port).collect();
        let rules = policies.rules.entry(namespace.to_owned()).or_default();
        for (port, is_udp) in protected.iter().flat_map(|&own| &workloads[own].ports).map(key) {
            if !others.contains(&(port, is_udp)) && !is_open.contains(&port) {
                rules.insert(RuleKey { is_inbound: true, peer: None, port, is_udp, is_allowed: false });
            }
        }
    }
    policies
}

fn key(port: &Port) -> (u16, bool) {
    (port.number, port.transport == Transport::Udp)
}

fn add(rules: &mut IndexSet<RuleKey>, is_inbound: bool, peers: &[usize], ports: &[(u16, bool)], before: usize) {
    for &peer in peers {
        for &(port, is_udp) in ports {
            if rules.len() < before + MAX_RULES {
                rules.insert(RuleKey { is_inbound, peer: Some(peer), port, is_udp, is_allowed: true });
            }
        }
    }
}

/// The ports of a rule; all of those that are reached where it names none.
fn ports<'p>(
    rule: &Node,
    reached: impl Iterator<Item = &'p Port>,
    of: &[usize],
    workloads: &[Workload<'_>],
) -> Vec<(u16, bool)> {
    let all: IndexSet<(u16, bool)> = reached.map(key).collect();
    let named = rule.get("ports").map_or(&[][..], Node::items);
    if named.is_empty() {
        return all.into_iter().collect();
    }
    let number = |port: &Node| {
        let text = text(port, "port")?;
        let is_udp = transport(crate::object::text(port, "protocol")) == Transport::Udp;
        let containers = || of.iter().flat_map(|&own| &workloads[own].containers).flat_map(|own| own.ports());
        let named = || containers().find(|own| own.name == Some(text)).map(|own| own.number);
        Some((text.parse().ok().or_else(named)?, is_udp))
    };
    let given = named.iter().filter_map(number);
    // A policy names ports of pods, to which Services may give other numbers.
    let reached = |(port, is_udp): (u16, bool)| {
        let own = of.iter().flat_map(|&own| &workloads[own].reached).filter(|(pod, _)| *pod == port);
        let by_service: IndexSet<u16> = own.map(|(_, service)| *service).collect();
        let alone = by_service.is_empty().then_some(port);
        by_service.into_iter().chain(alone).map(move |port| (port, is_udp)).collect::<Vec<_>>()
    };
    given.flat_map(reached).collect()
}

/// The peers of a rule.
fn peers<'a>(peers: Option<&'a Node>, namespace: &'a str, selectors: &Selectors<'a>) -> Vec<Peer> {
    let peers = peers.map_or(&[][..], Node::items);
    if peers.is_empty() {
        return vec![Peer::Any];
    }
    let read = |peer: &'a Node| {
        if peer.get("ipBlock").is_some() {
            return Peer::Addresses;
        }
        let Some(of) = peer.get("namespaceSelector") else {
            return match peer.get("podSelector") {
                Some(selector) => Peer::Workloads(selectors.selected(namespace, selector)),
                None => Peer::Any,
            };
        };
        let wanted = pairs(of.get("matchLabels"));
        let is_own = wanted.len() == 1 && wanted[0] == ("kubernetes.io/metadata.name", namespace);
        match peer.get("podSelector") {
            Some(selector) if is_own => Peer::Workloads(selectors.selected(namespace, selector)),
            None if is_own => Peer::Workloads(selectors.namespace(namespace).to_vec()),
            None if wanted.is_empty() && of.get("matchExpressions").is_none() => Peer::Any,
            _ => Peer::Elsewhere,
        }
    };
    peers.iter().map(read).collect()
}
