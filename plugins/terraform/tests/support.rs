//! Short words for files, and for what comes of them.

use std::borrow::Cow;

use serde_json::{Value, json};
use spec_engine_terraform::{File, Note, Options, import};

use crate::import::{Import, error};

/// What stands in the place of every secret in the files.
pub const CANARY: [&str; 2] = ["s3cr3t-canary", "czNjcjN0LWNhbmFyeQ"];

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

/// The errors of an import of one file.
#[track_caller]
pub fn refused(name: &str, text: &str) -> Note {
    error(import(&[file(name, text)], &Options::default()).expect_err("nothing comes out"))
}

/// A resource of a raw state: its address, its attributes, and what it depends on.
pub fn stored(address: &str, attributes: Value, dependencies: &[&str]) -> Value {
    let (module, rest) = match address.rsplit_once('.').and_then(|(above, name)| Some((above.rsplit_once('.')?, name)))
    {
        Some(((module, kind), name)) => (Some(module), format!("{kind}.{name}")),
        None => (None, address.to_owned()),
    };
    let (kind, name) = rest.split_once('.').expect("an address has a type and a name");
    let (name, key) = name.split_once('[').map_or((name, None), |(name, key)| (name, Some(key.trim_end_matches(']'))));
    let mut instance = json!({ "attributes": attributes, "dependencies": dependencies });
    if let Some(key) = key {
        instance["index_key"] = serde_json::from_str(key).expect("a key is JSON");
    }
    let mut own = json!({ "mode": "managed", "type": kind, "name": name, "instances": [instance] });
    if let Some(module) = module {
        own["module"] = module.into();
    }
    own
}

/// The text of a raw state.
pub fn state(resources: &[Value]) -> String {
    let state = json!({
        "version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "l", "outputs": {}, "resources": resources
    });
    serde_json::to_string_pretty(&state).expect("it is written")
}

/// Imports a raw state.
#[track_caller]
pub fn of(resources: &[Value]) -> Import {
    imported(&[file("terraform.tfstate", &state(resources))])
}

/// A resource of a plan: its address, what is known of its attributes, its expressions.
pub fn planned(address: &str, values: Value, expressions: Value) -> (Value, Value) {
    let (kind, name) = address.split_once('.').expect("an address has a type and a name");
    let head = json!({ "address": address, "mode": "managed", "type": kind, "name": name });
    let (mut value, mut configured) = (head.clone(), head);
    value["values"] = values;
    configured["expressions"] = expressions;
    (value, configured)
}

/// The text of a plan.
pub fn plan(resources: &[(Value, Value)]) -> String {
    let (values, configured): (Vec<&Value>, Vec<&Value>) = resources.iter().map(|(value, own)| (value, own)).unzip();
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.9.8",
        "planned_values": { "root_module": { "resources": values } },
        "configuration": { "root_module": { "resources": configured } }
    });
    serde_json::to_string_pretty(&plan).expect("it is written")
}

/// Fails where a secret got out.
#[track_caller]
pub fn check_clean(import: &Import) {
    for canary in CANARY {
        assert!(!import.text.contains(canary), "a secret is in the document: {}", import.text);
        let is_told =
            |note: &Note| note.message.contains(canary) || note.help.as_ref().is_some_and(|help| help.contains(canary));
        assert!(!import.notes.iter().any(is_told), "a secret is in a note");
    }
}
