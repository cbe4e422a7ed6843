//! `plugins add`: copies a plugin into the project, and pins its bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::download;
use crate::cli::args::AddArguments;
use crate::cli::discover;
use crate::cli::limits::PluginLimits;
use crate::cli::lock::{Lock, Pinned};
use crate::cli::project::Project;
use crate::cli::{Failure, Outcome, output, report};
use crate::render::RendererKind;
use crate::render::registry::Origin;
use crate::text::quote;
use crate::wasm::sha256;

/// Copies a plugin into the project and pins it. It is loaded first, so that nothing is pinned that cannot run.
pub(super) fn run(arguments: &AddArguments, project: &Project) -> anyhow::Result<Outcome> {
    let mut lock = Lock::read(project)?;
    // It waits beside the project's plugins until it has been looked at, so that what is looked at is what is kept.
    let waiting = tempfile::tempdir()?;
    let fetched = if download::is_address(&arguments.source) {
        fetch(arguments, project, waiting.path())?
    } else {
        copy(arguments, project, waiting.path())?
    };
    let name = &fetched.name;
    let sources = &arguments.sources;
    // Nothing that is pinned under this name counts for the one that is to take its place.
    let nowhere = Project { folder: Some(waiting.path().to_owned()), ..Project::default() };
    let asked = fetched.main().display().to_string();
    let (registry, found) = discover::registry(sources, &nowhere, Some(&asked))?;
    let entry = registry.find(&found.unwrap_or_default()).map_err(Failure::from)?;
    let description = entry.plugin().map_err(Failure::from)?.description();

    let folder = project.own_folder().join(match entry.kind {
        RendererKind::Template => "templates",
        RendererKind::Component | RendererKind::BuiltIn => "plugins",
    });
    let mut pins = BTreeMap::new();
    let mut contents: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for file in &fetched.files {
        let content = std::fs::read(file)?;
        let to = folder.join(file.file_name().unwrap_or_default());
        let key = Lock::key(project, &to)
            .ok_or_else(|| Failure::new(format!("{} is no path that the lock can hold", to.display())))?;
        let there = sha256(&content);
        let mut others = lock.plugins.iter().filter(|(other, _)| *other != name);
        if let Some((other, _)) = others.find(|(_, pinned)| pinned.sha256.get(&key).is_some_and(|sum| *sum != there)) {
            let failure = Failure::new(format!("{key} is a file of the plugin `{other}` already, and another one"));
            return Err(failure.help("give the file that is included another name, and say it in the template").into());
        }
        pins.insert(key, there);
        contents.push((to, content));
    }
    let pinned = Pinned { source: fetched.source.clone(), sha256: pins };
    let before = lock.plugins.insert(name.clone(), pinned.clone());
    output::files(contents.iter().map(|(path, content)| (path.clone(), content.as_slice())))?;
    let is_pinned = |file: &&String| lock.plugins.values().any(|pinned| pinned.sha256.contains_key(*file));
    for old in before.iter().flat_map(|before| before.sha256.keys()).filter(|old| !is_pinned(old)) {
        // What is gone already needs no removing.
        let _ = std::fs::remove_file(project.path(Path::new(old)));
    }
    lock.write(project)?;

    let what = match &before {
        None => "added",
        Some(before) if before.sha256 == pinned.sha256 => "was there already:",
        Some(_) => "replaced",
    };
    println!("{what} {name}, {}: {}", entry.kind.as_str(), description.summary);
    for (path, sum) in &pinned.sha256 {
        println!("  {path}  sha256:{sum}");
    }
    let shadowed = registry.list().into_iter().any(|(other, hidden)| {
        other.name == *name
            && (other.origin == Origin::BuiltIn || hidden.iter().any(|hidden| hidden.origin == Origin::BuiltIn))
    });
    if shadowed {
        report::warning(&format!("it takes the place of the built-in {name}; --name gives it another name"))?;
    }
    Ok(Outcome::Clean)
}

/// What was fetched: files in a folder of their own, named as they are to be kept.
struct Fetched {
    name: String,
    source: String,
    /// The plugin's own file first.
    files: Vec<PathBuf>,
}

impl Fetched {
    fn main(&self) -> &Path {
        &self.files[0]
    }
}

/// Copies a plugin's files from a path.
fn copy(arguments: &AddArguments, project: &Project, into: &Path) -> anyhow::Result<Fetched> {
    let path = Path::new(&arguments.source);
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !path.is_file() {
        let failure = Failure::new(format!("there is no plugin file {}", path.display()));
        return Err(failure.help("name a component (.wasm), a template (.tera), or an address (https://…)").into());
    }
    let name = name_of(arguments, file_name)?;
    // One byte more than a component may have is enough to refuse it.
    let most = match file_name.ends_with(".wasm") {
        true => PluginLimits::of(project, &arguments.sources)?.component(&name).component_size.saturating_add(1),
        false => u64::MAX,
    };
    let mut files = Vec::new();
    for from in discover::template_files(path).into_iter().filter(|from| from == path || file_name.ends_with(".tera")) {
        let old = from.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What is there to be included keeps its name: the template says it.
        let to = into.join(if old.starts_with('_') { old.to_owned() } else { renamed(old, &name) });
        let content = discover::read_at_most(&from, most).map_err(Failure::from)?;
        if from == path {
            check_sum(arguments, &content)?;
        }
        std::fs::write(&to, content)?;
        files.push(to);
    }
    Ok(Fetched { name, source: arguments.source.replace(std::path::MAIN_SEPARATOR, "/"), files })
}

/// Downloads a component.
fn fetch(arguments: &AddArguments, project: &Project, into: &Path) -> anyhow::Result<Fetched> {
    let address = arguments.source.as_str();
    if arguments.sha256.is_none() {
        let failure = Failure::new(format!("{address} was not downloaded: a download needs its SHA-256"));
        return Err(failure
            .help("add --sha256 with the sum that its author publishes; it is looked at before the plugin is")
            .into());
    }
    let file_name = download::file_name(address)?;
    if !file_name.ends_with(".wasm") {
        let failure = Failure::new(format!("{address} is no component: its name does not end in .wasm"));
        return Err(failure.help("a template is a few files of text: copy them, and add the path").into());
    }
    let name = name_of(arguments, &file_name)?;
    let most = PluginLimits::of(project, &arguments.sources)?.component(&name).component_size;
    let bytes = download::download(address, most, Duration::from_secs(arguments.timeout))?;
    check_sum(arguments, &bytes)?;
    let to = into.join(format!("{name}.wasm"));
    std::fs::write(&to, bytes)?;
    Ok(Fetched { name, source: address.to_owned(), files: vec![to] })
}

/// Returns the name that a plugin gets: what the user says, else what its file is called, with hyphens for the underscores
/// that Cargo writes.
fn name_of(arguments: &AddArguments, file_name: &str) -> anyhow::Result<String> {
    let own = file_name.split('.').next().unwrap_or_default().replace('_', "-");
    let name = arguments.name.as_deref().unwrap_or(&own);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.is_empty() || name.starts_with('-') || !name.bytes().all(is_plain) {
        let failure = Failure::new(format!("{} cannot be the name of a plugin", quote(name)));
        return Err(failure.help("letters, digits and hyphens: --name my-inventory").into());
    }
    Ok(name.to_owned())
}

/// Returns the name of a file with another name of the plugin: all but what is before the first dot stays.
fn renamed(file_name: &str, name: &str) -> String {
    match file_name.split_once('.') {
        Some((_, rest)) => format!("{name}.{rest}"),
        None => name.to_owned(),
    }
}

fn check_sum(arguments: &AddArguments, bytes: &[u8]) -> anyhow::Result<()> {
    let Some(wanted) = &arguments.sha256 else { return Ok(()) };
    let there = sha256(bytes);
    if wanted.eq_ignore_ascii_case(&there) {
        return Ok(());
    }
    Err(Failure {
        message: format!("{} is not the file that was meant: its SHA-256 is another", arguments.source),
        details: Some(format!("wanted: {}\nthere:  {there}", wanted.to_ascii_lowercase())),
        help: Some("nothing was added; ask its author which sum is right".to_owned()),
    }
    .into())
}
