//! `plugins search`: what there is in the indexes of a project.

use std::io::Write as _;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use spec_engine::project::{Lock, Project};
use spec_engine::text::{quote, visible};

use super::index::{Index, IndexArguments, IndexEntry, Release, VersionChoice, is_runnable};
use crate::arguments::TextOrJson;
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output;

/// Search the indexes that the project file names.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins search
  spec-engine plugins search inventory")]
pub(super) struct Arguments {
    /// What the name or the summary contains. Without any: everything is listed.
    word: Option<String>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: TextOrJson,
    #[command(flatten)]
    indexes: IndexArguments,
}

/// What `search` shows of a plugin.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    kind: &'static str,
    summary: String,
    /// The newest that this host can run, and that is no pre-release where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    versions: Vec<String>,
    index: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<String>,
}

impl Row {
    fn of(index: &Index, listed: &IndexEntry, lock: &Lock) -> Self {
        let releases = || listed.entry.versions.iter();
        let runnable: Vec<&Release> = releases().filter(|release| is_runnable(release)).collect();
        let newest = VersionChoice::Newest.newest(runnable.iter().map(|release| &release.version));
        let mut versions: Vec<_> = releases().map(|release| &release.version).collect();
        versions.sort_unstable_by(|a, b| b.cmp(a));
        let plugin = lock.plugins.get(&listed.name).map(|plugin| (&plugin.index, &plugin.version));
        let pack = lock.packs.get(&listed.name).map(|pack| (&pack.index, &pack.version));
        let pinned = plugin.or(pack).filter(|(from, _)| from.as_ref() == Some(&index.name));
        Self {
            name: listed.name.clone(),
            kind: listed.entry.kind.as_str(),
            summary: listed.entry.summary.clone(),
            version: newest.or(runnable.iter().map(|release| &release.version).max()).map(ToString::to_string),
            versions: versions.into_iter().map(ToString::to_string).collect(),
            index: index.name.clone(),
            pinned: pinned.and_then(|(_, version)| version.clone()),
        }
    }

    fn has(&self, word: &str) -> bool {
        [&self.name, &self.summary].iter().any(|text| text.to_lowercase().contains(word))
    }
}

/// Prints the plugins and packs that have a word.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = &Project::find(Path::new("."))?;
    let lock = Lock::read(project)?;
    let indexes = arguments.indexes.read(project, arguments.indexes.end())?;
    let word = arguments.word.as_deref().unwrap_or_default().to_lowercase();
    let mut rows: Vec<Row> = Vec::new();
    for index in indexes.iter() {
        for listed in &index.listed {
            let row = Row::of(index, listed, &lock);
            // What an earlier index has is what `add` takes.
            if row.has(&word) && !rows.iter().any(|other| other.name == row.name) {
                rows.push(row);
            }
        }
    }
    if arguments.output == TextOrJson::Json {
        output::json(&rows)?;
        return Ok(Outcome::Clean);
    }
    let mut out = std::io::stdout().lock();
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    for row in &rows {
        let version = row.version.as_deref().unwrap_or("-");
        let pinned = row.pinned.as_ref().map(|version| format!(" (pinned: {version})")).unwrap_or_default();
        let line = format!("{:<width$}  {:<9}  {version:<7}  {}{pinned}", row.name, row.kind, row.summary);
        writeln!(out, "{}", visible(line.trim_end()))?;
    }
    if rows.is_empty() {
        let names: Vec<&str> = indexes.iter().map(|index| index.name.as_str()).collect();
        let names = visible(&names.join(", ")).into_owned();
        match word.is_empty() {
            true => writeln!(out, "{names} has no plugins")?,
            false => writeln!(out, "no plugin in {names} matches {}", quote(&word))?,
        }
    }
    Ok(Outcome::Clean)
}
