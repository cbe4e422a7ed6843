//! The component host: loads WebAssembly components and calls them.
//!
//! A guest gets a fresh store for each call, with limits on everything that it can use up, and nothing but what the
//! contract in `wit/` gives it. Shipped and third-party components take the same path; only where their compiled form
//! comes from differs.

mod artifacts;
mod cache;
mod call;
mod compiled;
mod compiler;
mod component;
mod componentize;
mod config;
mod contract;
mod description;
mod file;
mod rule;
mod scan;
mod shipped;
mod stamp;
mod ticker;
mod trace;
mod v0_1;
mod wasi;

use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use self::cache::CacheEntry;
use self::compiled::CompiledCode;
use self::compiler::{Code, Compiler};
use self::component::{Hooks, describe};
use self::contract::Form;
use self::description::GuestDescription;
use self::shipped::ShippedCode;
use crate::clock;
use crate::limits::{ComponentLimits, SharedUsage};
use crate::plugin::{Abilities, ComponentFault, Details, PluginError};

pub use cache::{Cache, CachedComponent};
pub use call::Usage;
pub use compiler::{CompilerCommand, compile_for_parent};
pub use component::{CodeOrigin, Component, ComponentInfo, LogHook, UseHook};
pub use config::WASM_STACK;
pub use contract::{contract_version, supports_contract};
pub use file::{ComponentSource, sha256};
pub use rule::ComponentRule;

pub use shipped::{SHIPPED, ShippedComponent};
pub use stamp::Stamp;

/// Loads components. One a process is enough.
pub struct Host {
    /// Made when the first component is loaded: most runs of the command line load none.
    engine: OnceLock<Result<Engine, PluginError>>,
    limits: LimitsByName,
    cache: Cache,
    compiler: Compiler,
    on_compile: CompileHook,
    hooks: Hooks,
    /// What compiling components took so far, and asking them what they are.
    compiling: SharedUsage,
    /// What the rules of all components have used in the run that is under way.
    rules: Arc<SharedUsage>,
}

/// A function with the name of a plugin, which is called before that is compiled. What it returns is dropped when the
/// plugin is loaded.
pub type CompileHook = Box<dyn Fn(&str) -> Box<dyn Any> + Send + Sync>;

/// The limits of a plugin, by its name.
type LimitsByName = Box<dyn Fn(&str) -> ComponentLimits + Send + Sync>;

impl Host {
    /// Makes a host. It costs nothing until it loads a component.
    pub fn new(limits: ComponentLimits, cache: Cache) -> Self {
        Self {
            engine: OnceLock::new(),
            limits: Box::new(move |_| limits.clone()),
            cache,
            compiler: Compiler::default(),
            on_compile: Box::new(|_| Box::new(())),
            hooks: Hooks::default(),
            compiling: SharedUsage::default(),
            rules: Arc::default(),
        }
    }

    /// The engine.
    ///
    /// # Errors
    /// This machine cannot run WebAssembly, as with a processor that wasmtime does not know.
    fn engine(&self) -> Result<&Engine, PluginError> {
        let made = self.engine.get_or_init(|| {
            Engine::new(&config::config()).map_err(|why| PluginError::Component {
                plugin: "WebAssembly".to_owned(),
                fault: ComponentFault::Unsupported(why.root_cause().to_string()),
                details: Box::new(Details { trace: format!("{why:?}"), ..Details::default() }),
            })
        });
        made.as_ref().map_err(PluginError::clone)
    }

    /// Gives each plugin limits of its own.
    #[must_use]
    pub fn limits_by_name(mut self, limits: impl Fn(&str) -> ComponentLimits + Send + Sync + 'static) -> Self {
        self.limits = Box::new(limits);
        self
    }

    /// Compiles each component in a process of its own, which the system bounds in memory and time; else it is compiled in
    /// this process, and only its structure is bounded. The command has to be this program in [`compile_for_parent`]:
    /// what it writes is run as it is.
    #[must_use]
    pub fn compile_with(mut self, command: CompilerCommand) -> Self {
        self.compiler = Compiler::Process(command);
        self
    }

    /// Calls a function with the name of a plugin before that is compiled, which can take seconds. What it returns is
    /// dropped when the plugin is loaded.
    #[must_use]
    pub fn on_compile(mut self, hook: CompileHook) -> Self {
        self.on_compile = hook;
        self
    }

    /// Calls a function with the name of a plugin and its log after each successful call that logged something. The log
    /// of a failed call is in [`PluginError::details`].
    #[must_use]
    pub fn on_log(mut self, hook: LogHook) -> Self {
        self.hooks.on_log = hook;
        self
    }

    /// Calls a function with what each call of a plugin used, whether it succeeded or not.
    #[must_use]
    pub fn on_use(mut self, hook: UseHook) -> Self {
        self.hooks.on_use = hook;
        self
    }

    /// The compiled components in a cache, the oldest first. None is usable where this machine cannot run WebAssembly.
    pub fn cached_components(&self, cache: &Cache) -> Vec<CachedComponent> {
        cache.list(self.engine().ok())
    }

    /// Loads a component that ships.
    ///
    /// # Errors
    /// None is expected of what ships; those of [`Host::load_source`].
    pub fn load_shipped(&self, shipped: &ShippedComponent) -> Result<Component, PluginError> {
        let precompiled = match shipped.code {
            ShippedCode::Precompiled(precompiled) => precompiled,
            ShippedCode::Component(wasm) => return self.load(shipped.name, wasm),
        };
        let compiled = compiled::deserialize(self.engine()?, CompiledCode::Shipped(precompiled))
            .map_err(|why| contract::invalid(shipped.name, format!("{why:?}")))?;
        let file = file::Identity { sha256: shipped.sha256.to_owned(), size: shipped.size };
        let loaded = self.component(shipped.name, &compiled, file, CodeOrigin::Shipped, shipped.said());
        loaded.map(|(component, _)| component)
    }

    /// Loads a component, or a core module that wit-bindgen made one of, from its bytes.
    ///
    /// # Errors
    /// As [`Host::load_source`].
    pub fn load(&self, name: &str, wasm: &[u8]) -> Result<Component, PluginError> {
        self.load_source(&ComponentSource { name, stamp: None, pinned: None, read: &|_| Ok(wasm.to_vec()) })
    }

    /// Loads a component, or a core module that wit-bindgen made one of, compiled if the cache has it, and asks it what
    /// it is.
    ///
    /// # Errors
    /// It is not the pinned one, no component, not one for this contract, imports what no plugin gets, or describes
    /// itself wrongly; and those of reading it.
    pub fn load_source(&self, source: &ComponentSource<'_>) -> Result<Component, PluginError> {
        let name = source.name;
        let engine = self.engine()?;
        let limits = (self.limits)(name);
        if let Some(entry) = source.stamp.and_then(|stamp| self.cache.recall(engine, stamp))
            && entry.file.size <= limits.component_size
            && source.check_pin(&entry.file).is_ok()
            && let Some(component) = self.cached(name, &entry)
        {
            return Ok(component);
        }
        let wasm = source.bytes(&limits)?;
        let form = contract::form(name, &wasm)?;
        let file = file::Identity::of(&wasm);
        source.check_pin(&file)?;
        if let Some(entry) = self.cache.get(engine, &file)
            && let Some(component) = self.cached(name, &entry)
        {
            self.remember(source, &entry);
            return Ok(component);
        }
        let interface = scan::scan(name, &wasm, &limits)?;
        if form == Form::Component {
            contract::check_names(name, &interface)?;
        }
        let _compiling = (self.on_compile)(name);
        let Code { compiled, precompiled } =
            self.compiler.compile(engine, name, form, &wasm, &limits, &self.compiling)?;
        let (component, said) = self.component(name, &compiled, file.clone(), CodeOrigin::Compiled, None)?;
        if let Some(precompiled) = precompiled
            && let Some(entry) = self.cache.put(engine, name, &file, &precompiled, said)
        {
            self.remember(source, &entry);
        }
        Ok(component)
    }

    /// The abilities that a component may have, without compiling it: it has no other.
    ///
    /// # Errors
    /// It cannot be read, is not WebAssembly, or is not the pinned one: then nothing is known of what was meant.
    pub fn possible_abilities(&self, source: &ComponentSource<'_>) -> Result<Abilities, PluginError> {
        let engine = self.engine()?;
        if let Some(entry) = source.stamp.and_then(|stamp| self.cache.recall(engine, stamp)) {
            source.check_pin(&entry.file)?;
            return Ok(entry.description.abilities);
        }
        let wasm = source.bytes(&(self.limits)(source.name))?;
        contract::form(source.name, &wasm)?;
        if source.pinned.is_some() {
            source.check_pin(&file::Identity::of(&wasm))?;
        }
        Ok(Abilities::possible(&wasm))
    }

    /// Loads an entry of the cache, if it can be loaded.
    fn cached(&self, name: &str, entry: &CacheEntry) -> Option<Component> {
        let compiled = compiled::deserialize(self.engine().ok()?, CompiledCode::Cached(&entry.precompiled)).ok()?;
        let origin = CodeOrigin::Cached(entry.since);
        let loaded = self.component(name, &compiled, entry.file.clone(), origin, Some(entry.description.clone()));
        loaded.ok().map(|(component, _)| component)
    }

    fn remember(&self, source: &ComponentSource<'_>, entry: &CacheEntry) {
        if let Some(stamp) = source.stamp {
            self.cache.remember(stamp, entry);
        }
    }

    /// Links a compiled component, and asks it what it is unless that is known.
    fn component(
        &self,
        name: &str,
        compiled: &Compiled,
        file: file::Identity,
        origin: CodeOrigin,
        description: Option<GuestDescription>,
    ) -> Result<(Component, GuestDescription), PluginError> {
        let engine = self.engine()?;
        let guest = contract::link(name, engine, compiled)?;
        let limits = (self.limits)(name);
        let said = match description {
            Some(said) => said,
            None => {
                let start = clock::of_thread();
                let said = describe(name, engine, &limits, &guest);
                self.compiling.add_time(clock::of_thread().saturating_sub(start));
                said?
            }
        };
        let (description, rules) = said.clone().check(name)?;
        let component = Component {
            name: name.to_owned(),
            engine: engine.clone(),
            limits,
            hooks: self.hooks.clone(),
            guest,
            compiled: compiled.clone(),
            file,
            origin,
            description,
            rules,
            used: Arc::clone(&self.rules),
        };
        Ok((component, said))
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("cache", &self.cache).finish_non_exhaustive()
    }
}
