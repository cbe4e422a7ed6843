//! Reads files into resources: raw states, `show -json` of states and plans, with text around them or several in one.

use serde::Deserialize;
use serde_json::value::RawValue;
use spec_engine_evidence::foreign::PLAN;
use spec_engine_evidence::json::{JsonError, Reader};
use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::tree::Place;

use crate::foreign::{self, Refusal};
use crate::format::{Document, is_true, number};
use crate::input::File;
use crate::merge::merge;
use crate::stack::Reading;
use crate::values::{plan, raw, shown};

/// Reads all files; `None` where one cannot be read, or none has anything to be read, which the notes then tell.
pub fn read(files: &[File<'_>], notes: &mut Notes) -> Option<Reading> {
    let mut reading = Reading::default();
    let (mut is_broken, mut is_any) = (false, false);
    for (position, file) in files.iter().enumerate() {
        let mut handed = InputFile { file, position, files, reading: &mut reading, notes, found: 0 };
        match handed.read() {
            Ok(()) => is_any |= handed.found > 0,
            Err(note) => {
                notes.add_of_kind(&file.name, note);
                is_broken = true;
            }
        }
    }
    if !is_broken && !is_any {
        let message = "the files have no state and no plan of Terraform".to_owned();
        notes.add(Severity::Error, "no-terraform", Place::start(0), message, foreign::STATE);
        return None;
    }
    (!is_broken).then_some(reading)
}

/// The most levels of lists in lists.
const MAX_LISTS: usize = 8;

/// The most places at which a value is looked for in a text.
const MAX_STARTS: usize = 20;

/// A file that was handed in.
struct InputFile<'r, 'f> {
    file: &'f File<'f>,
    position: usize,
    files: &'f [File<'f>],
    reading: &'r mut Reading,
    notes: &'r mut Notes,
    /// How many states and plans it has.
    found: usize,
}

impl InputFile<'_, '_> {
    fn read(&mut self) -> Result<(), Note> {
        let text = self.file.text.trim_start_matches('\u{feff}');
        let start = self.file.text.len() - text.trim_start().len();
        let whole: &str = &self.file.text;
        if whole[start..].is_empty() {
            self.tell("empty-file", "is empty", "nothing has to be done");
            return Ok(());
        }
        if [".yaml", ".yml"].iter().any(|end| self.file.short_name().ends_with(end)) {
            self.tell("not-terraform", "is no JSON, and is left out", "nothing has to be done");
            return Ok(());
        }
        // `[command]/bin/terraform` is no list.
        let is_list =
            |text: &str| text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', '[', ']']));
        if !whole[start..].starts_with('{') && !is_list(&whole[start..]) {
            return self.wrapped(whole);
        }
        if self.file.short_name().ends_with(".tf.json") {
            return Err(self.refusal(foreign::text(self.file)));
        }
        self.values(whole, start)
    }

    /// Reads the values of a text from a place on, one behind the other. What is no JSON behind them is left out.
    fn values(&mut self, text: &str, start: usize) -> Result<(), Note> {
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<&RawValue>();
        let mut count = 0;
        while let Some(value) = stream.next() {
            match value {
                Ok(value) => {
                    self.value(value, text, 0)?;
                    count += 1;
                }
                Err(_) if count > 0 && !text[start + stream.byte_offset()..].trim_start().starts_with(['{', '[']) => {
                    let place = Reader::new(text, self.position).place(&text[start + stream.byte_offset()..]);
                    let message = format!("{} has text behind the JSON, which is left out", self.file.name);
                    self.add(Severity::Info, "text-around", place, message, "nothing has to be done");
                    break;
                }
                Err(error) => return Err(self.broken(JsonError::of(&error, text, start, self.position))),
            }
        }
        Ok(())
    }

    /// Reads a text in which the JSON starts somewhere, as what runs Terraform writes it.
    fn wrapped(&mut self, text: &str) -> Result<(), Note> {
        let lines = text.match_indices("\n{").map(|(at, _)| at + 1);
        let inline = text.match_indices('{').map(|(at, _)| at);
        for start in lines.take(MAX_STARTS).chain(inline.take(MAX_STARTS)) {
            let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Document<'_>>();
            let Some(Ok(document)) = stream.next() else { continue };
            if document.format_version.is_some() || document.version.is_some() || document.encrypted_data.is_some() {
                let message = format!("{} has text before the JSON, which is left out", self.file.name);
                let place = Place::start(self.position);
                self.add(Severity::Info, "text-around", place, message, "nothing has to be done");
                return self.values(text, start);
            }
        }
        // What was cut off starts as JSON does.
        let keys = ["{\"format_version\"", "{\"version\"", "{\n  \"version\""];
        let cut = keys.iter().filter_map(|key| text.find(key)).min();
        match (foreign::text(self.file), cut) {
            (None, Some(start)) => self.values(text, start),
            (refusal, _) => Err(self.refusal(refusal)),
        }
    }

    fn value(&mut self, value: &RawValue, text: &str, depth: usize) -> Result<(), Note> {
        let part = value.get();
        let start = part.as_ptr() as usize - text.as_ptr() as usize;
        let reader = Reader::new(text, self.position);
        let broken = |error: serde_json::Error| JsonError::of(&error, text, start, self.position);
        if part.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(part).map_err(|error| self.broken(broken(error)))?;
            if depth < MAX_LISTS {
                for item in items {
                    self.value(item, text, depth + 1)?;
                }
            }
            return Ok(());
        }
        if !part.starts_with('{') {
            return Ok(());
        }
        let document = Document::deserialize(&mut serde_json::Deserializer::from_str(part));
        let document = document.map_err(|error| self.broken(broken(error)))?;
        let place = reader.place(part);
        if let Some((code, message, help)) = foreign::object(&document, self.file) {
            return Err(error(code, place, message, help));
        }
        self.document(&document, &reader, place)
    }

    fn document<'t>(&mut self, document: &Document<'t>, reader: &Reader<'t>, place: Place) -> Result<(), Note> {
        let name = self.file.name.clone();
        let refuse = |code, message: String, help: &str| Err(error(code, place, message, help));
        if is_true(document.errored) {
            let message = format!("{name} is a plan that failed, and does not have all resources");
            return refuse("failed-plan", message, "correct what `terraform plan` says, and plan again");
        }
        let stack = if let Some(version) = document.format_version {
            let major = version.get().trim_matches('"').split('.').next().and_then(|major| major.parse::<u64>().ok());
            if major.is_none_or(|major| major > 1) {
                let message = format!("{name} has the format {}, which is not known: 0.1 to 1.x are", version.get());
                return refuse("new-format", message, "update spec-engine, or write it with an earlier Terraform");
            }
            match (document.planned_values, document.values) {
                (Some(values), _) => plan(document, values, reader),
                (None, Some(values)) => shown(document, values, reader),
                (None, None) if document.resource_changes.is_some() => {
                    let message = format!("{name} has the changes of a plan, and not what it plans: `planned_values`");
                    return refuse("part-of-plan", message, PLAN);
                }
                (None, None) => {
                    let message = format!("{name} is a state without any resource");
                    return refuse("empty-state", message, "run `terraform show -json` where Terraform has its state");
                }
            }
        } else if let (Some(version), true) = (number(document.version), document.is_state()) {
            match version {
                4 => raw(document, reader),
                0..=3 => {
                    let message =
                        format!("{name} is a state of version {version}, which Terraform 0.11 and earlier wrote");
                    let help = "`terraform show -json FILE` of a Terraform from 0.12 on writes what is read";
                    return refuse("old-state", message, help);
                }
                _ => {
                    let message = format!("{name} is a state of version {version}, which is not known: 4 is");
                    return refuse("new-state", message, foreign::STATE);
                }
            }
        } else {
            let message = format!("{name} is neither a state nor a plan, and is left out");
            let note = error("not-terraform", place, message, foreign::other(document));
            self.notes.add_of_kind(&name, Note { severity: Severity::Warning, ..note });
            return Ok(());
        };
        let stack = stack.map_err(|broken| self.broken(broken))?;
        self.found += 1;
        merge(self.reading, stack, self.files, self.notes);
        Ok(())
    }

    fn broken(&self, broken: JsonError) -> Note {
        let name = &self.file.name;
        let JsonError { place, why } = broken;
        if why.starts_with("EOF") {
            let message = format!("{name} is cut off: its JSON does not end");
            return error("cut-off", place, message, "write it anew: `terraform show -json`");
        }
        let what = match why.split_once(", expected ") {
            // What stands there may be a secret.
            Some((_, expected)) => format!("is not what Terraform writes: expected {expected}"),
            None => format!("is not valid JSON: {why}"),
        };
        error("broken-json", place, format!("{name} {what}"), "write it anew: `terraform show -json`")
    }

    fn refusal(&self, refusal: Option<Refusal>) -> Note {
        let Some(Refusal { code, message, line, help }) = refusal else {
            let message = format!("{} is neither a state nor a plan in JSON", self.file.name);
            return error("not-json", Place::start(self.position), message, foreign::STATE);
        };
        error(code, Place { file: self.position, line, column: 1 }, message, help)
    }

    fn tell(&mut self, code: &'static str, what: &str, help: &str) {
        let message = format!("{} {what}", self.file.name);
        self.add(Severity::Info, code, Place::start(self.position), message, help);
    }

    fn add(&mut self, severity: Severity, code: &'static str, place: Place, message: String, help: &str) {
        self.notes.add(severity, code, place, message, help);
    }
}

impl Document<'_> {
    /// Whether it has what a state has beside a version, as other files do.
    fn is_state(&self) -> bool {
        self.lineage.is_some() || self.serial.is_some() || self.terraform_version.is_some() || self.modules.is_some()
    }
}

fn error(code: &'static str, place: Place, message: String, help: &str) -> Note {
    Note { severity: Severity::Error, code, message, place, help: Some(help.to_owned()), more: 0 }
}
