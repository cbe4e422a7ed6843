//! Hosts by which workloads call each other: those of URLs, and short names inside of a network.

use std::collections::HashMap;

use spec_engine_evidence::arguments::Kind;
use spec_engine_evidence::evidence::{Evidence, Source};
use spec_engine_evidence::speaker::{Hosts, Speaker, with_words};

use crate::index::{Index, Thing};
use crate::resource::texts;
use crate::stack::Reading;
use crate::workload::Workload;

/// The short names of workloads.
pub struct ShortNames(HashMap<String, Option<usize>>);

impl ShortNames {
    /// Reads the names that platforms give to workloads.
    pub fn new(reading: &Reading, workloads: &[Workload], index: &Index<'_>) -> Self {
        let mut all = Self(HashMap::new());
        for (position, workload) in workloads.iter().enumerate() {
            for &source in &workload.resources {
                let own = &reading.resources[source];
                let kind = own.address.kind.as_str();
                let is_host = kind.starts_with("kubernetes_")
                    || matches!(kind, "docker_container" | "azurerm_container_app" | "azurerm_container_group");
                if is_host {
                    all.add(&workload.name, position);
                    texts(&own.values, "hostname").into_iter().for_each(|name| all.add(name, position));
                }
                if let Some(namespace) = own.text("metadata.namespace") {
                    all.add(&format!("{}.{namespace}", workload.name), position);
                    all.add(&format!("{}.{namespace}.svc.cluster.local", workload.name), position);
                }
                for path in [
                    "service_connect_configuration.service.client_alias.dns_name",
                    "service_connect_configuration.service.discovery_name",
                ] {
                    texts(&own.values, path).into_iter().for_each(|name| all.add(name, position));
                }
                for at in discovery(reading, index, source) {
                    if let Some(name) = reading.resources[at].text("name") {
                        let namespaces = namespaces(reading, index, at);
                        namespaces.into_iter().for_each(|space| all.add(&format!("{name}.{space}"), position));
                    }
                }
            }
        }
        all
    }

    fn add(&mut self, name: &str, workload: usize) {
        let own = self.0.entry(name.to_owned()).or_insert(Some(workload));
        // What two have is neither's.
        if *own != Some(workload) {
            *own = None;
        }
    }

    /// What a workload says of others in its variables and commands.
    pub fn evidence<'w>(&self, own: usize, workloads: &'w [Workload], index: &Index<'_>) -> Evidence<'w> {
        let find = |host: &str| match self.0.get(host) {
            Some(found) => *found,
            // The host of a URL is found in it.
            None if host.contains('/') => None,
            None => match index.named(host).as_slice() {
                [Thing::Workload(at)] => Some(*at),
                _ => None,
            },
        };
        let other = |host: &str| find(host).filter(|&at| at != own);
        let is_self = |host: &str| find(host) == Some(own);
        let hosts = Hosts { other: &other, is_self: &is_self };
        let mut evidence = Evidence::default();
        let workload = &workloads[own];
        for container in workload.voices() {
            let variables = with_words(&container.variables, hosts);
            let speaker = Speaker::new(&workload.name, &variables, hosts);
            speaker.variables(&mut evidence);
            for command in &container.commands {
                speaker.command(command, Kind::Start, Source::Command, &mut evidence);
            }
        }
        evidence.sort();
        evidence
    }
}

/// The services of Cloud Map that a service of ECS is registered at.
fn discovery(reading: &Reading, index: &Index<'_>, source: usize) -> Vec<usize> {
    let own = &reading.resources[source];
    let given = texts(&own.values, "service_registries.registry_arn");
    if given.is_empty() {
        let found = index.referred(source, &|attribute| attribute == "service_registries").into_iter();
        return found.filter(|&at| reading.resources[at].address.kind == "aws_service_discovery_service").collect();
    }
    let is_given = |at: &usize| {
        let own = &reading.resources[*at];
        own.address.kind == "aws_service_discovery_service" && own.text("arn").is_some_and(|arn| given.contains(&arn))
    };
    (0..reading.resources.len()).filter(is_given).collect()
}

/// The names of the namespaces of a service of Cloud Map.
fn namespaces(reading: &Reading, index: &Index<'_>, service: usize) -> Vec<String> {
    let given = texts(&reading.resources[service].values, "dns_config.namespace_id");
    let is_namespace =
        |at: &usize| reading.resources[*at].address.kind.starts_with("aws_service_discovery_private_dns");
    let found: Vec<usize> = if given.is_empty() {
        index.referred(service, &|attribute| attribute == "dns_config").into_iter().filter(is_namespace).collect()
    } else {
        let is_given = |at: &usize| reading.resources[*at].text("id").is_some_and(|id| given.contains(&id));
        (0..reading.resources.len()).filter(is_namespace).filter(is_given).collect()
    };
    found.into_iter().filter_map(|at| reading.resources[at].text("name").map(str::to_owned)).collect()
}
