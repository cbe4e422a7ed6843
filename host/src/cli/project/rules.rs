//! What a project file says of rules: `[rules]`, `[[exceptions]]` and `[rule-limits]`. Every mistake in it is a finding
//! against the file, with its place.

use std::ops::Range;

use chrono::NaiveDate;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::policy::{Exception, Pattern, Policy, SettingError};
use crate::rules::invalid_setting;
use crate::text::{nearest, quote};

/// The keys of an exception.
const KEYS: [&str; 5] = ["rule", "at", "document", "reason", "until"];

/// The words for what a fault may be.
const SEVERITIES: [&str; 4] = ["error", "warning", "info", "off"];

/// Reads the word for how bad a fault is; the inner `None` is `off`.
pub(in crate::cli) fn severity(word: &str) -> Result<Option<Severity>, String> {
    match word {
        "error" => Ok(Some(Severity::Error)),
        "warning" => Ok(Some(Severity::Warning)),
        "info" => Ok(Some(Severity::Info)),
        "off" => Ok(None),
        _ => Err(format!("{} is none of {}", quote(word), SEVERITIES.join(", "))),
    }
}

/// Sets in a policy what the section `[rules]` of a project file says, and returns what of it cannot be.
pub(in crate::cli) fn configure(policy: &mut Policy, text: &str) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let Ok(file) = DeTable::parse(text) else { return findings };
    let Some(rules) = file.get_ref().get("rules") else { return findings };
    let Some(rules) = rules.get_ref().as_table() else {
        findings.push(wrong(
            rules.span(),
            "`rules` has to be a section",
            "write [rules] and below it mutable-tag = \"error\"",
        ));
        return findings;
    };
    for (id, setting) in rules {
        let mut set = |span: Range<usize>, result: Result<(), SettingError>| {
            findings.extend(
                result
                    .err()
                    .map(|error| invalid_setting::finding(Place::Bytes(span), error.message).help_if(error.help)),
            );
        };
        let rule = id.get_ref().as_ref();
        if policy.find(rule).is_none() {
            set(id.span(), Err(policy.unknown(rule)));
            continue;
        }
        match setting.get_ref() {
            DeValue::String(word) => set(setting.span(), set_severity(policy, rule, word)),
            DeValue::Table(table) => {
                for (name, value) in table {
                    match (name.get_ref().as_ref(), value.get_ref()) {
                        ("severity", DeValue::String(word)) => set(value.span(), set_severity(policy, rule, word)),
                        ("severity", other) => set(value.span(), Err(no_severity(other, rule))),
                        (name, json) => set(value.span(), policy.set_param(rule, name, &to_json(json))),
                    }
                }
            }
            other => set(setting.span(), Err(no_severity(other, rule))),
        }
    }
    findings
}

fn set_severity(policy: &mut Policy, rule: &str, word: &str) -> Result<(), SettingError> {
    let severity = severity(word).map_err(|_| SettingError {
        message: format!("{} is not how bad the fault of {} can be", quote(word), quote(rule)),
        help: Some(nearest(word, SEVERITIES).map_or_else(how_to_write, |meant| format!("did you mean `{meant}`?"))),
    })?;
    policy.set_severity(rule, severity)
}

fn no_severity(value: &DeValue<'_>, rule: &str) -> SettingError {
    let message = format!("a TOML {} cannot say how bad the fault of {} is", value.type_str(), quote(rule));
    SettingError { message, help: Some(how_to_write()) }
}

fn how_to_write() -> String {
    format!("write one of \"{}\", or {{ severity = \"…\", PARAMETER = … }}", SEVERITIES.join("\", \""))
}

/// Reads the `[[exceptions]]` of a project file, and what of them cannot be. `policy` knows the rules.
pub(in crate::cli) fn exceptions(policy: &Policy, text: &str) -> (Vec<Exception>, Vec<Diagnostic>) {
    let (mut exceptions, mut findings) = (Vec::new(), Vec::new());
    let Ok(file) = DeTable::parse(text) else { return (exceptions, findings) };
    let Some(section) = file.get_ref().get("exceptions") else { return (exceptions, findings) };
    let Some(entries) = section.get_ref().as_array() else {
        let help = "write [[exceptions]], with two brackets, before each";
        return (exceptions, vec![wrong(section.span(), "`exceptions` has to be a list of sections", help)]);
    };
    for entry in entries {
        match exception(policy, entry) {
            Ok(exception) => exceptions.push(exception),
            Err(more) => findings.extend(more),
        }
    }
    (exceptions, findings)
}

fn exception(policy: &Policy, entry: &Spanned<DeValue<'_>>) -> Result<Exception, Vec<Diagnostic>> {
    let Some(table) = entry.get_ref().as_table() else {
        return Err(vec![wrong(entry.span(), "an exception has to be a section", "write [[exceptions]]")]);
    };
    let mut findings = Vec::new();
    for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
        let name = key.get_ref();
        let help = match nearest(name, KEYS) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its keys are {}", KEYS.join(", ")),
        };
        findings.push(wrong(key.span(), format!("an exception has no {}", quote(name)), help));
    }
    let mut text = |key: &str, example: &str| {
        let value = table.get(key);
        let text = value.and_then(|value| Some((value.get_ref().as_str()?.to_owned(), value.span())));
        if text.as_ref().is_none_or(|(text, _)| text.trim().is_empty()) {
            let span = value.map_or_else(|| entry.span(), Spanned::span);
            findings.push(wrong(
                span,
                format!("an exception needs a text `{key}`"),
                format!("write {key} = {example}"),
            ));
            return None;
        }
        text
    };
    let rule = text("rule", "\"mutable-tag\"");
    let at = text("at", "\"/services/*/image\", a JSON Pointer in which * stands for anything");
    let _reason = text("reason", "\"why this is right here\"");
    let document = table.get("document").and_then(|_| text("document", "\"systems/*.json\""));
    if let Some((id, span)) = &rule
        && policy.find(id).is_none()
    {
        let SettingError { message, help } = policy.unknown(id);
        findings.push(invalid_setting::finding(Place::Bytes(span.clone()), message).help_if(help));
    }
    let mut pattern = |text: &(String, Range<usize>)| {
        let pattern = Pattern::parse(&text.0);
        pattern.map_err(|message| findings.push(invalid_setting::finding(Place::Bytes(text.1.clone()), message))).ok()
    };
    let (at, document) = (at.as_ref().and_then(&mut pattern), document.as_ref().and_then(&mut pattern));
    let until = table.get("until").map(|value| date(value).ok_or_else(|| value.span()));
    if let Some(Err(span)) = &until {
        let help = "write a day without quotes: until = 2026-12-31";
        findings.push(wrong(span.clone(), "`until` has to be a day", help));
    }
    match (rule, at) {
        (Some((rule, _)), Some(at)) if findings.is_empty() => {
            Ok(Exception { rule, at, document, until: until.and_then(Result::ok), place: entry.span() })
        }
        _ => Err(findings),
    }
}

fn date(value: &Spanned<DeValue<'_>>) -> Option<NaiveDate> {
    let value = value.get_ref().as_datetime().filter(|value| value.time.is_none() && value.offset.is_none())?;
    let date = value.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// Returns a value as JSON; what no parameter can be is `null`.
fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().into(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Array(values) => values.iter().map(|value| to_json(value.get_ref())).collect(),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => Value::Null,
    }
}

fn wrong(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    invalid_setting::finding(Place::Bytes(span), message.into()).help(help)
}
