//! The networks of the project, and which service is in which: a rule that names a service puts it into its network.

use std::collections::HashSet;
use std::net::IpAddr;

use indexmap::IndexMap;
use spec_engine_evidence::document::{Network, Service};
use spec_engine_evidence::membership::rules;
use spec_engine_evidence::notes::{Note, Notes, Severity, listed};
use spec_engine_evidence::tree::{Node, Pair, Place, Value};

use crate::evidence::network_owner;
use crate::names::Names;
use crate::service::Part;

/// The network of services that name none.
const DEFAULT: &str = "default";

/// The most resources that the description of a network names.
const MAX_NAMED: usize = 20;

/// Makes the networks. `services` are those of the document: of the others, which are resources, a network can only tell.
pub fn networks<'a>(
    project: &Node,
    parts: &'a [Part<'a>],
    names: &Names<'a>,
    services: &IndexMap<String, Service>,
    notes: &mut Notes,
) -> IndexMap<String, Network> {
    let declared = project.get("networks").map_or(&[][..], Node::pairs);
    let mut networks: IndexMap<String, Network> =
        declared.iter().map(|pair| (pair.key.clone(), network(pair, notes))).collect();
    let known: HashSet<&str> = declared.iter().map(|pair| pair.key.as_str()).collect();
    // Where no service names a network, all are in one, and there is nothing to tell apart.
    let is_told = known.contains(DEFAULT) || parts.iter().any(|part| !named(part).is_empty());
    let mut resources: IndexMap<String, Vec<&str>> = IndexMap::new();
    for part in parts.iter().filter(|_| is_told) {
        for (name, place) in of(part, parts, names) {
            if name != DEFAULT && !known.contains(name) {
                let message = format!("`{}` is in the network `{name}`, which the files do not declare", part.name);
                let help = "declare it below `networks`: compose refuses this file";
                notes.add_of_kind(name, note(Severity::Warning, "unknown-network", place, message, help));
            }
            let network = networks.entry(name.to_owned()).or_default();
            match services.get(part.name) {
                Some(service) => network.rules.extend(rules(part, part.name, service)),
                None => resources.entry(name.to_owned()).or_default().push(part.name),
            }
        }
    }
    for (name, resources) in resources {
        let place = declared.iter().find(|pair| pair.key == name).map_or(parts[0].place, |pair| pair.place);
        let all = listed(resources.iter().copied(), MAX_NAMED);
        let message =
            format!("resources are in no network of the format; these are in `{name}`, as its description says: {all}");
        let help = "`--set resources=false` keeps them as services, which are";
        notes.add_of_kind("", note(Severity::Info, "lost-membership", place, message, help));
        describe(
            &mut networks[&name],
            &format!("also in it: {}", resources[..resources.len().min(MAX_NAMED)].join(", ")),
        );
    }
    networks
}

/// The networks that a service names.
fn named<'p>(part: &Part<'p>) -> Vec<(&'p str, Place)> {
    let Some(node) = part.node.get("networks") else { return Vec::new() };
    match &node.value {
        Value::Map(pairs) => pairs.iter().map(|pair| (pair.key.as_str(), pair.place)).collect(),
        _ => node.texts().iter().filter_map(|item| Some((item.text()?, item.place))).collect(),
    }
}

/// The networks that a service is in.
fn of<'a>(part: &Part<'a>, parts: &'a [Part<'a>], names: &Names<'a>) -> Vec<(&'a str, Place)> {
    if let Some(owner) = network_owner(part, parts, names) {
        return of_own(&parts[owner]);
    }
    of_own(part)
}

fn of_own<'a>(part: &Part<'a>) -> Vec<(&'a str, Place)> {
    if part.node.get("network_mode").or_else(|| part.node.get("net")).is_some() {
        return Vec::new();
    }
    let named = named(part);
    if named.is_empty() { vec![(DEFAULT, part.place)] } else { named }
}

/// Reads a network; what the format has no field for gets into its description.
fn network(pair: &Pair, notes: &mut Notes) -> Network {
    let (name, node) = (&pair.key, &pair.value);
    let mut network = Network::default();
    let mut lost = |code, place, what: &str, kind: &str| {
        let message = format!("the network `{name}` {what}");
        let help = "nothing has to be done";
        notes.add_of_kind(kind, note(Severity::Info, code, place, message, help));
    };
    for field in node.pairs() {
        let is_set = field.value.is_true() || !field.value.pairs().is_empty();
        match field.key.as_str() {
            "internal" if is_set => {
                describe(&mut network, "internal: nothing gets out of it");
                lost("lost-internal", field.place, "is `internal`, which only its description says", "");
            }
            "external" if is_set => {
                describe(&mut network, "external: made outside of this project");
                lost("lost-external", field.place, "is `external`, which only its description says", "");
            }
            "internal" | "external" | "ipam" | "name" => {}
            key if key.starts_with("x-") => {}
            key => {
                let what = format!("has `{key}`: the format has no field for it, so it is left out");
                lost("lost-network-setting", field.place, &what, key);
            }
        }
    }
    for config in node.get("ipam").and_then(|ipam| ipam.get("config")).map_or(&[][..], Node::items) {
        let Some(subnet) = config.get("subnet") else { continue };
        let text = subnet.text().unwrap_or_default();
        if !is_cidr(text) {
            let message = format!("the subnet of the network `{name}` is not one, and is left out");
            notes.add(Severity::Warning, "bad-subnet", subnet.place, message, "write it as `10.1.0.0/16`");
        } else if network.cidr.is_none() {
            network.cidr = Some(text.to_owned());
        } else {
            describe(&mut network, &format!("also {text}"));
            let message = format!("the network `{name}` has a second subnet, {text}, which only its description says");
            notes.add(Severity::Info, "lost-subnet", subnet.place, message, "nothing has to be done");
        }
    }
    network
}

fn describe(network: &mut Network, what: &str) {
    match &mut network.description {
        Some(description) => {
            description.push_str("; ");
            description.push_str(what);
        }
        None => network.description = Some(what.to_owned()),
    }
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

fn note(severity: Severity, code: &'static str, place: Place, message: String, help: &str) -> Note {
    Note { severity, code, message, place, help: Some(help.to_owned()), more: 0 }
}
