//! `plugins outdated`: which pinned plugins there are newer versions of.

use std::cell::OnceCell;
use std::io::Write as _;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use spec_engine::project::{Lock, Project};
use spec_engine::text::{plural, visible};

use super::index::IndexArguments;
use super::newer::{NewerVersions, Origin, LockEntry, Versions, pinned};
use crate::arguments::TextOrJson;
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output;

/// List the pinned plugins of which there are newer versions, in the index or registry that they came from.
///
/// Ends with 1 where there are some.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: TextOrJson,
    #[command(flatten)]
    indexes: IndexArguments,
}

/// What `outdated` shows of a plugin.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    compatible: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<String>,
}

impl Row {
    fn of(pinned: &LockEntry<'_>, newer: NewerVersions) -> Self {
        let (Origin::Index(source) | Origin::Registry(source) | Origin::File(source)) = pinned.origin;
        let version = pinned.version.as_ref().map(ToString::to_string);
        let (compatible, newest) = (newer.compatible, newer.newest);
        Self { name: pinned.name.to_owned(), version, source: source.to_owned(), compatible, newest }
    }

    fn is_outdated(&self) -> bool {
        self.compatible.is_some() || self.newest.is_some()
    }

    /// What there is, and what to type.
    fn text(&self) -> String {
        let version = self.version.as_deref().unwrap_or("no version");
        match (&self.compatible, &self.newest) {
            (Some(compatible), newest) => {
                let breaking = newest.as_ref().filter(|newest| *newest != compatible);
                let breaking = breaking.map(|newest| format!("; {newest} may break what uses it")).unwrap_or_default();
                format!("{version} -> {compatible}: spec-engine plugins update {}{breaking}", self.name)
            }
            (None, Some(newest)) => {
                format!("{version} -> {newest}, which may break what uses it: spec-engine plugins update {}@{newest}", self.name)
            }
            (None, None) => format!("{version} is the newest"),
        }
    }
}

/// Prints every pinned plugin with its newer versions.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = &Project::find(Path::new("."))?;
    let lock = Lock::read(project)?;
    let end = arguments.indexes.end();
    let versions = Versions { project, arguments: &arguments.indexes, end, indexes: OnceCell::new() };
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for pinned in pinned(&lock) {
        let newer = versions.of(&pinned)?;
        let is_known = newer.is_some();
        let row = Row::of(&pinned, newer.unwrap_or_default());
        let text = if is_known { row.text() } else { format!("comes from {}: nobody lists its versions", row.source) };
        lines.push(format!("{}: {text}", row.name));
        rows.push(row);
    }
    let outdated = rows.iter().filter(|row| row.is_outdated()).count();
    let outcome = if outdated == 0 { Outcome::Clean } else { Outcome::Findings };
    if arguments.output == TextOrJson::Json {
        output::json(&rows)?;
        return Ok(outcome);
    }
    let mut out = std::io::stdout().lock();
    for line in &lines {
        writeln!(out, "{}", visible(line))?;
    }
    match (rows.len(), outdated) {
        (0, _) => writeln!(out, "nothing is pinned: spec-engine.lock has no plugins")?,
        (_, 0) => {}
        (_, outdated) => writeln!(out, "{} of {} may be updated", outdated, plural(rows.len(), "plugin"))?,
    }
    Ok(outcome)
}
