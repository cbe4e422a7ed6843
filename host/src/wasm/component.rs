//! A loaded component: what it is, and the calls of its abilities.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;
use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use super::call::{self, Call, Usage};
use super::description::{GuestDescription, RuleDescription};
use super::v0_1::{CallResult, Guest};
use super::{artifacts, contract, file};
use crate::graph::Graph;
use crate::import::{ImportFile, ImportOutput};
use crate::limits::{ComponentLimits, LimitExceeded, SharedUsage};
use crate::plugin::{Abilities, Ability, ComponentFault, Description, Details, PluginError};
use crate::render::{Output, RenderContext, Renderer};

/// A function with the name of a plugin and its log.
pub type LogHook = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// A function with the name of a plugin, where its compiled code came from, and what a call used.
pub type UseHook = Arc<dyn Fn(&str, CodeOrigin, Usage) + Send + Sync>;

/// What the host calls after calls of a component.
#[derive(Clone)]
pub(super) struct Hooks {
    pub on_log: LogHook,
    pub on_use: UseHook,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { on_log: Arc::new(|_, _| {}), on_use: Arc::new(|_, _, _| {}) }
    }
}

/// Where the compiled code of a component came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOrigin {
    /// It ships, compiled ahead of time.
    Shipped,
    /// It is in the cache since then.
    Cached(SystemTime),
    /// It was compiled now.
    Compiled,
}

/// A loaded component: a renderer like any other, rules, an importer, as far as it has these abilities.
#[derive(Clone)]
pub struct Component {
    pub(super) name: String,
    pub(super) engine: Engine,
    pub(super) limits: ComponentLimits,
    pub(super) hooks: Hooks,
    pub(super) guest: Guest,
    pub(super) compiled: Compiled,
    pub(super) file: file::Identity,
    pub(super) origin: CodeOrigin,
    pub(super) description: Description,
    pub(super) rules: Vec<RuleDescription>,
    /// What the rules of all components have used in the run that is under way.
    pub(super) used: Arc<SharedUsage>,
}

/// What is known of a component without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentInfo {
    /// The version of the contract that it was built for.
    pub contract: String,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// The size of its file, in bytes.
    pub size: u64,
    /// What it imports. Of WASI nothing is granted.
    pub imports: Vec<String>,
    /// Where its compiled code came from.
    pub origin: CodeOrigin,
}

impl Renderer for Component {
    fn description(&self) -> &Description {
        &self.description
    }

    fn render(&self, context: &RenderContext<'_>) -> Result<Output, PluginError> {
        let graph: &Graph<'_> = context.graph;
        let called = self.guest.render(&self.engine, &self.limits, graph, &context.options.to_string());
        let (answer, log) = self.finish(called.ok_or_else(|| self.missing(Ability::Render))?)?;
        let output = answer.into_output(&self.name, graph);
        artifacts::check(&output.artifacts, &self.limits).map_err(|fault| self.failed(fault, &log))?;
        self.check_findings(output.diagnostics.len(), &log)?;
        self.pass_on(&log);
        Ok(output)
    }
}

impl Component {
    /// What is known of it without running it.
    pub fn info(&self) -> ComponentInfo {
        let contract = contract::version(&self.engine, &self.compiled);
        ComponentInfo {
            contract: contract.map(|version| version.to_string()).unwrap_or_default(),
            sha256: self.file.sha256.clone(),
            size: self.file.size,
            imports: contract::imports(&self.engine, &self.compiled),
            origin: self.origin,
        }
    }

    /// What it can do.
    pub fn abilities(&self) -> Abilities {
        self.guest.abilities()
    }

    /// What a call of it may use.
    pub fn limits(&self) -> &ComponentLimits {
        &self.limits
    }

    /// Makes a document of files. `options` is an object that [`Description::options`] accepts, every default filled in.
    ///
    /// # Errors
    /// It is no importer, failed, or exceeded a limit. Wrong files are no error, but a remark.
    pub fn import(&self, files: &[ImportFile], options: &Value) -> Result<ImportOutput, PluginError> {
        self.imported(files, None, options)
    }

    /// Reads files as [`Self::import`] does, and what they cover, for a document that is compared or brought up to date.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub fn observe(&self, files: &[ImportFile], document: &str, options: &Value) -> Result<ImportOutput, PluginError> {
        self.imported(files, Some(document), options)
    }

    fn imported(
        &self,
        files: &[ImportFile],
        document: Option<&str>,
        options: &Value,
    ) -> Result<ImportOutput, PluginError> {
        let bytes: u64 = files.iter().map(|file| file.content.len() as u64).sum();
        if bytes > self.limits.input_bytes {
            let fault = ComponentFault::Limit(self.limits.exceeded("input-bytes"));
            return Err(PluginError::component(&self.name, fault));
        }
        let called = self.guest.import(&self.engine, &self.limits, files, document, &options.to_string());
        let (answer, log) = self.finish(called.ok_or_else(|| self.missing(Ability::Import))?)?;
        let imported = answer.into_imported(&self.name, files.len());
        let made = imported.document.as_deref().unwrap_or_default();
        if (made.len() + imported.unbound.len()) as u64 > self.limits.artifact_bytes {
            return Err(self.exceeded(self.limits.exceeded("artifact-bytes"), &log));
        }
        self.check_findings(imported.remarks.len(), &log)?;
        self.pass_on(&log);
        Ok(imported)
    }

    /// The patterns on the names of the files of a folder that it imports; none where it takes whatever looks like data.
    ///
    /// # Errors
    /// It fails.
    pub fn wanted_files(&self) -> Result<Vec<String>, PluginError> {
        let Some(called) = self.guest.wanted_files(&self.engine, &self.limits) else { return Ok(Vec::new()) };
        let (patterns, log) = self.finish(called)?;
        self.pass_on(&log);
        Ok(patterns)
    }

    /// Asks it again what it is, on fresh instances.
    ///
    /// # Errors
    /// It fails, or describes itself wrongly.
    pub fn describe(&self) -> Result<Description, PluginError> {
        let said = describe(&self.name, &self.engine, &self.limits, &self.guest)?;
        said.check(&self.name).map(|(description, _)| description)
    }

    /// Ends a call: reports what it used, and takes out what it returned, with its log.
    pub(super) fn finish<T>(&self, called: CallResult<T>) -> Result<(T, String), PluginError> {
        let (mut store, answer) = called.map_err(|why| not_called(&self.name, &why))?;
        (self.hooks.on_use)(&self.name, self.origin, Call::usage(&store));
        let answer = answer.map_err(|why| call::failure(&self.name, &mut store, &why))?;
        Ok((answer, store.data_mut().take_log()))
    }

    /// Passes on the log of a successful call.
    pub(super) fn pass_on(&self, log: &str) {
        if !log.is_empty() {
            (self.hooks.on_log)(&self.name, log);
        }
    }

    pub(super) fn check_findings(&self, count: usize, log: &str) -> Result<(), PluginError> {
        let exceeds = count as u64 > self.limits.findings;
        if exceeds { Err(self.exceeded(self.limits.exceeded("findings"), log)) } else { Ok(()) }
    }

    pub(super) fn exceeded(&self, exceeded: LimitExceeded, log: &str) -> PluginError {
        self.failed(ComponentFault::Limit(exceeded), log)
    }

    /// A fault of a call, with the log of the call.
    pub(super) fn failed(&self, fault: ComponentFault, log: &str) -> PluginError {
        PluginError::Component {
            plugin: self.name.clone(),
            fault,
            details: Box::new(Details { log: log.to_owned(), ..Details::default() }),
        }
    }

    /// The error that it has not the ability that was asked for.
    pub(super) fn missing(&self, ability: Ability) -> PluginError {
        PluginError::MissingAbility { plugin: self.name.clone(), ability, abilities: self.abilities() }
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Asks a guest what it is, on fresh instances.
pub(super) fn describe(
    name: &str,
    engine: &Engine,
    limits: &ComponentLimits,
    guest: &Guest,
) -> Result<GuestDescription, PluginError> {
    let (mut store, said) = guest.describe(engine, limits).map_err(|why| not_called(name, &why))?;
    said.map_err(|why| {
        let mut error = call::failure(name, &mut store, &why);
        if let PluginError::Component { details, .. } = &mut error {
            details.describing = true;
        }
        error
    })
}

fn not_called(name: &str, why: &wasmtime::Error) -> PluginError {
    PluginError::component(name, ComponentFault::NotCalled(why.root_cause().to_string()))
}
