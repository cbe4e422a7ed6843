//! Files as plugins: components and templates, held to their pins.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::templates::{TEMPLATE_BYTES, TemplateFiles, siblings, sidecar};
use super::trust::{Trust, TrustedBytes};
use crate::file;
use crate::plugin::{Abilities, PluginError, PluginKind, TrustFault};
use crate::project::{Lock, PluginLimits, Project};
use crate::registry::{LoadedPlugin, Origin, Plugin, Registry};
use crate::render::template::{Source, TemplateBudget, is_renderer, parts};
use crate::wasm::{Component, ComponentSource, Host, Stamp};

/// What makes plugins of files.
pub(super) struct PluginFiles<'a> {
    pub host: Arc<Host>,
    pub limits: Arc<PluginLimits>,
    pub project: &'a Project,
    pub lock: &'a Lock,
    pub trust: &'a Trust,
    /// What all templates may take together.
    pub templates: TemplateBudget,
}

impl PluginFiles<'_> {
    /// Adds every plugin of a folder, in the order of their names. A folder that does not exist has none.
    pub fn add_folder(&self, registry: &mut Registry, folder: &Path, origin: impl Fn(PathBuf) -> Origin) {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            if let Some(plugin) = self.plugin(&path, &origin) {
                registry.add(plugin);
            }
        }
    }

    /// Adds a plugin for each pinned one whose file is gone, so that no other takes its place unseen.
    pub fn add_missing(&self, registry: &mut Registry) {
        for (name, pinned) in &self.lock.plugins {
            // Rules are added where scripts are.
            let Some(file) = pinned.main(name).filter(|_| !pinned.is_rule(name)) else { continue };
            let path = self.project.path(Path::new(file));
            if path.is_file() {
                continue;
            }
            let kind = if file.ends_with(".wasm") { PluginKind::Component } else { PluginKind::Template };
            let error = PluginError::PinnedFileMissing { plugin: name.clone(), file: path.clone() };
            let load = move || Err(error.clone());
            // It may have had rules: that these do not run must not go unseen.
            let lost = Abilities { renders: true, has_rules: kind == PluginKind::Component, imports: true };
            registry.add(Plugin::new(name, kind, Origin::Project(path), load).with_abilities(move || Ok(lost)));
        }
    }

    /// Makes a plugin of a file, if it is one: its name is the file's, and nobody else's choice.
    pub fn plugin(&self, path: &Path, origin: impl Fn(PathBuf) -> Origin) -> Option<Plugin> {
        let file_name = path.file_name()?.to_str()?.to_owned();
        // A hidden file is no plugin, and a name is shown and becomes that of a folder.
        if !path.is_file() || file_name.starts_with('.') || file_name.contains(char::is_control) {
            return None;
        }
        let (at, origin) = (path.to_owned(), origin(path.to_owned()));
        if let Some(name) = file_name.strip_suffix(".wasm") {
            if let Some(error) = self.intruder(name, path, &origin) {
                return Some(refused(name, PluginKind::Component, origin, error));
            }
            let vouching = self.vouching(path, &origin);
            let file =
                Arc::new(ComponentFile { host: Arc::clone(&self.host), path: at, name: name.to_owned(), vouching });
            let same = Arc::clone(&file);
            let plugin =
                Plugin::new(name, PluginKind::Component, origin, move || file.load().map(LoadedPlugin::Component));
            return Some(plugin.with_abilities(move || same.possible_abilities()));
        }
        if !file_name.ends_with(".tera") || file_name.starts_with('_') {
            return None;
        }
        let name = file_name.split('.').next().unwrap_or_default();
        let name = if is_renderer(&file_name) { name.to_owned() } else { file_name.clone() };
        if let Some(error) = self.intruder(&name, path, &origin) {
            return Some(refused(&name, PluginKind::Template, origin, error));
        }
        let budget = self.templates.with_limits(self.limits.template(&name));
        let pins = self.lock.pins_with(self.project, path);
        let folder = matches!(origin, Origin::Project(_)).then(|| self.project.folder.clone()).flatten();
        let shown = name.clone();
        let load = move || -> Result<LoadedPlugin, PluginError> {
            let files = match pins.as_slice() {
                [] => {
                    let of_project = folder.as_deref().map(|folder| (folder, shown.as_str()));
                    TemplateFiles::read(&at, of_project, budget.limits().template_size)?
                }
                pins => TemplateFiles::read_pinned(&shown, &at, pins)?,
            };
            Ok(LoadedPlugin::Renderer(Box::new(files.template(&at, budget.clone())?)))
        };
        Some(Plugin::new(name, PluginKind::Template, origin, load))
    }

    /// Why a file of the project does not become the plugin of its name: it leads out of the project, or has the name of
    /// a pinned one. What the user names or keeps is the user's business.
    fn intruder(&self, name: &str, path: &Path, origin: &Origin) -> Option<PluginError> {
        if !matches!(origin, Origin::Project(_)) {
            return None;
        }
        let (plugin, file) = (name.to_owned(), path.to_owned());
        let is_link = path.symlink_metadata().is_ok_and(|there| there.is_symlink());
        if is_link && self.project.check_inside(path).is_err() {
            return Some(PluginError::OutsideProject { plugin, file });
        }
        let takes_place = self.lock.has(name) && self.lock.pin(self.project, path).is_none();
        takes_place.then_some(PluginError::NotPinned { plugin, file })
    }

    /// Who vouches for a component.
    fn vouching(&self, path: &Path, origin: &Origin) -> TrustSource {
        if let Some(sum) = self.lock.pin(self.project, path) {
            return TrustSource::Lock(sum.to_owned());
        }
        match origin {
            Origin::Project(_) => match self.trust.of(path) {
                TrustedBytes::Any => TrustSource::User(None),
                TrustedBytes::Sum(sum) => TrustSource::User(Some(sum)),
                TrustedBytes::Nothing => TrustSource::Nobody,
            },
            Origin::Named(_) | Origin::User(_) | Origin::BuiltIn => TrustSource::Place,
        }
    }
}

/// A plugin that is known by name only.
fn refused(name: &str, kind: PluginKind, origin: Origin, error: PluginError) -> Plugin {
    let same = error.clone();
    let plugin = Plugin::new(name, kind, origin, move || Err(error.clone()));
    // What a component might do is not known; a template renders.
    if kind == PluginKind::Component { plugin.with_abilities(move || Err(same.clone())) } else { plugin }
}

/// Who vouches for the bytes of a component.
enum TrustSource {
    /// The user, who named it or has it.
    Place,
    /// The lock of the project, for this SHA-256.
    Lock(String),
    /// The user, once: for this SHA-256, or whatever it is.
    User(Option<String>),
    /// Nobody.
    Nobody,
}

/// The file of a component.
struct ComponentFile {
    host: Arc<Host>,
    path: PathBuf,
    name: String,
    vouching: TrustSource,
}

impl ComponentFile {
    fn load(&self) -> Result<Component, PluginError> {
        let pinned = match &self.vouching {
            TrustSource::Nobody => {
                // What is no component at all is not to be trusted first.
                self.possible_abilities()?;
                return Err(self.not_trusted(TrustFault::Unknown));
            }
            TrustSource::Place => None,
            TrustSource::Lock(sum) => Some(sum),
            TrustSource::User(sum) => sum.as_ref(),
        };
        let loaded = self.with_source(pinned, |source| self.host.load_source(source));
        loaded.map_err(|error| self.worded(error))
    }

    /// This does not run it.
    fn possible_abilities(&self) -> Result<Abilities, PluginError> {
        let pinned = match &self.vouching {
            TrustSource::Lock(sum) => Some(sum),
            TrustSource::Place | TrustSource::User(_) | TrustSource::Nobody => None,
        };
        self.with_source(pinned, |source| self.host.possible_abilities(source))
    }

    fn with_source<T>(&self, pinned: Option<&String>, with: impl FnOnce(&ComponentSource<'_>) -> T) -> T {
        let read = |most| read_at_most(&self.path, most);
        let (stamp, pinned) = (stamp(&self.path), pinned.map(String::as_str));
        with(&ComponentSource { name: &self.name, stamp: stamp.as_ref(), pinned, read: &read })
    }

    /// An error with the file, in the words of who vouches.
    fn worded(&self, error: PluginError) -> PluginError {
        match (&self.vouching, error) {
            (TrustSource::User(_), PluginError::NotAsPinned { .. }) => self.not_trusted(TrustFault::Changed),
            (_, PluginError::Component { plugin, fault, mut details }) => {
                details.file = Some(self.path.clone());
                PluginError::Component { plugin, fault, details }
            }
            (_, error) => error,
        }
    }

    fn not_trusted(&self, fault: TrustFault) -> PluginError {
        PluginError::NotTrusted { plugin: self.name.clone(), file: self.path.clone(), fault }
    }
}

/// Whether what a user asked for is the path of a plugin and not a name.
pub fn is_plugin_path(asked: &str) -> bool {
    asked.contains(['/', std::path::MAIN_SEPARATOR]) || asked.ends_with(".wasm") || asked.ends_with(".tera")
}

/// Reads so many bytes of a file of a plugin, or all where it has fewer.
///
/// # Errors
/// It cannot be read, or is no regular file.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, PluginError> {
    let unreadable =
        |error: std::io::Error| PluginError::Unreadable { path: path.to_owned(), reason: error.to_string() };
    file::read_start(path, most).map_err(unreadable)
}

/// How a file looks from outside, where that is enough to know it by.
fn stamp(path: &Path) -> Option<Stamp> {
    let path = std::path::absolute(path).ok()?;
    let stamp = Stamp::of(&path, &fs::metadata(&path).ok()?);
    stamp.is_settled(SystemTime::now()).then_some(stamp)
}

/// The files of a template: its own, its sidecar if it has one, and what it includes of the files beside it that are
/// there for others to include.
pub fn template_files(path: &Path) -> Vec<PathBuf> {
    let sidecar = sidecar(path);
    let mut files: Vec<PathBuf> = [path.to_owned()].into_iter().chain(sidecar.is_file().then_some(sidecar)).collect();
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let text = file::read_text(path, TEMPLATE_BYTES).unwrap_or_default();
    let siblings = siblings(path, &text, TEMPLATE_BYTES);
    let siblings: Vec<Source<'_>> = siblings
        .iter()
        .filter(|(name, _)| name.starts_with('_'))
        .map(|(name, text)| Source { file_name: name, text: text.as_str() })
        .collect();
    let parts = parts(Source { file_name, text: &text }, &siblings);
    files.extend(parts.into_iter().map(|part| path.with_file_name(part)));
    files
}
