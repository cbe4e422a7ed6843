//! From resources of Terraform to the document: services, resources, connections, modules, networks.

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::clouds::agree;
use spec_engine_evidence::connections::{ASSUMED, Link, Ports, links};
use spec_engine_evidence::document::{Image, Owner, Resource as Written, Service, System};
use spec_engine_evidence::evidence::Evidence;
use spec_engine_evidence::notes::Notes;
use spec_engine_evidence::written::{connection, endpoint, expose, tell_of_further_ports};

use crate::balancers;
use crate::entries::Members;
use crate::firewalls;
use crate::hosts::ShortNames;
use crate::index::{Index, Thing};
use crate::input::Options;
use crate::links::Links;
use crate::markers::{NO_IMAGE, NO_SOURCE, UNBOUND};
use crate::modules::deployments;
use crate::naming;
use crate::networks::Networks;
use crate::nodes::{Resources, resources};
use crate::parts;
use crate::policies::Grants;
use crate::remarks;
use crate::stack::Reading;
use crate::uses::{Reader, Uses};
use crate::workload::{Workload, owner, workloads};

/// What the files show: a system in which the images of services and the sources of modules may be empty.
#[derive(Debug, Default)]
pub struct ObservedSystem {
    /// The system.
    pub system: System,
    /// The resources that no service uses, as if one did.
    pub unbound: Service,
}

/// Makes the system of what was read.
pub fn system(reading: &Reading, options: &Options, notes: &mut Notes) -> ObservedSystem {
    let mut workloads = workloads(reading);
    naming::name(&mut workloads, reading);
    let workloads = workloads;
    let mut resources = resources(reading);
    let mut found = ObservedSystem::default();
    let system = &mut found.system;
    system.name.clone_from(&options.name);
    let mut index = Index::new(reading, &resources, &workloads);
    balancers::lead(reading, &workloads, &mut index);
    let index = index;
    parts::write(&mut resources, reading, &workloads, &index);
    system.deployments = deployments(reading, &resources, &workloads);
    remarks::of_reading(reading, &system.deployments, notes);
    remarks::of_parts(reading, &index, notes);
    let grants = options.policies.then(|| Grants::new(reading, &index));
    let reader =
        Reader { reading, resources: &resources, workloads: &workloads, index: &index, grants: grants.as_ref() };
    let mut uses = reader.uses(notes);
    let events = crate::links::links(reading, &index);
    for &(workload, resource) in &events.pulls {
        uses.resources[workload].insert(resource);
    }
    for (workload, provider, list, name) in &events.outside {
        let written = Written { name: name.clone(), fields: Default::default() };
        uses.others[*workload].push((provider, list, written));
    }
    let names = ShortNames::new(reading, &workloads, &index);
    let evidence: Vec<Evidence<'_>> = (0..workloads.len()).map(|own| names.evidence(own, &workloads, &index)).collect();
    let ports = Ports::of(&workloads, &evidence);
    let assembly = Assembly { reading, workloads: &workloads, resources: &resources, uses: &uses, ports: &ports };
    let links = assembly.links(&evidence, notes);
    let networks = Networks::new(reading, &index);
    assembly.services(&links, &networks, system);
    let entries = Members::new(reading, &networks, &workloads).entries();
    let network = |at: usize| networks.network(&workloads[at]);
    firewalls::write(entries, &workloads, &network, &mut system.networks, notes);
    assembly.triggers(&events, system);
    remarks::of_workloads(&workloads, notes);
    remarks::of_pushes(&events, &resources, &workloads, reading, notes);
    assembly.unbound(options, &mut found, notes);
    agree(found.system.services.values_mut().chain([&mut found.unbound]));
    remarks::without_edges(&workloads, &links, &uses, &resources, notes);
    found
}

struct Assembly<'s> {
    reading: &'s Reading,
    workloads: &'s [Workload],
    resources: &'s Resources,
    uses: &'s Uses,
    ports: &'s Ports<'s, Workload>,
}

impl Assembly<'_> {
    /// The connections of workloads: those that variables and commands name, and those that references do.
    fn links<'e>(&self, evidence: &[Evidence<'e>], notes: &mut Notes) -> Vec<IndexMap<usize, Link<'e>>> {
        let mut all = Vec::new();
        for ((evidence, workload), calls) in evidence.iter().zip(self.workloads).zip(&self.uses.calls) {
            let mut own = links(evidence, self.ports);
            for (&target, why) in calls {
                if own.contains_key(&target) {
                    continue;
                }
                let other = &self.workloads[target];
                let is_called_by_https = other.ports.is_empty() || matches!(other.word, "run" | "app" | "apprunner");
                let usual = if is_called_by_https { Some(443) } else { self.ports.usual(target) };
                let port = usual.unwrap_or(ASSUMED.0);
                let protocol = if usual.is_some() { self.protocol(target, port) } else { ASSUMED.1.to_owned() };
                let mut link = Link::at(port, protocol, workload.place);
                link.others.extend(Some(why.clone()).filter(|why| !why.is_empty()));
                link.is_assumed = usual.is_none();
                own.insert(target, link);
            }
            tell_of_further_ports(workload, self.workloads, &own, notes);
            all.push(own);
        }
        all
    }

    fn protocol(&self, target: usize, port: u16) -> String {
        if port == 443 { "https".to_owned() } else { self.ports.protocol(target, port) }
    }

    fn services(&self, links: &[IndexMap<usize, Link<'_>>], networks: &Networks<'_>, system: &mut System) {
        for (position, workload) in self.workloads.iter().enumerate() {
            let mut service = self.service(position, &mut system.owners);
            networks.place(workload, &mut service);
            for (&target, link) in &links[position] {
                service.connections.insert(self.workloads[target].name.clone(), connection(link));
            }
            for at in self.resources.of(workload).into_iter().chain(self.uses.resources[position].iter().copied()) {
                let node = &self.resources.all[at];
                service.bind(node.kind.provider, node.kind.list, node.written());
            }
            for (provider, list, written) in &self.uses.others[position] {
                service.bind(provider, list, written.clone());
            }
            system.services.insert(workload.name.clone(), service);
        }
        for (&target, link) in links.iter().flatten() {
            let other = &self.workloads[target];
            // Behind what is called by HTTPS the port is another one.
            if (link.port != 443 || other.ports.iter().any(|own| own.number == 443))
                && let Some(service) = system.services.get_mut(&other.name)
            {
                expose(service, target, link, self.ports);
            }
        }
        system.networks = networks.written();
    }

    fn service(&self, position: usize, owners: &mut IndexMap<String, Owner>) -> Service {
        let workload = &self.workloads[position];
        let sources = || workload.resources.iter().rev().map(|&at| &self.reading.resources[at]);
        let owner = sources().find_map(owner).map(str::to_owned);
        if let Some(owner) = &owner {
            owners.entry(owner.clone()).or_insert_with(|| Owner { name: owner.clone() });
        }
        let image = match workload.image.clone() {
            Some(image) => Image { name: image.name, tag: image.tag, digest: image.digest },
            None => Image::default(),
        };
        let description = sources().find_map(|own| own.text("description")).filter(|text| !text.contains("://"));
        Service {
            description: description.map(str::to_owned),
            owner,
            image,
            exposes: workload.ports.iter().map(|port| endpoint(port, position, self.ports)).collect(),
            ..Service::default()
        }
    }

    /// Writes into the descriptions of services which resources call them.
    fn triggers(&self, events: &Links, system: &mut System) {
        let mut of: IndexMap<usize, IndexSet<String>> = IndexMap::new();
        for (from, to) in &events.pushes {
            if let Thing::Workload(to) = to {
                of.entry(*to).or_default().insert(self.resources.all[*from].id());
            }
        }
        for (to, callers) in of {
            let Some(service) = system.services.get_mut(&self.workloads[to].name) else { continue };
            let names: Vec<&str> = callers.iter().take(MAX_CALLERS).map(String::as_str).collect();
            let more = callers.len().saturating_sub(MAX_CALLERS);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let text = format!("called by {}{more}", names.join(", "));
            service.description = Some(match service.description.take() {
                Some(own) => format!("{own}; {text}"),
                None => text,
            });
        }
    }

    /// Puts what no service uses under the service that is set, else apart.
    fn unbound(&self, options: &Options, found: &mut ObservedSystem, notes: &mut Notes) {
        let own = self.workloads.iter().filter_map(|workload| self.resources.of(workload));
        let bound: IndexSet<usize> = self.uses.resources.iter().flatten().copied().chain(own).collect();
        let rest: Vec<usize> = (0..self.resources.all.len()).filter(|at| !bound.contains(at)).collect();
        if rest.is_empty() {
            return;
        }
        let service = match &options.service {
            Some(name) => found.system.services.entry(name.clone()).or_default(),
            None => &mut found.unbound,
        };
        for &at in &rest {
            let node = &self.resources.all[at];
            service.bind(node.kind.provider, node.kind.list, node.written());
        }
        remarks::of_unbound(&rest, self.resources, self.reading, options, notes);
    }
}

impl ObservedSystem {
    /// Whether the files have no service, no resource and no chart.
    pub fn is_empty(&self) -> bool {
        let Self { system, unbound } = self;
        system.services.is_empty() && unbound.has_no_resource() && system.deployments.helm.is_empty()
    }

    /// The system as a document of its own: with a placeholder for the resources that no service uses, and markers for what
    /// the files do not say.
    pub fn whole(self) -> System {
        let Self { mut system, unbound } = self;
        if !unbound.has_no_resource() || system.services.is_empty() {
            let description = Some("A placeholder: no service of the files uses these resources".to_owned());
            system.services.insert(UNBOUND.to_owned(), Service { description, ..unbound });
        }
        for service in system.services.values_mut().filter(|service| service.image.is_unknown()) {
            NO_IMAGE.clone_into(&mut service.image.name);
        }
        for module in system.deployments.terraform.values_mut().filter(|module| module.source.is_empty()) {
            NO_SOURCE.clone_into(&mut module.source);
        }
        system
    }
}

/// The most resources that the description of a service names.
const MAX_CALLERS: usize = 5;
