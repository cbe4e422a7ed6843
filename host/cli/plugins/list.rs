//! `plugins list`: every plugin, where it comes from and what it shadows.

use std::io::Write as _;
use std::path::Path;

use clap::Args;
use serde::Serialize;

use spec_engine::plugin::Abilities;
use spec_engine::project::Project;
use spec_engine::registry::Plugin;
use spec_engine::text::visible;

use crate::arguments::{PluginArguments, TextOrJson};
use crate::failure::{Result, origin, plugin_help};
use crate::outcome::Outcome;
use crate::{output, session};

/// List every plugin, where it comes from and what it shadows.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: TextOrJson,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// What `list` shows of a plugin.
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
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl Row {
    pub(super) fn of(plugin: &Plugin, shadowed: &[&Plugin]) -> Self {
        let (description, error, help) = match plugin.description() {
            Ok(description) => (Some(description), None, None),
            Err(error) => (None, Some(error.to_string()), plugin_help(&error)),
        };
        Self {
            name: plugin.name.clone(),
            kind: plugin.kind.as_str(),
            version: description.and_then(|description| description.version.clone()),
            summary: description.map(|description| description.summary.clone()).unwrap_or_default(),
            can: plugin.abilities().unwrap_or_default().words(),
            file_extension: description.map(|description| description.file_extension.clone()).unwrap_or_default(),
            origin: origin(&plugin.origin),
            shadows: shadowed.iter().map(|plugin| origin(&plugin.origin)).collect(),
            error,
            help,
        }
    }
}

/// Prints every plugin.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let engine = session::build(arguments.plugins.engine(Project::find(Path::new("."))?))?;
    let rows: Vec<Row> =
        engine.plugins().list().iter().map(|(plugin, shadowed)| Row::of(plugin, shadowed)).collect();
    if arguments.output == TextOrJson::Json {
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
        let help = row.help.as_ref().map(|help| format!("; {}", visible(help))).unwrap_or_default();
        let what = if row.error.is_some() { format!("cannot be used: {what}{help}") } else { what.into_owned() };
        let (name, origin) = (visible(&row.name), visible(&row.origin));
        writeln!(out, "{name:<width$}  {kind:<9}  {version:<7}  {makes:<7}  {what} ({origin})")?;
        for shadowed in &row.shadows {
            writeln!(out, "{:<width$}  shadows the one of that name: {}", "", visible(shadowed))?;
        }
    }
    Ok(Outcome::Clean)
}
