//! `plugins add`: copies a plugin into the project, and pins its bytes.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::engine::{TEMPLATE_BYTES, read_at_most, template_files};
use spec_engine::plugin::PluginKind;
use spec_engine::project::{LOCK_FILE, Lock, PinnedPlugin, PluginLimits, Project, UserLimits};
use spec_engine::registry::Origin;
use spec_engine::text::{quote, redact};
use spec_engine::wasm::sha256;

use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::output::{self, NewFile};
use crate::{report, session};

/// Copy a plugin into the project, and pin its bytes in spec-engine.lock.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins add ./dist/my-inventory.wasm
  spec-engine plugins add ./my-table.md.tera
  spec-engine plugins add https://example.com/inventory.wasm --sha256 0a1b…

A path is copied, an address (https) is downloaded: `render` never downloads anything.")]
pub(super) struct Arguments {
    /// A component (.wasm), a template (.tera) with the files that belong to it, or the address of a component.
    #[arg(value_name = "PATH|URL")]
    source: String,
    /// The SHA-256 that the file must have, in hexadecimal. An address needs it.
    #[arg(long, value_name = "HEX", value_parser = sha256_sum)]
    sha256: Option<String>,
    /// Another name for it than that of its file.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// How long a download may take, in seconds, 1 to 3600; until the first answer 20 at the most.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    timeout: u64,
    #[command(flatten)]
    plugins: PluginArguments,
}

fn sha256_sum(text: &str) -> std::result::Result<String, String> {
    let sum = text.strip_prefix("sha256:").unwrap_or(text);
    if sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(sum.to_ascii_lowercase());
    }
    Err("a SHA-256 has 64 digits, 0 to 9 and a to f".to_owned())
}

/// Copies a plugin into the project and pins it. It is loaded first, so that nothing is pinned that cannot run.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = &Project::find(Path::new("."))?;
    let mut lock = Lock::read(project)?;
    // It waits beside the project's plugins until it has been looked at, so that what is looked at is what is kept.
    let waiting = tempfile::tempdir().map_err(|error| Failure::new(format!("cannot make a folder: {error}")))?;
    let fetched = if arguments.source.contains("://") {
        fetch(arguments, project, waiting.path())?
    } else {
        copy(arguments, project, waiting.path())?
    };
    let name = &fetched.name;
    // Nothing that is pinned under this name counts for the one that is to take its place.
    let nowhere = Project::in_folder(waiting.path());
    let asked = fetched.main().display().to_string();
    let (engine, found) = arguments.plugins.engine_with(nowhere, Some(&asked))?;
    let plugin = engine.plugins().find(&found.unwrap_or_default())?;
    let summary = &plugin.description()?.summary;

    let before = pin(&mut lock, &fetched, plugin.kind, project)?;
    let pinned = &lock.plugins[name];
    let what = match &before {
        None => "added",
        Some(before) if before.sha256 == pinned.sha256 => "was there already:",
        Some(_) => "replaced",
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what} {name}, {}: {summary}", plugin.kind.as_str())?;
    for (path, sum) in &pinned.sha256 {
        writeln!(out, "  {path}  sha256:{sum}")?;
    }
    let shadowed = engine.plugins().list().into_iter().any(|(other, hidden)| {
        other.name == *name
            && (other.origin == Origin::BuiltIn || hidden.iter().any(|hidden| hidden.origin == Origin::BuiltIn))
    });
    if shadowed {
        report::warning(&format!("it takes the place of the built-in {name}; --name gives it another name"))?;
    }
    Ok(Outcome::Clean)
}

/// Writes the files of a plugin and the lock into the project: all of them, or none; no link is followed there. Returns
/// what was pinned under its name before.
fn pin(lock: &mut Lock, fetched: &Fetched, kind: PluginKind, project: &Project) -> Result<Option<PinnedPlugin>> {
    let name = &fetched.name;
    let folder = project.own_folder().join(match kind {
        PluginKind::Template => "templates",
        PluginKind::Component | PluginKind::BuiltIn => "plugins",
    });
    let mut pins = BTreeMap::new();
    let mut contents: Vec<(String, Vec<u8>)> = Vec::new();
    for file in &fetched.files {
        let content = read_at_most(file, u64::MAX)?;
        let to = folder.join(file.file_name().unwrap_or_default());
        let key = Lock::key(project, &to)
            .ok_or_else(|| Failure::new(format!("{} is no path that the lock can hold", to.display())))?;
        let there = sha256(&content);
        let mut others = lock.plugins.iter().filter(|(other, _)| *other != name);
        if let Some((other, _)) = others.find(|(_, pinned)| pinned.sha256.get(&key).is_some_and(|sum| *sum != there)) {
            let failure = Failure::new(format!("{key} belongs to the plugin `{other}`, and has other content"));
            return Err(failure.help("rename the included file, also in the template"));
        }
        pins.insert(key.clone(), there);
        contents.push((key, content));
    }
    let pinned = PinnedPlugin { source: fetched.source.clone(), sha256: pins };
    let before = lock.plugins.insert(name.clone(), pinned);
    let root = project.path(Path::new(""));
    let text = lock.to_text();
    let files = contents.iter().map(|(path, content)| NewFile { path: path.clone(), content });
    let files: Vec<NewFile<'_>> =
        files.chain([NewFile { path: LOCK_FILE.to_owned(), content: text.as_bytes() }]).collect();
    output::place(&root, &files, &|_| true)?;
    let is_pinned = |file: &&String| lock.plugins.values().any(|pinned| pinned.sha256.contains_key(*file));
    for old in before.iter().flat_map(|before| before.sha256.keys()).filter(|old| !is_pinned(old)) {
        output::remove(&root, old)?;
    }
    Ok(before)
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
fn copy(arguments: &Arguments, project: &Project, into: &Path) -> Result<Fetched> {
    let path = Path::new(&arguments.source);
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !path.is_file() {
        let failure = Failure::new(format!("there is no plugin file {}", path.display()));
        return Err(failure.help("name a component (.wasm), a template (.tera), or an address (https://…)"));
    }
    let name = name_of(arguments, file_name)?;
    // One byte more than a component may have is enough to refuse it.
    let most = match file_name.ends_with(".wasm") {
        true => component_size(arguments, project, &name)?.saturating_add(1),
        false => TEMPLATE_BYTES.saturating_add(1),
    };
    let mut files = Vec::new();
    for from in template_files(path).into_iter().filter(|from| from == path || file_name.ends_with(".tera")) {
        let old = from.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // What is there to be included keeps its name: the template says it.
        let to = into.join(if old.starts_with('_') { old.to_owned() } else { renamed(old, &name) });
        let content = read_at_most(&from, most)?;
        if from == path {
            check_sum(arguments, &content)?;
        }
        store(&to, &content)?;
        files.push(to);
    }
    Ok(Fetched { name, source: arguments.source.replace(std::path::MAIN_SEPARATOR, "/"), files })
}

/// Downloads a component.
#[cfg(feature = "downloads")]
fn fetch(arguments: &Arguments, project: &Project, into: &Path) -> Result<Fetched> {
    let address = arguments.source.as_str();
    if arguments.sha256.is_none() {
        let failure = Failure::new(format!("{} was not downloaded: a download needs its SHA-256", redact(address)));
        return Err(failure
            .help("add --sha256 with the sum that its author publishes; it is looked at before the plugin is"));
    }
    let file_name = super::download::file_name(address)?;
    if !file_name.ends_with(".wasm") {
        let failure = Failure::new(format!("{} is no component: its name does not end in .wasm", redact(address)));
        return Err(failure.help("a template is a few files of text: copy them, and add the path"));
    }
    let name = name_of(arguments, &file_name)?;
    let most = component_size(arguments, project, &name)?;
    let bytes = super::download::download(address, most, std::time::Duration::from_secs(arguments.timeout))?;
    check_sum(arguments, &bytes)?;
    let to = into.join(format!("{name}.wasm"));
    store(&to, &bytes)?;
    Ok(Fetched { name, source: super::download::without_secrets(address)?, files: vec![to] })
}

/// The most bytes of a component.
fn component_size(arguments: &Arguments, project: &Project, name: &str) -> Result<u64> {
    let user = session::user_folder().map(|folder| UserLimits::read(&folder)).transpose()?.unwrap_or_default();
    Ok(PluginLimits::read(&project.settings, &user, &arguments.plugins.limits)?.component(name).component_size)
}

/// Refuses an address: this build cannot download.
#[cfg(not(feature = "downloads"))]
fn fetch(arguments: &Arguments, _project: &Project, _into: &Path) -> Result<Fetched> {
    let failure = Failure::new(format!("{} was not downloaded: this build has no downloads", redact(&arguments.source)));
    Err(failure.help("download it yourself and add the file"))
}

/// The name that a plugin gets: what the user says, else what its file is called, with hyphens for the underscores
/// that Cargo writes.
fn name_of(arguments: &Arguments, file_name: &str) -> Result<String> {
    let own = file_name.split('.').next().unwrap_or_default().replace('_', "-");
    let name = arguments.name.as_deref().unwrap_or(&own);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.is_empty() || name.starts_with('-') || !name.bytes().all(is_plain) {
        let failure = Failure::new(format!("{} cannot be the name of a plugin", quote(name)));
        return Err(failure.help("letters, digits and hyphens: --name my-inventory"));
    }
    Ok(name.to_owned())
}

/// The name of a file with another name of the plugin: all but what is before the first dot stays.
fn renamed(file_name: &str, name: &str) -> String {
    match file_name.split_once('.') {
        Some((_, rest)) => format!("{name}.{rest}"),
        None => name.to_owned(),
    }
}

fn check_sum(arguments: &Arguments, bytes: &[u8]) -> Result<()> {
    let Some(wanted) = &arguments.sha256 else { return Ok(()) };
    let there = sha256(bytes);
    if wanted.eq_ignore_ascii_case(&there) {
        return Ok(());
    }
    let failure = Failure::new(format!("{} is not the expected file: its SHA-256 differs", redact(&arguments.source)));
    let sums = format!("expected: {}\nfound:    {there}", wanted.to_ascii_lowercase());
    Err(failure.details(Some(sums)).help("nothing was added; ask its author which sum is right"))
}

/// Writes a file into the folder in which a plugin waits.
fn store(path: &Path, content: &[u8]) -> Result<()> {
    std::fs::write(path, content).map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}
