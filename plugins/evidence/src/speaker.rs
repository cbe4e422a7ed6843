//! Reads the variables and commands of a service: whom they name, and where the service itself listens.

use std::collections::{HashMap, HashSet};

use crate::arguments::{Kind, ListeningPort, command, words};
use crate::evidence::{Evidence, Mention, Source, Strength};
use crate::reference::{Reference, first_name, may_refer, names, references};
use crate::tree::{Node, Pair, Place};
use crate::variable::Words;

/// The names that a service uses for others, and for itself.
#[derive(Clone, Copy)]
pub struct Hosts<'f> {
    /// The position of the service that a host means, unless it is the one that speaks.
    pub other: &'f dyn Fn(&str) -> Option<usize>,
    /// Whether a host means the one that speaks.
    pub is_self: &'f dyn Fn(&str) -> bool,
}

/// A service whose variables and commands are read.
pub struct Speaker<'a, 'f> {
    /// The name of the service.
    name: &'f str,
    /// The variables of the service that may say something, with the words of their names.
    variables: &'f [(Words, &'a Pair)],
    /// Variables of ports by what stands before `PORT`.
    ports: HashMap<&'f [String], &'a Pair>,
    /// What stands before the end of the names of variables that have the host of another service.
    stems: HashSet<&'f [String]>,
    hosts: Hosts<'f>,
}

/// The least port behind a name that is taken for one.
const LEAST_PORT: u16 = 20;

/// The variables that may say where somebody listens, with the words of their names: those whose values have a sign of an
/// address or start with the name of a service, and those that are called as a port is. Most others are settings.
pub fn with_words<'a>(variables: &'a [Pair], hosts: Hosts<'_>) -> Vec<(Words, &'a Pair)> {
    let is_named = |text: &str| text.split([',', ';']).any(|part| (hosts.other)(first_name(part)).is_some());
    let may_speak = |pair: &&Pair| {
        pair.value.text().is_some_and(|text| may_refer(text) || Words::may_end_as_port(&pair.key) || is_named(text))
    };
    variables.iter().filter(may_speak).map(|pair| (Words::of(&pair.key), pair)).collect()
}

impl<'a, 'f> Speaker<'a, 'f> {
    /// Looks through the variables of a service for those that belong together.
    pub fn new(name: &'f str, variables: &'f [(Words, &'a Pair)], hosts: Hosts<'f>) -> Self {
        // What a port alone says is where the program itself listens.
        let ports = variables.iter().filter(|(words, _)| !words.is_alone());
        let ports = ports.filter_map(|(words, pair)| Some((words.port_stem()?, *pair))).collect();
        let is_other = |pair: &Pair| pair.value.text().is_some_and(|text| (hosts.other)(text.trim()).is_some());
        let stems =
            variables.iter().filter(|(_, pair)| is_other(pair)).flat_map(|(words, _)| words.host_stems()).collect();
        Self { name, variables, ports, stems, hosts }
    }

    /// Takes up a place where another service is named.
    pub fn mention(&self, found: &Reference, source: Source<'a>, place: Place, evidence: &mut Evidence<'a>) {
        if let Some(target) = (self.hosts.other)(&found.host) {
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

    /// Reads the variables.
    pub fn variables(&self, evidence: &mut Evidence<'a>) {
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
        let has_host = !words.is_alone() && words.port_stem().is_some_and(|stem| self.stems.contains(stem));
        if !words.is_own_port(self.name) || has_host {
            return;
        }
        let first = text.split([';', ',']).next().unwrap_or_default().trim();
        if let Ok(port) = first.parse::<u16>()
            && port > 0
        {
            let listening = ListeningPort { port, protocol: None, is_secondary: words.is_secondary() };
            evidence.listening.push((Strength::Variable, listening));
        }
    }

    /// URLs, connection strings, hosts with ports.
    fn addresses(&self, pair: &'a Pair, words: &Words, text: &str, evidence: &mut Evidence<'a>) {
        let is_any = |host: &str| matches!(host, "" | "0.0.0.0" | "*" | "+" | "::");
        let is_known = |host: &str| (self.hosts.other)(host).is_some() || (self.hosts.is_self)(host) || is_any(host);
        let may_have_pairs = words.may_have_pairs();
        for found in references(text, &is_known) {
            // `web:3` counts something rather than names a port.
            let is_count = found.port.is_some_and(|port| port < LEAST_PORT);
            if !found.is_url && (!may_have_pairs || is_count) {
                continue;
            }
            if (self.hosts.other)(&found.host).is_some() {
                self.mention(&found, Source::Variable(&pair.key), pair.place, evidence);
            } else if let Some(port) = found.port.filter(|_| !found.is_implied) {
                let strength = if is_any(&found.host) { Strength::Variable } else { Strength::Advertised };
                let listening = ListeningPort { port, protocol: found.protocol, is_secondary: words.is_secondary() };
                evidence.listening.push((strength, listening));
            }
        }
    }

    /// `DB_HOST=db` with `DB_PORT=5432`, `KAFKA_BROKERS=kafka-1,kafka-2`.
    fn hosts(&self, pair: &'a Pair, words: &Words, text: &str, evidence: &mut Evidence<'a>) {
        if !words.is_host() {
            return;
        }
        let is_other = |host: &str| (self.hosts.other)(host).is_some();
        for host in names(text, &is_other) {
            let target = (self.hosts.other)(host).unwrap_or_default();
            let variable =
                words.host_stems().find_map(|stem| self.ports.get(stem).copied()).or_else(|| self.only_port(words));
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

    /// The only variable of a port that belongs to a host, if by a longer name.
    fn only_port(&self, host: &Words) -> Option<&'a Pair> {
        let mut found = self.variables.iter().filter(|(words, _)| words.is_one_port_of(host)).map(|(_, pair)| *pair);
        found.next().filter(|_| found.next().is_none())
    }

    /// Reads a command, a text or a list in which variables have their values. `source` says what names others there.
    pub fn command(&self, node: &Node, kind: Kind, source: Source<'a>, evidence: &mut Evidence<'a>) {
        let is_other = |host: &str| (self.hosts.other)(host).is_some();
        let words = words(node);
        let words = match words.first().map(String::as_str) {
            Some("CMD" | "CMD-SHELL" | "NONE") if kind == Kind::HealthCheck => &words[1..],
            _ => &words[..],
        };
        let read = command(words, self.name, kind, &is_other, self.hosts.is_self);
        let strength = match kind {
            Kind::Start => Strength::Command,
            Kind::HealthCheck => Strength::HealthCheck,
        };
        read.references.iter().for_each(|found| self.mention(found, source, node.place, evidence));
        evidence.listening.extend(read.listening.into_iter().map(|own| (strength, own)));
    }

    /// Reads the text of a configuration file: URLs, and hosts with ports.
    pub fn configuration(&self, name: &'a str, content: &Node, evidence: &mut Evidence<'a>) {
        let is_other = |host: &str| (self.hosts.other)(host).is_some();
        for found in references(content.text().unwrap_or_default(), &is_other) {
            self.mention(&found, Source::Configuration(name), content.place, evidence);
        }
    }
}

/// Whether a text is the name of a variable, as programs have it: `spring.datasource.url`, too. A list may hold
/// anything, a URL with a password among it.
pub fn is_variable(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}
