//! The settings of rules in a project file: `[rules]` and `[[exceptions]]`. Every mistake in them is a finding against
//! the file, with its place.

use std::ops::Range;

use super::accepted::{AcceptedEntry, wrong};
use super::table::{LocatedValue, Value};
use crate::diagnostic::{Diagnostic, Place};
use crate::policy::{Exception, Policy, Selector, SettingError, SeveritySetting};
use crate::rules::invalid_setting;

/// The keys of an exception.
pub(super) const KEYS: [&str; 5] = ["rule", "at", "document", "reason", "until"];

/// Sets in a policy what the section `[rules]` of a project file says: of groups of rules first, then of tags, then of
/// single rules. Returns what of it cannot be.
pub(super) fn configure(policy: &mut Policy, rules: &LocatedValue) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let Some(entries) = rules.table() else {
        let help = "write [rules] and below it mutable-tag = \"error\"";
        findings.push(wrong(rules.span.clone(), "`rules` must be a table", help));
        return findings;
    };
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|entry| Selector::parse(&entry.key).narrowness());
    for entry in entries {
        let (rule, setting) = (entry.key.as_str(), &entry.value);
        let mut set = |span: &Range<usize>, result: Result<(), SettingError>| findings.extend(fault(span, result));
        if let Err(unknown) = policy.check_name(rule) {
            set(&entry.key_span, Err(unknown));
            continue;
        }
        match &setting.value {
            Value::Text(word) => set(&setting.span, set_severity(policy, rule, word)),
            Value::Table(table) => {
                for entry in table {
                    let value = &entry.value;
                    let result = match (entry.key.as_str(), value.text()) {
                        ("severity", Some(word)) => set_severity(policy, rule, word),
                        ("severity", None) => Err(SettingError::severity_type(rule, value.type_name())),
                        (name, _) => policy.set_param(rule, name, &value.to_json()),
                    };
                    set(&value.span, result);
                }
            }
            _ => set(&setting.span, Err(SettingError::severity_type(rule, setting.type_name()))),
        }
    }
    findings
}

fn fault(span: &Range<usize>, result: Result<(), SettingError>) -> Option<Diagnostic> {
    let error = result.err()?;
    let finding = invalid_setting::finding(Place::Bytes(span.clone()), error.to_string());
    Some(finding.help_if(error.help()))
}

fn set_severity(policy: &mut Policy, rule: &str, word: &str) -> Result<(), SettingError> {
    let setting = SeveritySetting::parse(word).ok_or_else(|| SettingError::severity_word(rule, word))?;
    policy.set_severity(rule, setting)
}

/// Reads the `[[exceptions]]` of a project file, and what of them cannot be. `policy` knows the rules.
pub(super) fn exceptions(policy: &Policy, section: &LocatedValue) -> (Vec<Exception>, Vec<Diagnostic>) {
    let (mut exceptions, mut findings) = (Vec::new(), Vec::new());
    let Value::List(entries) = &section.value else {
        let help = "write [[exceptions]], with two brackets, before each";
        return (exceptions, vec![wrong(section.span.clone(), "`exceptions` must be an array of tables", help)]);
    };
    for entry in entries {
        match exception(policy, entry) {
            Ok(exception) => exceptions.push(exception),
            Err(more) => findings.extend(more),
        }
    }
    (exceptions, findings)
}

fn exception(policy: &Policy, entry: &LocatedValue) -> Result<Exception, Vec<Diagnostic>> {
    let mut reader = AcceptedEntry::new("an exception", "[[exceptions]]", &KEYS, entry)?;
    let rule = reader.text("rule", "\"mutable-tag\"");
    let at = reader.text("at", "\"/services/*/image\", a JSON Pointer in which * stands for anything");
    let _reason = reader.text("reason", "\"why this is right here\"");
    let document = if reader.has("document") { reader.text("document", "\"systems/*.json\"") } else { None };
    if let Some((id, span)) = &rule
        && policy.find(id).is_none()
    {
        reader.findings.extend(fault(span, Err(policy.unknown(id))));
    }
    let (at, document) = (reader.places(at.as_ref()), reader.pattern(document.as_ref()));
    let until = reader.until();
    match (rule, at) {
        (Some((rule, _)), Some(at)) if reader.findings.is_empty() => {
            Ok(Exception { rule, at, document, until, place: entry.span.clone() })
        }
        _ => Err(reader.findings),
    }
}
