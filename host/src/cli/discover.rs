//! Finds renderers: named on the command line, in the project, in the user's configuration, built in. The first of a
//! name wins.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use etcetera::BaseStrategy as _;

use super::Failure;
use super::args::PluginSources;
use super::progress::Progress;
use super::project::Project;
use crate::render::registry::{Entry, Origin, Registry};
use crate::render::template::{Source, Template, is_renderer};
use crate::render::{RenderError, Renderer, RendererKind};
use crate::rules::visible;
use crate::wasm::{Cache, Host, Limits};

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
    let progress = Arc::default();
    let host = Components { host: Arc::new(host(sources, &progress)?), progress };
    let mut registry = Registry::default();
    let mut name = asked.map(str::to_owned);
    if let Some(path) = asked.filter(|asked| is_path(asked)).map(Path::new) {
        let entry = entry(path, Origin::CommandLine, &host)
            .ok_or_else(|| Failure::new(format!("there is no plugin file {}", path.display())))?;
        name = Some(entry.name.clone());
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
    for name in FOLDERS {
        if let Some(folder) = &user_folder {
            add_folder(&mut registry, &folder.join(name), Origin::User, &host);
        }
    }
    registry.add_shipped(&host.host);
    Ok((registry, name))
}

/// The line that says which component is compiled, while one is.
type Slot = Arc<Mutex<Option<Progress>>>;

/// What loads components.
#[derive(Clone)]
struct Components {
    host: Arc<Host>,
    progress: Slot,
}

/// Shows a line of progress, or takes it away.
fn show(slot: &Slot, progress: Option<Progress>) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = progress;
}

/// Makes the host of components, with the limits of the command line and the user's cache.
fn host(sources: &PluginSources, progress: &Slot) -> anyhow::Result<Host> {
    let mut limits = Limits::default();
    for (key, value) in &sources.limits {
        limits.set(key, value).map_err(Failure::new)?;
    }
    let folder = etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("spec-engine"));
    let cache = match folder {
        Some(folder) if !sources.no_cache => Cache::at(folder),
        _ => Cache::none(),
    };
    let host = Host::new(limits, cache).map_err(RenderError::from).map_err(Failure::from)?;
    let progress = Arc::clone(progress);
    let host =
        host.on_compile(move |name| show(&progress, Some(Progress::start(format!("compiling the plugin {name}")))));
    Ok(if sources.verbose { host.on_log(eprint_log) } else { host })
}

/// Shows what a component logged.
fn eprint_log(name: &str, log: &str) {
    let mut err = std::io::stderr().lock();
    for line in log.lines() {
        // Where standard error is closed there is nobody to show it to.
        let _ = writeln!(err, "{name}: {}", visible(line));
    }
}

/// Reads a file of a renderer.
fn read(path: &Path) -> Result<Vec<u8>, RenderError> {
    fs::read(path).map_err(|error| RenderError::new(format!("{} cannot be read: {error}", path.display())))
}

/// Says whether what the user asked for is a path and not a name.
fn is_path(asked: &str) -> bool {
    asked.contains(['/', std::path::MAIN_SEPARATOR]) || asked.ends_with(".wasm") || asked.ends_with(".tera")
}

/// Adds every renderer of a folder, in the order of their names. A folder that is not there has none.
fn add_folder(registry: &mut Registry, folder: &Path, origin: impl Fn(PathBuf) -> Origin, host: &Components) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if let Some(entry) = entry(&path, &origin, host) {
            registry.add(entry);
        }
    }
}

/// Makes the entry of a file, if it is one of a renderer: its name is the file's, and nobody else's choice.
fn entry(path: &Path, origin: impl Fn(PathBuf) -> Origin, host: &Components) -> Option<Entry> {
    let file_name = path.file_name()?.to_str()?.to_owned();
    if !path.is_file() {
        return None;
    }
    let (at, origin) = (path.to_owned(), origin(path.to_owned()));
    if let Some(name) = file_name.strip_suffix(".wasm") {
        let (host, shown) = (host.clone(), name.to_owned());
        let load = move || -> Result<Box<dyn Renderer>, RenderError> {
            let loaded = host.host.load(&shown, &read(&at)?);
            show(&host.progress, None);
            Ok(Box::new(loaded?))
        };
        return Some(Entry::new(name, RendererKind::Component, origin, load));
    }
    if !file_name.ends_with(".tera") || file_name.starts_with('_') {
        return None;
    }
    let name = file_name.split('.').next().unwrap_or_default();
    let name = if is_renderer(&file_name) { name.to_owned() } else { file_name.clone() };
    Some(Entry::new(name, RendererKind::Template, origin, move || load_template(&at)))
}

/// Reads a template with what stands beside it.
fn load_template(path: &Path) -> Result<Box<dyn Renderer>, RenderError> {
    let read = |path: &Path| {
        let not_text = |_| RenderError::new(format!("{} is not UTF-8 text", path.display()));
        String::from_utf8(read(path)?).map_err(not_text)
    };
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let text = read(path)?;
    let sidecar = folder.join(file_name.split('.').next().unwrap_or_default()).with_extension("toml");
    let sidecar = if sidecar.is_file() { Some(read(&sidecar)?) } else { None };
    let mut siblings = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // What is not a file of this folder itself is not offered: a link could lead out of it.
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file
            && name.ends_with(".tera")
            && name != file_name
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            siblings.push((name, text));
        }
    }
    let siblings: Vec<Source<'_>> =
        siblings.iter().map(|(name, text)| Source { file_name: name, text: text.as_str() }).collect();
    let template = Template::from_source(file_name, &text, sidecar.as_deref(), &siblings);
    template.map(|template| Box::new(template) as Box<dyn Renderer>).map_err(|error| {
        let error = RenderError::from(error);
        let place = folder.join("");
        let place = if place == Path::new("./") { String::new() } else { place.display().to_string() };
        RenderError { message: format!("{place}{}", error.message), ..error }
    })
}
