//! An entry of a project file that accepts something somewhere: an exception, a rule that ignores differences. Its keys
//! are read one by one; every mistake is a finding against the file, with its place.

use std::ops::Range;

use chrono::NaiveDate;

use super::table::{Entry, LocatedValue, Value};
use crate::diagnostic::{Diagnostic, Help, Place};
use crate::policy::{Pattern, PatternError};
use crate::rules::invalid_setting;
use crate::text::{nearest, quote};

/// A text of the project file, with its place.
pub(super) type PlacedText = (String, Range<usize>);

/// Reads the keys of an entry.
pub(super) struct AcceptedEntry<'e> {
    /// What it is, with an article: `an exception`.
    what: &'static str,
    entry: &'e LocatedValue,
    table: &'e [Entry],
    /// What of it cannot be.
    pub findings: Vec<Diagnostic>,
}

impl<'e> AcceptedEntry<'e> {
    /// Takes an entry, which is a table with some of these keys. `write` is what to write where it is none.
    pub fn new(
        what: &'static str,
        write: &str,
        keys: &[&'static str],
        entry: &'e LocatedValue,
    ) -> Result<Self, Vec<Diagnostic>> {
        let Some(table) = entry.table() else {
            let message = format!("{what} must be a table");
            return Err(vec![wrong(entry.span.clone(), message, format!("write {write}"))]);
        };
        let mut findings = Vec::new();
        for entry in table.iter().filter(|entry| !keys.contains(&entry.key.as_str())) {
            let help = match nearest(&entry.key, keys.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("its keys are {}", keys.join(", ")),
            };
            let message = format!("{what} has no key {}", quote(&entry.key));
            findings.push(wrong(entry.key_span.clone(), message, help));
        }
        Ok(Self { what, entry, table, findings })
    }

    /// Whether there is a key.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A text that has to be there, and not empty.
    pub fn text(&mut self, key: &str, example: &str) -> Option<PlacedText> {
        let value = self.get(key);
        let text = value.and_then(|value| Some((value.text()?.to_owned(), value.span.clone())));
        if text.as_ref().is_none_or(|(text, _)| text.trim().is_empty()) {
            let span = value.map_or_else(|| self.entry.span.clone(), |value| value.span.clone());
            let message = format!("{} needs a string `{key}`", self.what);
            self.findings.push(wrong(span, message, format!("write {key} = {example}")));
            return None;
        }
        text
    }

    /// A pattern on places in a document, which are JSON Pointers.
    pub fn places(&mut self, text: Option<&PlacedText>) -> Option<Pattern> {
        let (written, span) = text?;
        if !written.starts_with(['/', '*', '?', '[', '{']) {
            let message = format!("{} is no place: a JSON Pointer starts with `/`", quote(written));
            self.findings.push(wrong(span.clone(), message, format!("write at = \"{}\"", pointer(written))));
            return None;
        }
        self.pattern(text)
    }

    /// A pattern on paths or places.
    pub fn pattern(&mut self, text: Option<&PlacedText>) -> Option<Pattern> {
        let (text, span) = text?;
        let invalid = |error: PatternError| invalid_setting::finding(Place::Bytes(span.clone()), error.to_string());
        Pattern::parse(text).map_err(|error| self.findings.push(invalid(error))).ok()
    }

    /// The last day, where there is one.
    pub fn until(&mut self) -> Option<NaiveDate> {
        match self.get("until") {
            None => None,
            Some(LocatedValue { value: Value::Date(date), .. }) => Some(*date),
            Some(other) => {
                let help = "write a day without quotes: until = 2026-12-31";
                self.findings.push(wrong(other.span.clone(), "`until` must be a date", help));
                None
            }
        }
    }

    fn get(&self, key: &str) -> Option<&'e LocatedValue> {
        self.table.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

/// The JSON Pointer that somebody may mean who writes `services.web`, `$.services.web` or `svc:web`.
fn pointer(text: &str) -> String {
    if let Some(service) = text.strip_prefix("svc:") {
        return format!("/services/{service}");
    }
    let path = text.trim_start_matches(['$', '.', '#']);
    if path.contains('/') {
        format!("/{}", path.trim_start_matches('/'))
    } else {
        format!("/{}", path.replace('.', "/"))
    }
}

/// A finding against the project file.
pub(super) fn wrong(span: Range<usize>, message: impl Into<String>, help: impl Into<Help>) -> Diagnostic {
    invalid_setting::finding(Place::Bytes(span), message.into()).help(help)
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn a_place_in_the_words_of_other_tools_is_guessed() {
        for (written, meant) in [
            ("services.web.image", "/services/web/image"),
            ("$.services.web", "/services/web"),
            ("services/web.api/image", "/services/web.api/image"),
            ("#/services/web", "/services/web"),
            ("svc:web.api", "/services/web.api"),
        ] {
            assert_eq!(pointer(written), meant);
        }
    }
}
