//! `plugins`: shows the renderers.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map as Object, Value};

use super::args::{PluginsArguments, PluginsCommand, TextOrJson};
use super::project::Project;
use super::{Failure, Outcome, discover, output};
use crate::options;
use crate::render::registry::{Entry, Registry};

/// Runs a subcommand of `plugins`.
pub(super) fn run(arguments: &PluginsArguments) -> anyhow::Result<Outcome> {
    let project = Project::find(Path::new("."))?;
    match &arguments.command {
        PluginsCommand::List { output, sources } => {
            let (registry, _) = discover::registry(sources, &project, None)?;
            list(&registry, *output)
        }
        PluginsCommand::Info { plugin, output, sources } => {
            let (registry, name) = discover::registry(sources, &project, Some(plugin))?;
            let entry = registry.find(&name.unwrap_or_default()).map_err(Failure::from)?;
            info(entry, *output)
        }
    }
}

/// What `list` says of a renderer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    summary: String,
    file_extension: String,
    origin: String,
    shadows: Vec<String>,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Row {
    fn of(entry: &Entry, shadowed: &[&Entry]) -> Self {
        let (description, error) = match entry.renderer() {
            Ok(renderer) => (Some(renderer.description()), None),
            Err(error) => (None, Some(error.message)),
        };
        Self {
            name: entry.name.clone(),
            kind: entry.kind.as_str(),
            version: description.and_then(|description| description.version.clone()),
            summary: description.map(|description| description.summary.clone()).unwrap_or_default(),
            file_extension: description.map(|description| description.file_extension.clone()).unwrap_or_default(),
            origin: entry.origin.to_string(),
            shadows: shadowed.iter().map(|entry| entry.origin.to_string()).collect(),
            error,
        }
    }
}

fn list(registry: &Registry, format: TextOrJson) -> anyhow::Result<Outcome> {
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
        let what = row.error.as_deref().unwrap_or(&row.summary);
        let what = if row.error.is_some() { format!("cannot be used: {what}") } else { what.to_owned() };
        writeln!(out, "{:<width$}  {kind:<9}  {version:<7}  {extension:<6}  {what} ({})", row.name, row.origin)?;
        for shadowed in &row.shadows {
            writeln!(out, "{:<width$}  shadows the one of that name: {shadowed}", "")?;
        }
    }
    Ok(Outcome::Clean)
}

fn info(entry: &Entry, format: TextOrJson) -> anyhow::Result<Outcome> {
    let renderer = entry.renderer().map_err(Failure::from)?;
    let description = renderer.description();
    let options = options::properties(&description.options);
    if format == TextOrJson::Json {
        let mut info = serde_json::to_value(Row::of(entry, &[]))?;
        info["mediaTypes"] = description.media_types.clone().into();
        info["options"] = Value::Object(options);
        output::json(&info)?;
        return Ok(Outcome::Clean);
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: {}", entry.name, description.summary)?;
    writeln!(out, "  kind        {}", entry.kind.as_str())?;
    writeln!(out, "  version     {}", description.version.as_deref().unwrap_or("-"))?;
    writeln!(out, "  writes      .{} ({})", description.file_extension, description.media_types.join(", "))?;
    writeln!(out, "  comes from  {}", entry.origin)?;
    if description.name != entry.name {
        writeln!(out, "  calls itself {}", description.name)?;
    }
    writeln!(out, "\nOptions, set with --set KEY=VALUE:")?;
    print_options(&mut out, &options)?;
    Ok(Outcome::Clean)
}

fn print_options(out: &mut impl std::io::Write, options: &Object<String, Value>) -> std::io::Result<()> {
    let width = options.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, option) in options {
        let shape = match option["enum"].as_array() {
            Some(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|"),
            None => option["type"].as_str().unwrap_or("string").to_owned(),
        };
        let meaning = option["description"].as_str().unwrap_or_default();
        let default = option.get("default").map(|default| format!(" [default: {default}]")).unwrap_or_default();
        writeln!(out, "  {name:<width$}  {shape}{default}\n  {:<width$}  {meaning}", "")?;
    }
    Ok(())
}
