//! The plugins that there are, by name. Where two have one name, the earlier one wins and shadows the later.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::picture;
use super::template::{self, SHIPPED, embedded_settings, render_with_embeds};
use super::{Output, PluginError, Renderer, RendererKind};
use crate::graph::Graph;
use crate::options;
use crate::text::{nearest, quote};
use crate::wasm::{self, Abilities, Host};

/// Returns the limits of a template, by its name.
pub type TemplateLimits = Arc<dyn Fn(&str) -> template::Limits + Send + Sync>;

/// Holds renderers. They are loaded when they are asked for.
#[derive(Default)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// Adds what ships, behind everything that is there: components, templates and pictures.
    /// `limits` returns those of a template, by its name.
    pub fn add_shipped(&mut self, host: &Arc<Host>, limits: TemplateLimits) {
        for shipped in wasm::SHIPPED {
            let host = Arc::clone(host);
            let load = move || Ok(Box::new(host.load_shipped(shipped)?) as Box<dyn Renderer>);
            let entry = Entry::new(shipped.name, RendererKind::Component, Origin::BuiltIn, load);
            self.add(entry.with_abilities(|| Ok(Abilities::possible(shipped.wasm))));
        }
        for shipped in &SHIPPED {
            let name = shipped.file_name.split('.').next().unwrap_or_default();
            let limits = Arc::clone(&limits);
            let load = move || -> Result<Box<dyn Renderer>, PluginError> {
                Ok(Box::new(shipped.template()?.with_limits(limits(name))))
            };
            self.add(Entry::new(name, RendererKind::Template, Origin::BuiltIn, load));
        }
        for format in picture::Format::ALL {
            self.add(Entry::new(format.as_str(), RendererKind::BuiltIn, Origin::BuiltIn, move || format.renderer()));
        }
    }

    /// Adds a renderer behind everything that is there: it is shadowed where one of its name is there already.
    pub fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Returns each renderer that can be asked for, with those that it shadows.
    pub fn list(&self) -> Vec<(&Entry, Vec<&Entry>)> {
        let mut list: Vec<(&Entry, Vec<&Entry>)> = Vec::new();
        for entry in &self.entries {
            match list.iter_mut().find(|(first, _)| first.name == entry.name) {
                Some((_, shadowed)) => shadowed.push(entry),
                None => list.push((entry, Vec::new())),
            }
        }
        list
    }

    /// Finds a renderer by its name.
    ///
    /// # Errors
    /// When there is none, with the nearest name or all of them.
    pub fn find(&self, name: &str) -> Result<&Entry, PluginError> {
        self.entries.iter().find(|entry| entry.name == name).ok_or_else(|| {
            let mut names: Vec<&str> = self.entries.iter().map(|entry| entry.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let help = match nearest(name, names.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? There are {}", names.join(", ")),
                None => format!("there are {}; a path has to end in .wasm or .tera", names.join(", ")),
            };
            PluginError::new(format!("there is no plugin {}", quote(name))).help(help)
        })
    }

    /// Finds the renderer that writes files with an ending, which is given without its dot: the one that the project
    /// prefers, where it writes such files; else the one that ships; else another.
    ///
    /// # Errors
    /// When no renderer writes such files, with the endings that are known, or when several do.
    pub fn find_by_ending<'a>(&'a self, ending: &str, preferred: Option<&'a Entry>) -> Result<&'a Entry, PluginError> {
        let writes = |entry: &&Entry| entry.file_extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        if let Some(entry) = preferred.filter(writes) {
            return Ok(entry);
        }
        let entries = || self.list().into_iter().map(|(entry, _)| entry);
        let is_shipped = |entry: &&Entry| entry.origin == Origin::BuiltIn;
        // To ask a picture costs nothing, to ask a component loads it.
        if let Some(picture) = entries().filter(|entry| entry.kind == RendererKind::BuiltIn).find(writes) {
            return Ok(picture);
        }
        let mut found: Vec<&Entry> = entries().filter(is_shipped).filter(writes).collect();
        if found.is_empty() {
            found = entries().filter(|entry| !is_shipped(entry)).filter(writes).collect();
        }
        match found.as_slice() {
            [entry] => Ok(entry),
            [] => {
                let mut endings: Vec<String> =
                    entries().filter_map(Entry::file_extension).map(|own| format!(".{own}")).collect();
                endings.sort_unstable();
                endings.dedup();
                let help = format!("the known endings are {}; or name a plugin: --plugin d2", endings.join(", "));
                Err(PluginError::new(format!("no plugin writes files that end in {}", quote(&format!(".{ending}"))))
                    .help(help))
            }
            several => {
                let names: Vec<&str> = several.iter().map(|entry| entry.name.as_str()).collect();
                let message =
                    format!("{} plugins write files that end in {}", names.len(), quote(&format!(".{ending}")));
                Err(PluginError::new(message).help(format!("name one with --plugin: {}", names.join(", "))))
            }
        }
    }

    /// Renders a whole graph with a renderer: checks the settings, narrows the graph to the view, and renders first what
    /// the renderer embeds.
    ///
    /// # Errors
    /// When a setting is wrong, or a renderer cannot be loaded or fails.
    pub fn render(&self, entry: &Entry, graph: Graph<'_>, settings: &[(String, Value)]) -> Result<Output, PluginError> {
        let renderer = entry.renderer()?;
        let schema = &renderer.description().options;
        let (view, options) = options::resolve(schema, settings).map_err(|wrong| wrong_options(&entry.name, &wrong))?;
        let graph = graph.view(&view);
        let marks = graph.change_marks();
        let options = options::with_changes(options, marks.as_deref());
        render_with_embeds(renderer, &graph, &options, |name| {
            let embedded = self.find(name)?.renderer()?;
            let description = embedded.description();
            let settings = embedded_settings(&options, description);
            let (_view, options) =
                options::resolve(&description.options, &settings).map_err(|wrong| wrong_options(name, &wrong))?;
            Ok((embedded, options::with_changes(options, marks.as_deref())))
        })
    }
}

/// Says what is wrong with the settings of a plugin.
pub(crate) fn wrong_options(plugin: &str, wrong: &[String]) -> PluginError {
    let help = format!("`spec-engine plugins info {plugin}` shows what it takes");
    PluginError::new(format!("{plugin}: {}", wrong.join("; "))).help(help)
}

/// A plugin that is known by name, and loaded when it is asked for.
pub struct Entry {
    /// The name to ask for it by.
    pub name: String,
    /// What it is made with.
    pub kind: RendererKind,
    /// Where it comes from.
    pub origin: Origin,
    load: Box<dyn Fn() -> Result<Box<dyn Renderer>, PluginError> + Send + Sync>,
    abilities: Box<dyn Fn() -> Result<Abilities, PluginError> + Send + Sync>,
    loaded: OnceLock<Result<Box<dyn Renderer>, PluginError>>,
}

impl Entry {
    /// Makes an entry; `load` is called once, when the renderer is first asked for.
    pub fn new(
        name: impl Into<String>,
        kind: RendererKind,
        origin: Origin,
        load: impl Fn() -> Result<Box<dyn Renderer>, PluginError> + Send + Sync + 'static,
    ) -> Self {
        let renders = || Ok(Abilities::RENDERS);
        let (load, abilities) = (Box::new(load), Box::new(renders));
        Self { name: name.into(), kind, origin, load, abilities, loaded: OnceLock::new() }
    }

    /// Says by a function what it may be able to do, where that is not to render alone.
    #[must_use]
    pub fn with_abilities(
        self,
        abilities: impl Fn() -> Result<Abilities, PluginError> + Send + Sync + 'static,
    ) -> Self {
        Self { abilities: Box::new(abilities), ..self }
    }

    /// Says what it may be able to do, without compiling it: what is not among it, it cannot do.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn possible_abilities(&self) -> Result<Abilities, PluginError> {
        (self.abilities)()
    }

    /// Returns the ending of what it writes, without the dot; `None` if it cannot be loaded.
    fn file_extension(&self) -> Option<&str> {
        match self.kind {
            // A picture is named after its ending, and is asked for even where this build has none.
            RendererKind::BuiltIn => Some(&self.name),
            RendererKind::Component | RendererKind::Template => {
                if !self.possible_abilities().ok()?.renders {
                    return None;
                }
                Some(&self.renderer().ok()?.description().file_extension)
            }
        }
    }

    /// Returns the renderer, loaded.
    ///
    /// # Errors
    /// When it cannot be loaded, or is a component that does not render.
    pub fn renderer(&self) -> Result<&dyn Renderer, PluginError> {
        let plugin = self.plugin()?;
        match plugin.component() {
            Some(component) if !component.abilities().renders => Err(component.cannot("render")),
            _ => Ok(plugin),
        }
    }

    /// Returns what it is, loaded, whether it renders or has other abilities.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub fn plugin(&self) -> Result<&dyn Renderer, PluginError> {
        match self.loaded.get_or_init(|| (self.load)()) {
            Ok(renderer) => Ok(renderer.as_ref()),
            Err(error) => Err(error.clone()),
        }
    }
}

/// Says where a renderer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line named it, or its folder.
    CommandLine(PathBuf),
    /// The project has it.
    Project(PathBuf),
    /// The user has it.
    User(PathBuf),
    /// It ships inside the binary.
    BuiltIn,
}

impl Origin {
    /// Returns the file; `None` where it ships.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::CommandLine(path) | Self::Project(path) | Self::User(path) => Some(path),
            Self::BuiltIn => None,
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CommandLine(path) => write!(f, "command line: {}", path.display()),
            Self::Project(path) => write!(f, "project: {}", path.display()),
            Self::User(path) => write!(f, "user: {}", path.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}
