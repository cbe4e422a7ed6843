//! Short words for files, and for what comes of them.

use std::borrow::Cow;

use spec_engine_kubernetes::{File, Note, Options, import};

use crate::import::{Import, error};

pub fn file(name: &str, text: &str) -> File<'static> {
    File { name: name.to_owned(), text: Cow::Owned(text.to_owned()) }
}

#[track_caller]
pub fn imported(files: &[File<'_>]) -> Import {
    imported_with(files, &Options::default())
}

#[track_caller]
pub fn imported_with(files: &[File<'_>], options: &Options) -> Import {
    let imported = import(files, options).expect("a document comes out");
    Import::new(imported.document, imported.notes)
}

/// Imports one file.
#[track_caller]
pub fn of(text: &str) -> Import {
    imported(&[file("all.yaml", text)])
}

/// The error of an import of one file.
#[track_caller]
pub fn refused(name: &str, text: &str) -> Note {
    error(import(&[file(name, text)], &Options::default()).expect_err("nothing comes out"))
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
