//! The front door: an [`Engine`] knows the plugins and rules of a project, and checks, renders and imports documents.

mod document;
mod error;
mod files;
mod observe;
mod pins;
mod rules;
mod scripts;
mod sources;
mod templates;
mod trust;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::Graph;
use crate::import::{ImportFile, ImportOutput};
use crate::limits::ComponentLimits;
use crate::options;
use crate::plugin::PluginError;
use crate::policy::{Scope, SeveritySetting};
use crate::project::{Lock, PluginLimits, Project, RaisedLimit, UnknownLimitOwner, UserLimits};
use crate::registry::{Origin, Registry};
use crate::render::Output;
use crate::render::template::TemplateBudget;
use crate::script::PrintHook;
use crate::view::View;
use crate::wasm::{Cache, CompileHook, CompilerCommand, Host, LogHook, UseHook};

use self::files::PluginFiles;
use self::sources::Sources;

pub use document::Document;
pub use error::{EngineError, RenderError};
pub use files::{is_plugin_path, read_at_most, template_files};
pub use observe::{ObserveOutput, UnreadableObservation};
pub use pins::{named_scripts, project_scripts};
pub use rules::{BrokenPlugin, BrokenPluginError, CheckRun, DocumentFindings, ProjectFindings, RuleFile, RuleSet};
pub use scripts::{ScriptFile, rule_files, scripts_at};
pub use templates::TEMPLATE_BYTES;
pub use trust::Trust;

/// The folders of a project or of the user's configuration that hold plugins.
const FOLDERS: [&str; 2] = ["plugins", "templates"];

/// The plugins and rules of a project, and what is done with them.
pub struct Engine {
    project: Project,
    lock: Lock,
    registry: Registry,
    /// The names of the plugins that were named by path, in the order of [`EngineBuilder::plugin`].
    named: Vec<String>,
    /// The names of the components whose rules were asked for.
    with_rules: Vec<String>,
    sources: Sources,
    user: UserLimits,
    built_in: OnceLock<RuleSet>,
    rules: OnceLock<Result<RuleSet, EngineError>>,
    warnings: Vec<UnknownLimitOwner>,
    raised: Vec<RaisedLimit>,
}

/// What to render, and how.
#[derive(Clone, Debug, Default)]
pub struct RenderRequest {
    /// What of the graph is shown.
    pub view: View,
    /// The options of the plugin and of the view, the weakest first: `("group-by", "owner")`.
    pub settings: Vec<(String, Value)>,
}

/// Collects what an engine is made of.
#[derive(Default)]
pub struct EngineBuilder {
    project: Project,
    sources: Sources,
    trust: Trust,
    cache: Cache,
    compiler: Option<CompilerCommand>,
    on_compile: Option<CompileHook>,
    on_log: Option<LogHook>,
    on_use: Option<UseHook>,
}

impl EngineBuilder {
    /// Takes the settings, plugins and rules of a project.
    #[must_use]
    pub fn project(self, project: Project) -> Self {
        Self { project, ..self }
    }

    /// Adds the file of a plugin, before all others: a component `NAME.wasm` or a template `NAME.EXT.tera`.
    #[must_use]
    pub fn plugin(mut self, file: impl Into<PathBuf>) -> Self {
        self.sources.plugins.push(file.into());
        self
    }

    /// Adds a folder of plugins, before those of the project.
    #[must_use]
    pub fn plugin_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.sources.plugin_folders.push(folder.into());
        self
    }

    /// Adds a script `NAME.rhai`, a folder with some, or a component with rules, before those of the project.
    #[must_use]
    pub fn rules(mut self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let is_component = path.extension().is_some_and(|extension| extension == "wasm");
        let into = if is_component { &mut self.sources.rule_components } else { &mut self.sources.scripts };
        into.push(path);
        self
    }

    /// Adds a folder of the user's own: its `plugins`, `templates` and `rules` come after those of the project, and a
    /// file `limits.toml` in it has the limits above which no project goes.
    #[must_use]
    pub fn user_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.sources.user_folder = Some(folder.into());
        self
    }

    /// Lets components of the project run that its lock does not pin. Without this, none of these does.
    #[must_use]
    pub fn trust(self, trust: Trust) -> Self {
        Self { trust, ..self }
    }

    /// Keeps compiled components in a folder, so that each is compiled once.
    #[must_use]
    pub fn cache(self, folder: impl Into<PathBuf>) -> Self {
        Self { cache: Cache::at(folder.into()), ..self }
    }

    /// Compiles components in processes that the system bounds in memory and time, each by this command, which has to be
    /// this program in [`crate::wasm::compile_for_parent`]. Without it no process is ever started: a component is compiled
    /// in this one, which only the limits of its structure bound.
    #[must_use]
    pub fn compile_with(self, command: CompilerCommand) -> Self {
        Self { compiler: Some(command), ..self }
    }

    /// Sets a limit of all plugins, `fuel`, or of one, `d2.fuel`. It is stronger than the project's, which can only lower
    /// a limit.
    #[must_use]
    pub fn limit(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.sources.limits.push((key.into(), value.into()));
        self
    }

    /// Sets a limit of scripted rules. It is stronger than the project's.
    #[must_use]
    pub fn script_limit(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.sources.script_limits.push((key.into(), value.into()));
        self
    }

    /// Sets the severity of a rule, or turns it off. It is stronger than the project's.
    #[must_use]
    pub fn severity(mut self, rule: impl Into<String>, setting: SeveritySetting) -> Self {
        self.sources.severities.push((rule.into(), setting));
        self
    }

    /// Calls a function with the name of a plugin before that is compiled, which can take seconds. What it returns is
    /// dropped when the plugin is loaded.
    #[must_use]
    pub fn on_compile(self, hook: CompileHook) -> Self {
        Self { on_compile: Some(hook), ..self }
    }

    /// Calls a function with the name of a component and its log after each successful call that logged something.
    #[must_use]
    pub fn on_log(self, hook: LogHook) -> Self {
        Self { on_log: Some(hook), ..self }
    }

    /// Calls a function with the id of a scripted rule and what it has printed about a document.
    #[must_use]
    pub fn on_print(mut self, hook: PrintHook) -> Self {
        self.sources.on_print = Some(hook);
        self
    }

    /// Calls a function with what each call of a component used.
    #[must_use]
    pub fn on_use(self, hook: UseHook) -> Self {
        Self { on_use: Some(hook), ..self }
    }

    /// Makes the engine. Plugins are loaded when they are used.
    ///
    /// # Errors
    /// A plugin or folder that was named does not exist, the lock cannot be read, a limit cannot be set, or a path of the
    /// project leads out of its folder.
    pub fn build(self) -> Result<Engine, EngineError> {
        let Self { project, sources, trust, cache, compiler, on_compile, on_log, on_use } = self;
        let user = sources.user_folder.as_deref().map(UserLimits::read).transpose()?.unwrap_or_default();
        let limits = Arc::new(PluginLimits::read(&project.settings, &user, &sources.limits)?);
        let lock = Lock::read(&project)?;
        let of_components = Arc::clone(&limits);
        let mut host =
            Host::new(ComponentLimits::default(), cache).limits_by_name(move |name| of_components.component(name));
        if let Some(command) = compiler {
            host = host.compile_with(command);
        }
        if let Some(hook) = on_compile {
            host = host.on_compile(hook);
        }
        if let Some(hook) = on_log {
            host = host.on_log(hook);
        }
        if let Some(hook) = on_use {
            host = host.on_use(hook);
        }
        let files = PluginFiles {
            host: Arc::new(host),
            limits,
            project: &project,
            lock: &lock,
            trust: &trust,
            templates: TemplateBudget::default(),
        };
        let PluginDiscovery { registry, named, with_rules } = PluginDiscovery::plugins(&files, &sources)?;
        let names: Vec<&str> = registry.list().iter().map(|(plugin, _)| plugin.name.as_str()).collect();
        let warnings = files.limits.check_names(&names)?;
        let raised = files.limits.raised();
        let (built_in, rules) = (OnceLock::new(), OnceLock::new());
        Ok(Engine { registry, named, with_rules, sources, user, built_in, rules, warnings, raised, project, lock })
    }
}

/// The plugins that were found.
#[derive(Default)]
struct PluginDiscovery {
    registry: Registry,
    /// The names of those that were named by path.
    named: Vec<String>,
    /// The names of the components whose rules were asked for.
    with_rules: Vec<String>,
}

impl PluginDiscovery {
    /// Finds every plugin: those that were named first, then those of the project, of the user, and those that ship.
    fn plugins(files: &PluginFiles<'_>, sources: &Sources) -> Result<Self, EngineError> {
        let project = files.project;
        let Self { mut registry, mut named, mut with_rules } = Self::default();
        for (paths, names) in [(&sources.plugins, &mut named), (&sources.rule_components, &mut with_rules)] {
            for path in paths {
                let plugin =
                    files.plugin(path, Origin::Named).ok_or_else(|| EngineError::NoPluginFile(path.clone()))?;
                names.push(plugin.name.clone());
                registry.add(plugin);
            }
        }
        for folder in &sources.plugin_folders {
            if !folder.is_dir() {
                return Err(EngineError::NotAFolder(folder.clone()));
            }
            files.add_folder(&mut registry, folder, Origin::Named);
        }
        for path in project.settings.plugins.iter().map(|path| project.path(path)) {
            project.check_inside(&path)?;
            if path.is_dir() {
                files.add_folder(&mut registry, &path, Origin::Project);
            } else {
                let plugin = files.plugin(&path, Origin::Project);
                registry.add(plugin.ok_or_else(|| EngineError::NoProjectPlugin(path.clone()))?);
            }
        }
        for folder in FOLDERS.map(|name| project.own_folder().join(name)) {
            if folder.is_dir() {
                project.check_inside(&folder)?;
                files.add_folder(&mut registry, &folder, Origin::Project);
            }
        }
        files.add_missing(&mut registry);
        if let Some(folder) = &sources.user_folder {
            for name in FOLDERS {
                files.add_folder(&mut registry, &folder.join(name), Origin::User);
            }
        }
        let of_templates = Arc::clone(&files.limits);
        registry.add_shipped(&files.host, Arc::new(move |name| of_templates.template(name)));
        Ok(Self { registry, named, with_rules })
    }
}

impl Engine {
    /// Starts an engine.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The plugins.
    pub fn plugins(&self) -> &Registry {
        &self.registry
    }

    /// The names of the plugins that were named by path, in the order in which they were.
    pub fn named_plugins(&self) -> &[String] {
        &self.named
    }

    /// Limits of the project file for plugins that do not exist, where the name looks like a slip.
    pub fn warnings(&self) -> &[UnknownLimitOwner] {
        &self.warnings
    }

    /// Limits of the project file that are above the user's, and do not count.
    pub fn raised_limits(&self) -> &[RaisedLimit] {
        &self.raised
    }

    /// The rules of the engine, of scripts and of components. They are loaded when they are first asked for.
    ///
    /// # Errors
    /// A path of rules does not exist, or a setting of the caller cannot be. A script or component that is broken is no
    /// error: see [`CheckRun::project_findings`].
    pub fn rules(&self) -> Result<&RuleSet, EngineError> {
        let load =
            || RuleSet::load(&self.project, &self.lock, &self.registry, &self.sources, &self.user, &self.with_rules);
        self.rules.get_or_init(load).as_ref().map_err(EngineError::clone)
    }

    /// Starts a run of every rule over documents.
    ///
    /// # Errors
    /// As [`Self::rules`].
    pub fn check_run(&self) -> Result<CheckRun<'_>, EngineError> {
        Ok(self.rules()?.run(&self.project))
    }

    /// Checks a document with every rule.
    ///
    /// # Errors
    /// As [`Self::rules`].
    pub fn check(&self, document: &Document) -> Result<DocumentFindings, EngineError> {
        Ok(self.check_run()?.check(document, Scope::All))
    }

    /// The errors that prevent drawing a document: those of the format, as the project configures its rules.
    pub fn drawing_errors(&self, document: &Document) -> Vec<Diagnostic> {
        let rules = self.built_in.get_or_init(|| RuleSet::built_in(&self.project));
        let mut findings = rules.run(&self.project).check(document, Scope::Format).findings;
        findings.retain(|finding| finding.severity == Severity::Error);
        findings
    }

    /// Renders a document through a plugin.
    ///
    /// # Errors
    /// The document has errors, the view selects a node that does not exist, or the plugin fails.
    pub fn render(&self, document: &Document, plugin: &str, request: &RenderRequest) -> Result<Output, RenderError> {
        let errors = self.drawing_errors(document);
        let Some(system) = document.system().filter(|_| errors.is_empty()) else {
            return Err(RenderError::Document(errors));
        };
        let (graph, _remarks) = request.view.apply(Graph::of(system))?;
        let plugin = self.registry.find(plugin)?;
        let group_by = request.view.group_by.map(|group_by| ("group-by".to_owned(), group_by.as_str().into()));
        let settings: Vec<(String, Value)> = group_by.into_iter().chain(request.settings.iter().cloned()).collect();
        let asks = self.registry.asks_findings(plugin);
        let findings = if asks { self.check(document)?.findings } else { Vec::new() };
        Ok(self.registry.render(plugin, graph, &settings, &findings)?)
    }

    /// Makes a document of other files, through an importer. The text is not checked.
    ///
    /// # Errors
    /// There is no such importer, an option is wrong, or the importer fails. Wrong files are no error, but a remark.
    pub fn import(
        &self,
        plugin: &str,
        files: &[ImportFile],
        settings: &[(String, Value)],
    ) -> Result<ImportOutput, PluginError> {
        let plugin = self.registry.find(plugin)?;
        let importer = plugin.importer()?;
        let schema = &plugin.description()?.options;
        let wrong = |errors| PluginError::Options { plugin: plugin.name.clone(), errors };
        importer.import(files, &options::resolve_own(schema, settings).map_err(wrong)?)
    }
}

impl Engine {
    /// Reads files through an importer, as what a document is compared with or brought up to date by.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub fn observe(
        &self,
        plugin: &str,
        files: &[ImportFile],
        document: &Document,
        settings: &[(String, Value)],
    ) -> Result<ObserveOutput, PluginError> {
        let plugin = self.registry.find(plugin)?;
        let importer = plugin.importer()?;
        let schema = &plugin.description()?.options;
        let wrong = |errors| PluginError::Options { plugin: plugin.name.clone(), errors };
        let options = options::resolve_own(schema, settings).map_err(wrong)?;
        let imported = importer.observe(files, document.source().text(), &options)?;
        Ok(ObserveOutput::of(&plugin.name, imported))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("project", &self.project.folder).finish_non_exhaustive()
    }
}
