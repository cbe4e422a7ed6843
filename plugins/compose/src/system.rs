//! From a project to the document: services, resources, connections, networks.

use std::collections::HashMap;

use indexmap::IndexMap;
use spec_engine_evidence::connections::{Link, Ports, links};
use spec_engine_evidence::document::{Image, Owner, Repo, Resource, Service, System};
use spec_engine_evidence::evidence::Evidence;
use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::resources::resources;
use spec_engine_evidence::tree::{Node, Place};
use spec_engine_evidence::written::{connection, endpoint, expose, tell_of_further_ports};

use crate::dependents::{PortAssumption, add_dependencies};
use crate::evidence::evidence;
use crate::fields::check_root;
use crate::input::Options;
use crate::names::Names;
use crate::networks::networks;
use crate::project::Project;
use crate::service::Part;
use crate::services::{Services, Surroundings, prepare};
use crate::sources::Sources;

/// Labels that get into the document.
const OWNER: [&str; 2] = ["owner", "team"];
const SOURCE: &str = "org.opencontainers.image.source";
const DESCRIPTION: &str = "org.opencontainers.image.description";

/// Makes the system; `None` where there is no service, which the notes then tell.
pub fn system(project: &mut Project, sources: &Sources<'_>, options: &Options, notes: &mut Notes) -> Option<System> {
    let Project { name, tree, variables, unset } = project;
    let name = name.as_deref().unwrap_or(&options.name);
    check_root(tree, notes);
    let absent = prepare(tree, Surroundings { profiles: &options.profiles, variables, sources, unset }, notes);
    let services = Services::read(tree, name, absent, notes)?;
    let parts = &services.parts;
    let names = Names::of(parts);
    let configs = tree.get("configs");
    let evidence: Vec<Evidence<'_>> = parts.iter().map(|part| evidence(part, parts, &names, configs)).collect();
    let ports = Ports::of(parts, &evidence);
    let assumed = if options.assumed { PortAssumption::Written } else { PortAssumption::LeftOut };
    let links: Vec<IndexMap<usize, Link<'_>>> = parts
        .iter()
        .zip(&evidence)
        .map(|(part, evidence)| {
            let mut own = links(evidence, &ports);
            add_dependencies(part, &services, &ports, assumed, &mut own, notes);
            tell_of_further_ports(part, parts, &own, notes);
            // Most services have few connections, and there are many services.
            own.shrink_to_fit();
            own
        })
        .collect();
    // What is not needed any more makes room for the document.
    drop(evidence);
    let resources = if options.resources { resources(parts, &links, &ports, notes) } else { HashMap::new() };

    let mut system = System { name: name.to_owned(), ..System::default() };
    system.services.reserve_exact(parts.len() - resources.len());
    for (position, part) in parts.iter().enumerate().filter(|(position, _)| !resources.contains_key(position)) {
        let mut service = service(part, position, &ports, &mut system.owners);
        for (&target, link) in &links[position] {
            let name = parts[target].name;
            match resources.get(&target) {
                Some(kind) => {
                    let protocol = ports.protocol(target, link.port);
                    let resource = Resource::new(kind, name, link.port, &protocol);
                    service.resources.entry(kind).or_default().push(resource);
                }
                None => drop(service.connections.insert(name.to_owned(), connection(link))),
            }
        }
        tell_of_lost_settings(part, notes);
        system.services.insert(part.name.to_owned(), service);
    }
    let clients = links.iter().enumerate().filter(|(position, _)| !resources.contains_key(position));
    for (&target, link) in clients.flat_map(|(_, links)| links) {
        if let Some(service) = system.services.get_mut(parts[target].name) {
            expose(service, target, link, &ports);
        }
    }
    system.networks = networks(tree, parts, &names, &system.services, notes);
    Some(system)
}

fn service(
    part: &Part<'_>,
    position: usize,
    ports: &Ports<'_, Part<'_>>,
    owners: &mut IndexMap<String, Owner>,
) -> Service {
    let owner = OWNER.into_iter().find_map(|label| part.label(label)).map(str::to_owned);
    if let Some(owner) = &owner {
        owners.entry(owner.clone()).or_insert_with(|| Owner { name: owner.clone() });
    }
    let url = part.label(SOURCE).filter(|url| url.starts_with("http") && !url.contains('@'));
    let url = url.map(|url| url.split(['?', '#']).next().unwrap_or_default().to_owned());
    let spec_engine_evidence::image::Image { name, tag, digest } = part.image.clone();
    Service {
        description: part.label(DESCRIPTION).filter(|text| !text.contains("://")).map(str::to_owned),
        owner,
        repo: url.map(|url| Repo { url }),
        image: Image { name, tag, digest },
        exposes: part.ports.iter().map(|port| endpoint(port, position, ports)).collect(),
        ..Service::default()
    }
}

/// Tells of labels and modes that the format has no field for.
fn tell_of_lost_settings(part: &Part<'_>, notes: &mut Notes) {
    let mut tell = |code, place: Place, kind: &str, message: String| {
        let help = Some("nothing has to be done".to_owned());
        notes.add_of_kind(kind, Note { severity: Severity::Info, code, message, place, help, more: 0 });
    };
    let is_used = |key: &str| OWNER.contains(&key) || key == SOURCE || key == DESCRIPTION;
    if let Some(label) = part.labels.iter().find(|pair| !is_used(&pair.key)) {
        let message = format!("`{}` has labels that the format has no field for, so they are left out", part.name);
        tell("lost-labels", label.place, "", message);
    }
    for (field, code) in [
        ("network_mode", "lost-network-mode"),
        ("net", "lost-network-mode"),
        ("pid", "lost-setting"),
        ("ipc", "lost-setting"),
        ("uts", "lost-setting"),
        ("cgroup", "lost-setting"),
    ] {
        let Some(pair) = part.node.pair(field) else { continue };
        let text = pair.value.text().unwrap_or_default();
        let is_dependency = text.starts_with("service:") || (field == "net" && text.starts_with("container:"));
        if !text.is_empty() && !is_dependency {
            let message =
                format!("`{}` has `{field}: {text}`: the format has no field for it, so it is left out", part.name);
            tell(code, pair.place, field, message);
        }
    }
    let from = part.node.get("volumes_from").map_or(&[][..], Node::texts).iter();
    for node in from.filter(|node| node.text().is_some_and(|text| text.starts_with("container:"))) {
        let message = format!("`{}` has `volumes_from` a container of another project, which is left out", part.name);
        tell("lost-volumes", node.place, "volumes_from", message);
    }
}
