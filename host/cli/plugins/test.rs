//! `plugins test`: tries a plugin on systems of every kind, or on files of none, before its users do.

mod abilities;
pub(crate) mod fixtures;
mod samples;
mod snapshots;
mod trial;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use spec_engine::limits::{ComponentLimits, LimitTable as _};
use spec_engine::plugin::Abilities;
use spec_engine::project::Project;
use spec_engine::text::visible;
use spec_engine::wasm::Usage;

use self::samples::Samples;
use self::snapshots::Snapshots;
use self::trial::Trial;
use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::session;

/// Test plugins on systems of every kind and on samples of yours: that they draw, check or import them, twice the same,
/// with every option, within the limits.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins test
  spec-engine plugins test ./dist/my-inventory.wasm --update
  spec-engine plugins test ./dist/my-importer.wasm --input topology.xml

Exit status: 0 it passes, 1 it fails, 2 it could not be tested.")]
pub(super) struct Arguments {
    /// Plugins: paths, or names that `plugins list` shows. Without any: those in dist/, in
    /// target/wasm32-unknown-unknown/release/ or here.
    plugins: Vec<String>,
    /// A sample: for an importer a file, or a folder with the files of one import; else a document. Without it: each file
    /// and folder in samples/.
    #[arg(long = "input", value_name = "FILE|FOLDER")]
    inputs: Vec<PathBuf>,
    /// Write what it makes now as snapshots.
    #[arg(long)]
    update: bool,
    /// Where the snapshots are.
    #[arg(long, value_name = "FOLDER", default_value = SNAPSHOTS)]
    snapshots: PathBuf,
    #[command(flatten)]
    sources: PluginArguments,
}

/// The folder of the snapshots where nobody names another.
const SNAPSHOTS: &str = "snapshots";

/// Where builds leave a plugin: folders that are looked into where nobody names one.
const BUILDS: [&str; 3] = ["dist", "target/wasm32-unknown-unknown/release", "."];

/// Tests plugins.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut plugins = arguments.plugins.clone();
    if plugins.is_empty() {
        plugins = built().iter().map(|path| format!("./{}", path.display())).collect();
    }
    if plugins.is_empty() {
        let looked = BUILDS.map(|folder| format!("{folder}/")).join(", ");
        let failure = Failure::new(format!("there is no plugin to test: looked for .wasm and .tera files in {looked}"));
        return Err(failure.help("build it, or name it: spec-engine plugins test PATH"));
    }
    if arguments.snapshots == Path::new(SNAPSHOTS) {
        // What is there is replaced: a link that only lies here must not say what.
        Project::in_folder("").check_inside(&arguments.snapshots)?;
    }
    let samples = Samples::read(&arguments.inputs)?;
    let mut outcome = Outcome::Clean;
    for plugin in &plugins {
        if test(arguments, plugin, &samples)? == Outcome::Findings {
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

/// Tests one plugin, and prints what passed and what failed.
fn test(arguments: &Arguments, asked: &str, samples: &Samples) -> Result<Outcome> {
    let used = Arc::<Mutex<Vec<Usage>>>::default();
    let builder = arguments.sources.engine(Project::find(Path::new("."))?);
    let builder = {
        let (used, stats) = (Arc::clone(&used), arguments.sources.stats);
        builder.on_use(Arc::new(move |name, origin, usage| {
            if stats {
                session::eprint_usage(name, origin, usage);
            }
            used.lock().unwrap_or_else(PoisonError::into_inner).push(usage);
        }))
    };
    let (engine, name) = session::with_plugin(builder, Some(asked))?;
    let plugin = engine.plugins().find(&name.unwrap_or_default())?;
    let (description, abilities) = (plugin.description()?, plugin.abilities()?);
    let mut out = std::io::stdout().lock();
    let version = description.version.as_deref().unwrap_or("-");
    writeln!(out, "{} ({}, {})", visible(&plugin.name), plugin.kind.as_str(), visible(version))?;
    let (trial, wrong) = Trial::new(&engine, plugin, abilities, samples);
    let mut results = vec![trial.description()];
    results.extend(wrong.map(Err));
    if abilities.renders {
        results.extend([trial.systems(), trial.settings()]);
    }
    if let Some(component) = plugin.component()? {
        results.extend(abilities.has_rules.then(|| trial.rules(component)));
        if abilities.imports {
            results.extend([trial.imports(component), trial.samples(component)]);
        }
    }
    if abilities.renders || !trial.imports.is_empty() {
        let snapshots = Snapshots::of(&arguments.snapshots, &plugin.name);
        results.push(if arguments.update { snapshots.update(&trial) } else { snapshots.compare(&trial) });
    }
    if let Some(component) = plugin.component()? {
        let used = used.lock().unwrap_or_else(PoisonError::into_inner);
        results.push(Ok(head_room(component.limits(), abilities, &used)));
    }
    let mut outcome = Outcome::Clean;
    for result in results {
        match result {
            Ok(fact) => writeln!(out, "  ok      {fact}")?,
            Err(fault) => {
                outcome = Outcome::Findings;
                writeln!(out, "  FAILED  {}", fault.replace('\n', "\n          "))?;
            }
        }
    }
    Ok(outcome)
}

/// The plugins that a build has left here: of the first folder that has some.
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

/// How near the limits of its work it came.
fn head_room(limits: &ComponentLimits, abilities: Abilities, used: &[Usage]) -> String {
    let fuel = used.iter().map(|used| used.fuel).max().unwrap_or_default();
    let memory = used.iter().map(|used| used.memory).max().unwrap_or_default();
    let works_on_documents = abilities.renders || abilities.has_rules;
    let [of_fuel, of_memory] = if works_on_documents {
        [("fuel", limits.fuel), ("memory", limits.memory)]
    } else {
        [("import-fuel", limits.import_fuel), ("import-memory", limits.import_memory)]
    };
    let part = |used: u64, (key, most): (&str, u64)| {
        let limit = ComponentLimits::ROWS.iter().find(|limit| limit.key == key);
        let shown = limit.map_or_else(|| most.to_string(), |limit| limit.unit.show(most));
        (percent(used, most), shown)
    };
    let ((fuel, most_fuel), (memory, most_memory)) = (part(fuel, of_fuel), part(memory, of_memory));
    format!(
        "at most {fuel:.0}% of the limit `{}` ({most_fuel}) and {memory:.0}% of `{}` ({most_memory})",
        of_fuel.0, of_memory.0
    )
}

fn percent(used: u64, limit: u64) -> f64 {
    used as f64 / limit as f64 * 100.0
}
