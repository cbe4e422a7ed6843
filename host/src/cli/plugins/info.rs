//! `plugins info`: what is known of a plugin, without running it.

use std::io::Write as _;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map as Object, Value, json};

use super::list::Row;
use crate::cli::args::TextOrJson;
use crate::cli::lock::Lock;
use crate::cli::project::Project;
use crate::cli::{Failure, Outcome, output, report};
use crate::options;
use crate::render::registry::{Entry, Origin};
use crate::rules::Rule as _;
use crate::source::Source;
use crate::text::visible;
use crate::wasm::{Abilities, Code, Component, Facts};

/// Prints what is known of a plugin.
pub(super) fn run(entry: &Entry, project: &Project, format: TextOrJson) -> anyhow::Result<Outcome> {
    let plugin = entry.plugin().map_err(Failure::from)?;
    let description = plugin.description();
    let abilities = plugin.component().map_or(Abilities::RENDERS, Component::abilities);
    let options = match abilities.renders {
        true => options::properties(&description.options),
        false => description.options["properties"].as_object().cloned().unwrap_or_default(),
    };
    let source = Arc::new(Source::new(&entry.name, Vec::new()));
    let rules = plugin.component().map(|component| component.rules(&source)).unwrap_or_default();
    let facts = plugin.component().map(Component::facts);
    let pinned = is_pinned(entry, project)?;
    if format == TextOrJson::Json {
        let mut info = serde_json::to_value(Row::of(entry, &[]))?;
        info["mediaTypes"] = description.media_types.clone().into();
        info["options"] = Value::Object(options);
        info["pinned"] = pinned.into();
        info["rules"] = rules
            .iter()
            .map(|rule| json!({ "id": rule.id(), "severity": rule.severity(), "summary": rule.summary() }))
            .collect();
        if let Some(facts) = &facts {
            info["component"] = facts_json(facts);
        }
        output::json(&info)?;
        return Ok(Outcome::Clean);
    }
    let mut out = std::io::stdout().lock();
    let name = visible(&entry.name);
    writeln!(out, "{name}: {}", description.summary)?;
    writeln!(out, "  kind        {}", entry.kind.as_str())?;
    writeln!(out, "  version     {}", description.version.as_deref().unwrap_or("-"))?;
    writeln!(out, "  can         {}", abilities.words().join(", "))?;
    if abilities.renders {
        writeln!(out, "  writes      .{} ({})", description.file_extension, description.media_types.join(", "))?;
    }
    writeln!(out, "  comes from  {}", visible(&entry.origin.to_string()))?;
    if description.name != entry.name {
        writeln!(out, "  calls itself {}", description.name)?;
    }
    if entry.origin != Origin::BuiltIn {
        let pinned = if pinned { "yes, by spec-engine.lock" } else { "no; `spec-engine plugins add` pins it" };
        writeln!(out, "  pinned      {pinned}")?;
    }
    if let Some(facts) = &facts {
        print_facts(&mut out, facts)?;
    }
    if !rules.is_empty() {
        writeln!(out, "\nRules, which `spec-engine validate` asks; `spec-engine rules explain ID` tells more:")?;
        for rule in &rules {
            writeln!(out, "  {}  {}  {}", rule.id(), rule.severity(), rule.summary())?;
        }
    }
    if abilities.imports {
        writeln!(out, "\nImport with it: spec-engine import {name} FILE")?;
    }
    if abilities.renders || abilities.imports {
        writeln!(out, "\nOptions, set with --set KEY=VALUE:")?;
        print_options(&mut out, &options)?;
    }
    Ok(Outcome::Clean)
}

/// Says whether the lock of the project has the file of a renderer.
fn is_pinned(entry: &Entry, project: &Project) -> anyhow::Result<bool> {
    let Some(path) = entry.origin.path() else { return Ok(false) };
    Ok(Lock::read(project)?.pin(project, path).is_some())
}

fn facts_json(facts: &Facts) -> Value {
    json!({
        "contract": facts.contract,
        "sha256": facts.sha256,
        "size": facts.size,
        "imports": facts.imports,
        "compiled": match facts.code {
            Code::Shipped => json!("ahead of time"),
            Code::Cached(since) => json!(time(since)),
            Code::Compiled => Value::Null,
        },
    })
}

fn print_facts(out: &mut impl std::io::Write, facts: &Facts) -> std::io::Result<()> {
    writeln!(out, "  contract    spec-engine:plugin@{}", facts.contract)?;
    let size = usize::try_from(facts.size).unwrap_or(usize::MAX);
    writeln!(out, "  size        {} bytes", report::number(size))?;
    writeln!(out, "  sha256      {}", facts.sha256)?;
    match facts.code {
        Code::Shipped => writeln!(out, "  compiled    ahead of time, with spec-engine")?,
        Code::Cached(since) => writeln!(out, "  compiled    {}, kept in the cache", time(since))?,
        Code::Compiled => writeln!(out, "  compiled    now")?,
    }
    let (wasi, own): (Vec<_>, Vec<_>) = facts.imports.iter().partition(|import| import.starts_with("wasi:"));
    writeln!(out, "  imports     {}", if own.is_empty() { "nothing".to_owned() } else { join(&own) })?;
    if !wasi.is_empty() {
        writeln!(out, "  asks WASI   {}", join(&wasi))?;
        writeln!(
            out,
            "              for which it gets no files, no network, a clock that stands still and a fixed sequence"
        )?;
    }
    Ok(())
}

fn join(names: &[&String]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("\n              ")
}

fn time(time: std::time::SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
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
