//! From a project to a system: who there is, and who talks to whom.

use std::net::IpAddr;

use indexmap::IndexMap;

use crate::document::{Connection, Endpoint, Image, Network, Owner, Repo, Resource, Service, System};
use crate::known::{self, Known};
use crate::merge::as_map;
use crate::notes::{Note, Notes, Severity};
use crate::ports::{Port, ports};
use crate::reference::references;
use crate::yaml::{Node, Pair, Place};
use crate::{Image as Reference, Options, Profiles};

/// Fields of a service that the format has no word for: the code of the note, and what they say.
const LOST: [(&str, &str, &str); 5] = [
    ("volumes", "lost-volumes", "volumes"),
    ("secrets", "lost-secrets", "secrets"),
    ("configs", "lost-configs", "configuration files"),
    ("deploy", "lost-deploy", "replicas and placement"),
    ("network_mode", "lost-network-mode", "the mode of its network"),
];

/// The most variables that the description of a connection names.
const MAX_NAMED: usize = 5;

/// A service of the project.
struct Part<'a> {
    name: &'a str,
    node: &'a Node,
    place: Place,
    image: Reference,
    known: Option<Known>,
    ports: Vec<Port>,
    environment: Node,
}

impl Part<'_> {
    /// Returns the port that clients inside of the project use, as far as the files say it.
    fn port(&self) -> Option<u16> {
        let open = || self.ports.iter().find(|port| !port.is_udp).map(|port| port.number);
        let variable = || self.environment.get("PORT")?.text()?.parse().ok().filter(|&port| port > 0);
        // A usual port counts where the files list none, and of a resource in any case.
        let listed = |port| self.ports.iter().any(|listed| listed.number == port);
        let is_sure = |known: &Known| known.kind.is_some() || self.ports.is_empty() || listed(known.port);
        let known = self.known.filter(is_sure).map(|known| known.port);
        known.or_else(open).or_else(variable).or_else(|| self.own_port()).or_else(|| self.health_port())
    }

    /// Returns the port at which the service is told that others find it: `ADVERTISED=PLAINTEXT://kafka:9092` at `kafka`.
    fn own_port(&self) -> Option<u16> {
        let found = self.environment.pairs().iter().filter_map(|pair| pair.value.text()).flat_map(references);
        found.filter(|found| found.host == self.name).find_map(|found| found.port)
    }

    /// Returns the port at which the service asks itself whether it is well.
    fn health_port(&self) -> Option<u16> {
        let test = self.node.get("healthcheck")?.get("test")?;
        let found = std::iter::once(test).chain(test.items()).filter_map(Node::text).flat_map(references);
        found.filter(|found| matches!(found.host.as_str(), "localhost" | "127.0.0.1")).find_map(|found| found.port)
    }

    fn protocol(&self, port: u16) -> &'static str {
        match self.known {
            Some(known) if known.kind.is_some() || known.port == port => known.protocol,
            _ => known::protocol(port),
        }
    }
}

/// Makes the system; `None` where there is no service, which the notes then say.
pub fn convert(project: &Node, options: &Options, notes: &mut Notes) -> Option<System> {
    let services = project.get("services").map_or(&[][..], Node::pairs);
    let name = project.get("name").and_then(Node::text).filter(|name| !name.is_empty()).unwrap_or(&options.name);
    let parts: IndexMap<&str, Part<'_>> =
        services.iter().filter(|pair| is_there(&pair.value, &options.profiles)).map(|pair| part(pair, name)).collect();
    if parts.is_empty() {
        let message = "the files have no service that could be imported".to_owned();
        notes.add(Severity::Error, "no-services", project.place, message, "a compose file has a map `services`");
        return None;
    }
    if let Some(include) = project.get("include") {
        let message = "`include` names files that are not read".to_owned();
        notes.add(Severity::Warning, "include", include.place, message, "name those files on the command line too");
    }
    let links: IndexMap<&str, Links<'_>> =
        parts.iter().map(|(&name, part)| (name, links(name, part, &parts, notes))).collect();
    let mut system = System { name: name.to_owned(), ..System::default() };
    let used = |name: &str| links.iter().any(|(user, links)| *user != name && links.contains_key(name));
    let resource = |name: &str| {
        let kind = parts[name].known.and_then(|known| known.kind).filter(|_| options.resources)?;
        // Where only resources use it nothing would be left to bind it to.
        let by_service = links.iter().any(|(user, links)| {
            links.contains_key(name) && parts[user].known.is_none_or(|known| known.kind.is_none())
        });
        (used(name) && by_service).then_some(kind)
    };
    for (&name, part) in parts.iter().filter(|(name, _)| resource(name).is_none()) {
        let mut service = service(part, &mut system.owners);
        for (&target, link) in &links[name] {
            match resource(target) {
                Some(kind) => {
                    service.resources.entry(kind).or_default().push(Resource::new(kind, target, link.port));
                }
                None => drop(service.connections.insert(target.to_owned(), link.connection())),
            }
        }
        for link in links.values().filter_map(|links| links.get(name)) {
            let set = |field: &mut Option<String>, name: Option<&str>| {
                if field.is_none() {
                    *field = name.filter(|name| is_name(name)).map(str::to_owned);
                }
            };
            set(&mut service.env_vars.url, link.url);
            set(&mut service.env_vars.host, link.host);
            set(&mut service.env_vars.port, link.port_variable);
            // Inside of a project every port can be reached, whether a file lists it or not.
            if service.exposes.iter().all(|endpoint| endpoint.port != link.port) {
                service.exposes.push(Endpoint { port: link.port, protocol: link.protocol.to_owned() });
            }
        }
        lost(name, part, notes);
        system.services.insert(name.to_owned(), service);
    }
    for (&name, links) in links.iter().filter(|(name, links)| resource(name).is_some() && !links.is_empty()) {
        let others = links.keys().copied().collect::<Vec<_>>().join(", ");
        let message = format!("`{name}` is a resource here, and its connections are left out: {others}");
        let help = "`--set resources=false` keeps it as a service";
        notes.add(Severity::Info, "lost-connections", parts[name].place, message, help);
    }
    for pair in project.get("networks").map_or(&[][..], Node::pairs) {
        let config =
            pair.value.get("ipam").and_then(|ipam| ipam.get("config")).and_then(|config| config.items().first());
        let cidr = config
            .and_then(|config| config.get("subnet"))
            .and_then(Node::text)
            .filter(|cidr| is_cidr(cidr))
            .map(str::to_owned);
        system.networks.insert(pair.key.clone(), Network { cidr });
    }
    Some(system)
}

/// Says whether a text is the name of a variable, as programs have it: `spring.datasource.url`, too. A list may hold
/// anything, a URL with a password among it.
fn is_variable(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// Says whether a text is the name of a variable as the format has it.
fn is_name(text: &str) -> bool {
    is_variable(text) && !text.contains(['.', '-']) && !text.starts_with(|first: char| first.is_ascii_digit())
}

/// Says whether a variable sounds as if it held a secret: `user:12345` in it is no host and port.
fn is_secret(variable: &str) -> bool {
    let variable = variable.to_ascii_uppercase();
    ["AUTH", "PASS", "PWD", "SECRET", "TOKEN", "CRED"].iter().any(|word| variable.contains(word))
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

fn is_there(service: &Node, profiles: &Profiles) -> bool {
    let own = service.get("profiles").map_or(&[][..], Node::items);
    match profiles {
        Profiles::All => true,
        Profiles::Named(names) => {
            own.is_empty() || own.iter().any(|own| own.text().is_some_and(|own| names.iter().any(|name| name == own)))
        }
    }
}

fn part<'a>(pair: &'a Pair, project: &str) -> (&'a str, Part<'a>) {
    let node = &pair.value;
    // Compose calls what it builds after the project and the service.
    let built = || Reference { name: format!("{project}-{}", pair.key), tag: None, digest: None };
    let image = node.get("image").and_then(Node::text).and_then(Reference::parse).unwrap_or_else(built);
    let listed = ["ports", "expose"].into_iter().filter_map(|key| node.get(key));
    let mut all: Vec<Port> = Vec::new();
    for port in listed.flat_map(Node::items).filter_map(ports).flatten() {
        if !all.contains(&port) {
            all.push(port);
        }
    }
    let environment =
        node.get("environment").cloned().map_or_else(|| Node::new(crate::yaml::Value::Null, pair.place), as_map);
    let known = known::image(&image.name);
    (&pair.key, Part { name: &pair.key, node, place: pair.place, image, known, ports: all, environment })
}

fn service(part: &Part<'_>, owners: &mut IndexMap<String, Owner>) -> Service {
    let labels = part.node.get("labels").cloned().map(as_map);
    let label = |key: &str| {
        let text = labels.as_ref()?.get(key)?.text()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let owner = ["owner", "team"].into_iter().find_map(label);
    if let Some(owner) = &owner {
        owners.entry(owner.clone()).or_insert_with(|| Owner { name: owner.clone() });
    }
    let url = label("org.opencontainers.image.source").filter(|url| url.starts_with("http") && !url.contains('@'));
    let url = url.map(|url| url.split(['?', '#']).next().unwrap_or_default().to_owned());
    let endpoint = |port: &Port| {
        let protocol = if port.is_udp { "udp" } else { part.protocol(port.number) };
        Endpoint { port: port.number, protocol: protocol.to_owned() }
    };
    let Reference { name, tag, digest } = part.image.clone();
    Service {
        description: label("org.opencontainers.image.description").filter(|text| !text.contains("://")),
        owner,
        repo: url.map(|url| Repo { url }),
        image: Image { name, tag, digest },
        exposes: part.ports.iter().map(endpoint).collect(),
        ..Service::default()
    }
}

/// What a service says of a connection to another one.
struct Link<'a> {
    port: u16,
    protocol: &'static str,
    variables: Vec<&'a str>,
    url: Option<&'a str>,
    host: Option<&'a str>,
    port_variable: Option<&'a str>,
}

impl Link<'_> {
    fn connection(&self) -> Connection {
        let named = self.variables.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
        let description = (!named.is_empty()).then(|| format!("set by {named}"));
        Connection { port: self.port, protocol: self.protocol.to_owned(), description }
    }
}

/// The connections of a service by the name of their target.
type Links<'a> = IndexMap<&'a str, Link<'a>>;

/// Finds whom a service talks to: what its variables name counts more than what it only waits for.
fn links<'a>(name: &str, part: &'a Part<'_>, parts: &'a IndexMap<&str, Part<'_>>, notes: &mut Notes) -> Links<'a> {
    let mut links = Links::new();
    let aliases = aliases(part, parts);
    let target = |host: &str| aliases.get(host).copied().filter(|target| *target != name);
    let value = |key: &str| part.environment.get(key).and_then(Node::text);
    for pair in part.environment.pairs().iter().filter(|pair| is_variable(&pair.key)) {
        let Some(text) = pair.value.text() else { continue };
        for found in references(text).into_iter().filter(|found| found.is_url || !is_secret(&pair.key)) {
            let Some(target) = target(&found.host) else { continue };
            let to = &parts[target];
            let Some(port) = found.port.or_else(|| to.port()) else {
                no_port(target, pair.place, notes);
                continue;
            };
            let protocol = match (found.protocol, to.known) {
                (_, Some(known)) if known.kind.is_some() => known.protocol,
                // What URLs call http is gRPC at its usual ports.
                (Some("http"), _) if to.protocol(port) == "grpc" => "grpc",
                (Some(protocol), _) => protocol,
                (None, _) => to.protocol(port),
            };
            let link = add(&mut links, target, port, protocol, &pair.key, pair.place, notes);
            if found.is_url {
                link.url.get_or_insert(&pair.key);
            }
        }
        // `DB_HOST=db` with `DB_PORT=5432`.
        let stem =
            ["HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS"].into_iter().find_map(|end| pair.key.strip_suffix(end));
        if let (Some(stem), Some(target)) = (stem, target(text.trim())) {
            let to = &parts[target];
            let variable = part.environment.pairs().iter().find(|other| other.key.strip_suffix("PORT") == Some(stem));
            let given = variable.and_then(|variable| value(&variable.key)?.parse().ok()).filter(|&port: &u16| port > 0);
            let Some(port) = given.or_else(|| to.port()) else {
                no_port(target, pair.place, notes);
                continue;
            };
            let link = add(&mut links, target, port, to.protocol(port), &pair.key, pair.place, notes);
            link.host.get_or_insert(&pair.key);
            if let Some(variable) = variable {
                link.port_variable.get_or_insert(&variable.key);
            }
        }
    }
    for (target, place) in waits_for(part) {
        let Some((&target, to)) = parts.get_key_value(target.as_str()).filter(|(target, _)| **target != name) else {
            continue;
        };
        if links.contains_key(target) {
            continue;
        }
        match to.port() {
            Some(port) => {
                let protocol = to.protocol(port);
                links.insert(
                    target,
                    Link { port, protocol, variables: vec![], url: None, host: None, port_variable: None },
                );
            }
            None => no_port(target, place, notes),
        }
    }
    links
}

fn add<'a, 'l>(
    links: &'l mut Links<'a>,
    target: &'a str,
    port: u16,
    protocol: &'static str,
    variable: &'a str,
    place: Place,
    notes: &mut Notes,
) -> &'l mut Link<'a> {
    let link = links.entry(target).or_insert_with(|| Link {
        port,
        protocol,
        variables: Vec::new(),
        url: None,
        host: None,
        port_variable: None,
    });
    if link.port != port {
        let message = format!("`{target}` is used at the ports {} and {port}, and a connection has one", link.port);
        notes.add(Severity::Warning, "second-port", place, message, "the first one is kept; look which one you mean");
    }
    if !link.variables.contains(&variable) {
        link.variables.push(variable);
    }
    link
}

fn no_port(target: &str, place: Place, notes: &mut Notes) {
    let message = format!("the port of `{target}` is not known, so the connection to it is left out");
    let help = "write it into the file: `expose: [\"8080\"]` at that service";
    let note = Note { severity: Severity::Warning, code: "unknown-port", message, place, help: Some(help), more: 0 };
    notes.add_of_kind(format!("unknown-port {target}"), note);
}

/// Returns the names by which a service reaches others: theirs, those of containers and networks, those of its links.
fn aliases<'a>(part: &Part<'a>, parts: &'a IndexMap<&str, Part<'_>>) -> IndexMap<String, &'a str> {
    let mut names: IndexMap<String, &str> = parts.keys().map(|&name| (name.to_owned(), name)).collect();
    for (&name, other) in parts {
        let networks = other.node.get("networks").map_or(&[][..], Node::pairs).iter();
        let of_networks = networks.filter_map(|pair| pair.value.get("aliases")).flat_map(Node::items);
        let others = ["container_name", "hostname"].into_iter().filter_map(|key| other.node.get(key));
        for alias in of_networks.chain(others).filter_map(Node::text) {
            names.entry(alias.to_owned()).or_insert(name);
        }
    }
    for link in part.node.get("links").map_or(&[][..], Node::items).iter().filter_map(Node::text) {
        if let Some((service, alias)) = link.split_once(':')
            && let Some((&name, _)) = parts.get_key_value(service)
        {
            names.insert(alias.to_owned(), name);
        }
    }
    names
}

/// Returns what a service is linked to or waits for. To wait until another one has ended is no connection.
fn waits_for(part: &Part<'_>) -> Vec<(String, Place)> {
    let mut all = Vec::new();
    for link in part.node.get("links").map_or(&[][..], Node::items) {
        if let Some(text) = link.text() {
            all.push((text.split(':').next().unwrap_or(text).to_owned(), link.place));
        }
    }
    let waits = part.node.get("depends_on").cloned().map(as_map);
    for pair in waits.iter().flat_map(Node::pairs) {
        let condition = pair.value.get("condition").and_then(Node::text);
        if condition != Some("service_completed_successfully") {
            all.push((pair.key.clone(), pair.place));
        }
    }
    all
}

/// Notes what the format has no word for, once a kind.
fn lost(name: &str, part: &Part<'_>, notes: &mut Notes) {
    let mut note = |severity, code: &'static str, place, message, help| {
        notes.add_of_kind(code.to_owned(), Note { severity, code, message, place, help: Some(help), more: 0 });
    };
    if let Some(file) = part.node.get("env_file") {
        let message = format!("`{name}` has variables in `env_file`, which is not read");
        let help = "what they connect to is not in the document; write those variables into `environment`";
        note(Severity::Warning, "env-file", file.place, message, help);
    }
    for (key, code, what) in LOST {
        if let Some(pair) = part.node.pairs().iter().find(|pair| pair.key == key) {
            let message = format!("`{name}` has `{key}`: the format has no word for {what}");
            note(Severity::Info, code, pair.place, message, "nothing has to be done");
        }
    }
    if part.node.get("image").is_none() && part.node.get("build").is_none() {
        let message = format!("`{name}` has neither `image` nor `build`");
        note(Severity::Warning, "no-image", part.place, message, "give it an image");
    }
}
