//! What a service says of others and of itself: whom it names, at which ports, and where it listens.

use std::collections::{HashMap, HashSet};

use crate::arguments::{Kind, Listening, command, words};
use crate::names::Names;
use crate::protocol;
use crate::reference::{Reference, names, references};
use crate::service::Part;
use crate::template::substitute;
use crate::tree::{Node, Pair, Place, Value};
use crate::variable::Words;

/// What the files say of a service beside the ports that it lists.
#[derive(Default)]
pub struct Evidence<'a> {
    /// The services that it names.
    pub mentions: Vec<Mention<'a>>,
    /// The ports at which it listens, the surest first.
    pub listening: Vec<(Strength, Listening)>,
}

/// How sure it is that a service listens at a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It tells others so: `ADVERTISED=PLAINTEXT://kafka:9092` at `kafka`.
    Advertised,
    /// A label tells a proxy so.
    Label,
    /// A variable tells it so: `PORT=8080`.
    Variable,
    /// Its command tells it so: `--listen :8080`.
    Command,
    /// Its health check asks there.
    HealthCheck,
}

/// A place where a service names another one.
#[derive(Clone, Debug)]
pub struct Mention<'a> {
    /// The position of the other one.
    pub target: usize,
    /// The port, as far as it is told.
    pub port: Option<u16>,
    /// The protocol that a URL says.
    pub protocol: Option<&'static str>,
    /// The protocol that the name of a variable tells, where the image speaks several.
    pub hint: Option<&'static str>,
    /// What names it.
    pub source: Source<'a>,
    /// Whether a URL names it.
    pub is_url: bool,
    /// Whether the port is what is usual, as a URL that names none has that of its scheme.
    pub is_implied: bool,
    /// The variable that has its port, where another one has its host.
    pub port_variable: Option<&'a str>,
    /// Where it stands.
    pub place: Place,
}

/// What names another service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// A variable of this name.
    Variable(&'a str),
    /// An argument for the build of its image.
    BuildArgument(&'a str),
    /// Its command.
    Command,
    /// Its health check.
    HealthCheck,
    /// The text of a configuration file.
    Configuration(&'a str),
}

/// Collects what a service says.
pub fn evidence<'a>(
    part: &'a Part<'a>,
    parts: &'a [Part<'a>],
    names: &Names<'a>,
    configs: Option<&'a Node>,
) -> Evidence<'a> {
    let own = names.get(part.name).unwrap_or(usize::MAX);
    let links = names.links(part);
    let find = |host: &str| links.get(host).copied().or_else(|| names.get(host));
    let other = |host: &str| find(host).filter(|&target| target != own);
    let is_self = |host: &str| find(host) == Some(own);
    let variables: Vec<(Words, &Pair)> = part.environment.iter().map(|pair| (Words::of(&pair.key), pair)).collect();
    let collector = Collector::new(part, &variables, &other, &is_self);
    let mut evidence = Evidence::default();
    collector.labels(&mut evidence);
    collector.variables(&mut evidence);
    for field in ["entrypoint", "command"] {
        collector.command(part.node.get(field), Kind::Start, &mut evidence);
    }
    collector.command(
        part.node.get("healthcheck").and_then(|check| check.get("test")),
        Kind::HealthCheck,
        &mut evidence,
    );
    collector.build_arguments(&mut evidence);
    collector.configurations(configs, &mut evidence);
    collector.namespace(parts, names, &mut evidence);
    collector.machine(own, names, &mut evidence);
    evidence.listening.sort_by_key(|(strength, own)| (own.is_secondary, *strength));
    evidence
}

struct Collector<'a, 'f> {
    part: &'a Part<'a>,
    /// The variables of the service with the words of their names.
    variables: &'f [(Words, &'a Pair)],
    /// Variables of ports by what stands before `PORT`.
    ports: HashMap<&'f [String], &'a Pair>,
    /// What stands before the end of the names of variables that have the host of another service.
    hosts: HashSet<&'f [String]>,
    other: &'f dyn Fn(&str) -> Option<usize>,
    is_self: &'f dyn Fn(&str) -> bool,
}

impl<'a, 'f> Collector<'a, 'f> {
    fn new(
        part: &'a Part<'a>,
        variables: &'f [(Words, &'a Pair)],
        other: &'f dyn Fn(&str) -> Option<usize>,
        is_self: &'f dyn Fn(&str) -> bool,
    ) -> Self {
        // What a port alone says is where the program itself listens.
        let ports = variables.iter().filter(|(words, _)| !words.is_alone());
        let ports = ports.filter_map(|(words, pair)| Some((words.port_stem()?, *pair))).collect();
        let is_other = |pair: &Pair| pair.value.text().is_some_and(|text| other(text.trim()).is_some());
        let hosts =
            variables.iter().filter(|(_, pair)| is_other(pair)).flat_map(|(words, _)| words.host_stems()).collect();
        Self { part, variables, ports, hosts, other, is_self }
    }

    fn mention(&self, found: &Reference, source: Source<'a>, place: Place, evidence: &mut Evidence<'a>) {
        if let Some(target) = (self.other)(&found.host) {
            let Reference { port, protocol, is_url, is_implied, .. } = *found;
            let port_variable = None;
            evidence.mentions.push(Mention {
                target,
                port,
                protocol,
                hint: None,
                source,
                is_url,
                is_implied,
                port_variable,
                place,
            });
        }
    }

    /// What labels tell a proxy: `traefik.http.services.web.loadbalancer.server.port=8080`.
    fn labels(&self, evidence: &mut Evidence<'a>) {
        for pair in self.part.labels {
            let Some(text) = pair.value.text() else { continue };
            let port =
                if pair.key.to_ascii_lowercase().ends_with(".loadbalancer.server.port") || pair.key == "traefik.port" {
                    text.trim().parse().ok()
                } else if pair.key.starts_with("caddy") && text.contains("{{upstreams ") {
                    text.split_once("{{upstreams ").and_then(|(_, rest)| rest.split(['}', ' ']).next()?.parse().ok())
                } else {
                    None
                };
            if let Some(port) = port.filter(|&port| port > 0) {
                let listening = Listening { port, protocol: None, is_secondary: false };
                evidence.listening.push((Strength::Label, listening));
            }
        }
    }

    fn variables(&self, evidence: &mut Evidence<'a>) {
        for (words, pair) in
            self.variables.iter().filter(|(words, pair)| is_variable(&pair.key) && !words.is_no_connection())
        {
            let Some(text) = pair.value.text() else { continue };
            self.own_port(words, text, evidence);
            self.addresses(pair, words, text, evidence);
            self.hosts(pair, words, text, evidence);
        }
    }

    /// `PORT=8080`
    fn own_port(&self, words: &Words, text: &str, evidence: &mut Evidence<'a>) {
        let has_host = !words.is_alone() && words.port_stem().is_some_and(|stem| self.hosts.contains(stem));
        if !words.is_own_port(self.part.name) || has_host {
            return;
        }
        let first = text.split([';', ',']).next().unwrap_or_default().trim();
        if let Ok(port) = first.parse::<u16>()
            && port > 0
        {
            let listening = Listening { port, protocol: None, is_secondary: words.is_secondary() };
            evidence.listening.push((Strength::Variable, listening));
        }
    }

    /// URLs, connection strings, hosts with ports.
    fn addresses(&self, pair: &'a Pair, words: &Words, text: &str, evidence: &mut Evidence<'a>) {
        let is_any = |host: &str| matches!(host, "" | "0.0.0.0" | "*" | "+" | "::");
        let is_known = |host: &str| (self.other)(host).is_some() || (self.is_self)(host) || is_any(host);
        let may_have_pairs = words.may_have_pairs();
        for found in references(text, &is_known) {
            // `web:3` counts something rather than names a port.
            let is_count = found.port.is_some_and(|port| port < LEAST_PORT);
            if !found.is_url && (!may_have_pairs || is_count) {
                continue;
            }
            if (self.other)(&found.host).is_some() {
                self.mention(&found, Source::Variable(&pair.key), pair.place, evidence);
            } else if let Some(port) = found.port.filter(|_| !found.is_implied) {
                let strength = if is_any(&found.host) { Strength::Variable } else { Strength::Advertised };
                let listening = Listening { port, protocol: found.protocol, is_secondary: words.is_secondary() };
                evidence.listening.push((strength, listening));
            }
        }
    }

    /// `DB_HOST=db` with `DB_PORT=5432`, `KAFKA_BROKERS=kafka-1,kafka-2`.
    fn hosts(&self, pair: &'a Pair, words: &Words, text: &str, evidence: &mut Evidence<'a>) {
        if !words.is_host() {
            return;
        }
        let is_other = |host: &str| (self.other)(host).is_some();
        for host in names(text, &is_other) {
            let target = (self.other)(host).unwrap_or_default();
            let variable = words.host_stems().find_map(|stem| self.ports.get(stem));
            let port =
                variable.and_then(|variable| variable.value.text()?.trim().parse().ok()).filter(|&port| port > 0);
            evidence.mentions.push(Mention {
                target,
                port: port.or(words.port()),
                protocol: None,
                hint: words.protocol(),
                source: Source::Variable(&pair.key),
                is_url: false,
                is_implied: port.is_none(),
                port_variable: variable.map(|variable| variable.key.as_str()),
                place: pair.place,
            });
        }
    }

    fn command(&self, node: Option<&'a Node>, kind: Kind, evidence: &mut Evidence<'a>) {
        let Some(node) = node else { return };
        // `$$PORT` of compose is `$PORT` of the shell, which has the variables of the service.
        let value = |name: &str| self.part.variable(name);
        let mut expanded = node.clone();
        expand(&mut expanded, &value);
        let is_other = |host: &str| (self.other)(host).is_some();
        let words = words(&expanded);
        let words = match words.first().map(String::as_str) {
            Some("CMD" | "CMD-SHELL" | "NONE") if kind == Kind::HealthCheck => &words[1..],
            _ => &words[..],
        };
        let read = command(words, self.part.name, kind, &is_other, self.is_self);
        let (source, strength) = match kind {
            Kind::Start => (Source::Command, Strength::Command),
            Kind::HealthCheck => (Source::HealthCheck, Strength::HealthCheck),
        };
        read.references.iter().for_each(|found| self.mention(found, source, node.place, evidence));
        evidence.listening.extend(read.listening.into_iter().map(|own| (strength, own)));
    }

    /// URLs that are built into an image: pages in a browser have no variables.
    fn build_arguments(&self, evidence: &mut Evidence<'a>) {
        let Some(arguments) = self.part.node.get("build").and_then(|build| build.get("args")) else { return };
        let texts: Vec<(&'a str, &'a str, Place)> = match &arguments.value {
            Value::Map(pairs) => {
                pairs.iter().filter_map(|pair| Some((pair.key.as_str(), pair.value.text()?, pair.place))).collect()
            }
            _ => {
                let split = |item: &'a Node| item.text()?.split_once('=').map(|(key, value)| (key, value, item.place));
                arguments.items().iter().filter_map(split).collect()
            }
        };
        let is_other = |host: &str| (self.other)(host).is_some();
        for (key, text, place) in texts {
            if is_variable(key) && !Words::of(key).is_no_connection() {
                for found in references(text, &is_other).into_iter().filter(|found| found.is_url) {
                    self.mention(&found, Source::BuildArgument(key), place, evidence);
                }
            }
        }
    }

    /// Configuration files whose text stands in the file.
    fn configurations(&self, configs: Option<&'a Node>, evidence: &mut Evidence<'a>) {
        let is_other = |host: &str| (self.other)(host).is_some();
        for entry in self.part.node.get("configs").map_or(&[][..], Node::items) {
            let name = entry.text().or_else(|| entry.get("source")?.text());
            let Some(pair) = name.and_then(|name| configs?.pair(name)) else { continue };
            let Some(content) = pair.value.get("content") else { continue };
            for found in references(content.text().unwrap_or_default(), &is_other) {
                self.mention(&found, Source::Configuration(&pair.key), content.place, evidence);
            }
        }
    }

    /// `host.docker.internal` is the machine itself, where a port leads to the service that publishes it.
    fn machine(&self, own: usize, names: &Names<'a>, evidence: &mut Evidence<'a>) {
        let is_machine = |host: &str| matches!(host, "host.docker.internal" | "gateway.docker.internal");
        for (_, pair) in
            self.variables.iter().filter(|(words, pair)| is_variable(&pair.key) && !words.is_no_connection())
        {
            for found in references(pair.value.text().unwrap_or_default(), &is_machine) {
                let place = found.port.and_then(|port| names.published(port));
                if let Some((target, port)) = place.filter(|(target, _)| *target != own) {
                    evidence.mentions.push(Mention {
                        target,
                        port: Some(port),
                        protocol: found.protocol,
                        hint: None,
                        source: Source::Variable(&pair.key),
                        is_url: found.is_url,
                        is_implied: found.is_implied,
                        port_variable: None,
                        place: pair.place,
                    });
                }
            }
        }
    }

    /// `localhost` of a service that shares the network of another one is that one, at the ports that it lists.
    fn namespace(&self, parts: &'a [Part<'a>], names: &Names<'a>, evidence: &mut Evidence<'a>) {
        let Some(owner) = network_owner(self.part, parts, names) else { return };
        let is_local = |host: &str| matches!(host, "localhost" | "127.0.0.1");
        for pair in self.part.environment.iter().filter(|pair| is_variable(&pair.key)) {
            for found in references(pair.value.text().unwrap_or_default(), &is_local) {
                let Some(port) = found.port.filter(|&port| parts[owner].listed(port).next().is_some()) else {
                    continue;
                };
                evidence.mentions.push(Mention {
                    target: owner,
                    port: Some(port),
                    protocol: found.protocol,
                    hint: None,
                    source: Source::Variable(&pair.key),
                    is_url: found.is_url,
                    is_implied: found.is_implied,
                    port_variable: None,
                    place: pair.place,
                });
            }
        }
    }
}

/// The service whose network another one shares by `network_mode: service:NAME`, as often as it takes.
pub fn network_owner<'a>(part: &Part<'a>, parts: &[Part<'a>], names: &Names<'a>) -> Option<usize> {
    let shared = |part: &Part<'a>| {
        let mode = part.node.get("network_mode").or_else(|| part.node.get("net"))?.text()?;
        names.get(mode.strip_prefix("service:").or_else(|| mode.strip_prefix("container:"))?)
    };
    let mut owner = shared(part)?;
    // A service that shares its own network by a detour is none of compose's.
    for _ in 0..parts.len().min(MAX_SHARES) {
        match shared(&parts[owner]) {
            Some(next) => owner = next,
            None => return Some(owner).filter(|&owner| parts[owner].name != part.name),
        }
    }
    None
}

/// The least port behind a name that is taken for one.
const LEAST_PORT: u16 = 20;

/// The most services in a row of which each shares the network of the next.
const MAX_SHARES: usize = 16;

/// Whether a text is the name of a variable, as programs have it: `spring.datasource.url`, too. A list may hold
/// anything, a URL with a password among it.
fn is_variable(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

fn expand<'v>(node: &mut Node, value: &dyn Fn(&str) -> Option<&'v str>) {
    match &mut node.value {
        Value::Scalar(text) if text.contains('$') => *text = substitute(text, value, &mut |_| {}),
        Value::List(items) => items.iter_mut().for_each(|item| expand(item, value)),
        _ => {}
    }
}

/// The protocol that a URL says, at a port: what URLs call http is gRPC where that is usual.
pub fn spoken(protocol: &'static str, port: u16) -> &'static str {
    if protocol == "http" && protocol::usual(port) == "grpc" { "grpc" } else { protocol }
}
