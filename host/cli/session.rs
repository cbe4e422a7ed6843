//! The engine of a command: with the user's folders, and with the log, the use and the progress of components on standard
//! error.

use std::any::Any;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use etcetera::BaseStrategy as _;

use spec_engine::engine::{Engine, EngineBuilder, Trust, is_plugin_path};
use spec_engine::project::{Project, RaisedLimit};
use spec_engine::script::{PrintHook, PrintedLine};
use spec_engine::text::{number, visible};
use spec_engine::wasm::{CodeOrigin, Usage};

use crate::arguments::{PluginArguments, RuleArguments};
use crate::failure::Result;
use crate::progress::Progress;
use crate::trust::{self, TrustStore};
use crate::{compiler, report};

impl PluginArguments {
    /// Starts an engine for a project, with what these arguments and the user's folders add.
    pub fn engine(&self, project: Project) -> EngineBuilder {
        let trust = self.trusted(&project);
        configure(self, Engine::builder().project(project).trust(trust))
    }

    /// The components of a project that run though its lock does not pin them.
    fn trusted(&self, project: &Project) -> Trust {
        if self.trust || trust::is_everything_trusted() {
            return Trust::everything();
        }
        if project.folder.is_none() {
            return Trust::default();
        }
        TrustStore::read().map(|store| store.of(project)).unwrap_or_else(|failure| {
            // Where standard error is closed there is nobody to tell.
            let _ = report::warning(&failure.message);
            Trust::default()
        })
    }

    /// Makes an engine for a project, and finds the name of the plugin that was asked for. Where that is a path, the
    /// plugin there comes first.
    pub fn engine_with(&self, project: Project, asked: Option<&str>) -> Result<(Engine, Option<String>)> {
        with_plugin(self.engine(project), asked)
    }
}

impl RuleArguments {
    /// Starts an engine for a project, with what these arguments add.
    pub fn engine(&self, project: Project) -> EngineBuilder {
        let mut builder = self.plugins.engine(project);
        builder = self.rules.iter().fold(builder, EngineBuilder::rules);
        for (rule, setting) in &self.severities {
            builder = builder.severity(rule, *setting);
        }
        for (key, value) in &self.limits {
            builder = builder.script_limit(key, value);
        }
        builder
    }
}

/// Makes an engine, and finds the name of the plugin that was asked for. Where that is a path, the plugin there comes
/// first.
pub(crate) fn with_plugin(builder: EngineBuilder, asked: Option<&str>) -> Result<(Engine, Option<String>)> {
    let path = asked.filter(|asked| is_plugin_path(asked));
    let engine = build(path.into_iter().fold(builder, EngineBuilder::plugin))?;
    let name = engine.named_plugins().first().filter(|_| path.is_some()).cloned();
    Ok((engine, name.or(asked.map(str::to_owned))))
}

/// Adds what the arguments say of plugins, and the user's folders.
fn configure(arguments: &PluginArguments, builder: EngineBuilder) -> EngineBuilder {
    let mut builder = arguments.folders.iter().fold(builder, EngineBuilder::plugin_folder);
    for (key, value) in &arguments.limits {
        builder = builder.limit(key, value);
    }
    if let Some(folder) = user_folder() {
        builder = builder.user_folder(folder);
    }
    if let Some(folder) = cache_folder().filter(|_| !arguments.no_cache) {
        builder = builder.cache(folder);
    }
    if arguments.verbose {
        builder = builder.on_log(Arc::new(eprint_log)).on_print(PrintHook::new(eprint_printed));
    }
    if arguments.stats {
        builder = builder.on_use(Arc::new(eprint_usage));
    }
    builder.compile_with(Box::new(compiler::command)).on_compile(Box::new(|name| -> Box<dyn Any> {
        Box::new(Progress::start(format!("compiling the plugin {name}")))
    }))
}

/// Makes the engine, and prints its warnings.
pub(crate) fn build(builder: EngineBuilder) -> Result<Engine> {
    let engine = builder.build()?;
    for slip in engine.warnings() {
        let (section, meant) = (visible(&slip.plugin), slip.suggestion.as_deref().unwrap_or_default());
        report::warning(&format!("[limits.{section}] of the project file: did you mean `{meant}`?"))?;
    }
    for RaisedLimit { section, plugin, key, asked, allowed } in engine.raised_limits() {
        let owner = plugin.as_ref().map(|plugin| format!("{plugin}.")).unwrap_or_default();
        let option = if section == "rule-limits" { "--rule-limit" } else { "--limit" };
        let (section, owner) = (visible(section), visible(&owner));
        report::warning(&format!(
            "[{section}] of the project file asks for {key} = {asked}, and gets {allowed}: a project can only lower a \
             limit; to raise it, use {option} {owner}{key}={asked}, or [{section}] in your limits.toml"
        ))?;
    }
    Ok(engine)
}

/// The folder of the user's configuration.
pub(crate) fn user_folder() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("spec-engine"))
}

/// The folder of compiled components.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("spec-engine"))
}

/// Shows what a call of a component used.
pub(crate) fn eprint_usage(name: &str, origin: CodeOrigin, usage: Usage) {
    let origin = match origin {
        CodeOrigin::Shipped => "compiled ahead of time",
        CodeOrigin::Cached(_) => "from the cache",
        CodeOrigin::Compiled => "compiled now",
    };
    let fuel = number(usize::try_from(usage.fuel).unwrap_or(usize::MAX));
    let memory = usage.memory as f64 / f64::from(1 << 20);
    let time = usage.time.as_secs_f64() * 1e3;
    // Where standard error is closed there is nobody to show it to.
    let _ = writeln!(std::io::stderr(), "{name}: {fuel} fuel, {memory:.1} MiB of memory, {time:.1} ms, {origin}");
}

/// Shows what a scripted rule has printed.
fn eprint_printed(rule: &str, lines: &[PrintedLine]) {
    let mut err = std::io::stderr().lock();
    for line in lines {
        // Where standard error is closed there is nobody to show it to.
        let _ = writeln!(err, "{}: {}", visible(rule), visible(&line.to_string()));
    }
}

/// Shows the log of a component.
fn eprint_log(name: &str, log: &str) {
    let mut err = std::io::stderr().lock();
    for line in log.lines() {
        // Where standard error is closed there is nobody to show it to.
        let _ = writeln!(err, "{name}: {}", visible(line));
    }
}
