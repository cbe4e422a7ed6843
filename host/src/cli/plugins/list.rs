//! `plugins list`: every plugin, where it comes from and what it shadows.

use std::io::Write as _;

use serde::Serialize;

use crate::cli::args::TextOrJson;
use crate::cli::{Outcome, output};
use crate::render::registry::{Entry, Registry};
use crate::text::visible;
use crate::wasm::{Abilities, Component};

/// What `list` says of a plugin.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    name: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    summary: String,
    can: Vec<&'static str>,
    file_extension: String,
    origin: String,
    shadows: Vec<String>,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Row {
    pub(super) fn of(entry: &Entry, shadowed: &[&Entry]) -> Self {
        let (plugin, error) = match entry.plugin() {
            Ok(plugin) => (Some(plugin), None),
            Err(error) => (None, Some(error.message)),
        };
        let description = plugin.map(|plugin| plugin.description());
        let abilities = plugin.map(|plugin| plugin.component().map_or(Abilities::RENDERS, Component::abilities));
        Self {
            name: entry.name.clone(),
            kind: entry.kind.as_str(),
            version: description.and_then(|description| description.version.clone()),
            summary: description.map(|description| description.summary.clone()).unwrap_or_default(),
            can: abilities.unwrap_or_default().words(),
            file_extension: description.map(|description| description.file_extension.clone()).unwrap_or_default(),
            origin: entry.origin.to_string(),
            shadows: shadowed.iter().map(|entry| entry.origin.to_string()).collect(),
            error,
        }
    }
}

/// Prints every plugin.
pub(super) fn run(registry: &Registry, format: TextOrJson) -> anyhow::Result<Outcome> {
    let rows: Vec<Row> = registry.list().iter().map(|(entry, shadowed)| Row::of(entry, shadowed)).collect();
    if format == TextOrJson::Json {
        output::json(&rows)?;
        return Ok(Outcome::Clean);
    }
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default();
    let mut out = std::io::stdout().lock();
    for row in &rows {
        let (kind, version) = (row.kind, row.version.as_deref().unwrap_or("-"));
        let extension = format!(".{}", row.file_extension);
        let makes = if row.can == Abilities::RENDERS.words() { extension } else { row.can.join(", ") };
        let what = visible(row.error.as_deref().unwrap_or(&row.summary));
        let what = if row.error.is_some() { format!("cannot be used: {what}") } else { what.into_owned() };
        let (name, origin) = (visible(&row.name), visible(&row.origin));
        writeln!(out, "{name:<width$}  {kind:<9}  {version:<7}  {makes:<7}  {what} ({origin})")?;
        for shadowed in &row.shadows {
            writeln!(out, "{:<width$}  shadows the one of that name: {}", "", visible(shadowed))?;
        }
    }
    Ok(Outcome::Clean)
}
