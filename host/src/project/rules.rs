//! The settings of rules in a project file: `[rules]` and `[[exceptions]]`. Every mistake in them is a finding against
//! the file, with its place.

use std::ops::Range;

use super::table::{Placed, Value};
use crate::diagnostic::{Diagnostic, Place};
use crate::policy::{Exception, Pattern, Policy, Selector, SettingError, SeveritySetting};
use crate::rules::invalid_setting;
use crate::text::{nearest, quote};

/// The keys of an exception.
pub(super) const KEYS: [&str; 5] = ["rule", "at", "document", "reason", "until"];

/// Sets in a policy what the section `[rules]` of a project file says: of groups of rules first, then of tags, then of
/// single rules. Returns what of it cannot be.
pub(super) fn configure(policy: &mut Policy, rules: &Placed) -> Vec<Diagnostic> {
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
pub(super) fn exceptions(policy: &Policy, section: &Placed) -> (Vec<Exception>, Vec<Diagnostic>) {
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

fn exception(policy: &Policy, entry: &Placed) -> Result<Exception, Vec<Diagnostic>> {
    let Some(table) = entry.table() else {
        return Err(vec![wrong(entry.span.clone(), "an exception must be a table", "write [[exceptions]]")]);
    };
    let get = |key: &str| table.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
    let mut findings = Vec::new();
    for entry in table.iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
        let help = match nearest(&entry.key, KEYS) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its keys are {}", KEYS.join(", ")),
        };
        let message = format!("an exception has no key {}", quote(&entry.key));
        findings.push(wrong(entry.key_span.clone(), message, help));
    }
    let mut text = |key: &str, example: &str| {
        let value = get(key);
        let text = value.and_then(|value| Some((value.text()?.to_owned(), value.span.clone())));
        if text.as_ref().is_none_or(|(text, _)| text.trim().is_empty()) {
            let span = value.map_or_else(|| entry.span.clone(), |value| value.span.clone());
            findings.push(wrong(
                span,
                format!("an exception needs a string `{key}`"),
                format!("write {key} = {example}"),
            ));
            return None;
        }
        text
    };
    let rule = text("rule", "\"mutable-tag\"");
    let at = text("at", "\"/services/*/image\", a JSON Pointer in which * stands for anything");
    let _reason = text("reason", "\"why this is right here\"");
    let document = get("document").and_then(|_| text("document", "\"systems/*.json\""));
    if let Some((id, span)) = &rule
        && policy.find(id).is_none()
    {
        findings.extend(fault(span, Err(policy.unknown(id))));
    }
    let mut pattern = |text: &(String, Range<usize>)| {
        let pattern = Pattern::parse(&text.0);
        let invalid = |error: crate::policy::PatternError| {
            findings.push(invalid_setting::finding(Place::Bytes(text.1.clone()), error.to_string()));
        };
        pattern.map_err(invalid).ok()
    };
    let (at, document) = (at.as_ref().and_then(&mut pattern), document.as_ref().and_then(&mut pattern));
    let until = match get("until") {
        None => None,
        Some(Placed { value: Value::Date(date), .. }) => Some(*date),
        Some(other) => {
            let help = "write a day without quotes: until = 2026-12-31";
            findings.push(wrong(other.span.clone(), "`until` must be a date", help));
            None
        }
    };
    match (rule, at) {
        (Some((rule, _)), Some(at)) if findings.is_empty() => {
            Ok(Exception { rule, at, document, until, place: entry.span.clone() })
        }
        _ => Err(findings),
    }
}

fn wrong(span: Range<usize>, message: impl Into<String>, help: impl Into<crate::diagnostic::Help>) -> Diagnostic {
    invalid_setting::finding(Place::Bytes(span), message.into()).help(help)
}
