//! What security groups and firewalls say, as each provider writes it.

use std::collections::HashMap;

use spec_engine_evidence::party::Transport;
use spec_engine_evidence::tree::Node;

use crate::firewalls::{Entry, Peers, Ports};
use crate::networks::Networks;
use crate::resource::{Resource, each, text, texts};
use crate::shapes::{Other, Role};
use crate::stack::Reading;
use crate::workload::Workload;

/// Where workloads stand.
pub struct Members<'m> {
    reading: &'m Reading,
    networks: &'m Networks<'m>,
    workloads: &'m [Workload],
    /// The workloads by the positions of their groups and subnets.
    of: HashMap<usize, Vec<usize>>,
}

/// Ranges of addresses that are all there are.
const ANY: &[&str] = &["*", "0.0.0.0/0", "::/0", "Any", "Internet"];

/// Where Google Cloud has the tags and the account of what runs.
const TAGS: &[&str] = &["template.vpc_access.network_interfaces.tags"];
const ACCOUNTS: &[&str] = &["template.service_account", "template.spec.service_account_name", "service_account_email"];

impl<'m> Members<'m> {
    /// Finds out where workloads stand.
    pub fn new(reading: &'m Reading, networks: &'m Networks<'m>, workloads: &'m [Workload]) -> Self {
        let mut of: HashMap<usize, Vec<usize>> = HashMap::new();
        for (position, workload) in workloads.iter().enumerate() {
            for at in networks.around(workload) {
                of.entry(at).or_default().push(position);
            }
        }
        Self { reading, networks, workloads, of }
    }

    /// What groups and firewalls of workloads say.
    pub fn entries(&self) -> Vec<Entry> {
        let is_rule = |own: &&Resource| matches!(own.row.role, Role::Other(Other::SecurityGroup | Other::Firewall));
        let mut found = Vec::new();
        let guarded = self.guarded();
        for (position, own) in self.reading.resources.iter().enumerate().filter(|(_, own)| is_rule(own)) {
            match own.address.kind.as_str() {
                "aws_security_group" | "aws_default_security_group" => {
                    for (field, is_inbound) in [("ingress", true), ("egress", false)] {
                        let blocks: Vec<&Node> = own.values.get(field).into_iter().flat_map(each).collect();
                        let mut entries: Vec<Entry> =
                            blocks.iter().map(|block| self.of_aws(position, position, block, is_inbound)).collect();
                        // What a plan does not know yet stands in its expressions, of all blocks together.
                        let is_open = |entry: &&mut Entry| {
                            let peers = &entry.peers;
                            !peers.is_any && !peers.has_addresses && peers.workloads.is_empty()
                        };
                        let mut open = entries.iter_mut().filter(is_open);
                        if let (Some(one), None) = (open.next(), open.next()) {
                            one.peers.workloads =
                                self.members(self.networks.resolve(position, &[field], Other::SecurityGroup));
                        }
                        found.extend(entries);
                    }
                }
                "aws_security_group_rule"
                | "aws_vpc_security_group_ingress_rule"
                | "aws_vpc_security_group_egress_rule" => {
                    let is_inbound = own.text("type") == Some("ingress") || own.address.kind.ends_with("_ingress_rule");
                    for group in self.networks.resolve(position, &["security_group_id"], Other::SecurityGroup) {
                        found.push(self.of_aws(position, group, &own.values, is_inbound));
                    }
                }
                "google_compute_firewall" if own.text("disabled") != Some("true") => {
                    found.push(self.of_google(position))
                }
                "azurerm_network_security_group" => {
                    let rules = own.values.get("security_rule").into_iter().flat_map(each);
                    found.extend(rules.map(|rule| self.of_azure(position, rule, guarded.get(&position))));
                }
                "azurerm_network_security_rule" => {
                    for group in self.networks.resolve(position, &["network_security_group_name"], Other::SecurityGroup)
                    {
                        found.push(self.of_azure(position, &own.values, guarded.get(&group)));
                    }
                }
                _ => {}
            }
        }
        found.retain(|entry| !entry.own.is_empty());
        found
    }

    /// The workloads in subnets that a group of Azure guards.
    fn guarded(&self) -> HashMap<usize, Vec<usize>> {
        let mut guarded: HashMap<usize, Vec<usize>> = HashMap::new();
        for (position, own) in self.reading.resources.iter().enumerate() {
            if own.address.kind == "azurerm_subnet_network_security_group_association" {
                let own = self.members(self.networks.resolve(position, &["subnet_id"], Other::Subnet));
                for group in self.networks.resolve(position, &["network_security_group_id"], Other::SecurityGroup) {
                    guarded.entry(group).or_default().extend(&own);
                }
            }
        }
        guarded
    }

    fn members(&self, places: Vec<usize>) -> Vec<usize> {
        places.into_iter().filter_map(|at| self.of.get(&at)).flatten().copied().collect()
    }

    fn entry(&self, position: usize, is_inbound: bool, own: Vec<usize>) -> Entry {
        let resource = &self.reading.resources[position];
        let (place, of) = (resource.place, resource.address.to_string());
        let (ports, peers) = (Vec::new(), Peers::default());
        Entry { place, of, is_inbound, is_allowed: true, own, ports, peers, priority: 0 }
    }

    /// A rule of a group of AWS.
    fn of_aws(&self, position: usize, group: usize, rule: &Node, is_inbound: bool) -> Entry {
        let mut entry = self.entry(position, is_inbound, self.members(vec![group]));
        let ranges = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "prefix_list_ids", "prefix_list_id"];
        entry.peers.take(ranges.into_iter().flat_map(|field| texts(rule, field)));
        let fields = ["security_groups", "source_security_group_id", "referenced_security_group_id"];
        let given = fields.into_iter().flat_map(|field| texts(rule, field));
        let mut groups = self.networks.known(given, Other::SecurityGroup);
        if text(rule, "self") == Some("true") {
            groups.push(group);
        }
        if groups.is_empty() && position != group {
            groups = self.networks.resolve(position, &fields[1..], Other::SecurityGroup);
        }
        entry.peers.workloads = self.members(groups);
        let protocol = text(rule, "protocol").or_else(|| text(rule, "ip_protocol")).unwrap_or("-1");
        let number = |field: &str| text(rule, field).and_then(|text| text.parse::<u16>().ok());
        let span = number("from_port").zip(number("to_port")).filter(|_| protocol != "-1");
        entry.ports.extend(ports(protocol, span.unwrap_or((0, u16::MAX))));
        entry
    }

    /// A firewall of Google Cloud.
    fn of_google(&self, position: usize) -> Entry {
        let own = &self.reading.resources[position];
        let networks = self.networks.resolve(position, &["network"], Other::Network);
        let name = networks.first().map(|&at| self.networks.name(at));
        let is_in = |at: &usize| name.is_some() && self.networks.network(&self.workloads[*at]) == name;
        let called = |tags: &str, accounts: &str| -> Option<Vec<usize>> {
            let (tags, accounts) = (texts(&own.values, tags), texts(&own.values, accounts));
            let all = (0..self.workloads.len()).filter(is_in);
            let has = |at: &usize, paths: &[&str], wanted: &[&str]| {
                let sources = self.workloads[*at].resources.iter().map(|&at| &self.reading.resources[at].values);
                let mut given = sources.flat_map(|values| paths.iter().flat_map(|path| texts(values, path)));
                given.any(|own| wanted.contains(&own))
            };
            let is_any = tags.is_empty() && accounts.is_empty();
            (!is_any).then(|| all.filter(|at| has(at, TAGS, &tags) || has(at, ACCOUNTS, &accounts)).collect())
        };
        let is_inbound = own.text("direction") != Some("EGRESS");
        let targets = called("target_tags", "target_service_accounts");
        let targets = targets.unwrap_or_else(|| (0..self.workloads.len()).filter(is_in).collect());
        let mut entry = self.entry(position, is_inbound, targets);
        let ranges = texts(&own.values, if is_inbound { "source_ranges" } else { "destination_ranges" });
        let peers = called("source_tags", "source_service_accounts");
        entry.peers.is_any = ranges.is_empty() && peers.is_none();
        entry.peers.take(ranges.into_iter());
        entry.peers.workloads = peers.unwrap_or_default();
        let denied: Vec<&Node> = own.values.get("deny").into_iter().flat_map(each).collect();
        entry.is_allowed = denied.is_empty();
        entry.priority = own.text("priority").and_then(|text| text.parse().ok()).unwrap_or(1000);
        for block in own.values.get("allow").into_iter().flat_map(each).chain(denied) {
            let protocol = text(block, "protocol").unwrap_or("all");
            let spans = spans(&texts(block, "ports"));
            entry.ports.extend(spans.into_iter().flat_map(|span| ports(protocol, span)));
        }
        entry
    }

    /// A rule of a group of Azure.
    fn of_azure(&self, position: usize, rule: &Node, own: Option<&Vec<usize>>) -> Entry {
        let is_inbound = text(rule, "direction") != Some("Outbound");
        let mut entry = self.entry(position, is_inbound, own.cloned().unwrap_or_default());
        let side = if is_inbound { "source" } else { "destination" };
        let ranges = ["address_prefix", "address_prefixes", "application_security_group_ids"];
        let ranges: Vec<String> = ranges.iter().map(|field| format!("{side}_{field}")).collect();
        entry.peers.take(ranges.iter().flat_map(|field| texts(rule, field)));
        entry.is_allowed = text(rule, "access") != Some("Deny");
        entry.priority = text(rule, "priority").and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
        let protocol = text(rule, "protocol").unwrap_or("*");
        let given = ["destination_port_range", "destination_port_ranges"].into_iter();
        let spans = spans(&given.flat_map(|field| texts(rule, field)).collect::<Vec<_>>());
        entry.ports.extend(spans.into_iter().flat_map(|span| ports(protocol, span)));
        entry
    }
}

impl Peers {
    /// Takes up ranges of addresses.
    fn take<'t>(&mut self, ranges: impl Iterator<Item = &'t str>) {
        for range in ranges {
            if ANY.contains(&range) { self.is_any = true } else { self.has_addresses = true }
        }
    }
}

/// Ports of a protocol as providers call it; `None` of one without ports.
fn ports(protocol: &str, (first, last): (u16, u16)) -> Option<Ports> {
    let transport = match protocol.to_ascii_lowercase().as_str() {
        "tcp" | "6" => Some(Transport::Tcp),
        "udp" | "17" => Some(Transport::Udp),
        "-1" | "all" | "*" => None,
        _ => return None,
    };
    // Port 0 alone stands for all.
    let last = if (first, last) == (0, 0) { u16::MAX } else { last };
    Some(Ports { first, last, transport })
}

/// `443`, `8000-8100`; everything where there is none, and for `*`.
fn spans(texts: &[&str]) -> Vec<(u16, u16)> {
    if texts.is_empty() {
        return vec![(0, u16::MAX)];
    }
    let span = |text: &&str| match text.split_once('-') {
        Some((first, last)) => first.trim().parse().ok().zip(last.trim().parse().ok()),
        None if *text == "*" => Some((0, u16::MAX)),
        None => text.trim().parse().ok().map(|port| (port, port)),
    };
    texts.iter().filter_map(span).collect()
}
