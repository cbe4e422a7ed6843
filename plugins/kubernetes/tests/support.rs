//! What the tests share: files, what came of them, and short words for it.

use std::borrow::Cow;

use serde_json::Value;
use spec_engine_kubernetes::{File, Note, Options, Severity, import};

pub fn file(name: &str, text: &str) -> File<'static> {
    File { name: name.to_owned(), text: Cow::Owned(text.to_owned()) }
}

/// What came of an import.
pub struct Import {
    pub document: Value,
    pub text: String,
    pub notes: Vec<Note>,
}

#[track_caller]
pub fn imported(files: &[File<'_>]) -> Import {
    imported_with(files, &Options::default())
}

#[track_caller]
pub fn imported_with(files: &[File<'_>], options: &Options) -> Import {
    let imported = import(files, options).expect("a document comes out");
    let document = serde_json::from_str(&imported.document).expect("the document is JSON");
    Import { document, text: imported.document, notes: imported.notes }
}

/// Imports one file.
#[track_caller]
pub fn of(text: &str) -> Import {
    imported(&[file("all.yaml", text)])
}

/// The error of an import of one file.
#[track_caller]
pub fn refused(name: &str, text: &str) -> Note {
    let notes = import(&[file(name, text)], &Options::default()).expect_err("nothing comes out");
    notes.into_iter().find(|note| note.severity == Severity::Error).expect("an error says why")
}

/// A Deployment with one container, and a Service in front of it where a port is named: `80:8080`.
pub fn app(name: &str, image: &str, port: &str, container: &str) -> String {
    let mut text = format!(
        "---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: main, image: '{image}'{}{container}}}]}}
",
        if container.is_empty() { "" } else { ", " }
    );
    if let Some((port, target)) = port.split_once(':') {
        text.push_str(&service(name, name, port, target));
    }
    text
}

/// A Service in front of the pods with the label `app`.
pub fn service(name: &str, app: &str, port: &str, target: &str) -> String {
    format!(
        "---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {app}}}, ports: [{{port: {port}, targetPort: {target}}}]}}
"
    )
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
            for provider in ["aws", "gcp", "azure", "resources"] {
                for (kind, resources) in service[provider].as_object().into_iter().flatten() {
                    for resource in resources.as_array().expect("it is a list") {
                        let port = resource.get("port").map(|port| format!(":{port}")).unwrap_or_default();
                        let name_of = resource["name"].as_str().expect("it is a text");
                        edges.push(format!("{name} => {kind} {name_of}{port}"));
                    }
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

    /// The image of a service: `name tag digest`.
    pub fn image(&self, name: &str) -> String {
        let image = &self.service(name)["image"];
        let parts = ["name", "tag", "digest"].into_iter().filter_map(|field| image[field].as_str());
        parts.collect::<Vec<_>>().join(" ")
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
}
