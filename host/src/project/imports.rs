//! The section `[import]` of a project file: names that a document has for what files call differently, what the files of an
//! importer cover, and differences that stay. Every mistake in it is a finding against the file, with its place.

use std::collections::BTreeMap;

use super::accepted::{AcceptedEntry, wrong};
use super::table::{LocatedValue, Value};
use crate::diagnostic::Diagnostic;
use crate::import::{Coverage, Difference};
use crate::policy::IgnoreRule;
use crate::text::{nearest, quote};

/// What a project says of imports.
#[derive(Clone, Debug, Default)]
pub struct ImportSettings {
    /// The names that the document has for services and resources of the files; a resource by its id, `rds:orders`.
    pub names: BTreeMap<String, String>,
    /// The parts of a document of which the files of an importer show everything, by its name.
    pub covers: BTreeMap<String, Vec<String>>,
    /// The differences between a document and what runs that stay.
    pub ignore: Vec<IgnoreRule>,
}

/// The keys of the section.
pub(super) const SECTION: [&str; 3] = ["names", "covers", "ignore"];

/// The keys of a rule that ignores differences.
pub(super) const KEYS: [&str; 5] = ["at", "is", "document", "reason", "until"];

/// Reads the section.
pub(super) fn read(section: &LocatedValue) -> (ImportSettings, Vec<Diagnostic>) {
    let (mut settings, mut findings) = (ImportSettings::default(), Vec::new());
    let Some(entries) = section.table() else {
        let help = "write [import.names], and below it api-v2 = \"api\"";
        return (settings, vec![wrong(section.span.clone(), "`import` must be a table", help)]);
    };
    for entry in entries {
        match (entry.key.as_str(), &entry.value) {
            ("names", names) => read_names(names, &mut settings, &mut findings),
            ("covers", covers) => read_covers(covers, &mut settings, &mut findings),
            ("ignore", LocatedValue { value: Value::List(rules), .. }) => {
                for rule in rules {
                    match ignore_rule(rule) {
                        Ok(rule) => settings.ignore.push(rule),
                        Err(more) => findings.extend(more),
                    }
                }
            }
            ("ignore", other) => {
                let help = "write [[import.ignore]], with two brackets, before each";
                findings.push(wrong(other.span.clone(), "`import.ignore` must be an array of tables", help));
            }
            (key, _) => {
                let help = match nearest(key, SECTION) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("its keys are {}", SECTION.join(", ")),
                };
                findings.push(wrong(entry.key_span.clone(), format!("`import` has no key {}", quote(key)), help));
            }
        }
    }
    (settings, findings)
}

fn read_names(names: &LocatedValue, settings: &mut ImportSettings, findings: &mut Vec<Diagnostic>) {
    let Some(entries) = names.table() else {
        let help = "write [import.names], and below it api-v2 = \"api\"";
        return findings.push(wrong(names.span.clone(), "`import.names` must be a table", help));
    };
    for entry in entries {
        match entry.value.text().filter(|name| !name.is_empty()) {
            Some(name) => drop(settings.names.insert(entry.key.clone(), name.to_owned())),
            None => {
                let message = format!("the name for {} must be a string", quote(&entry.key));
                let help = "write the name that the document has, in quotes";
                findings.push(wrong(entry.value.span.clone(), message, help));
            }
        }
    }
}

fn read_covers(covers: &LocatedValue, settings: &mut ImportSettings, findings: &mut Vec<Diagnostic>) {
    const HELP: &str = "write [import.covers], and below it terraform = [\"aws.*\"]";
    let Some(entries) = covers.table() else {
        return findings.push(wrong(covers.span.clone(), "`import.covers` must be a table", HELP));
    };
    for entry in entries {
        let Value::List(parts) = &entry.value.value else {
            let message = format!("what {} covers must be an array of strings", quote(&entry.key));
            findings.push(wrong(entry.value.span.clone(), message, HELP));
            continue;
        };
        for part in parts {
            match part.text().filter(|text| Coverage::is_part(text)) {
                Some(text) => settings.covers.entry(entry.key.clone()).or_default().push(text.to_owned()),
                None => {
                    let message = part.text().map_or_else(
                        || "a part of a document must be a string".to_owned(),
                        |text| format!("a document has no part {}", quote(text)),
                    );
                    let help = format!(
                        "write one of {}, or a kind of resources such as aws.rds or aws.*",
                        Coverage::PARTS.join(", ")
                    );
                    findings.push(wrong(part.span.clone(), message, help));
                }
            }
        }
    }
}

fn ignore_rule(entry: &LocatedValue) -> Result<IgnoreRule, Vec<Diagnostic>> {
    let mut reader = AcceptedEntry::new("an ignore rule", "[[import.ignore]]", &KEYS, entry)?;
    let at = reader.text("at", "\"/services/*/image\", a JSON Pointer in which * stands for anything");
    let _reason = reader.text("reason", "\"why this is right here\"");
    let is = if reader.has("is") { reader.text("is", "\"missing\"") } else { None };
    let document = if reader.has("document") { reader.text("document", "\"systems/*.json\"") } else { None };
    let at = reader.places(at.as_ref());
    let document = reader.pattern(document.as_ref());
    let until = reader.until();
    let difference = is.as_ref().and_then(|(word, span)| {
        let difference = Difference::parse(word);
        if difference.is_none() {
            let known = Difference::ALL.map(Difference::as_str).join(", ");
            let message = format!("expected one of {known}, found {}", quote(word));
            reader.findings.push(wrong(span.clone(), message, "leave `is` out for every kind of difference"));
        }
        difference
    });
    match at {
        Some(at) if reader.findings.is_empty() => {
            Ok(IgnoreRule { at, is: difference, document, until, place: entry.span.clone() })
        }
        _ => Err(reader.findings),
    }
}
