//! Security groups and firewalls as rules of the networks that services stand in.
//!
//! A rule of the format is one of a whole network, names one other service and one port. So what lets a service in that
//! stands there is written for each peer and port. What is about everybody is a rule without a peer, and only where it holds
//! for each service of the network that listens at the port: those that are closed would be open with the others. What names
//! addresses is told: the format has no field for them.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use spec_engine_evidence::document::{Network, Rule};
use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::party::{Party as _, Transport};
use spec_engine_evidence::tree::Place;

use crate::workload::Workload;

/// What a group or a firewall lets through, or does not.
#[derive(Debug)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// What it stands in, as a message calls it.
    pub of: String,
    /// Whether it is about traffic into what it protects.
    pub is_inbound: bool,
    /// Whether the traffic is allowed.
    pub is_allowed: bool,
    /// The positions of the workloads that it protects.
    pub own: Vec<usize>,
    /// The ports.
    pub ports: Vec<Ports>,
    /// Who is on the other side.
    pub peers: Peers,
    /// The least counts first.
    pub priority: u32,
}

/// Ports that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The first one.
    pub first: u16,
    /// The last one.
    pub last: u16,
    /// What carries the traffic; `None` for all.
    pub transport: Option<Transport>,
}

/// Who is on the other side.
#[derive(Debug, Default)]
pub struct Peers {
    /// Whether everybody is.
    pub is_any: bool,
    /// Whether addresses are.
    pub has_addresses: bool,
    /// The positions of workloads.
    pub workloads: Vec<usize>,
}

/// What the format has no field for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Untranslated {
    Addresses,
    Network,
    Others,
    Ports,
}

/// Writes rules into the networks. `network` says in which one a workload stands.
pub fn write(
    mut entries: Vec<Entry>,
    workloads: &[Workload],
    network: &dyn Fn(usize) -> Option<String>,
    networks: &mut IndexMap<String, Network>,
    notes: &mut Notes,
) {
    entries.sort_by_key(|entry| entry.priority);
    let general = General::of(&entries, workloads, network);
    for entry in &entries {
        for &own in &entry.own {
            let Some(name) = network(own).filter(|name| networks.contains_key(name)) else { continue };
            let (mut rules, mut lost) = entry.rules(own, &name, workloads, network);
            let count = rules.len();
            rules.retain(|rule| general.holds(&name, rule));
            lost.extend(Some(Untranslated::Others).filter(|_| rules.len() < count));
            for lost in lost {
                tell(entry, lost, notes);
            }
            if let Some(network) = networks.get_mut(&name) {
                let new: Vec<Rule> = rules.into_iter().filter(|rule| !network.rules.contains(rule)).collect();
                network.rules.extend(new);
            }
        }
    }
    if let Some(first) = entries.iter().find(|_| networks.values().any(|network| !network.rules.is_empty())) {
        let message = "groups and firewalls are written as rules of a whole network: the format does not say which service a rule protects";
        notes.add(Severity::Info, "wide-rule", first.place, message.to_owned(), "nothing has to be done");
    }
}

impl Entry {
    /// The rules for one of the workloads that it protects, in its network, and what could not be written.
    fn rules(
        &self,
        own: usize,
        name: &str,
        workloads: &[Workload],
        network: &dyn Fn(usize) -> Option<String>,
    ) -> (Vec<Rule>, Vec<Untranslated>) {
        let (mut rules, mut lost) = (Vec::new(), Vec::new());
        if self.peers.has_addresses {
            lost.push(Untranslated::Addresses);
        }
        let mut peers: Vec<Option<usize>> = Vec::new();
        // That a service may reach everybody is what is usual.
        peers.extend(Some(None).filter(|_| self.peers.is_any && self.is_inbound));
        for &peer in &self.peers.workloads {
            // Its network would lose it to this one.
            if network(peer).as_deref() == Some(name) {
                peers.push(Some(peer))
            } else {
                lost.push(Untranslated::Network)
            }
        }
        for peer in peers {
            let reached = if self.is_inbound { Some(own) } else { peer };
            let ports: Vec<(u16, bool)> = self.ports.iter().flat_map(|ports| ports.of(reached, workloads)).collect();
            if ports.is_empty() {
                lost.push(Untranslated::Ports);
            }
            rules.extend(ports.into_iter().map(|(port, is_udp)| {
                let other = peer.map(|peer| workloads[peer].name().to_owned());
                let (from_service, to_service) = if self.is_inbound { (other, None) } else { (None, other) };
                Rule {
                    direction: if self.is_inbound { "inbound" } else { "outbound" },
                    from_service,
                    to_service,
                    port,
                    protocol: if is_udp { "udp" } else { "tcp" },
                    action: if self.is_allowed { "allow" } else { "deny" },
                }
            }));
        }
        (rules, lost)
    }
}

/// What is known of rules without a peer: whom they are about, and who else listens.
struct General {
    /// Workloads that are open, or closed, to everybody at a port.
    about: HashSet<(usize, Access)>,
    /// The workloads that listen at the ports of each network.
    listening: HashMap<(String, u16, bool), Vec<usize>>,
}

/// A port, whether UDP carries the traffic, whether it is allowed.
type Access = (u16, bool, bool);

impl General {
    fn of(entries: &[Entry], workloads: &[Workload], network: &dyn Fn(usize) -> Option<String>) -> Self {
        let mut listening: HashMap<(String, u16, bool), Vec<usize>> = HashMap::new();
        for (at, workload) in workloads.iter().enumerate() {
            let Some(name) = network(at) else { continue };
            for port in workload.ports() {
                let is_udp = port.transport == Transport::Udp;
                listening.entry((name.clone(), port.number, is_udp)).or_default().push(at);
            }
        }
        let general = entries.iter().filter(|entry| entry.is_inbound && entry.peers.is_any);
        let about = general.flat_map(|entry| {
            entry.own.iter().flat_map(move |&own| {
                let ports = entry.ports.iter().flat_map(move |ports| ports.of(Some(own), workloads));
                ports.map(move |(port, is_udp)| (own, (port, is_udp, entry.is_allowed)))
            })
        });
        Self { about: about.collect(), listening }
    }

    /// Whether a rule is true of its whole network.
    fn holds(&self, network: &str, rule: &Rule) -> bool {
        let is_udp = rule.protocol == "udp";
        let access = (rule.port, is_udp, rule.action == "allow");
        let listening = self.listening.get(&(network.to_owned(), rule.port, is_udp));
        let has_peer = rule.from_service.is_some() || rule.to_service.is_some();
        has_peer || listening.is_none_or(|all| all.iter().all(|&at| self.about.contains(&(at, access))))
    }
}

impl Ports {
    /// One port, by what carries the traffic.
    fn is_one(self) -> bool {
        self.first == self.last
    }

    /// The ports as a rule names them: the one that it is, or of several those at which a workload listens.
    fn of(self, reached: Option<usize>, workloads: &[Workload]) -> Vec<(u16, bool)> {
        if self.is_one() {
            return vec![(self.first, self.transport == Some(Transport::Udp))];
        }
        let known = reached.map_or(&[][..], |at| workloads[at].ports()).iter();
        let is_meant = |port: &&spec_engine_evidence::party::Port| {
            (self.first..=self.last).contains(&port.number) && self.transport.is_none_or(|own| own == port.transport)
        };
        known.filter(is_meant).map(|port| (port.number, port.transport == Transport::Udp)).collect()
    }
}

fn tell(entry: &Entry, lost: Untranslated, notes: &mut Notes) {
    let (kind, what) = match lost {
        Untranslated::Addresses => ("addresses", "names addresses, and a rule of the format names a service"),
        Untranslated::Network => {
            ("network", "names services of another network, which that would lose by a rule, so none is written")
        }
        Untranslated::Others => (
            "others",
            "is about everybody at a port at which other services of the network listen, for which it would hold, too, so none is written",
        ),
        Untranslated::Ports => {
            ("ports", "is about ports of which none is known to be used, and a rule of the format names one")
        }
    };
    let message = format!("a rule of `{}` {what}", entry.of);
    let help = Some("nothing has to be done".to_owned());
    let note = Note { severity: Severity::Info, code: "lost-rule", message, place: entry.place, help, more: 0 };
    notes.add_of_kind(kind, note);
}
