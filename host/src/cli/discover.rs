//! Finds renderers: named on the command line, in the project, in the user's configuration, built in. The first of a
//! name wins.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use etcetera::BaseStrategy as _;

use super::args::PluginSources;
use super::limits::PluginLimits;
use super::lock::Lock;
use super::progress::Progress;
use super::project::Project;
use super::{Failure, report};
use crate::render::registry::{Entry, Origin, Registry};
use crate::render::template::{Source, Template, is_renderer, parts};
use crate::render::{PluginError, Renderer, RendererKind};
use crate::text::visible;
use crate::wasm::{Abilities, Cache, Code, Component, Host, Limits, Stamp, Used, Wanted, sha256};

/// The folders of a project or of the user's configuration that hold renderers.
const FOLDERS: [&str; 2] = ["plugins", "templates"];

/// Finds every renderer. `asked` is what the user asked for: where it is a path, the renderer there comes first.
///
/// Returns the registry, and the name under which what was asked for stands in it.
pub(super) fn registry(
    sources: &PluginSources,
    project: &Project,
    asked: Option<&str>,
) -> anyhow::Result<(Registry, Option<String>)> {
    measured_registry(sources, project, asked, stats(sources))
}

/// Returns what shows the use of each call, where the user wants to see it.
pub(super) fn stats(sources: &PluginSources) -> impl Fn(&str, Code, Used) + Send + Sync + use<> {
    let stats = sources.stats;
    move |name, code, used| {
        if stats {
            eprint_use(name, code, used);
        }
    }
}

/// Finds every renderer, as [`registry`] does, and calls a function after each rendering of a component.
pub(super) fn measured_registry(
    sources: &PluginSources,
    project: &Project,
    asked: Option<&str>,
    on_use: impl Fn(&str, Code, Used) + Send + Sync + 'static,
) -> anyhow::Result<(Registry, Option<String>)> {
    let path = asked.filter(|asked| is_path(asked)).map(PathBuf::from);
    let (registry, names) = registry_with(sources, project, path.as_slice(), on_use)?;
    Ok((registry, names.into_iter().next().or(asked.map(str::to_owned))))
}

/// Finds every plugin, those at some paths first. Returns the registry, and the names of those at the paths.
pub(super) fn registry_with(
    sources: &PluginSources,
    project: &Project,
    paths: &[PathBuf],
    on_use: impl Fn(&str, Code, Used) + Send + Sync + 'static,
) -> anyhow::Result<(Registry, Vec<String>)> {
    let progress = Arc::default();
    let limits = Arc::new(PluginLimits::of(project, sources)?);
    let lock = Lock::read(project)?;
    let host = Arc::new(host(sources, &limits, &progress).on_use(on_use));
    let host = Loading { host, progress, limits: Arc::clone(&limits), project, lock: &lock };
    let mut registry = Registry::default();
    let mut names = Vec::new();
    for path in paths {
        let entry = entry(path, Origin::CommandLine, &host)
            .ok_or_else(|| Failure::new(format!("there is no plugin file {}", path.display())))?;
        names.push(entry.name.clone());
        registry.add(entry);
    }
    for folder in &sources.folders {
        if !folder.is_dir() {
            return Err(Failure::new(format!("{} is not a folder with plugins", folder.display())).into());
        }
        add_folder(&mut registry, folder, Origin::CommandLine, &host);
    }
    for path in project.settings.plugins.iter().map(|path| project.path(path)) {
        if path.is_dir() {
            add_folder(&mut registry, &path, Origin::Project, &host);
        } else {
            let entry = entry(&path, Origin::Project, &host).ok_or_else(|| {
                Failure::new(format!("the project file names the plugin {}, which is not there", path.display()))
                    .help("a plugin is a file NAME.wasm or NAME.EXT.tera, or a folder with such files")
            })?;
            registry.add(entry);
        }
    }
    let project_folder = project.own_folder();
    let user_folder = etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("spec-engine"));
    for name in FOLDERS {
        add_folder(&mut registry, &project_folder.join(name), Origin::Project, &host);
    }
    add_missing(&mut registry, project, &lock);
    for name in FOLDERS {
        if let Some(folder) = &user_folder {
            add_folder(&mut registry, &folder.join(name), Origin::User, &host);
        }
    }
    let of_templates = Arc::clone(&limits);
    registry.add_shipped(&host.host, Arc::new(move |name| of_templates.template(name)));
    limits.check_names(&registry.list().iter().map(|(entry, _)| entry.name.as_str()).collect::<Vec<_>>())?;
    Ok((registry, names))
}

/// The line that says which component is compiled, while one is.
type Slot = Arc<Mutex<Option<Progress>>>;

/// What loads plugins.
struct Loading<'a> {
    host: Arc<Host>,
    progress: Slot,
    limits: Arc<PluginLimits>,
    project: &'a Project,
    lock: &'a Lock,
}

/// Shows a line of progress, or takes it away.
fn show(slot: &Slot, progress: Option<Progress>) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = progress;
}

/// Makes the host of components, with the user's limits and cache.
fn host(sources: &PluginSources, limits: &Arc<PluginLimits>, progress: &Slot) -> Host {
    let host = Host::new(Limits::default(), cache(sources));
    let (progress, limits) = (Arc::clone(progress), Arc::clone(limits));
    let host = host
        .limits_of(move |name| limits.component(name))
        .on_compile(move |name| show(&progress, Some(Progress::start(format!("compiling the plugin {name}")))));
    if sources.verbose { host.on_log(eprint_log) } else { host }
}

/// Returns the cache of compiled components, in the user's folder for such things.
pub(super) fn cache(sources: &PluginSources) -> Cache {
    let folder = etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("spec-engine"));
    match folder {
        Some(folder) if !sources.no_cache => Cache::at(folder),
        _ => Cache::none(),
    }
}

/// Shows what a call of a component used.
pub(super) fn eprint_use(name: &str, code: Code, used: Used) {
    let code = match code {
        Code::Shipped => "compiled ahead of time",
        Code::Cached(_) => "from the cache",
        Code::Compiled => "compiled now",
    };
    let fuel = report::number(usize::try_from(used.fuel).unwrap_or(usize::MAX));
    let memory = used.memory as f64 / f64::from(1 << 20);
    let time = used.time.as_secs_f64() * 1e3;
    // Where standard error is closed there is nobody to show it to.
    let _ = writeln!(std::io::stderr(), "{name}: {fuel} fuel, {memory:.1} MiB of memory, {time:.1} ms, {code}");
}

/// Shows what a component logged.
fn eprint_log(name: &str, log: &str) {
    let mut err = std::io::stderr().lock();
    for line in log.lines() {
        // Where standard error is closed there is nobody to show it to.
        let _ = writeln!(err, "{name}: {}", visible(line));
    }
}

/// Reads a file of a plugin.
fn read(path: &Path) -> Result<Vec<u8>, PluginError> {
    read_at_most(path, u64::MAX)
}

/// Reads so many bytes of a file of a plugin, or all where it has fewer.
pub(super) fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, PluginError> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| PluginError::new(format!("{} cannot be read: {error}", path.display())))?;
    Ok(bytes)
}

/// Says whether what the user asked for is a path and not a name.
fn is_path(asked: &str) -> bool {
    asked.contains(['/', std::path::MAIN_SEPARATOR]) || asked.ends_with(".wasm") || asked.ends_with(".tera")
}

/// Adds every renderer of a folder, in the order of their names. A folder that is not there has none.
fn add_folder(registry: &mut Registry, folder: &Path, origin: impl Fn(PathBuf) -> Origin, host: &Loading<'_>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if let Some(entry) = entry(&path, &origin, host) {
            registry.add(entry);
        }
    }
}

/// Adds an entry for each pinned plugin whose file is gone, so that no other takes its place unseen.
fn add_missing(registry: &mut Registry, project: &Project, lock: &Lock) {
    for (name, pinned) in &lock.plugins {
        let Some(file) = pinned.sha256.keys().find(|file| file.ends_with(".wasm") || file.ends_with(".tera")) else {
            continue;
        };
        let path = project.path(Path::new(file));
        if path.is_file() {
            continue;
        }
        let kind = if file.ends_with(".wasm") { RendererKind::Component } else { RendererKind::Template };
        let message = format!("the plugin `{name}` is pinned, and its file {} is not there", path.display());
        let help = "bring the file back, add it again (`spec-engine plugins add`), or remove it (`plugins remove`)";
        let load = move || Err(PluginError::new(message.clone()).help(help));
        // It may have had rules: that they are not asked is not to go unseen.
        let lost = Abilities { renders: true, has_rules: kind == RendererKind::Component, imports: true };
        registry.add(Entry::new(name, kind, Origin::Project(path), load).with_abilities(move || Ok(lost)));
    }
}

/// Makes the entry of a file, if it is one of a renderer: its name is the file's, and nobody else's choice.
fn entry(path: &Path, origin: impl Fn(PathBuf) -> Origin, host: &Loading<'_>) -> Option<Entry> {
    let file_name = path.file_name()?.to_str()?.to_owned();
    // A hidden file is no plugin, and a name is shown and becomes that of a folder.
    if !path.is_file() || file_name.starts_with('.') || file_name.contains(char::is_control) {
        return None;
    }
    let (at, origin) = (path.to_owned(), origin(path.to_owned()));
    if let Some(name) = file_name.strip_suffix(".wasm") {
        let pinned = host.lock.pin(host.project, path).map(str::to_owned);
        let (host, progress) = (Arc::clone(&host.host), Arc::clone(&host.progress));
        let file = Arc::new(ComponentFile { host, progress, path: at, name: name.to_owned(), pinned });
        let same = Arc::clone(&file);
        let load = move || Ok(Box::new(file.load()?) as Box<dyn Renderer>);
        let entry = Entry::new(name, RendererKind::Component, origin, load);
        return Some(entry.with_abilities(move || same.possible_abilities()));
    }
    if !file_name.ends_with(".tera") || file_name.starts_with('_') {
        return None;
    }
    let name = file_name.split('.').next().unwrap_or_default();
    let name = if is_renderer(&file_name) { name.to_owned() } else { file_name.clone() };
    let limits = host.limits.template(&name);
    let pins = host.lock.pins_with(host.project, path);
    let shown = name.clone();
    let load = move || -> Result<Box<dyn Renderer>, PluginError> {
        for (file, pin) in &pins {
            check_pin(&shown, file, pin)?;
        }
        Ok(Box::new(load_template(&at)?.with_limits(limits)))
    };
    Some(Entry::new(name, RendererKind::Template, origin, load))
}

/// The file of a component.
struct ComponentFile {
    host: Arc<Host>,
    progress: Slot,
    path: PathBuf,
    name: String,
    pinned: Option<String>,
}

impl ComponentFile {
    fn load(&self) -> Result<Component, PluginError> {
        let loaded = self.wanted(|wanted| self.host.load_wanted(wanted));
        show(&self.progress, None);
        loaded
    }

    fn possible_abilities(&self) -> Result<Abilities, PluginError> {
        self.wanted(|wanted| self.host.possible_abilities(wanted))
    }

    fn wanted<T>(&self, with: impl FnOnce(&Wanted<'_>) -> T) -> T {
        let read = |most| read_at_most(&self.path, most);
        let stamp = stamp(&self.path);
        with(&Wanted { name: &self.name, stamp: stamp.as_ref(), pinned: self.pinned.as_deref(), read: &read })
    }
}

/// Returns how a file looks from outside, where that is enough to know it by.
fn stamp(path: &Path) -> Option<Stamp> {
    let path = std::path::absolute(path).ok()?;
    let stamp = Stamp::of(&path, &fs::metadata(&path).ok()?);
    stamp.is_settled(SystemTime::now()).then_some(stamp)
}

/// Returns the files of a template: its own, its sidecar if it has one, and what it includes of the files beside it that
/// are there for others to include.
pub(super) fn template_files(path: &Path) -> Vec<PathBuf> {
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

/// Holds a file of a template against its pin.
fn check_pin(name: &str, file: &Path, pin: &str) -> Result<(), PluginError> {
    let there = sha256(&read(file)?);
    if there == pin {
        return Ok(());
    }
    let error = PluginError::not_as_pinned(name, pin, &there);
    let details = error.details.map(|sums| format!("{}\n{sums}", file.display()));
    Err(PluginError { details, ..error })
}

/// Reads a template with what stands beside it.
fn load_template(path: &Path) -> Result<Template, PluginError> {
    let read = |path: &Path| {
        let not_text = |_| PluginError::new(format!("{} is not UTF-8 text", path.display()));
        String::from_utf8(read(path)?).map_err(not_text)
    };
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let text = read(path)?;
    let sidecar = sidecar(path);
    let sidecar = if sidecar.is_file() { Some(read(&sidecar)?) } else { None };
    let siblings = siblings(path);
    let siblings: Vec<Source<'_>> =
        siblings.iter().map(|(name, text)| Source { file_name: name, text: text.as_str() }).collect();
    let template = Template::from_source(file_name, &text, sidecar.as_deref(), &siblings);
    template.map_err(|error| {
        let error = PluginError::from(error);
        let place = folder.join("");
        let place = if place == Path::new("./") { String::new() } else { place.display().to_string() };
        PluginError { message: format!("{place}{}", error.message), ..error }
    })
}
