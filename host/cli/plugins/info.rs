//! `plugins info`: what a plugin is, what it can do, its options, what it imports.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::{Map as Object, Value, json};

use spec_engine::options;
use spec_engine::project::{Lock, Project};
use spec_engine::registry::{Origin, Plugin};
use spec_engine::rules::Rule as _;
use spec_engine::source::Source;
use spec_engine::text::{number, visible};
use spec_engine::wasm::{CodeOrigin, Component, ComponentInfo, ComponentRule};

use super::list::Row;
use crate::arguments::{PluginArguments, TextOrJson};
use crate::failure::{Result, origin};
use crate::outcome::Outcome;
use crate::output;

/// Show a plugin: what it can do, its options, what it imports.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The plugin: a name that `plugins list` shows, or a path.
    plugin: String,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: TextOrJson,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// Prints what is known of a plugin.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = Project::find(Path::new("."))?;
    let (engine, name) = arguments.plugins.engine_with(project, Some(&arguments.plugin))?;
    let plugin = engine.plugins().find(&name.unwrap_or_default())?;
    let info = Info::of(plugin, engine.project())?;
    match arguments.output {
        TextOrJson::Json => output::json(&info.json()?)?,
        TextOrJson::Text => info.print(&mut std::io::stdout().lock())?,
    }
    Ok(Outcome::Clean)
}

/// What is known of a plugin.
struct Info<'a> {
    plugin: &'a Plugin,
    options: Object<String, Value>,
    rules: Vec<ComponentRule>,
    component: Option<ComponentInfo>,
    is_pinned: bool,
}

impl<'a> Info<'a> {
    fn of(plugin: &'a Plugin, project: &Project) -> Result<Self> {
        let is_pinned = is_pinned(plugin, project)?;
        let schema = &plugin.description()?.options;
        let options = match plugin.abilities()?.renders {
            true => options::properties(schema),
            false => schema["properties"].as_object().cloned().unwrap_or_default(),
        };
        let source = Arc::new(Source::new(&plugin.name, Vec::new()));
        let component = plugin.component()?;
        let rules = component.map(|component| ComponentRule::all(component, &source)).unwrap_or_default();
        Ok(Self { plugin, options, rules, component: component.map(Component::info), is_pinned })
    }

    fn json(&self) -> Result<Value> {
        let mut info = serde_json::to_value(Row::of(self.plugin, &[])).map_err(std::io::Error::from)?;
        info["mediaTypes"] = self.plugin.description()?.media_types.clone().into();
        info["options"] = Value::Object(self.options.clone());
        info["pinned"] = self.is_pinned.into();
        let rule = |rule: &ComponentRule| {
            json!({ "id": rule.id(), "severity": rule.severity(), "summary": rule.summary() })
        };
        info["rules"] = self.rules.iter().map(rule).collect();
        if let Some(component) = &self.component {
            info["component"] = component_json(component);
        }
        Ok(info)
    }

    fn print(&self, out: &mut impl std::io::Write) -> Result<()> {
        let (plugin, description) = (self.plugin, self.plugin.description()?);
        let (name, abilities) = (visible(&plugin.name), plugin.abilities()?);
        writeln!(out, "{name}: {}", description.summary)?;
        writeln!(out, "  kind        {}", plugin.kind.as_str())?;
        writeln!(out, "  version     {}", description.version.as_deref().unwrap_or("-"))?;
        writeln!(out, "  can         {}", abilities.words().join(", "))?;
        if abilities.renders {
            writeln!(out, "  writes      .{} ({})", description.file_extension, description.media_types.join(", "))?;
        }
        writeln!(out, "  comes from  {}", visible(&origin(&plugin.origin)))?;
        if description.name != plugin.name {
            writeln!(out, "  calls itself {}", description.name)?;
        }
        if plugin.origin != Origin::BuiltIn {
            let pinned =
                if self.is_pinned { "yes, by spec-engine.lock" } else { "no; `spec-engine plugins add` pins it" };
            writeln!(out, "  pinned      {pinned}")?;
        }
        if let Some(component) = &self.component {
            print_component(out, component)?;
        }
        if !self.rules.is_empty() {
            writeln!(out, "\nRules, which `spec-engine validate` runs; `spec-engine rules explain ID` explains one:")?;
            for rule in &self.rules {
                writeln!(out, "  {}  {}  {}", rule.id(), rule.severity(), rule.summary())?;
            }
        }
        if abilities.imports {
            writeln!(out, "\nImport with it: spec-engine import {name} FILE")?;
        }
        if abilities.renders || abilities.imports {
            writeln!(out, "\nOptions, set with --set KEY=VALUE:")?;
            print_options(out, &self.options)?;
        }
        Ok(())
    }
}

/// Whether the lock of the project has the file of a plugin.
fn is_pinned(plugin: &Plugin, project: &Project) -> Result<bool> {
    let Some(path) = plugin.origin.path() else { return Ok(false) };
    Ok(Lock::read(project)?.pin(project, path).is_some())
}

fn component_json(component: &ComponentInfo) -> Value {
    json!({
        "contract": component.contract,
        "sha256": component.sha256,
        "size": component.size,
        "imports": component.imports,
        "compiled": match component.origin {
            CodeOrigin::Shipped => json!("ahead of time"),
            CodeOrigin::Cached(since) => json!(time(since)),
            CodeOrigin::Compiled => Value::Null,
        },
    })
}

fn print_component(out: &mut impl std::io::Write, component: &ComponentInfo) -> std::io::Result<()> {
    writeln!(out, "  contract    spec-engine:plugin@{}", component.contract)?;
    let size = usize::try_from(component.size).unwrap_or(usize::MAX);
    writeln!(out, "  size        {} bytes", number(size))?;
    writeln!(out, "  sha256      {}", component.sha256)?;
    match component.origin {
        CodeOrigin::Shipped => writeln!(out, "  compiled    ahead of time, with spec-engine")?,
        CodeOrigin::Cached(since) => writeln!(out, "  compiled    {}, in the cache", time(since))?,
        CodeOrigin::Compiled => writeln!(out, "  compiled    now")?,
    }
    let (wasi, own): (Vec<_>, Vec<_>) = component.imports.iter().partition(|import| import.starts_with("wasi:"));
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
