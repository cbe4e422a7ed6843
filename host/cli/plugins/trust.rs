//! `plugins trust`: lets components of a project run that its lock does not pin, as they are now.

use std::io::Write as _;
use std::path::Path;

use clap::Args;

use spec_engine::engine::Engine;
use spec_engine::file;
use spec_engine::limits::ComponentLimits;
use spec_engine::plugin::PluginError;
use spec_engine::project::{Lock, Project};
use spec_engine::registry::Plugin;
use spec_engine::text::{quote, visible};
use spec_engine::wasm::sha256;

use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::trust::TrustStore;

/// Trust components of the project that spec-engine.lock does not pin, as they are now.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins trust
  spec-engine plugins trust inventory
  spec-engine plugins trust --forget

A component of a project runs if spec-engine.lock pins it, or you trust it, here, once. When its file changes, it does
not run until you trust it again. Where nobody can be asked, as in CI, pin it with `plugins add`, or trust all of them
with --trust or SPEC_ENGINE_TRUST=1.")]
pub(super) struct Arguments {
    /// Components of the project, by name. Without any: all.
    names: Vec<String>,
    /// Trust none of this project any more.
    #[arg(long, conflicts_with = "names")]
    forget: bool,
}

/// Keeps what each component of the project is now.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = Project::find(Path::new("."))?;
    let lock = Lock::read(&project)?;
    let mut store = TrustStore::read()?;
    let mut out = std::io::stdout().lock();
    if arguments.forget {
        let what = if store.forget(&project) { "nothing of this project is trusted any more" } else { "nothing was trusted" };
        store.write()?;
        writeln!(out, "{what}")?;
        return Ok(Outcome::Clean);
    }
    // This engine trusts nothing, so that nothing runs while it looks.
    let engine = Engine::builder().project(project).build()?;
    let project = engine.project();
    let plugins = engine.plugins().list().into_iter().flat_map(|(plugin, shadowed)| [vec![plugin], shadowed].concat());
    let untrusted: Vec<&Plugin> = plugins.filter(|plugin| is_untrusted(plugin, project, &lock)).collect();
    if let Some(name) = arguments.names.iter().find(|name| untrusted.iter().all(|plugin| plugin.name != **name)) {
        let failure = Failure::new(format!("the project has no component {} that is to be trusted", quote(name)));
        return Err(failure.help("`spec-engine plugins list` shows every plugin, and which cannot be used"));
    }
    let mut trusted = 0;
    for plugin in untrusted.iter().filter(|plugin| arguments.names.is_empty() || arguments.names.contains(&plugin.name)) {
        let Some(path) = plugin.origin.path() else { continue };
        let bytes = file::read(path, ComponentLimits::default().component_size);
        let bytes = bytes.map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
        let sum = sha256(&bytes);
        store.add(project, path, &sum)?;
        trusted += 1;
        writeln!(out, "trusted {}: {}  sha256:{sum}", visible(&plugin.name), visible(&path.display().to_string()))?;
    }
    if trusted == 0 {
        writeln!(out, "there is nothing to trust: every component of the project is pinned")?;
        return Ok(Outcome::Clean);
    }
    store.write()?;
    Ok(Outcome::Clean)
}

/// Whether a plugin is a component of the project that nobody vouches for. What is pinned is not looked at.
fn is_untrusted(plugin: &Plugin, project: &Project, lock: &Lock) -> bool {
    let is_pinned = plugin.origin.path().is_none_or(|path| lock.pin(project, path).is_some());
    !is_pinned && matches!(plugin.component(), Err(PluginError::NotTrusted { .. }))
}
