//! The component host: a WebAssembly component becomes a [`Renderer`], [rules](crate::rules::Rule), or an importer.
//!
//! A guest gets a fresh store for each call, with limits on everything that it can use up, and nothing but what the
//! contract in `wit/` gives it. Shipped and third-party components take the same path; only where their compiled form
//! comes from differs.

mod abilities;
mod artifacts;
mod cache;
mod call;
mod componentize;
mod config;
mod contract;
mod description;
mod import;
mod limits;
mod rule;
mod shipped;
mod stamp;
mod v0_1;
mod wasi;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use crate::graph::Graph;
use crate::render::{Description, Output, PluginError, Renderer};
use crate::source::Source;
use call::Call;
use contract::Form;
use description::{RuleDescription, Said};
use limits::Passed;

pub use abilities::Abilities;
pub use cache::{Cache, Kept, sha256};
pub use call::Used;
pub use config::WASM_STACK;
pub use import::{File as ImportFile, Imported, Remark};
pub use limits::Limits;
pub use rule::ComponentRule;
pub use shipped::{SHIPPED, Shipped};
pub use stamp::Stamp;

/// Loads components. One a process is enough.
pub struct Host {
    /// Made when the first component is loaded: most runs of the command line load none.
    engine: OnceLock<Result<Engine, PluginError>>,
    limits: LimitsOf,
    cache: Cache,
    on_compile: Box<dyn Fn(&str) + Send + Sync>,
    on_log: LogHook,
    on_use: UseHook,
}

/// Returns the limits of a plugin, by its name.
type LimitsOf = Box<dyn Fn(&str) -> Limits + Send + Sync>;

/// Takes the name of a plugin and what it logged in a call that went well.
type LogHook = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// Takes the name of a plugin, where its compiled code came from, and what a call used.
type UseHook = Arc<dyn Fn(&str, Code, Used) + Send + Sync>;

/// Says where the compiled code of a component came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// It ships, compiled ahead of time.
    Shipped,
    /// It was in the cache since then.
    Cached(SystemTime),
    /// It was compiled now.
    Compiled,
}

/// A component that is to be loaded.
pub struct Wanted<'a> {
    /// What messages call it.
    pub name: &'a str,
    /// What its file looks like from outside. Where the cache knows a file that looks so, it is not read again.
    pub stamp: Option<&'a Stamp>,
    /// The SHA-256 that it has to have, in hexadecimal.
    pub pinned: Option<&'a str>,
    /// Reads it, but no more than so many bytes.
    pub read: &'a dyn Fn(u64) -> Result<Vec<u8>, PluginError>,
}

impl Host {
    /// Makes a host. It costs nothing until it loads a component.
    pub fn new(limits: Limits, cache: Cache) -> Self {
        Self {
            engine: OnceLock::new(),
            limits: Box::new(move |_| limits.clone()),
            cache,
            on_compile: Box::new(|_| {}),
            on_log: Arc::new(|_, _| {}),
            on_use: Arc::new(|_, _, _| {}),
        }
    }

    /// Returns the engine.
    ///
    /// # Errors
    /// When this machine cannot run WebAssembly, as with a processor that wasmtime does not know.
    fn engine(&self) -> Result<&Engine, PluginError> {
        let made = self.engine.get_or_init(|| {
            Engine::new(&config::config()).map_err(|why| PluginError {
                message: format!("WebAssembly cannot run on this machine: {}", why.root_cause()),
                details: Some(format!("{why:?}")),
                help: Some("use a template renderer instead".to_owned()),
            })
        });
        made.as_ref().map_err(PluginError::clone)
    }

    /// Gives each plugin limits of its own.
    #[must_use]
    pub fn limits_of(mut self, limits: impl Fn(&str) -> Limits + Send + Sync + 'static) -> Self {
        self.limits = Box::new(limits);
        self
    }

    /// Calls a function with the name of a plugin before that is compiled, which can take seconds.
    #[must_use]
    pub fn on_compile(mut self, hook: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_compile = Box::new(hook);
        self
    }

    /// Calls a function with the name of a plugin and its log after each call that went well and logged something.
    /// What a failed call logged is in [`PluginError::details`].
    #[must_use]
    pub fn on_log(mut self, hook: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        self.on_log = Arc::new(hook);
        self
    }

    /// Calls a function after each call of a plugin that did some work, whether it went well or not, with what it used.
    #[must_use]
    pub fn on_use(mut self, hook: impl Fn(&str, Code, Used) + Send + Sync + 'static) -> Self {
        self.on_use = Arc::new(hook);
        self
    }

    /// Returns the cache.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Loads a component that ships.
    ///
    /// # Errors
    /// None is expected of what ships; those of [`Host::load`].
    pub fn load_shipped(&self, shipped: &Shipped) -> Result<Component, PluginError> {
        let file = File { sha256: shipped.sha256.to_owned(), size: shipped.wasm.len() as u64 };
        match deserialize(self.engine()?, Precompiled::Shipped(shipped)) {
            Ok(compiled) => {
                self.component(shipped.name, &compiled, file, Code::Shipped, None).map(|(component, _)| component)
            }
            Err(_) => self.load(shipped.name, shipped.wasm),
        }
    }

    /// Loads a component, or a core module that wit-bindgen made one of, from its bytes.
    ///
    /// # Errors
    /// As [`Host::load_wanted`].
    pub fn load(&self, name: &str, wasm: &[u8]) -> Result<Component, PluginError> {
        self.load_wanted(&Wanted { name, stamp: None, pinned: None, read: &|_| Ok(wasm.to_vec()) })
    }

    /// Loads a component, or a core module that wit-bindgen made one of, compiled if the cache has it, and asks it what
    /// it is.
    ///
    /// # Errors
    /// When it is not the pinned one, is no component, not one for this contract, asks for what no plugin gets, or
    /// describes itself wrongly; and those of reading it.
    pub fn load_wanted(&self, wanted: &Wanted<'_>) -> Result<Component, PluginError> {
        let name = wanted.name;
        let engine = self.engine()?;
        if let Some(entry) = wanted.stamp.and_then(|stamp| self.cache.recall(engine, stamp))
            && entry.file.size <= (self.limits)(name).component_size
            && let Ok(()) = check_pin(name, wanted.pinned, &entry.file)
            && let Some(component) = self.cached(name, &entry)
        {
            return Ok(component);
        }
        let limits = (self.limits)(name);
        let wasm = read(wanted, &limits)?;
        let form = contract::check_file(name, &wasm, &limits)?;
        let file = File { sha256: cache::sha256(&wasm), size: wasm.len() as u64 };
        check_pin(name, wanted.pinned, &file)?;
        if let Some(entry) = self.cache.get(engine, &file)
            && let Some(component) = self.cached(name, &entry)
        {
            self.remember(wanted.stamp, &entry);
            return Ok(component);
        }
        (self.on_compile)(name);
        let compiled = match form {
            Form::Component => Compiled::from_binary(engine, &wasm),
            Form::Module => Compiled::from_binary(engine, &componentize::componentize(name, &wasm)?),
        };
        let compiled = compiled.map_err(|why| contract::invalid(name, &why))?;
        let (component, said) = self.component(name, &compiled, file.clone(), Code::Compiled, None)?;
        if let Ok(precompiled) = compiled.serialize()
            && let Some(entry) = self.cache.put(engine, name, &file, &precompiled, said)
        {
            self.remember(wanted.stamp, &entry);
        }
        Ok(component)
    }

    /// Says what a component may be able to do, without compiling it: what is not among it, the component cannot do.
    ///
    /// # Errors
    /// When it cannot be read, is not WebAssembly, or is not the pinned one: then nothing is known of what was meant.
    pub fn possible_abilities(&self, wanted: &Wanted<'_>) -> Result<Abilities, PluginError> {
        let engine = self.engine()?;
        if let Some(entry) = wanted.stamp.and_then(|stamp| self.cache.recall(engine, stamp)) {
            check_pin(wanted.name, wanted.pinned, &entry.file)?;
            return Ok(entry.said.abilities);
        }
        let limits = (self.limits)(wanted.name);
        let wasm = read(wanted, &limits)?;
        contract::check_file(wanted.name, &wasm, &limits)?;
        if wanted.pinned.is_some() {
            let file = File { sha256: cache::sha256(&wasm), size: wasm.len() as u64 };
            check_pin(wanted.name, wanted.pinned, &file)?;
        }
        Ok(Abilities::possible(&wasm))
    }

    /// Loads what the cache has, if it can be loaded.
    fn cached(&self, name: &str, entry: &cache::Entry) -> Option<Component> {
        let compiled = deserialize(self.engine().ok()?, Precompiled::Cached(&entry.precompiled)).ok()?;
        let code = Code::Cached(entry.since);
        let loaded = self.component(name, &compiled, entry.file.clone(), code, Some(entry.said.clone()));
        loaded.ok().map(|(component, _)| component)
    }

    fn remember(&self, stamp: Option<&Stamp>, entry: &cache::Entry) {
        if let Some(stamp) = stamp {
            self.cache.remember(stamp, entry);
        }
    }

    /// Links a compiled component, and asks it what it is unless that is known.
    fn component(
        &self,
        name: &str,
        compiled: &Compiled,
        file: File,
        code: Code,
        said: Option<Said>,
    ) -> Result<(Component, Said), PluginError> {
        let engine = self.engine()?;
        let guest = contract::link(name, engine, compiled)?;
        let limits = (self.limits)(name);
        let said = match said {
            Some(said) => said,
            None => describe(name, engine, &limits, &guest)?,
        };
        let (description, rules) = said.clone().check().map_err(|why| PluginError::of(name, &why))?;
        let component = Component {
            name: name.to_owned(),
            engine: engine.clone(),
            limits,
            on_log: Arc::clone(&self.on_log),
            on_use: Arc::clone(&self.on_use),
            guest,
            compiled: compiled.clone(),
            file,
            code,
            description,
            rules,
        };
        Ok((component, said))
    }
}

/// Asks a guest what it is, on fresh instances.
fn describe(name: &str, engine: &Engine, limits: &Limits, guest: &v0_1::Guest) -> Result<Said, PluginError> {
    let (mut store, said) = guest.describe(engine, limits).map_err(|why| not_called(name, &why))?;
    said.map_err(|why| call::failure(name, &mut store, &why))
}

/// Reads a component, of one that is too large only so much that this can be seen.
fn read(wanted: &Wanted<'_>, limits: &Limits) -> Result<Vec<u8>, PluginError> {
    (wanted.read)(limits.component_size.saturating_add(1))
}

/// Names the bytes of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The SHA-256, in hexadecimal.
    sha256: String,
    /// In bytes.
    size: u64,
}

/// Holds the bytes that are there against those that were pinned.
fn check_pin(name: &str, pinned: Option<&str>, file: &File) -> Result<(), PluginError> {
    match pinned {
        Some(pinned) if !pinned.eq_ignore_ascii_case(&file.sha256) => {
            Err(PluginError::not_as_pinned(name, pinned, &file.sha256))
        }
        _ => Ok(()),
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("cache", &self.cache).finish_non_exhaustive()
    }
}

/// A loaded component: a renderer like any other, rules, an importer, as far as it has these abilities.
#[derive(Clone)]
pub struct Component {
    name: String,
    engine: Engine,
    limits: Limits,
    on_log: LogHook,
    on_use: UseHook,
    guest: v0_1::Guest,
    compiled: Compiled,
    file: File,
    code: Code,
    description: Description,
    rules: Vec<RuleDescription>,
}

impl Renderer for Component {
    fn description(&self) -> &Description {
        &self.description
    }

    fn component(&self) -> Option<&Component> {
        Some(self)
    }

    fn render(&self, graph: &Graph<'_>, options: &Value) -> Result<Output, PluginError> {
        let called = self.guest.render(&self.engine, &self.limits, graph, &options.to_string());
        let (answer, log) = self.finish(called.ok_or_else(|| self.cannot("render"))?)?;
        let output = answer.into_output(&self.name, graph);
        artifacts::check(&output.artifacts, &self.limits).map_err(|refused| self.refused(refused, &log))?;
        self.check_findings(output.diagnostics.len(), &log)?;
        self.pass_on(&log);
        Ok(output)
    }
}

impl Component {
    /// Returns what can be known of it without running it.
    pub fn facts(&self) -> Facts {
        let contract = contract::version(&self.engine, &self.compiled);
        Facts {
            contract: contract.map(|version| version.to_string()).unwrap_or_default(),
            abilities: self.guest.abilities(),
            sha256: self.file.sha256.clone(),
            size: self.file.size,
            imports: contract::imports(&self.engine, &self.compiled),
            code: self.code,
        }
    }

    /// Returns what it can do.
    pub fn abilities(&self) -> Abilities {
        self.guest.abilities()
    }

    /// Returns what a call of it may use.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns the rules that it brings. `source` stands for its file in findings about rules that fail.
    pub fn rules(&self, source: &Arc<Source>) -> Vec<ComponentRule> {
        rule::all(&Arc::new(self.clone()), source)
    }

    /// Makes a document of files. `options` is an object that [`Description::options`] accepts, every default filled in.
    ///
    /// # Errors
    /// When it is no importer, failed, or passed a limit. That files are wrong is no error, but a remark.
    pub fn import(&self, files: &[ImportFile], options: &Value) -> Result<Imported, PluginError> {
        let bytes: u64 = files.iter().map(|file| file.content.len() as u64).sum();
        if bytes > self.limits.input_bytes {
            let passed = Passed { key: "input-bytes", limit: self.limits.input_bytes };
            return Err(call::passed_limit(&self.name, passed, None));
        }
        let called = self.guest.convert(&self.engine, &self.limits, files, &options.to_string());
        let (answer, log) = self.finish(called.ok_or_else(|| self.cannot("import"))?)?;
        let imported = answer.into_imported(&self.name, files.len());
        let document = imported.document.as_deref().unwrap_or_default();
        if document.len() as u64 > self.limits.artifact_bytes {
            let limit = Passed { key: "artifact-bytes", limit: self.limits.artifact_bytes };
            return Err(self.passed(limit, &log));
        }
        self.check_findings(imported.remarks.len(), &log)?;
        self.pass_on(&log);
        Ok(imported)
    }

    /// Asks it again what it is, on fresh instances.
    ///
    /// # Errors
    /// When it fails, or describes itself wrongly.
    pub fn describe(&self) -> Result<Description, PluginError> {
        let said = describe(&self.name, &self.engine, &self.limits, &self.guest)?;
        said.check().map(|(description, _)| description).map_err(|why| PluginError::of(&self.name, &why))
    }

    /// Ends a call: what it used is told, and what it returned is taken out, with its log.
    fn finish<T>(&self, called: v0_1::Called<T>) -> Result<(T, String), PluginError> {
        let (mut store, answer) = called.map_err(|why| not_called(&self.name, &why))?;
        (self.on_use)(&self.name, self.code, Call::used(&store));
        let answer = answer.map_err(|why| call::failure(&self.name, &mut store, &why))?;
        Ok((answer, store.data_mut().take_log()))
    }

    /// Shows the log of a call that went well.
    fn pass_on(&self, log: &str) {
        if !log.is_empty() {
            (self.on_log)(&self.name, log);
        }
    }

    fn check_findings(&self, count: usize, log: &str) -> Result<(), PluginError> {
        let limit = self.limits.findings;
        if count as u64 > limit { Err(self.passed(Passed { key: "findings", limit }, log)) } else { Ok(()) }
    }

    fn passed(&self, passed: Passed, log: &str) -> PluginError {
        call::passed_limit(&self.name, passed, what_it_said(log))
    }

    /// Says that it has not the ability that was asked for, and which it has.
    pub(crate) fn cannot(&self, ability: &str) -> PluginError {
        let abilities = self.abilities();
        let mut help = Vec::new();
        if abilities.renders {
            help.push(format!("draw with it: spec-engine render --plugin {}", self.name));
        }
        if abilities.imports {
            help.push(format!("import with it: spec-engine import {} FILE", self.name));
        }
        if abilities.has_rules {
            help.push("check with its rules: `spec-engine validate` asks those of a project's plugins".to_owned());
        }
        PluginError::new(format!("the plugin `{}` does not {ability}", self.name)).help(help.join("; "))
    }

    fn refused(&self, refused: artifacts::Refused, log: &str) -> PluginError {
        let details = what_it_said(log);
        match refused {
            artifacts::Refused::Limit(passed) => call::passed_limit(&self.name, passed, details),
            artifacts::Refused::Path(path, why) => PluginError {
                message: format!("the plugin `{}` wants to write {path:?}, and that is refused: {why}", self.name),
                details,
                help: Some(
                    "the path of an artifact is relative to the output folder, such as `docs/api.md`".to_owned(),
                ),
            },
        }
    }
}

fn what_it_said(log: &str) -> Option<String> {
    (!log.is_empty()).then(|| format!("what it said:\n{log}"))
}

fn not_called(name: &str, why: &wasmtime::Error) -> PluginError {
    PluginError::new(format!("the plugin `{name}` could not be called: {}", why.root_cause()))
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What can be known of a component without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The version of the contract that it was built for.
    pub contract: String,
    /// What it can do.
    pub abilities: Abilities,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// The size of its file, in bytes.
    pub size: u64,
    /// What it imports. Of WASI nothing is granted.
    pub imports: Vec<String>,
    /// Where its compiled code came from.
    pub code: Code,
}

impl PluginError {
    fn of(name: &str, what: &str) -> Self {
        Self {
            message: format!("the plugin `{name}` {what}"),
            details: None,
            help: Some(format!("report it to the author of `{name}`")),
        }
    }

    /// Says that a plugin's bytes are not those that were pinned; both sums in hexadecimal.
    pub fn not_as_pinned(name: &str, pinned: &str, there: &str) -> Self {
        Self {
            message: format!("the plugin `{name}` is not the one that was pinned, and does not run"),
            details: Some(format!("pinned: sha256:{pinned}\nthere:  sha256:{there}")),
            help: Some(
                "bring the file back, or, where the new one is to be trusted, pin it: `spec-engine plugins add`"
                    .to_owned(),
            ),
        }
    }

    fn too_large(name: &str, limit: u64) -> Self {
        let passed = Passed { key: "component-size", limit };
        Self {
            message: format!("the plugin `{name}` was not loaded: it has {}", passed.what()),
            details: None,
            help: Some(passed.help()),
        }
    }
}

/// Where compiled code comes from: only from the build script and from this host's own cache.
enum Precompiled<'a> {
    Shipped(&'a Shipped),
    Cached(&'a Path),
}

/// Loads compiled code. The one place that trusts what it reads.
///
/// # Errors
/// When it was made by another wasmtime, with another configuration or for another processor.
fn deserialize(engine: &Engine, precompiled: Precompiled<'_>) -> wasmtime::Result<Compiled> {
    match precompiled {
        // SAFETY: the bytes are what `Engine::precompile_component` returned to host/build.rs; the field is private to
        // this module, and the table is generated by nothing else.
        Precompiled::Shipped(shipped) => unsafe { Compiled::deserialize(engine, shipped.precompiled) },
        // SAFETY: `Cache::get` or `Cache::recall` gave the path: `Cache::put` wrote the file, from `Component::serialize`,
        // into a folder that only this user can write to. `get` has just compared its checksum; `recall` compared its
        // path, size, times and inode with those that it had when the checksum was right. Files there are replaced by
        // rename, never changed in place, so that the mapping stays what was checked.
        Precompiled::Cached(path) => unsafe { Compiled::deserialize_file(engine, path) },
    }
}
