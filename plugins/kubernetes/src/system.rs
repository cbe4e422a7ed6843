//! From objects to the document: services, resources, connections, networks, releases.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::clouds::agree;
use spec_engine_evidence::connections::{Link, Ports, links};
use spec_engine_evidence::document::{Image, Network, Owner, Repo, Resource, Rule, Service, System};
use spec_engine_evidence::evidence::Evidence;
use spec_engine_evidence::membership::rules;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::party::Party as _;
use spec_engine_evidence::resources::resources;
use spec_engine_evidence::written::{connection, endpoint, expose, tell_of_further_ports};

use crate::clouds::bind_all;
use crate::directory::Directory;
use crate::environment::ConfigMaps;
use crate::evidence::{Listener, by_route, unknown};
use crate::input::Options;
use crate::labels::{description, owner, repo};
use crate::naming;
use crate::object::Object;
use crate::policies::{Policies, policies};
use crate::releases::releases;
use crate::remarks::{is_taken, nothing, of_policies, of_unknown, of_workload, without_edges};
use crate::routes::{Controllers, Route, routes};
use crate::selector::Selectors;
use crate::workload::Workload;

/// The most ways in that the description of a service names.
const MAX_ROUTES: usize = 5;

/// Makes the system; `None` where there is no workload, which the notes then tell.
pub fn system(objects: &[Object], options: &Options, notes: &mut Notes) -> Option<System> {
    of_unknown(objects, notes);
    let mut workloads: Vec<Workload<'_>> =
        objects.iter().filter(|object| is_taken(object, notes)).filter_map(Workload::read).collect();
    if workloads.is_empty() {
        nothing(objects, notes);
        return None;
    }
    naming::name(&mut workloads);
    let labels: Vec<Vec<(String, String)>> = workloads.iter_mut().map(|own| std::mem::take(&mut own.labels)).collect();
    let selectors = Selectors::of(workloads.iter().map(Workload::namespace).zip(labels.iter().map(Vec::as_slice)));
    let directory = Directory::of(objects, &workloads, &selectors);
    directory.settle(&mut workloads);
    let maps = ConfigMaps::of(objects);
    for workload in &mut workloads {
        workload.listen(&maps);
        of_workload(workload, notes);
    }
    let workloads = workloads;
    for workload in &workloads {
        for (host, place) in unknown(workload, &directory) {
            let message = format!("`{}` names `{host}`, which is no Service of the files", workload.name);
            let help = Some("name the files of that Service and of what is behind it, too".to_owned());
            let note = Note { severity: Severity::Info, code: "unknown-host", message, place, help, more: 0 };
            notes.add_of_kind(host.trim_end_matches('.'), note);
        }
    }
    let ways = routes(objects, &directory, &mut |object, host| {
        let message = format!("{} leads to `{host}`, which is no Service of the files", object.called());
        let help = Some("name the file of that Service, too".to_owned());
        let note =
            Note { severity: Severity::Warning, code: "dangling-route", message, place: object.place, help, more: 0 };
        notes.add_of_kind(host, note);
    });
    let mut listener = Listener::new(&workloads, &directory, &maps, options.configurations);
    let mut evidence: Vec<Evidence<'_>> = (0..workloads.len()).map(|own| listener.evidence(own)).collect();
    let controllers = Controllers::of(&workloads);
    for way in &ways {
        let Some(controller) = controllers.of_route(way) else { continue };
        let targets = directory.addresses[way.address].workloads.iter().filter(|&&target| target != controller);
        let mentions = targets.map(|&target| by_route(target, way.port, &way.name, way.place));
        evidence[controller].mentions.extend(mentions);
    }
    let ports = Ports::of(&workloads, &evidence);
    let links: Vec<IndexMap<usize, Link<'_>>> = evidence
        .iter()
        .zip(&workloads)
        .map(|(evidence, workload)| {
            let mut own = links(evidence, &ports);
            tell_of_further_ports(workload, &workloads, &own, notes);
            own.shrink_to_fit();
            own
        })
        .collect();
    drop(evidence);
    let resources = if options.resources { resources(&workloads, &links, &ports, notes) } else { HashMap::new() };
    let assembly =
        Assembly { workloads: &workloads, directory: &directory, ports: &ports, links: &links, resources: &resources };
    let mut system = System { name: options.name.clone(), ..System::default() };
    assembly.services(&ways, &controllers, &mut system, notes);
    let own = assembly.own().map(|(_, workload)| workload);
    system.deployments.helm = releases(own, notes);
    let policies = policies(objects, &workloads, &selectors);
    of_policies(&policies, notes);
    assembly.networks(&policies, &mut system, notes);
    Some(system)
}

struct Assembly<'s, 'a> {
    workloads: &'s [Workload<'a>],
    directory: &'s Directory<'a>,
    ports: &'s Ports<'s, Workload<'a>>,
    links: &'s [IndexMap<usize, Link<'s>>],
    /// The kinds of the workloads that are resources.
    resources: &'s HashMap<usize, &'static str>,
}

impl<'a> Assembly<'_, 'a> {
    /// The workloads that are services, with their positions.
    fn own(&self) -> impl Iterator<Item = (usize, &Workload<'a>)> {
        self.workloads.iter().enumerate().filter(|(position, _)| !self.resources.contains_key(position))
    }

    fn services(&self, ways: &[Route], controllers: &Controllers, system: &mut System, notes: &mut Notes) {
        let mut connected: HashSet<usize> = HashSet::new();
        system.services.reserve_exact(self.workloads.len() - self.resources.len());
        for (position, workload) in self.own() {
            let mut service = self.service(position, workload, &mut system.owners);
            for (&target, link) in &self.links[position] {
                connected.extend([position, target]);
                let other = &self.workloads[target];
                match self.resources.get(&target) {
                    Some(kind) => {
                        let protocol = self.ports.protocol(target, link.port);
                        let host = self.host(target, link.port);
                        let resource = Resource::at(kind, other.name(), (&host, link.port), &protocol);
                        service.resources.entry(kind).or_default().push(resource);
                    }
                    None => drop(service.connections.insert(other.name.clone(), connection(link))),
                }
                self.tell_of_unlisted(workload, target, link, notes);
            }
            bind_all(&mut service, workload, self.directory);
            if !service.has_no_resource() {
                connected.insert(position);
            }
            system.services.insert(workload.name.clone(), service);
        }
        agree(system.services.values_mut());
        for (&target, link) in self.own().flat_map(|(position, _)| &self.links[position]) {
            if let Some(service) = system.services.get_mut(&self.workloads[target].name) {
                expose(service, target, link, self.ports);
            }
        }
        self.ways_in(ways, controllers, system, notes);
        without_edges(self.workloads, &connected, notes);
    }

    /// The name by which a workload is reached at a port; with its namespace where its own name needs it.
    fn host(&self, target: usize, port: u16) -> String {
        let workload = &self.workloads[target];
        let own = workload.object.name.as_str();
        match self.directory.service(target, own, port) {
            Some(service) if service != own && workload.name == own => service.to_owned(),
            Some(service) if service != own => format!("{service}.{}", workload.namespace()),
            _ => workload.name.clone(),
        }
    }

    fn service(&self, position: usize, workload: &Workload<'a>, owners: &mut IndexMap<String, Owner>) -> Service {
        let owner = owner(workload).map(str::to_owned);
        if let Some(owner) = &owner {
            owners.entry(owner.clone()).or_insert_with(|| Owner { name: owner.clone() });
        }
        let spec_engine_evidence::image::Image { name, tag, digest } = workload.image.clone();
        Service {
            description: description(workload).map(str::to_owned),
            owner,
            repo: repo(workload).map(|url| Repo { url: url.to_owned() }),
            image: Image { name, tag, digest },
            exposes: workload.ports.iter().map(|port| endpoint(port, position, self.ports)).collect(),
            ..Service::default()
        }
    }

    /// Tells of a port that no Service lists: nobody gets through there.
    fn tell_of_unlisted(&self, from: &Workload<'a>, target: usize, link: &Link<'_>, notes: &mut Notes) {
        let other = &self.workloads[target];
        let is_of_pod = other.reached.iter().any(|(pod, _)| *pod == link.port);
        if other.listed(link.port).next().is_some() || is_of_pod || other.reached.is_empty() || link.is_assumed {
            return;
        }
        let message =
            format!("`{}` uses `{}` at the port {}, which its Service does not list", from.name, other.name, link.port);
        let help = "correct the port, or list it in the Service";
        notes.add(Severity::Warning, "unlisted-port", link.place, message, help);
    }

    /// Writes into the descriptions of services what leads to them from outside.
    fn ways_in(&self, ways: &[Route], controllers: &Controllers, system: &mut System, notes: &mut Notes) {
        let mut of: IndexMap<usize, IndexSet<String>> = IndexMap::new();
        for way in ways {
            for &target in &self.directory.addresses[way.address].workloads {
                let port = way.port.map(|port| format!(" at {port}")).unwrap_or_default();
                of.entry(target).or_default().insert(format!("{}{port}", way.name));
            }
        }
        for (target, ways) in of {
            let Some(service) = system.services.get_mut(&self.workloads[target].name) else { continue };
            let more = ways.len().saturating_sub(MAX_ROUTES);
            let mut text = ways.iter().take(MAX_ROUTES).cloned().collect::<Vec<_>>().join(", ");
            if more > 0 {
                text.push_str(&format!(" and {more} more"));
            }
            let text = format!("reached from outside by {text}");
            service.description = Some(match service.description.take() {
                Some(own) => format!("{own}; {text}"),
                None => text,
            });
        }
        let mut lost = ways.iter().filter(|way| controllers.of_route(way).is_none());
        if let Some(way) = lost.next() {
            let message = format!(
                "{} leads to a service from outside, which only its description says: what runs the route is not in the files",
                way.name
            );
            let help = Some("nothing has to be done".to_owned());
            let more = lost.map(|way| &way.name).filter(|name| **name != way.name).collect::<IndexSet<_>>().len();
            notes.add_of_kind(
                "",
                Note { severity: Severity::Info, code: "lost-route", message, place: way.place, help, more },
            );
        }
    }

    /// The networks: one a namespace, where the files name any.
    fn networks(&self, policies: &Policies, system: &mut System, notes: &mut Notes) {
        if policies.first.is_none() && !self.workloads.iter().any(|own| own.object.is_placed) {
            return;
        }
        let mut resources: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for workload in self.workloads {
            let network = system.networks.entry(workload.namespace().to_owned()).or_default();
            match system.services.get(&workload.name) {
                Some(service) => network.rules.extend(rules(workload, &workload.name, service)),
                None => resources.entry(workload.namespace()).or_default().push(&workload.name),
            }
        }
        let name = |position: usize| self.workloads[position].name.clone();
        for (namespace, own) in &policies.rules {
            let network = system.networks.entry(namespace.clone()).or_default();
            let is_written = |rule: &Rule| {
                let peer = rule.from_service.as_ref().or(rule.to_service.as_ref());
                peer.is_none_or(|peer| system.services.contains_key(peer))
            };
            let known: HashSet<String> = network.rules.iter().map(|rule| format!("{rule:?}")).collect();
            let own = own.iter().map(|own| own.rule(&name)).filter(is_written);
            network.rules.extend(own.filter(|rule| !known.contains(&format!("{rule:?}"))));
        }
        for (namespace, resources) in resources {
            let all = listed(resources.iter().copied(), MAX_NAMED);
            let message = format!(
                "resources are in no network of the format; these are in `{namespace}`, as its description says: {all}"
            );
            let help = Some("`--set resources=false` keeps them as services, which are".to_owned());
            let place = self.workloads[0].object.place;
            notes.add_of_kind(
                "",
                Note { severity: Severity::Info, code: "lost-membership", message, place, help, more: 0 },
            );
            if let Some(Network { description, .. }) = system.networks.get_mut(namespace) {
                *description = Some(format!("also in it: {}", resources[..resources.len().min(MAX_NAMED)].join(", ")));
            }
        }
    }
}

/// The most resources that the description of a network names.
const MAX_NAMED: usize = 20;
