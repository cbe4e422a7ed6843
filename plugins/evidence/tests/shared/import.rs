//! What came of an import, in short words, and what holds of every import.

#![allow(dead_code, reason = "each importer asks for some of it")]

use std::collections::HashMap;

use serde_json::Value;
use spec_engine_evidence::notes::{Note, Severity};

/// The fields of a service that have resources.
const PROVIDERS: [&str; 5] = ["aws", "gcp", "azure", "cloudflare", "resources"];

/// What came of an import.
pub struct Import {
    pub document: Value,
    pub text: String,
    pub notes: Vec<Note>,
}

impl Import {
    #[track_caller]
    pub fn new(text: String, notes: Vec<Note>) -> Self {
        let document = serde_json::from_str(&text).expect("the document is JSON");
        Self { document, text, notes }
    }

    /// A service.
    pub fn service(&self, name: &str) -> &Value {
        &self.document["services"][name]
    }

    /// The names of the services, in their order in the text.
    pub fn services(&self) -> Vec<&str> {
        let mut names: Vec<&str> = services(&self.document).keys().map(String::as_str).collect();
        names.sort_by_key(|name| self.text.find(&format!("\n    \"{name}\": {{")));
        names
    }

    /// All edges, sorted: `a -> b http:80` to services, `a => aws.rds b:5432` to resources of a provider, `a => redis b` to
    /// others.
    pub fn edges(&self) -> Vec<String> {
        let mut edges = Vec::new();
        for (name, service) in services(&self.document) {
            for (target, connection) in service["connections"].as_object().into_iter().flatten() {
                let protocol = connection["protocol"].as_str().expect("it is a text");
                edges.push(format!("{name} -> {target} {protocol}:{}", connection["port"]));
            }
            for (provider, kind, resource) in resources(service) {
                let kind = if provider == "resources" { kind.to_owned() } else { format!("{provider}.{kind}") };
                let port = resource.get("port").map(|port| format!(":{port}")).unwrap_or_default();
                edges.push(format!("{name} => {kind} {}{port}", name_of(resource)));
            }
        }
        edges
    }

    /// The resources that a service has: `aws.sqs jobs`.
    pub fn uses(&self, service: &str) -> Vec<String> {
        let start = format!("{service} => ");
        self.edges().iter().filter_map(|edge| edge.strip_prefix(&start)).map(str::to_owned).collect()
    }

    /// The endpoints of a service: `http:80 udp:53`.
    pub fn exposes(&self, name: &str) -> String {
        let endpoints = self.service(name)["exposes"].as_array().into_iter().flatten();
        let one =
            |endpoint: &Value| format!("{}:{}", endpoint["protocol"].as_str().unwrap_or_default(), endpoint["port"]);
        endpoints.map(one).collect::<Vec<_>>().join(" ")
    }

    /// The image of a service: `name tag digest`.
    pub fn image(&self, name: &str) -> String {
        let image = &self.service(name)["image"];
        let parts = ["name", "tag", "digest"].into_iter().filter_map(|field| image[field].as_str());
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The description of a connection.
    pub fn description(&self, from: &str, to: &str) -> &str {
        self.service(from)["connections"][to]["description"].as_str().unwrap_or_default()
    }

    /// The rules of a network: `inbound web:80/tcp allow`.
    pub fn rules(&self, network: &str) -> Vec<String> {
        let rules = self.document["networks"][network]["rules"].as_array().into_iter().flatten();
        rules
            .map(|rule| {
                let text = |field: &str| rule[field].as_str().unwrap_or_default();
                let peer = format!("{}{}", text("fromService"), text("toService"));
                format!("{} {peer}:{}/{} {}", text("direction"), rule["port"], text("protocol"), text("action"))
            })
            .collect()
    }

    /// The notes of a code: `line:column message`.
    pub fn said(&self, code: &str) -> Vec<String> {
        let notes = self.notes.iter().filter(|note| note.code == code);
        notes.map(|note| format!("{}:{} {}", note.place.line, note.place.column, note.message)).collect()
    }

    /// The codes of the notes that are more than good to know.
    pub fn warnings(&self) -> Vec<&str> {
        let notes = self.notes.iter().filter(|note| note.severity != Severity::Info);
        notes.map(|note| note.code).collect()
    }
}

/// The error of an import that made nothing.
#[track_caller]
pub fn error(notes: Vec<Note>) -> Note {
    notes.into_iter().find(|note| note.severity == Severity::Error).expect("an error says why")
}

#[track_caller]
fn services(document: &Value) -> &serde_json::Map<String, Value> {
    document["services"].as_object().expect("there are services")
}

/// The resources of a service, each with its provider and kind.
fn resources(service: &Value) -> impl Iterator<Item = (&'static str, &str, &Value)> {
    let kinds = PROVIDERS.into_iter().flat_map(|provider| {
        service[provider].as_object().into_iter().flatten().map(move |(kind, list)| (provider, kind, list))
    });
    kinds.flat_map(|(provider, kind, list)| {
        let all = list.as_array().into_iter().flatten().filter(|own| own.is_object());
        all.map(move |resource| (provider, kind.as_str(), resource))
    })
}

/// What a resource is called by, which is another field for some kinds.
#[track_caller]
fn name_of(resource: &Value) -> &str {
    let named = ["name", "id", "modelId"].into_iter().find_map(|field| resource[field].as_str());
    named.expect("it has a name")
}

/// What holds of the notes of any files, given as their texts: a place in a file, a message and a next step.
#[track_caller]
pub fn check_notes(texts: &[&str], notes: &[Note]) {
    for note in notes {
        // A file that ends in the middle of something ends behind its last line.
        let lines = texts[note.place.file].split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() + 1;
        assert!(note.place.line >= 1 && note.place.column >= 1 && note.place.line <= lines, "{note:?}");
        assert!(!note.message.is_empty() && note.help.as_ref().is_some_and(|help| !help.is_empty()), "{note:?}");
    }
}

/// What holds of the result of any import. The document, where one came out.
#[track_caller]
pub fn check(texts: &[&str], result: Result<(String, Vec<Note>), Vec<Note>>) -> Option<Value> {
    match result {
        Ok((text, notes)) => {
            check_notes(texts, &notes);
            let document = serde_json::from_str(&text).expect("it is JSON");
            check_document(&document);
            Some(document)
        }
        Err(notes) => {
            check_notes(texts, &notes);
            error(notes);
            None
        }
    }
}

/// What holds of every document: what is named is there, ports are ports, and bindings of one resource agree.
#[track_caller]
fn check_document(document: &Value) {
    let services = services(document);
    assert!(!services.is_empty() && document["name"].as_str().is_some_and(|name| !name.is_empty()));
    let has = |name: &Value| services.contains_key(name.as_str().unwrap_or_default());
    let mut bindings = HashMap::new();
    for (name, service) in services {
        assert!(service["image"]["name"].as_str().is_some_and(|image| !image.is_empty()), "{name}");
        for (target, connection) in service["connections"].as_object().into_iter().flatten() {
            assert!(services.contains_key(target) && target != name, "{name} -> {target}");
            assert!((1..=65535).contains(&connection["port"].as_u64().unwrap_or_default()), "{connection}");
        }
        if let Some(owner) = service["owner"].as_str() {
            assert!(document["owners"].get(owner).is_some(), "{owner}");
        }
        for (provider, kind, resource) in resources(service) {
            let own = bindings.entry((provider, kind, name_of(resource))).or_insert(resource);
            assert_eq!(*own, resource, "bindings of one resource agree");
        }
    }
    let networks = document["networks"].as_object().into_iter().flatten();
    for rule in networks.filter_map(|(_, network)| network["rules"].as_array()).flatten() {
        let ends = [rule.get("fromService"), rule.get("toService")];
        assert!(ends.into_iter().flatten().all(has) && rule["port"].as_u64() > Some(0), "{rule}");
    }
    let deployments = &document["deployments"];
    for (_, release) in deployments["helm"].as_object().into_iter().flatten() {
        assert!(release["services"].as_array().into_iter().flatten().all(has), "{release}");
        assert!(release["chart"].as_str().is_some_and(|chart| !chart.is_empty()), "{release}");
    }
    for (_, module) in deployments["terraform"].as_object().into_iter().flatten() {
        assert!(module["source"].as_str().is_some_and(|source| !source.is_empty()), "{module}");
        for id in module["resources"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(id.strip_prefix("svc:").is_none_or(|service| services.contains_key(service)), "{id}");
        }
    }
}
