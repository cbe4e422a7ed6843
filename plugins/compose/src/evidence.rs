//! What a service says of others and of itself: whom it names, at which ports, and where it listens.

use spec_engine_evidence::arguments::{Kind, ListeningPort};
use spec_engine_evidence::evidence::{Evidence, Mention, Source, Strength};
use spec_engine_evidence::party::Party as _;
use spec_engine_evidence::reference::references;
use spec_engine_evidence::speaker::{Hosts, Speaker, is_variable, with_words};
use spec_engine_evidence::tree::{Node, Pair, Place, Value};
use spec_engine_evidence::variable::Words;

use crate::names::Names;
use crate::service::Part;
use spec_engine_evidence::template::substitute;

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
    let hosts = Hosts { other: &other, is_self: &is_self };
    let variables = with_words(part.environment, hosts);
    let collector =
        Collector { part, speaker: Speaker::new(part.name, &variables, hosts), variables: &variables, hosts };
    let mut evidence = Evidence::default();
    collector.labels(&mut evidence);
    collector.speaker.variables(&mut evidence);
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
    evidence.sort();
    evidence
}

struct Collector<'a, 'f> {
    part: &'a Part<'a>,
    speaker: Speaker<'a, 'f>,
    /// The variables of the service that may say something, with the words of their names.
    variables: &'f [(Words, &'a Pair)],
    hosts: Hosts<'f>,
}

impl<'a> Collector<'a, '_> {
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
                let listening = ListeningPort { port, protocol: None, is_secondary: false };
                evidence.listening.push((Strength::Label, listening));
            }
        }
    }

    fn command(&self, node: Option<&'a Node>, kind: Kind, evidence: &mut Evidence<'a>) {
        let Some(node) = node else { return };
        // `$$PORT` of compose is `$PORT` of the shell, which has the variables of the service.
        let value = |name: &str| self.part.variable(name);
        let mut expanded = node.clone();
        expand(&mut expanded, &value);
        let source = match kind {
            Kind::Start => Source::Command,
            Kind::HealthCheck => Source::HealthCheck,
        };
        self.speaker.command(&expanded, kind, source, evidence);
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
        let is_other = |host: &str| (self.hosts.other)(host).is_some();
        for (key, text, place) in texts {
            if is_variable(key) && !Words::of(key).is_no_connection() {
                for found in references(text, &is_other).into_iter().filter(|found| found.is_url) {
                    self.speaker.mention(&found, Source::BuildArgument(key), place, evidence);
                }
            }
        }
    }

    /// Configuration files whose text stands in the file.
    fn configurations(&self, configs: Option<&'a Node>, evidence: &mut Evidence<'a>) {
        for entry in self.part.node.get("configs").map_or(&[][..], Node::items) {
            let name = entry.text().or_else(|| entry.get("source")?.text());
            let Some(pair) = name.and_then(|name| configs?.pair(name)) else { continue };
            let Some(content) = pair.value.get("content") else { continue };
            self.speaker.configuration(&pair.key, content, evidence);
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

/// The most services in a row of which each shares the network of the next.
const MAX_SHARES: usize = 16;

fn expand<'v>(node: &mut Node, value: &dyn Fn(&str) -> Option<&'v str>) {
    match &mut node.value {
        Value::Scalar(text) if text.contains('$') => *text = substitute(text, value, &mut |_| {}),
        Value::List(items) => items.iter_mut().for_each(|item| expand(item, value)),
        _ => {}
    }
}
