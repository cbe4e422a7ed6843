//! What should be known of an import.

use indexmap::IndexMap;

use crate::yaml::Place;

/// How bad a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// There is no document.
    Error,
    /// Something may be missing in the document.
    Warning,
    /// The format has no word for something.
    Info,
}

/// A remark on the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code, kebab-case.
    pub code: &'static str,
    /// One sentence that names the thing and the fault.
    pub message: String,
    /// Where it is, the first place of several.
    pub place: Place,
    /// The next step.
    pub help: Option<&'static str>,
    /// How many more there are of its kind.
    pub more: usize,
}

/// Collects notes: of those that can recur the first of its kind, and how many more there are.
#[derive(Default)]
pub struct Notes(IndexMap<String, Note>);

impl Notes {
    /// Adds a note, unless there is one of this code already: then it is counted there.
    pub fn add(&mut self, severity: Severity, code: &'static str, place: Place, message: String, help: &'static str) {
        self.add_of_kind(code.to_owned(), Note { severity, code, message, place, help: Some(help), more: 0 });
    }

    /// Adds a note, unless there is one of this kind already: then it is counted there.
    pub fn add_of_kind(&mut self, kind: String, note: Note) {
        self.0.entry(kind).and_modify(|first| first.more += 1).or_insert(note);
    }

    /// Returns all in the order in which they came.
    pub fn into_all(self) -> Vec<Note> {
        self.0.into_values().collect()
    }
}
