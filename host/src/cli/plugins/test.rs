//! `plugins test`: tries a plugin on systems of every kind, or on files of none, before its users do.

mod abilities;
mod fixtures;
mod snapshots;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use self::fixtures::Fixture;
use self::snapshots::Snapshots;
use crate::cli::args::TestArguments;
use crate::cli::project::Project;
use crate::cli::{Failure, Outcome, discover};
use crate::graph::Graph;
use crate::options;
use crate::quantity::show;
use crate::render::registry::{Entry, Registry};
use crate::render::{Output, Renderer};
use crate::text::visible;
use crate::wasm::{Abilities, Component, Used};

/// Where builds leave a plugin: folders that are looked into where nobody names one.
const BUILDS: [&str; 3] = ["dist", "target/wasm32-unknown-unknown/release", "."];

/// Tests plugins.
pub(super) fn run(arguments: &TestArguments, project: &Project) -> anyhow::Result<Outcome> {
    let mut plugins = arguments.plugins.clone();
    if plugins.is_empty() {
        plugins = built().iter().map(|path| format!("./{}", path.display())).collect();
    }
    if plugins.is_empty() {
        let looked = BUILDS.map(|folder| format!("{folder}/")).join(", ");
        let failure = Failure::new(format!("there is no plugin to test: looked for .wasm and .tera files in {looked}"));
        return Err(failure.help("build it, or name it: spec-engine plugins test PATH").into());
    }
    let mut outcome = Outcome::Clean;
    for plugin in &plugins {
        let used = Arc::<Mutex<Vec<Used>>>::default();
        let (registry, name) = {
            let used = Arc::clone(&used);
            let stats = arguments.sources.stats;
            let note = move |name: &str, code, one| {
                if stats {
                    discover::eprint_use(name, code, one);
                }
                used.lock().unwrap_or_else(PoisonError::into_inner).push(one);
            };
            discover::measured_registry(&arguments.sources, project, Some(plugin), note)?
        };
        let entry = registry.find(&name.unwrap_or_default()).map_err(Failure::from)?;
        let renderer = entry.plugin().map_err(Failure::from)?;
        let description = renderer.description();
        let abilities = renderer.component().map_or(Abilities::RENDERS, Component::abilities);
        let version = description.version.as_deref().unwrap_or("-");
        println!("{} ({}, {})", visible(&entry.name), entry.kind.as_str(), visible(version));
        let trial = Trial { registry: &registry, entry, renderer };
        let mut results = vec![trial.description()];
        if abilities.renders {
            results.extend([trial.systems(), trial.settings()]);
            results.push(Snapshots::of(&arguments.snapshots, &entry.name).check(&trial, arguments.update)?);
        }
        if let Some(component) = renderer.component() {
            results.extend(abilities.has_rules.then(|| trial.rules(component)));
            results.extend(abilities.imports.then(|| trial.imports(component)));
        }
        results.extend(trial.head_room(&used.lock().unwrap_or_else(PoisonError::into_inner)));
        for result in results {
            match result {
                Ok(fact) => println!("  ok      {fact}"),
                Err(fault) => {
                    outcome = Outcome::Findings;
                    println!("  FAILED  {}", fault.replace('\n', "\n          "));
                }
            }
        }
    }
    Ok(outcome)
}

/// Returns the plugins that a build has left here: of the first folder that has some.
fn built() -> Vec<PathBuf> {
    for folder in BUILDS {
        let is_plugin = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            path.is_file() && !name.starts_with('_') && (name.ends_with(".wasm") || name.ends_with(".tera"))
        };
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(is_plugin)
            .collect();
        found.sort();
        if !found.is_empty() {
            return found.iter().map(|path| path.strip_prefix(".").unwrap_or(path).to_owned()).collect();
        }
    }
    Vec::new()
}

/// What is right, or what is not.
type Verdict = Result<String, String>;

/// A plugin on trial.
struct Trial<'a> {
    registry: &'a Registry,
    entry: &'a Entry,
    renderer: &'a dyn Renderer,
}

impl Trial<'_> {
    /// It says the same of itself each time, and nothing that hides something.
    fn description(&self) -> Verdict {
        let description = self.renderer.description();
        // Cargo writes the hyphens of a name as underscores.
        if description.name != self.entry.name.replace('_', "-") {
            return Err(format!(
                "it calls itself `{}` and its file `{}`: users know it by its file",
                visible(&description.name),
                self.entry.name
            ));
        }
        if description.summary.trim().is_empty() {
            return Err("it has no summary: `plugins list` has nothing to show".to_owned());
        }
        if let Some(component) = self.renderer.component() {
            let again = component.describe().map_err(|error| error.message)?;
            let [first, second] = [description, &again].map(|one| serde_json::to_value(one).unwrap_or_default());
            if first != second {
                return Err("it does not describe itself the same way twice".to_owned());
            }
        }
        Ok("describes itself".to_owned())
    }

    /// Every system is drawn, and twice the same.
    fn systems(&self) -> Verdict {
        let mut names = Vec::new();
        for fixture in fixtures::all() {
            let first = self.render(&fixture, &[])?;
            if first != self.render(&fixture, &[])? {
                return Err(format!("{}: two runs differ", fixture.name));
            }
            check_text(&fixture, &first)?;
            names.push(fixture.name);
        }
        Ok(format!("renders {} systems, twice the same: {}", names.len(), names.join(", ")))
    }

    /// Every value that an option names can be set.
    fn settings(&self) -> Verdict {
        let fixture = fixtures::small();
        let mut count = 0;
        let properties = options::properties(&self.renderer.description().options);
        for (name, property) in &properties {
            for value in values(property) {
                let shown = value.to_string();
                self.render(&fixture, &[(name.clone(), value)])
                    .map_err(|fault| format!("--set {name}={shown}: {fault}"))?;
                count += 1;
            }
        }
        Ok(format!("takes {count} settings of {} options", properties.len()))
    }

    /// Says how near the limits it came.
    fn head_room(&self, used: &[Used]) -> Option<Verdict> {
        let limits = self.renderer.component()?.limits();
        let fuel = used.iter().map(|used| used.fuel).max().unwrap_or_default();
        let memory = used.iter().map(|used| used.memory).max().unwrap_or_default();
        Some(Ok(format!(
            "at most {:.0}% of the limit `fuel` ({}) and {:.0}% of `memory` ({})",
            percent(fuel, limits.fuel),
            show(limits.fuel, 1000),
            percent(memory, limits.memory),
            show(limits.memory, 1024)
        )))
    }

    fn render(&self, fixture: &Fixture, settings: &[(String, Value)]) -> Result<Output, String> {
        let graph = Graph::of(&fixture.system);
        let output = self.registry.render(self.entry, graph, settings).map_err(|error| {
            let details = error.details.map(|details| format!("\n{}", details.trim_end())).unwrap_or_default();
            format!("{}: {}{details}", fixture.name, error.message)
        })?;
        if output.artifacts.is_empty() {
            let why = output.diagnostics.first().map_or("it says nothing of it", |first| first.message.as_str());
            return Err(format!("{}: it made no file: {}", fixture.name, visible(why)));
        }
        Ok(output)
    }
}

/// Checks that what says it is text is text.
fn check_text(fixture: &Fixture, output: &Output) -> Result<(), String> {
    for artifact in &output.artifacts {
        let media_type = artifact.media_type.as_str();
        let is_text = media_type.starts_with("text/") || media_type.ends_with("json") || media_type.ends_with("xml");
        if is_text && std::str::from_utf8(&artifact.content).is_err() {
            return Err(format!("{}: {} is {media_type} and no UTF-8", fixture.name, artifact.path));
        }
    }
    Ok(())
}

/// Returns the values to try of an option: all that it names, both ends of what it allows.
fn values(property: &Value) -> Vec<Value> {
    let mut values: Vec<Value> = property["enum"].as_array().cloned().unwrap_or_default();
    if property["type"] == "boolean" {
        values.extend([true.into(), false.into()]);
    }
    values.extend(["minimum", "maximum", "default"].iter().filter_map(|word| property.get(*word).cloned()));
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.to_string()));
    values
}

fn percent(used: u64, limit: u64) -> f64 {
    used as f64 / limit as f64 * 100.0
}

/// Returns a path as it is shown and stored: with forward slashes.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
