//! The plugins that there are, by name. Where two have one name, the earlier one wins and shadows the later.

mod layouts;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use self::layouts::LayoutJob;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::graph::Graph;
use crate::limits::{PICTURE_FILES, PICTURE_LIMITS, TemplateLimits};
use crate::options;
use crate::plugin::{Abilities, Ability, Description, EmbedFault, PluginError, PluginKind};
use crate::render::template::SHIPPED;
use crate::render::{Embeds, Output, Paged, RenderContext, Renderer, picture};
use crate::text::nearest;
use crate::wasm::{self, Component, Host};

/// The limits of a template, by its name.
pub type TemplateLimitsByName = Arc<dyn Fn(&str) -> TemplateLimits + Send + Sync>;

/// Plugins by name. They are loaded when they are asked for.
#[derive(Debug, Default)]
pub struct Registry {
    plugins: Vec<Plugin>,
}

impl Registry {
    /// Adds what ships, behind everything that is there: components, templates and pictures.
    /// `limits` gives those of a template, by its name.
    pub fn add_shipped(&mut self, host: &Arc<Host>, limits: TemplateLimitsByName) {
        for shipped in wasm::SHIPPED {
            let host = Arc::clone(host);
            let load = move || Ok(LoadedPlugin::Component(host.load_shipped(shipped)?));
            let plugin = Plugin::new(shipped.name, PluginKind::Component, Origin::BuiltIn, load);
            let plugin = plugin.with_abilities(|| Ok(shipped.abilities()));
            self.add(plugin.with_description(|| shipped.description()));
        }
        for shipped in &SHIPPED {
            let name = shipped.file_name.split('.').next().unwrap_or_default();
            let limits = Arc::clone(&limits);
            let load = move || Ok(LoadedPlugin::Renderer(Box::new(shipped.template()?.with_limits(limits(name)))));
            let plugin = Plugin::new(name, PluginKind::Template, Origin::BuiltIn, load);
            self.add(plugin.with_description(|| shipped.description().ok()));
        }
        for format in picture::Format::ALL {
            let load = move || picture::renderer(format).map(LoadedPlugin::Renderer);
            self.add(Plugin::new(format.as_str(), PluginKind::BuiltIn, Origin::BuiltIn, load));
        }
    }

    /// Adds a plugin behind everything that is there: it is shadowed where one of its name is there already.
    pub fn add(&mut self, plugin: Plugin) {
        self.plugins.push(plugin);
    }

    /// Each plugin that can be asked for, with those that it shadows.
    pub fn list(&self) -> Vec<(&Plugin, Vec<&Plugin>)> {
        let mut list: Vec<(&Plugin, Vec<&Plugin>)> = Vec::new();
        for plugin in &self.plugins {
            match list.iter_mut().find(|(first, _)| first.name == plugin.name) {
                Some((_, shadowed)) => shadowed.push(plugin),
                None => list.push((plugin, Vec::new())),
            }
        }
        list
    }

    /// Finds a plugin by its name.
    ///
    /// # Errors
    /// [`PluginError::Unknown`]: there is none.
    pub fn find(&self, name: &str) -> Result<&Plugin, PluginError> {
        self.plugins.iter().find(|plugin| plugin.name == name).ok_or_else(|| {
            let mut known: Vec<String> = self.plugins.iter().map(|plugin| plugin.name.clone()).collect();
            known.sort_unstable();
            known.dedup();
            let suggestion = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
            PluginError::Unknown { name: name.to_owned(), suggestion, known }
        })
    }

    /// Finds the renderer that writes files of an extension, which is given without its dot: the one that the project
    /// prefers, where it writes such files; else the one that ships; else another.
    ///
    /// # Errors
    /// No renderer writes such files, or several do.
    pub fn find_writer<'a>(
        &'a self,
        extension: &str,
        preferred: Option<&'a Plugin>,
    ) -> Result<&'a Plugin, PluginError> {
        let writes = |plugin: &&Plugin| plugin.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension));
        if let Some(plugin) = preferred.filter(writes) {
            return Ok(plugin);
        }
        let plugins = || self.list().into_iter().map(|(plugin, _)| plugin);
        let is_shipped = |plugin: &&Plugin| plugin.origin == Origin::BuiltIn;
        // To ask a picture costs nothing.
        if let Some(picture) = plugins().filter(|plugin| plugin.kind == PluginKind::BuiltIn).find(writes) {
            return Ok(picture);
        }
        let mut found: Vec<&Plugin> = plugins().filter(is_shipped).filter(writes).collect();
        if found.is_empty() {
            found = plugins().filter(|plugin| !is_shipped(plugin)).filter(writes).collect();
        }
        match found.as_slice() {
            [plugin] => Ok(plugin),
            [] => {
                let mut known: Vec<String> = plugins().filter_map(Plugin::extension).map(str::to_owned).collect();
                known.sort_unstable();
                known.dedup();
                Err(PluginError::NoWriter { extension: extension.to_owned(), known })
            }
            several => {
                let plugins = several.iter().map(|plugin| plugin.name.clone()).collect();
                Err(PluginError::SeveralWriters { extension: extension.to_owned(), plugins })
            }
        }
    }

    /// Whether a plugin that renders, or one that it embeds, asks for what the rules found in the document.
    pub fn asks_findings(&self, plugin: &Plugin) -> bool {
        let asks = |plugin: &Plugin| plugin.renderer().is_ok_and(Renderer::asks_findings);
        asks(plugin) || embeds(plugin).iter().any(|name| self.find(name).is_ok_and(asks))
    }

    /// Whether a plugin draws pictures, or embeds one.
    pub fn draws(&self, plugin: &Plugin) -> bool {
        let is_picture = |plugin: &Plugin| plugin.kind == PluginKind::BuiltIn;
        is_picture(plugin)
            || plugin.kind == PluginKind::Template
                && embeds(plugin).iter().any(|name| self.find(name).is_ok_and(is_picture))
    }

    /// Renders a whole graph: checks the settings, narrows the graph to the view, and renders first what the renderer
    /// embeds. `findings` are those of the document, where [a renderer asks for them](Self::asks_findings).
    ///
    /// # Errors
    /// A setting is wrong, or a renderer cannot be loaded or fails.
    pub fn render(
        &self,
        plugin: &Plugin,
        graph: Graph<'_>,
        settings: &[(String, Value)],
        findings: &[Diagnostic],
    ) -> Result<Output, PluginError> {
        let renderer = plugin.renderer()?;
        let wrong = |plugin: &str| {
            let plugin = plugin.to_owned();
            move |errors| PluginError::Options { plugin, errors }
        };
        let description = renderer.description();
        let (view, options) = options::resolve(&description.options, settings).map_err(wrong(&plugin.name))?;
        let layouts = renderer.layouts();
        let whole = layouts.filter(|_| layouts::has_further(&graph)).map(|_| graph.clone());
        let graph = graph.view(&view);
        let (mut embeds, mut diagnostics, mut places) = (Embeds::new(), Vec::new(), Vec::new());
        for name in &description.embeds {
            let by = || description.name.clone();
            let failed = |error| PluginError::Embedded { by: by(), name: name.clone(), error: Box::new(error) };
            match self.embedded(name, description, &graph, (&options, settings), findings) {
                Ok(output) => {
                    let refused = |fault| PluginError::NotEmbeddable { by: by(), name: name.clone(), fault };
                    let artifact = <[_; 1]>::try_from(output.artifacts).map_err(|_| refused(EmbedFault::NotOneText))?;
                    let [artifact] = artifact;
                    let text = String::from_utf8(artifact.content).map_err(|_| refused(EmbedFault::NotOneText))?;
                    embeds.insert(name.clone(), text);
                    diagnostics.extend(output.diagnostics);
                    places.extend(output.places);
                }
                // What is around a picture is of use without it.
                Err(PluginError::Picture { fault, .. }) if !fault.is_of_options() => {
                    embeds.insert(name.clone(), String::new());
                    let rule = format!("{name}/not-drawn");
                    let message = format!("{} has no diagram: {fault}", by());
                    let remark = Diagnostic::new(rule, Severity::Warning, Place::File, message);
                    diagnostics.push(remark.help_if(fault.help()));
                }
                Err(error @ PluginError::NotEmbeddable { .. }) => return Err(error),
                Err(error) => return Err(failed(error)),
            }
        }
        let layouts = match layouts.zip(whole) {
            // What lays nothing out has been told where it is embedded; a page is of use without.
            Some((name, whole)) => self.find(name)?.renderer().map_or_else(
                |_| Vec::new(),
                |renderer| {
                    let settings = shared_settings(&options, settings, renderer.description());
                    LayoutJob { renderer, settings, view }.further(&whole, &graph)
                },
            ),
            None => Vec::new(),
        };
        let context = RenderContext { graph: &graph, options: &options, embeds: &embeds, layouts: &layouts, findings };
        let mut output = renderer.render(&context)?;
        diagnostics.append(&mut output.diagnostics);
        places.append(&mut output.places);
        Ok(Output { diagnostics, places, ..output })
    }
}

impl Registry {
    /// Renders the parts of a graph as the pages of one file. `paged` is the renderer of the plugin.
    ///
    /// # Errors
    /// A setting is wrong, or the renderer fails.
    pub fn render_pages<'a>(
        &self,
        plugin: &Plugin,
        paged: &dyn Paged,
        parts: impl IntoIterator<Item = Graph<'a>>,
        settings: &[(String, Value)],
    ) -> Result<Output, PluginError> {
        let wrong = |errors| PluginError::Options { plugin: plugin.name.clone(), errors };
        let (view, options) = options::resolve(&plugin.description()?.options, settings).map_err(wrong)?;
        let graphs: Vec<Graph<'_>> = parts.into_iter().map(|graph| graph.view(&view)).collect();
        let embeds = Embeds::new();
        let page = |graph| RenderContext { graph, options: &options, embeds: &embeds, layouts: &[], findings: &[] };
        paged.render_pages(&graphs.iter().map(page).collect::<Vec<_>>())
    }

    /// Renders with a renderer that another embeds, whose options and settings are given.
    fn embedded(
        &self,
        name: &str,
        by: &Description,
        graph: &Graph<'_>,
        (options, settings): (&Value, &[(String, Value)]),
        findings: &[Diagnostic],
    ) -> Result<Output, PluginError> {
        let embedded = self.find(name).and_then(Plugin::renderer)?;
        let inner = embedded.description();
        if !inner.embeds.is_empty() {
            let fault = EmbedFault::EmbedsItself;
            return Err(PluginError::NotEmbeddable { by: by.name.clone(), name: name.to_owned(), fault });
        }
        let settings = shared_settings(options, settings, inner);
        let wrong = |errors| PluginError::Options { plugin: name.to_owned(), errors };
        let (_, options) = options::resolve(&inner.options, &settings).map_err(wrong)?;
        embedded.render(&RenderContext { graph, options: &options, embeds: &Embeds::new(), layouts: &[], findings })
    }
}

/// The renderers that a plugin embeds; none where it does not render.
fn embeds(plugin: &Plugin) -> &[String] {
    plugin.renderer().map(|renderer| renderer.description().embeds.as_slice()).unwrap_or_default()
}

/// The settings of an embedded renderer: the options that the renderer around it has, too, as they are set there. What
/// bounds a picture, or names a file for it, is taken from who renders (`given`), never from a default of a template.
fn shared_settings(outer: &Value, given: &[(String, Value)], embedded: &Description) -> Vec<(String, Value)> {
    let is_shared = |name: &str| embedded.options["properties"].get(name).is_some();
    let held = || PICTURE_LIMITS.map(|(name, _)| name).into_iter().chain(PICTURE_FILES.map(|(name, _)| name));
    let is_held = |name: &str| held().any(|held| held == name);
    let is_given = |name: &str| given.iter().any(|(key, _)| key == name);
    let outer = outer.as_object().into_iter().flatten();
    let outer = outer.filter(|(name, _)| is_shared(name) && (!is_held(name) || is_given(name)));
    outer.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A plugin that is loaded.
#[allow(clippy::large_enum_variant, reason = "each plugin has one, in place")]
pub enum LoadedPlugin {
    /// A template, or a renderer of the host.
    Renderer(Box<dyn Renderer>),
    /// A component.
    Component(Component),
}

/// A plugin that is known by name, and loaded when it is asked for.
pub struct Plugin {
    /// The name to ask for it by.
    pub name: String,
    /// What it is made with.
    pub kind: PluginKind,
    /// Where it comes from.
    pub origin: Origin,
    load: Box<dyn Fn() -> Result<LoadedPlugin, PluginError> + Send + Sync>,
    abilities: Box<dyn Fn() -> Result<Abilities, PluginError> + Send + Sync>,
    describe: Box<dyn Fn() -> Option<Description> + Send + Sync>,
    described: OnceLock<Option<Description>>,
    loaded: OnceLock<Result<LoadedPlugin, PluginError>>,
}

impl Plugin {
    /// Makes a plugin; `load` is called once, when it is first asked for.
    pub fn new(
        name: impl Into<String>,
        kind: PluginKind,
        origin: Origin,
        load: impl Fn() -> Result<LoadedPlugin, PluginError> + Send + Sync + 'static,
    ) -> Self {
        let renders = || Ok(Abilities::RENDERS);
        let (load, abilities, describe) = (Box::new(load), Box::new(renders), Box::new(|| None));
        let (described, loaded) = (OnceLock::new(), OnceLock::new());
        Self { name: name.into(), kind, origin, load, abilities, describe, described, loaded }
    }

    /// Gives it a function that finds its possible abilities, where these are not to render alone.
    #[must_use]
    pub fn with_abilities(
        self,
        abilities: impl Fn() -> Result<Abilities, PluginError> + Send + Sync + 'static,
    ) -> Self {
        Self { abilities: Box::new(abilities), ..self }
    }

    /// Gives it a function with its description, for one of which that is known without loading it: then its possible
    /// abilities are those that it has.
    #[must_use]
    pub fn with_description(self, describe: impl Fn() -> Option<Description> + Send + Sync + 'static) -> Self {
        Self { describe: Box::new(describe), ..self }
    }

    /// The abilities that it may have, without compiling it: it has no other.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn possible_abilities(&self) -> Result<Abilities, PluginError> {
        (self.abilities)()
    }

    /// Its abilities. This loads it, unless they are known.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn abilities(&self) -> Result<Abilities, PluginError> {
        if self.described().is_some() {
            return self.possible_abilities();
        }
        Ok(self.component()?.map_or(Abilities::RENDERS, Component::abilities))
    }

    /// Its description. This loads it, unless that is known.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn description(&self) -> Result<&Description, PluginError> {
        if let Some(description) = self.described() {
            return Ok(description);
        }
        Ok(match self.loaded()? {
            LoadedPlugin::Renderer(renderer) => renderer.description(),
            LoadedPlugin::Component(component) => component.description(),
        })
    }

    /// The renderer that it is. This loads it.
    ///
    /// # Errors
    /// It cannot be loaded, or is a component that does not render.
    pub fn renderer(&self) -> Result<&dyn Renderer, PluginError> {
        Ok(match self.loaded()? {
            LoadedPlugin::Renderer(renderer) => renderer.as_ref(),
            LoadedPlugin::Component(component) if component.abilities().renders => component,
            LoadedPlugin::Component(_) => return Err(self.missing(Ability::Render)),
        })
    }

    /// The importer that it is. This loads it.
    ///
    /// # Errors
    /// It cannot be loaded, or does not import.
    pub fn importer(&self) -> Result<&Component, PluginError> {
        let component = self.component()?.filter(|component| component.abilities().imports);
        component.ok_or_else(|| self.missing(Ability::Import))
    }

    /// The component that it is, if it is one. This loads it.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn component(&self) -> Result<Option<&Component>, PluginError> {
        Ok(match self.loaded()? {
            LoadedPlugin::Renderer(_) => None,
            LoadedPlugin::Component(component) => Some(component),
        })
    }

    /// The error that it lacks an ability.
    pub fn missing(&self, ability: Ability) -> PluginError {
        let abilities = self.abilities().unwrap_or_default();
        PluginError::MissingAbility { plugin: self.name.clone(), ability, abilities }
    }

    /// The extension of what it writes, without the dot; `None` if it cannot be loaded.
    fn extension(&self) -> Option<&str> {
        match self.kind {
            // A picture is named after its extension, and is asked for even where this build has none.
            PluginKind::BuiltIn => Some(&self.name),
            PluginKind::Component | PluginKind::Template => {
                if !self.possible_abilities().ok()?.renders {
                    return None;
                }
                let description = self.described().or_else(|| Some(self.renderer().ok()?.description()))?;
                Some(&description.file_extension)
            }
        }
    }

    /// What is known of it without loading it.
    fn described(&self) -> Option<&Description> {
        self.described.get_or_init(|| (self.describe)()).as_ref()
    }

    fn loaded(&self) -> Result<&LoadedPlugin, PluginError> {
        self.loaded.get_or_init(|| (self.load)()).as_ref().map_err(PluginError::clone)
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin").field("name", &self.name).field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// Where a plugin comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was named by path, or its folder was.
    Named(PathBuf),
    /// The project has it.
    Project(PathBuf),
    /// The user has it.
    User(PathBuf),
    /// It ships inside the binary.
    BuiltIn,
}

impl Origin {
    /// Its file; `None` where it ships.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Project(path) | Self::User(path) => Some(path),
            Self::BuiltIn => None,
        }
    }
}
