//! What should be known of an import.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::tree::Place;

/// How bad a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// There is no document.
    Error,
    /// Something may be missing or assumed in the document.
    Warning,
    /// The format has no field for something.
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
    pub help: Option<String>,
    /// How many more there are of its kind.
    pub more: usize,
}

/// The most notes of one code; the last one counts the rest.
pub const MAX_OF_CODE: usize = 50;

/// Collects notes: the same fault at several places is one note that counts them.
#[derive(Default)]
pub struct Notes {
    notes: IndexMap<String, Note>,
    of_code: HashMap<&'static str, (usize, usize)>,
}

impl Notes {
    /// Adds a note; one with the same message that is there already counts it.
    pub fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Place,
        message: String,
        help: impl Into<String>,
    ) {
        let kind = message.clone();
        self.add_of_kind(&kind, Note { severity, code, message, place, help: Some(help.into()), more: 0 });
    }

    /// Adds a note; one of the same code and kind that is there already counts it.
    pub fn add_of_kind(&mut self, kind: &str, note: Note) {
        let key = format!("{} {kind}", note.code);
        if let Some(first) = self.notes.get_mut(&key) {
            first.more += 1;
            return;
        }
        let (count, last) = self.of_code.entry(note.code).or_insert((0, 0));
        if *count == MAX_OF_CODE {
            self.notes[*last].more += 1;
            return;
        }
        (*count, *last) = (*count + 1, self.notes.len());
        self.notes.insert(key, note);
    }

    /// Makes errors of the notes of some codes; says whether there is one.
    pub fn raise(&mut self, codes: &[&str]) -> bool {
        let mut raised = self.notes.values_mut().filter(|note| codes.contains(&note.code)).peekable();
        let is_any = raised.peek().is_some();
        raised.for_each(|note| note.severity = Severity::Error);
        is_any
    }

    /// All, in the order in which they came.
    pub fn into_all(self) -> Vec<Note> {
        self.notes.into_values().collect()
    }
}

/// Names as a sentence lists them: `a`, `b` and 3 more.
pub fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
    let rest = names.len().saturating_sub(most);
    let shown = names.take(most).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if rest == 0 { shown } else { format!("{shown} and {rest} more") }
}

#[cfg(test)]
mod tests {
    use super::{MAX_OF_CODE, Notes, Severity, listed};
    use crate::tree::Place;

    #[test]
    fn of_one_code_there_are_not_more_than_anybody_reads() {
        let mut notes = Notes::default();
        for number in 0..MAX_OF_CODE + 10 {
            notes.add(Severity::Info, "many", Place::start(0), format!("number {number}"), "look");
        }
        notes.add(Severity::Info, "other", Place::start(0), "other".into(), "look");
        let all = notes.into_all();
        assert_eq!((all.len(), all[MAX_OF_CODE - 1].more, all[MAX_OF_CODE].code), (MAX_OF_CODE + 1, 10, "other"));
    }

    #[test]
    fn names_are_listed_as_far_as_they_help() {
        assert_eq!(listed(["a", "b"].into_iter(), 2), "`a`, `b`");
        assert_eq!(listed(["a", "b", "c"].into_iter(), 2), "`a`, `b` and 1 more");
    }
}
