//! Changes for programs.

use serde::Serialize;
use serde_json::Value;

use super::words::Words;
use crate::output;
use spec_engine::diagnostic::Pointer;
use spec_engine::diff::{Change, Diff, Section, Side, Summary};
use spec_engine::text::{quote, redact};

/// Prints every change and a summary as one JSON object.
pub(super) fn print(diff: &Diff<'_>, names: [&str; 2]) -> crate::failure::Result<()> {
    let words = Words::new(diff, quote, "->");
    let changes = diff.changes.iter().map(|change| ChangeJson::of(change, &words));
    let changes = changes.collect::<Result<Vec<_>, _>>().map_err(std::io::Error::from)?;
    let version = |index: usize, name| VersionJson { document: names[index], name: redact(name).into_owned() };
    output::json(&DiffJson {
        old: version(0, &diff.old.name),
        new: version(1, &diff.new.name),
        changes,
        summary: diff.summary(),
    })
}

#[derive(Serialize)]
struct DiffJson<'a> {
    old: VersionJson<'a>,
    new: VersionJson<'a>,
    changes: Vec<ChangeJson>,
    summary: Summary,
}

#[derive(Serialize)]
struct VersionJson<'a> {
    document: &'a str,
    name: String,
}

#[derive(Serialize)]
struct ChangeJson {
    kind: &'static str,
    what: &'static str,
    section: Section,
    /// The name of the service, owner, network or deployment.
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// The change in words.
    words: String,
    breaking: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<SideJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<SideJson>,
}

/// A part in one version, without credentials.
#[derive(Serialize)]
pub(crate) struct SideJson {
    pointer: Pointer,
    pub value: Value,
}

impl ChangeJson {
    fn of<'a>(change: &Change<'a>, words: &Words<'_, 'a>) -> serde_json::Result<Self> {
        let at = change.at();
        let side = |side: Option<Side<'_>>| side.map(|side| SideJson::of(&side)).transpose();
        Ok(Self {
            kind: change.kind.as_str(),
            what: at.what(),
            section: at.section,
            name: redact(at.name).into_owned(),
            field: at.field(),
            words: words.change(change),
            breaking: change.breaking.is_some(),
            reason: words.reason(change),
            old: side(change.old)?,
            new: side(change.new)?,
        })
    }
}

impl SideJson {
    /// Reads it.
    pub fn of(side: &Side<'_>) -> serde_json::Result<Self> {
        let mut value = serde_json::to_value(side.value)?;
        hide_secrets(&mut value);
        let pointer = side.at.pointer();
        // A name with credentials in it stands in the pointer, too.
        let pointer = Pointer::parse(&redact(pointer.as_str())).unwrap_or_default();
        Ok(Self { pointer, value })
    }
}

/// Hides credentials in every text of a value, and in every key.
fn hide_secrets(value: &mut Value) {
    match value {
        Value::String(text) => *text = redact(text).into_owned(),
        Value::Array(list) => list.iter_mut().for_each(hide_secrets),
        Value::Object(object) => {
            *object = std::mem::take(object)
                .into_iter()
                .map(|(key, mut value)| {
                    hide_secrets(&mut value);
                    (redact(&key).into_owned(), value)
                })
                .collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
