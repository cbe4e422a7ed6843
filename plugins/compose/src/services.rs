//! The services of the project that are in the document, and why the others are not.

use std::collections::HashMap;

use spec_engine_evidence::notes::{Notes, Severity};
use spec_engine_evidence::tree::{Node, Pair, Value};

use crate::dotenv::Variables;
use crate::environment::environment;
use crate::fields::check_service;
use crate::input::Profiles;
use crate::service::Part;
use crate::sources::Sources;
use crate::unset::UnsetVariables;

/// The services of a project.
pub struct Services<'a> {
    /// Those that are in the document.
    pub parts: Vec<Part<'a>>,
    /// The positions of those, by their names.
    pub by_name: HashMap<&'a str, usize>,
    /// Why others are not, as the rest of a sentence.
    pub absent: HashMap<String, &'static str>,
}

/// What the services of a project need from outside of it.
pub struct Surroundings<'s> {
    /// The profiles whose services are there.
    pub profiles: &'s Profiles,
    /// The variables that compose files use.
    pub variables: &'s Variables,
    /// The files, those of `env_file` among them.
    pub sources: &'s Sources<'s>,
    /// Variables that have no value.
    pub unset: &'s mut UnsetVariables,
}

/// Checks the services of a project, and gives each all its variables as one map. Those that are not in the document come
/// back with the reason, as the rest of a sentence.
pub fn prepare(project: &mut Node, surroundings: Surroundings<'_>, notes: &mut Notes) -> HashMap<String, &'static str> {
    let Surroundings { profiles, variables, sources, unset } = surroundings;
    let mut absent = HashMap::new();
    let services = project.get_mut("services").and_then(Node::pairs_mut);
    for service in services.into_iter().flatten() {
        if let Some(why) = absence(service, profiles, notes) {
            absent.insert(service.key.clone(), why);
            continue;
        }
        check_service(&service.key, &service.value, notes);
        let environment = environment(service, variables, sources, unset, notes);
        let Some(fields) = service.value.pairs_mut() else { continue };
        fields.retain(|field| field.key != "environment");
        let place = environment.place;
        if !environment.pairs().is_empty() {
            fields.push(Pair { key: "environment".to_owned(), place, value: environment });
        }
        for labels in fields.iter_mut().filter(|field| field.key == "labels") {
            labels.value = std::mem::replace(&mut labels.value, Node::empty(place)).into_map();
        }
    }
    absent
}

impl<'a> Services<'a> {
    /// Reads the services of a project that was prepared; `None` where there is none, which the notes then tell.
    pub fn read(
        project: &'a Node,
        name: &str,
        absent: HashMap<String, &'static str>,
        notes: &mut Notes,
    ) -> Option<Self> {
        let services = project.get("services");
        if let Some(node) = services.filter(|node| !matches!(node.value, Value::Map(_))) {
            let message = format!("`services` is {}, and has to be a map from names to services", node.noun());
            let help = match &node.value {
                Value::List(_) => "write `web:` where `- web:` stands",
                _ => "write the name of each service below it, one level deeper",
            };
            notes.add(Severity::Error, "wrong-type", node.place, message, help);
            return None;
        }
        let all = services.map_or(&[][..], Node::pairs);
        let there = all.iter().filter(|pair| !absent.contains_key(&pair.key));
        let parts: Vec<Part<'a>> = there.map(|pair| Part::read(pair, name, notes)).collect();
        if !parts.is_empty() {
            let by_name = parts.iter().enumerate().map(|(position, part)| (part.name, position)).collect();
            return Some(Self { parts, by_name, absent });
        }
        let place = services.map_or(project.place, |node| node.place);
        let (message, help) = match services.map(Node::pairs) {
            None => ("the files have no `services`", "name compose files: they have a map `services`"),
            Some([]) => ("`services` is empty", "write the services below it"),
            Some(_) => ("no service is left that could be imported", "set other `profiles`, or correct the services"),
        };
        notes.add(Severity::Error, "no-services", place, message.to_owned(), help);
        None
    }
}

/// Why a service is not in the document; `None` where it is.
fn absence(pair: &Pair, profiles: &Profiles, notes: &mut Notes) -> Option<&'static str> {
    let Pair { key: name, place, value } = pair;
    if !matches!(value.value, Value::Map(_) | Value::Null) {
        let message = format!("the service `{name}` is {}, and has to be a map; it is left out", value.noun());
        notes.add(Severity::Warning, "wrong-type", value.place, message, "write `image: …` below it");
        return Some("is not a service");
    }
    if name.trim().is_empty() {
        let message = "a service has no name, and is left out".to_owned();
        notes.add(Severity::Warning, "bad-name", *place, message, "give it a name: compose refuses this file");
        return Some("has no name");
    }
    if let Profiles::Named(names) = profiles {
        let own = value.get("profiles").map_or(&[][..], Node::texts);
        let is_named = |own: &Node| own.text().is_some_and(|own| names.iter().any(|name| name == own));
        if !own.is_empty() && !own.iter().any(is_named) {
            return Some("has other profiles");
        }
    }
    if let Some(provider) = value.get("provider") {
        let by = provider.get("type").and_then(Node::text).map(|by| format!(" `{by}`")).unwrap_or_default();
        let message = format!("`{name}` is run by the provider{by} and not from an image, so it is left out");
        let help = "add it to the document by hand: a binding to a cloud resource may be what it is";
        notes.add(Severity::Info, "lost-provider", provider.place, message, help);
        return Some("is run by a provider");
    }
    if !name.bytes().all(|one| one.is_ascii_alphanumeric() || b"._-".contains(&one)) {
        let message = format!("`{name}` is not a name that compose takes for a service");
        let help = "use letters, digits, `.`, `_` and `-`: compose refuses this file";
        notes.add(Severity::Warning, "bad-name", *place, message, help);
    }
    None
}
