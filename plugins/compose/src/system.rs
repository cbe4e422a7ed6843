//! From a project to the document: services, resources, connections, networks.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::connections::{Link, Ports, links};
use crate::dependents::{Assumed, add_dependencies};
use crate::document::{Connection, Endpoint, Image, Owner, Repo, Resource, Service, System};
use crate::evidence::{Evidence, evidence};
use crate::fields::check_root;
use crate::input::Options;
use crate::names::Names;
use crate::networks::networks;
use crate::notes::{Note, Notes, Severity};
use crate::ports::Transport;
use crate::project::Project;
use crate::protocol::is_udp;
use crate::resources::resources;
use crate::service::Part;
use crate::services::{Services, Surroundings, prepare};
use crate::sources::Sources;
use crate::tree::{Node, Place};

/// The most variables that the description of a connection names.
const MAX_NAMED: usize = 5;

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
    let assumed = if options.assumed { Assumed::Written } else { Assumed::LeftOut };
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

fn service(part: &Part<'_>, position: usize, ports: &Ports<'_>, owners: &mut IndexMap<String, Owner>) -> Service {
    let owner = OWNER.into_iter().find_map(|label| part.label(label)).map(str::to_owned);
    if let Some(owner) = &owner {
        owners.entry(owner.clone()).or_insert_with(|| Owner { name: owner.clone() });
    }
    let url = part.label(SOURCE).filter(|url| url.starts_with("http") && !url.contains('@'));
    let url = url.map(|url| url.split(['?', '#']).next().unwrap_or_default().to_owned());
    let endpoint = |port: &crate::ports::Port| {
        let protocol = match port.transport {
            Transport::Udp => "udp".to_owned(),
            Transport::Sctp => "sctp".to_owned(),
            Transport::Tcp => {
                Some(ports.protocol(position, port.number)).filter(|own| !is_udp(own)).unwrap_or("tcp".into())
            }
        };
        Endpoint { port: port.number, protocol }
    };
    let crate::image::Image { name, tag, digest } = part.image.clone();
    Service {
        description: part.label(DESCRIPTION).filter(|text| !text.contains("://")).map(str::to_owned),
        owner,
        repo: url.map(|url| Repo { url }),
        image: Image { name, tag, digest },
        exposes: part.ports.iter().map(endpoint).collect(),
        ..Service::default()
    }
}

fn connection(link: &Link<'_>) -> Connection {
    let mut sentences = Vec::new();
    if !link.variables.is_empty() {
        let named = link.variables.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
        sentences.push(format!("set by {named}"));
    }
    sentences.extend(link.others.iter().take(MAX_NAMED).cloned());
    if link.is_assumed {
        sentences.push("the port is assumed".to_owned());
    }
    for (port, further) in link.further.iter().take(MAX_NAMED) {
        sentences.push(format!("also {}:{port}, {}", further.protocol, further.mention.words()));
    }
    let description = (!sentences.is_empty()).then(|| sentences.join("; "));
    Connection { port: link.port, protocol: link.protocol.clone(), description }
}

/// Adds to a service what a client tells of it: the ports that it uses, and its variables for them.
fn expose(service: &mut Service, position: usize, link: &Link<'_>, ports: &Ports<'_>) {
    let set = |field: &mut Option<String>, name: Option<&str>| {
        if field.is_none() {
            *field = name.filter(|name| is_name(name)).map(str::to_owned);
        }
    };
    set(&mut service.env_vars.url, link.url);
    set(&mut service.env_vars.host, link.host);
    set(&mut service.env_vars.port, link.port_variable);
    // Inside of a project every port can be reached, whether a file lists it or not.
    let own = (!link.is_assumed).then_some((link.port, &link.protocol));
    for (port, protocol) in own.into_iter().chain(link.further.iter().map(|(port, further)| (*port, &further.protocol)))
    {
        let is_same = |endpoint: &Endpoint| endpoint.port == port && is_udp(&endpoint.protocol) == is_udp(protocol);
        if !service.exposes.iter().any(is_same) {
            let usual = ports.protocol(position, port);
            let protocol = if is_udp(&usual) == is_udp(protocol) { usual } else { protocol.clone() };
            service.exposes.push(Endpoint { port, protocol });
        }
    }
}

/// Whether a text is the name of a variable as the format has it.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(is_part) && text.starts_with(|first: char| !first.is_ascii_digit())
}

fn tell_of_further_ports(part: &Part<'_>, parts: &[Part<'_>], links: &IndexMap<usize, Link<'_>>, notes: &mut Notes) {
    for (&target, link) in links {
        for (port, further) in &link.further {
            let message = format!(
                "`{}` uses `{}` at {}:{port}, too: a connection has one port, here {}, and its description tells the other",
                part.name, parts[target].name, further.protocol, link.port
            );
            notes.add(
                Severity::Info,
                "second-port",
                further.place,
                message,
                "look whether the first one is the right one",
            );
        }
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
