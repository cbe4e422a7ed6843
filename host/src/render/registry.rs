//! The renderers that there are, by name. Where two have one name, the earlier one wins and shadows the later.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::template::{SHIPPED, render_with_embeds};
use super::{Output, RenderError, Renderer, RendererKind};
use crate::graph::{Graph, ViewOptions};
use crate::options;
use crate::rules::{nearest, quote};
use crate::wasm::{self, Host};

/// Holds renderers. They are loaded when they are asked for.
#[derive(Default)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// Adds the components and templates that ship, behind everything that is there.
    pub fn add_shipped(&mut self, host: &Arc<Host>) {
        for shipped in wasm::SHIPPED {
            let host = Arc::clone(host);
            let load = move || Ok(Box::new(host.load_shipped(shipped)?) as Box<dyn Renderer>);
            self.add(Entry::new(shipped.name, RendererKind::Component, Origin::BuiltIn, load));
        }
        for shipped in &SHIPPED {
            let name = shipped.file_name.split('.').next().unwrap_or_default();
            self.add(Entry::new(name, RendererKind::Template, Origin::BuiltIn, || Ok(Box::new(shipped.template()?))));
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
    pub fn find(&self, name: &str) -> Result<&Entry, RenderError> {
        self.entries.iter().find(|entry| entry.name == name).ok_or_else(|| {
            let mut names: Vec<&str> = self.entries.iter().map(|entry| entry.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let help = match nearest(name, names.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? There are {}", names.join(", ")),
                None => format!("there are {}; a path has to end in .wasm or .tera", names.join(", ")),
            };
            RenderError::new(format!("there is no plugin {}", quote(name))).help(help)
        })
    }

    /// Renders a whole graph with a renderer: checks the settings, narrows the graph to the view, and renders first what
    /// the renderer embeds.
    ///
    /// # Errors
    /// When a setting is wrong, or a renderer cannot be loaded or fails.
    pub fn render(&self, entry: &Entry, graph: Graph<'_>, settings: &[(String, Value)]) -> Result<Output, RenderError> {
        let renderer = entry.renderer()?;
        let schema = &renderer.description().options;
        let (view, options) = options::resolve(schema, settings).map_err(|wrong| {
            let help = format!("`spec-engine plugins info {}` shows what it takes", entry.name);
            RenderError::new(format!("{}: {}", entry.name, wrong.join("; "))).help(help)
        })?;
        let graph = graph.view(&view);
        render_with_embeds(renderer, &graph, &options, |name| {
            let embedded = self.find(name).ok()?.renderer().ok()?;
            let (_view, options): (ViewOptions, Value) = options::resolve(&embedded.description().options, &[]).ok()?;
            Some((embedded, options))
        })
    }
}

/// A renderer that is known by name, and loaded when it is asked for.
pub struct Entry {
    /// The name to ask for it by.
    pub name: String,
    /// What it is made with.
    pub kind: RendererKind,
    /// Where it comes from.
    pub origin: Origin,
    load: Box<dyn Fn() -> Result<Box<dyn Renderer>, RenderError> + Send + Sync>,
    loaded: OnceLock<Result<Box<dyn Renderer>, RenderError>>,
}

impl Entry {
    /// Makes an entry; `load` is called once, when the renderer is first asked for.
    pub fn new(
        name: impl Into<String>,
        kind: RendererKind,
        origin: Origin,
        load: impl Fn() -> Result<Box<dyn Renderer>, RenderError> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), kind, origin, load: Box::new(load), loaded: OnceLock::new() }
    }

    /// Returns the renderer, loaded.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub fn renderer(&self) -> Result<&dyn Renderer, RenderError> {
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
