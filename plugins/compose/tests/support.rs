//! What the tests share: files, what came of them, and short words for it.

use serde_json::Value;
use spec_engine_compose::{File, Note, Options, Severity, import};

pub fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

/// What came of an import.
pub struct Import {
    pub document: Value,
    pub text: String,
    pub notes: Vec<Note>,
}

#[track_caller]
pub fn imported(files: &[File]) -> Import {
    imported_with(files, &Options::default())
}

#[track_caller]
pub fn imported_with(files: &[File], options: &Options) -> Import {
    let imported = import(files, options).expect("a document comes out");
    let document = serde_json::from_str(&imported.document).expect("the document is JSON");
    Import { document, text: imported.document, notes: imported.notes }
}

/// Imports one file.
#[track_caller]
pub fn of(text: &str) -> Import {
    imported(&[file("compose.yaml", text)])
}

/// The error of an import of one file.
#[track_caller]
pub fn refused(text: &str) -> Note {
    refused_files(&[file("a.yml", text)])
}

#[track_caller]
pub fn refused_files(files: &[File]) -> Note {
    let notes = import(files, &Options::default()).expect_err("nothing comes out");
    notes.into_iter().find(|note| note.severity == Severity::Error).expect("an error says why")
}

impl Import {
    /// A service.
    pub fn service(&self, name: &str) -> &Value {
        &self.document["services"][name]
    }

    /// The names of the services, in their order in the text.
    pub fn services(&self) -> Vec<&str> {
        let services = self.document["services"].as_object().expect("there are services");
        let mut names: Vec<&str> = services.keys().map(String::as_str).collect();
        names.sort_by_key(|name| self.text.find(&format!("\n    \"{name}\": {{")));
        names
    }

    /// All edges, sorted: `a -> b http:80` to services, `a => redis b` to resources.
    pub fn edges(&self) -> Vec<String> {
        let mut edges = Vec::new();
        for (name, service) in self.document["services"].as_object().expect("there are services") {
            for (target, connection) in service["connections"].as_object().into_iter().flatten() {
                let protocol = connection["protocol"].as_str().expect("it is a text");
                edges.push(format!("{name} -> {target} {protocol}:{}", connection["port"]));
            }
            for (kind, resources) in service["resources"].as_object().into_iter().flatten() {
                for resource in resources.as_array().expect("it is a list") {
                    let port = resource.get("port").map(|port| format!(":{port}")).unwrap_or_default();
                    edges.push(format!("{name} => {kind} {}{port}", resource["name"].as_str().expect("it is a text")));
                }
            }
        }
        edges
    }

    /// The endpoints of a service: `http:80 udp:53`.
    pub fn exposes(&self, name: &str) -> String {
        let endpoints = self.service(name)["exposes"].as_array().into_iter().flatten();
        let one =
            |endpoint: &Value| format!("{}:{}", endpoint["protocol"].as_str().unwrap_or_default(), endpoint["port"]);
        endpoints.map(one).collect::<Vec<_>>().join(" ")
    }

    /// The description of a connection.
    pub fn description(&self, from: &str, to: &str) -> &str {
        self.service(from)["connections"][to]["description"].as_str().unwrap_or_default()
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

    /// The rules by which services are in a network: `to web:80/tcp`, `from worker:5432/tcp`.
    pub fn members(&self, network: &str) -> Vec<String> {
        let rules = self.document["networks"][network]["rules"].as_array().into_iter().flatten();
        rules
            .map(|rule| {
                let (word, service) = match rule.get("toService") {
                    Some(service) => ("to", service),
                    None => ("from", &rule["fromService"]),
                };
                let protocol = rule["protocol"].as_str().unwrap_or_default();
                format!("{word} {}:{}/{protocol}", service.as_str().unwrap_or_default(), rule["port"])
            })
            .collect()
    }
}
