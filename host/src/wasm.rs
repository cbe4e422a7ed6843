//! The component host: a WebAssembly component becomes a [`Renderer`].
//!
//! A guest gets a fresh store for each call, with limits on everything that it can use up, and nothing but what the
//! contract in `wit/` gives it. Shipped and third-party components take the same path; only where their compiled form
//! comes from differs.

mod artifacts;
mod cache;
mod call;
mod config;
mod contract;
mod description;
mod limits;
mod shipped;
mod v0_1_0;
mod wasi;

use std::fmt;
use std::path::Path;

use serde_json::Value;
use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use crate::graph::Graph;
use crate::render::{Description, Output, RenderError, Renderer};
use call::{Call, Function};
use description::Said;
use limits::Passed;

pub use cache::Cache;
pub use config::WASM_STACK;
pub use limits::Limits;
pub use shipped::{SHIPPED, Shipped};

/// Loads components. One a process is enough.
pub struct Host {
    engine: Engine,
    limits: Limits,
    cache: Cache,
    on_compile: Box<dyn Fn(&str) + Send + Sync>,
    on_log: LogHook,
}

/// Takes the name of a plugin and what it logged in a call that went well.
type LogHook = std::sync::Arc<dyn Fn(&str, &str) + Send + Sync>;

impl Host {
    /// Makes a host.
    ///
    /// # Errors
    /// When this machine cannot run WebAssembly, as with a processor that wasmtime does not know.
    pub fn new(limits: Limits, cache: Cache) -> Result<Self, LoadError> {
        let engine = Engine::new(&config::config()).map_err(|why| LoadError {
            message: format!("WebAssembly cannot run on this machine: {}", why.root_cause()),
            details: Some(format!("{why:?}")),
            help: Some("use a template renderer instead".to_owned()),
        })?;
        Ok(Self { engine, limits, cache, on_compile: Box::new(|_| {}), on_log: std::sync::Arc::new(|_, _| {}) })
    }

    /// Calls a function with the name of a plugin before that is compiled, which can take seconds.
    #[must_use]
    pub fn on_compile(mut self, hook: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_compile = Box::new(hook);
        self
    }

    /// Calls a function with the name of a plugin and its log after each call that went well and logged something.
    /// What a failed call logged is in [`RenderError::details`].
    #[must_use]
    pub fn on_log(mut self, hook: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        self.on_log = std::sync::Arc::new(hook);
        self
    }

    /// Loads a component that ships.
    ///
    /// # Errors
    /// None is expected of what ships; those of [`Host::load`].
    pub fn load_shipped(&self, shipped: &Shipped) -> Result<Component, LoadError> {
        match deserialize(&self.engine, Precompiled::Shipped(shipped)) {
            Ok(compiled) => self.component(shipped.name, &compiled, None).map(|(component, _)| component),
            Err(_) => self.load(shipped.name, shipped.wasm),
        }
    }

    /// Loads a component from its bytes, compiled if the cache has it, and asks it what it is. `name` is what messages
    /// call it.
    ///
    /// # Errors
    /// When it is no component, not one for this contract, asks for what no plugin gets, or describes itself wrongly.
    pub fn load(&self, name: &str, wasm: &[u8]) -> Result<Component, LoadError> {
        contract::check_file(name, wasm, &self.limits)?;
        let key = Cache::key(&self.engine, wasm);
        if let Some(entry) = self.cache.get(&key)
            && let Ok(compiled) = deserialize(&self.engine, Precompiled::Cached(&entry.precompiled))
            && let Ok((component, _)) = self.component(name, &compiled, Some(entry.said))
        {
            return Ok(component);
        }
        (self.on_compile)(name);
        let compiled = Compiled::from_binary(&self.engine, wasm).map_err(|why| contract::invalid(name, &why))?;
        let (component, said) = self.component(name, &compiled, None)?;
        if let Ok(precompiled) = compiled.serialize() {
            self.cache.put(&key, &precompiled, &said);
        }
        Ok(component)
    }

    /// Links a compiled component, and asks it what it is unless that is known.
    fn component(&self, name: &str, compiled: &Compiled, said: Option<Said>) -> Result<(Component, Said), LoadError> {
        let guest = contract::link(name, &self.engine, compiled)?;
        let said = match said {
            Some(said) => said,
            None => {
                let mut store = Call::store(&self.engine, &self.limits, Function::Describe)
                    .map_err(|why| LoadError::of(name, &why.to_string()))?;
                let said = guest.describe(&mut store);
                said.map_err(|why| call::failure(name, &mut store, &why))?
            }
        };
        let description = said.clone().check().map_err(|why| LoadError::of(name, &why))?;
        let component = Component {
            name: name.to_owned(),
            engine: self.engine.clone(),
            limits: self.limits.clone(),
            on_log: self.on_log.clone(),
            guest,
            description,
        };
        Ok((component, said))
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("limits", &self.limits).field("cache", &self.cache).finish_non_exhaustive()
    }
}

/// A loaded component: a renderer like any other.
pub struct Component {
    name: String,
    engine: Engine,
    limits: Limits,
    on_log: LogHook,
    guest: v0_1_0::Guest,
    description: Description,
}

impl Renderer for Component {
    fn description(&self) -> &Description {
        &self.description
    }

    fn render(&self, graph: &Graph<'_>, options: &Value) -> Result<Output, RenderError> {
        let internal = |why: wasmtime::Error| RenderError {
            message: format!("the plugin `{}` could not be called: {}", self.name, why.root_cause()),
            details: None,
            help: None,
        };
        let called = self.guest.render(&self.engine, &self.limits, graph, &options.to_string());
        let (mut store, answer) = called.map_err(internal)?;
        let answer = answer.map_err(|why| call::failure(&self.name, &mut store, &why))?;
        let log = store.data_mut().take_log();
        drop(store);
        let output = answer.into_output(&self.name, graph);
        artifacts::check(&output.artifacts, &self.limits).map_err(|refused| self.refused(refused, &log))?;
        if !log.is_empty() {
            (self.on_log)(&self.name, &log);
        }
        Ok(output)
    }
}

impl Component {
    fn refused(&self, refused: artifacts::Refused, log: &str) -> RenderError {
        let details = (!log.is_empty()).then(|| format!("what it said:\n{log}"));
        match refused {
            artifacts::Refused::Limit(passed) => call::passed_limit(&self.name, passed, details),
            artifacts::Refused::Path(path, why) => RenderError {
                message: format!("the plugin `{}` wants to write {path:?}, and that is refused: {why}", self.name),
                details,
                help: Some(
                    "the path of an artifact is relative to the output folder, such as `docs/api.md`".to_owned(),
                ),
            },
        }
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Says why a component was not loaded.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct LoadError {
    /// What is wrong, with the plugin's name.
    pub message: String,
    /// What stands behind it: what the plugin logged, a backtrace, wasmtime's own words.
    pub details: Option<String>,
    /// The next step.
    pub help: Option<String>,
}

impl LoadError {
    fn of(name: &str, what: &str) -> Self {
        Self {
            message: format!("the plugin `{name}` {what}"),
            details: None,
            help: Some(format!("report it to the author of `{name}`")),
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

impl From<LoadError> for RenderError {
    fn from(LoadError { message, details, help }: LoadError) -> Self {
        Self { message, details, help }
    }
}

impl From<RenderError> for LoadError {
    fn from(RenderError { message, details, help }: RenderError) -> Self {
        Self { message, details, help }
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
        // SAFETY: `Cache::get` gave the path: `Cache::put` wrote the file, from `Component::serialize`, into a folder
        // that only this user can write to, its checksum has just been compared, and files there are replaced by
        // rename, never changed in place, so that the mapping stays what was checked.
        Precompiled::Cached(path) => unsafe { Compiled::deserialize_file(engine, path) },
    }
}
