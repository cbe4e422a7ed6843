//! Networks, and where in them workloads stand.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::document::{Fields, Network, Service};

use crate::index::Index;
use crate::resource::{Resource, text, texts};
use crate::shapes::{Other, Role};
use crate::stack::Reading;
use crate::workload::Workload;

/// Networks with their parts, as resources of Terraform are called in the document.
pub struct Networks<'n> {
    reading: &'n Reading,
    index: &'n Index<'n>,
    /// The positions of networks, subnets and groups by their ids.
    ids: HashMap<&'n str, usize>,
    /// The names of networks.
    names: HashMap<usize, String>,
}

/// Attributes of workloads that place them into subnets.
const SUBNETS: &[&str] = &[
    "network_configuration.subnets",
    "subnet_ids",
    "template.vpc_access.network_interfaces.subnetwork",
    "virtual_network_subnet_id",
    "vpc_config.subnet_ids",
    "vpc_config.subnets",
];

/// Attributes of workloads that place them into groups of rules.
const GROUPS: &[&str] = &["network_configuration.security_groups", "vpc_config.security_group_ids"];

/// Attributes of workloads and of subnets that name the network.
const NETWORKS: &[&str] = &[
    "network",
    "template.vpc_access.network_interfaces.network",
    "virtual_network_name",
    "vpc_config.vpc_id",
    "vpc_id",
];

/// Attributes of a network for the range of its addresses.
const RANGES: [&str; 2] = ["cidr_block", "address_space"];

impl<'n> Networks<'n> {
    /// Finds all networks.
    pub fn new(reading: &'n Reading, index: &'n Index<'n>) -> Self {
        let mut own = Self { reading, index, ids: HashMap::new(), names: HashMap::new() };
        let mut taken: IndexSet<String> = IndexSet::new();
        for (position, resource) in reading.resources.iter().enumerate() {
            let Role::Other(other @ (Other::Network | Other::Subnet | Other::SecurityGroup)) = &resource.row.role
            else {
                continue;
            };
            // Two blocks may have adopted one network.
            let known = resource.text("id").and_then(|id| own.names.get(own.ids.get(id)?)).cloned();
            for id in ["id", "self_link", "name", "arn"].into_iter().filter_map(|path| resource.text(path)) {
                own.ids.entry(id).or_insert(position);
            }
            if let Some(known) = known {
                own.names.insert(position, known);
            } else if *other == Other::Network {
                let mut name = called(resource);
                while !taken.insert(name.clone()) {
                    name = format!("{name}.{}", resource.address.label());
                }
                own.names.insert(position, name);
            }
        }
        own
    }

    /// The networks of the document.
    pub fn written(&self) -> IndexMap<String, Network> {
        let positions = (0..self.reading.resources.len()).filter_map(|at| Some((at, self.names.get(&at)?)));
        let network = |at: usize| {
            let values = &self.reading.resources[at].values;
            let cidr = RANGES.into_iter().find_map(|path| text(values, path)).map(str::to_owned);
            Network { cidr, ..Network::default() }
        };
        positions.map(|(at, name)| (name.clone(), network(at))).collect()
    }

    /// Writes where a workload stands.
    pub fn place(&self, workload: &Workload, service: &mut Service) {
        let mut fields = Fields::new();
        let Some(&source) = workload.resources.last() else { return };
        let (subnets, of_subnets) = self.named(source, SUBNETS, Other::Subnet);
        let (groups, _) = self.named(source, GROUPS, Other::SecurityGroup);
        let network = self.network_of(source, &of_subnets);
        let kind = &self.reading.resources[source].address.kind;
        let (bindings, field, has_subnets, has_groups) = if kind.starts_with("aws_") {
            (&mut service.aws, "vpc", true, true)
        } else if kind.starts_with("google_") {
            (&mut service.gcp, "vpcNetwork", false, false)
        } else if kind.starts_with("azurerm_") {
            (&mut service.azure, "vnet", true, false)
        } else {
            return;
        };
        if let Some(network) = network {
            fields.insert(field, network.into());
        }
        if has_subnets && !subnets.is_empty() {
            fields.insert("subnets", subnets.into());
        }
        if has_groups && !groups.is_empty() {
            fields.insert("securityGroups", groups.into());
        }
        bindings.surroundings = fields;
    }

    /// The network that a workload stands in.
    pub fn network(&self, workload: &Workload) -> Option<String> {
        let &source = workload.resources.last()?;
        self.network_of(source, &self.named(source, SUBNETS, Other::Subnet).1)
    }

    fn network_of(&self, source: usize, subnets: &[usize]) -> Option<String> {
        let (own, _) = self.named(source, NETWORKS, Other::Network);
        let of_subnets = subnets.iter().flat_map(|&at| self.named(at, NETWORKS, Other::Network).0);
        // An id of Azure has the network in it.
        let by_id = SUBNETS.iter().flat_map(|path| texts(&self.reading.resources[source].values, path));
        let by_id = by_id.filter_map(|id| id.split_once("/virtualNetworks/")?.1.split('/').next().map(str::to_owned));
        own.into_iter().chain(of_subnets).chain(by_id).next()
    }

    /// The positions of the groups and subnets that a workload stands in.
    pub fn around(&self, workload: &Workload) -> Vec<usize> {
        let Some(&source) = workload.resources.last() else { return Vec::new() };
        let groups = self.named(source, GROUPS, Other::SecurityGroup).1;
        groups.into_iter().chain(self.named(source, SUBNETS, Other::Subnet).1).collect()
    }

    /// The positions of what attributes of a resource name.
    pub fn resolve(&self, position: usize, paths: &[&str], other: Other) -> Vec<usize> {
        self.named(position, paths, other).1
    }

    /// The positions of what has one of some ids.
    pub fn known<'t>(&self, ids: impl Iterator<Item = &'t str>, other: Other) -> Vec<usize> {
        let is_it = |at: &usize| matches!(self.reading.resources[*at].row.role, Role::Other(own) if own == other);
        ids.filter_map(|id| self.ids.get(id).copied()).filter(is_it).collect()
    }

    /// What attributes of a resource name: names for the document, and the resources of Terraform, as far as they are there.
    fn named(&self, position: usize, paths: &[&str], other: Other) -> (Vec<String>, Vec<usize>) {
        let own = &self.reading.resources[position];
        let is_it = |at: &usize| matches!(self.reading.resources[*at].row.role, Role::Other(own) if own == other);
        let given: Vec<&str> = paths.iter().flat_map(|path| texts(&own.values, path)).collect();
        let mut names: IndexSet<String> = IndexSet::new();
        let mut found = Vec::new();
        for text in &given {
            match self.ids.get(text).filter(|at| is_it(at)) {
                Some(&at) => {
                    names.insert(self.name(at));
                    found.push(at);
                }
                None => drop(names.insert(text.trim_end_matches('/').rsplit('/').next().unwrap_or(text).to_owned())),
            }
        }
        if given.is_empty() {
            let is_read = |attribute: &str| paths.iter().any(|path| path.split('.').next() == Some(attribute));
            found = self.index.referred(position, &is_read).into_iter().filter(is_it).collect();
            names.extend(found.iter().map(|&at| self.name(at)));
        }
        (names.into_iter().collect(), found)
    }

    /// What a network, or a part of one, is called.
    pub fn name(&self, position: usize) -> String {
        self.names.get(&position).cloned().unwrap_or_else(|| called(&self.reading.resources[position]))
    }
}

/// What a network or a part of one is called: by its tag, its name, its block.
fn called(resource: &Resource) -> String {
    let given = ["tags.Name", "name"].into_iter().find_map(|path| resource.text(path));
    given.map_or_else(|| resource.address.label(), str::to_owned)
}
