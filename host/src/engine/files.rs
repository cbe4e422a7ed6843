//! Files as plugins: components and templates, held to their pins.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::limits::TemplateLimits;
use crate::plugin::{Abilities, PluginError, PluginKind};
use crate::project::{Lock, PluginLimits, Project};
use crate::registry::{Loaded, Origin, Plugin, Registry};
use crate::render::template::{Source, Template, is_renderer, parts};
use crate::wasm::{Component, ComponentSource, Host, Stamp, sha256};

/// What makes plugins of files.
pub(super) struct PluginFiles<'a> {
    pub host: Arc<Host>,
    pub limits: Arc<PluginLimits>,
    pub project: &'a Project,
    pub lock: &'a Lock,
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
            let Some(file) = pinned.sha256.keys().find(|file| file.ends_with(".wasm") || file.ends_with(".tera"))
            else {
                continue;
            };
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
            let pinned = self.lock.pin(self.project, path).map(str::to_owned);
            let host = Arc::clone(&self.host);
            let file = Arc::new(ComponentFile { host, path: at, name: name.to_owned(), pinned });
            let same = Arc::clone(&file);
            let plugin = Plugin::new(name, PluginKind::Component, origin, move || file.load().map(Loaded::Component));
            return Some(plugin.with_abilities(move || same.possible_abilities()));
        }
        if !file_name.ends_with(".tera") || file_name.starts_with('_') {
            return None;
        }
        let name = file_name.split('.').next().unwrap_or_default();
        let name = if is_renderer(&file_name) { name.to_owned() } else { file_name.clone() };
        let limits = self.limits.template(&name);
        let pins = self.lock.pins_with(self.project, path);
        let shown = name.clone();
        let load = move || -> Result<Loaded, PluginError> {
            for (file, pin) in &pins {
                check_pin(&shown, file, pin)?;
            }
            Ok(Loaded::Renderer(Box::new(load_template(&at, limits.clone())?)))
        };
        Some(Plugin::new(name, PluginKind::Template, origin, load))
    }
}

/// The file of a component.
struct ComponentFile {
    host: Arc<Host>,
    path: PathBuf,
    name: String,
    pinned: Option<String>,
}

impl ComponentFile {
    fn load(&self) -> Result<Component, PluginError> {
        self.with_source(|source| self.host.load_source(source))
    }

    fn possible_abilities(&self) -> Result<Abilities, PluginError> {
        self.with_source(|source| self.host.possible_abilities(source))
    }

    fn with_source<T>(&self, with: impl FnOnce(&ComponentSource<'_>) -> T) -> T {
        let read = |most| read_at_most(&self.path, most);
        let stamp = stamp(&self.path);
        with(&ComponentSource { name: &self.name, stamp: stamp.as_ref(), pinned: self.pinned.as_deref(), read: &read })
    }
}

/// Whether what a user asked for is the path of a plugin and not a name.
pub fn is_plugin_path(asked: &str) -> bool {
    asked.contains(['/', std::path::MAIN_SEPARATOR]) || asked.ends_with(".wasm") || asked.ends_with(".tera")
}

/// Reads so many bytes of a file of a plugin, or all where it has fewer.
///
/// # Errors
/// It cannot be read.
pub fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, PluginError> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| PluginError::Unreadable { path: path.to_owned(), reason: error.to_string() })?;
    Ok(bytes)
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
    let text = fs::read_to_string(path).unwrap_or_default();
    let siblings = siblings(path);
    let siblings: Vec<Source<'_>> = siblings
        .iter()
        .filter(|(name, _)| name.starts_with('_'))
        .map(|(name, text)| Source { file_name: name, text: text.as_str() })
        .collect();
    let parts = parts(Source { file_name, text: &text }, &siblings);
    files.extend(parts.into_iter().map(|part| path.with_file_name(part)));
    files
}

fn sidecar(template: &Path) -> PathBuf {
    let file_name = template.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    template.with_file_name(file_name.split('.').next().unwrap_or_default()).with_extension("toml")
}

/// Reads the templates beside one, by name.
fn siblings(template: &Path) -> Vec<(String, String)> {
    let folder = template.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut siblings = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // What is not a file of this folder itself is not offered: a link could lead out of it.
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file
            && name.ends_with(".tera")
            && template.file_name().is_some_and(|own| own != name.as_str())
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            siblings.push((name, text));
        }
    }
    siblings
}

/// Compares a file of a template with its pin.
fn check_pin(plugin: &str, file: &Path, pin: &str) -> Result<(), PluginError> {
    let found = sha256(&read_at_most(file, u64::MAX)?);
    if found == pin {
        return Ok(());
    }
    let (plugin, file, pinned) = (plugin.to_owned(), Some(file.to_owned()), pin.to_owned());
    Err(PluginError::NotAsPinned { plugin, file, pinned, found })
}

/// Reads a template with what is beside it.
fn load_template(path: &Path, limits: TemplateLimits) -> Result<Template, PluginError> {
    // A byte more, so that a file that is too large is seen to be.
    let most = limits.template_size.saturating_add(1);
    let read = |path: &Path| {
        let bytes = read_at_most(path, most)?;
        if bytes.len() as u64 == most {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        String::from_utf8(bytes).map_err(|_| PluginError::NotText { path: path.to_owned() })
    };
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let text = read(path)?;
    let sidecar = sidecar(path);
    let sidecar = if sidecar.is_file() { Some(read(&sidecar)?) } else { None };
    let siblings = siblings(path);
    let siblings: Vec<Source<'_>> =
        siblings.iter().map(|(name, text)| Source { file_name: name, text: text.as_str() }).collect();
    let template = Template::within(limits, file_name, &text, sidecar.as_deref(), &siblings);
    Ok(template.map_err(|mut error| {
        let place = path.with_file_name(&error.place.file);
        error.place.file = place.strip_prefix(".").unwrap_or(&place).display().to_string();
        error
    })?)
}
