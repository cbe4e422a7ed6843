//! Short words for files, and for what comes of them.

use spec_engine_compose::{File, Note, Options, import};

use crate::import::{Import, error};

pub fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

#[track_caller]
pub fn imported(files: &[File]) -> Import {
    imported_with(files, &Options::default())
}

#[track_caller]
pub fn imported_with(files: &[File], options: &Options) -> Import {
    let imported = import(files, options).expect("a document comes out");
    Import::new(imported.document, imported.notes)
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
    error(import(files, &Options::default()).expect_err("nothing comes out"))
}

/// The rules by which services are in a network: `to web:80/tcp`, `from worker:5432/tcp`.
pub fn members(import: &Import, network: &str) -> Vec<String> {
    let rules = import.document["networks"][network]["rules"].as_array().into_iter().flatten();
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
