//! `plugins add`: copies plugins into the project, and pins their bytes.

use std::path::Path;
use std::time::Instant;

use clap::Args;

use spec_engine::engine::read_at_most;
use spec_engine::project::{Lock, Project};
use spec_engine::text::redact;
use spec_engine::wasm::sha256;

use super::index::{IndexArguments, VersionChoice};
use super::package::{
    Kind, Package, SizeLimit, check_name, component_size, copy, file_name, files_of, is_name, stem, waiting_room,
};
use super::pin::{Change, apply};
use super::selection::Selection;
use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;

/// Copy plugins into the project, and pin their bytes in spec-engine.lock.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine plugins add ./dist/my-inventory.wasm
  spec-engine plugins add ./my-table.md.tera
  spec-engine plugins add ./rules/plain-http.rhai
  spec-engine plugins add inventory
  spec-engine plugins add inventory@1.2
  spec-engine plugins add oci://registry.example/acme/inventory:1.2.0
  spec-engine plugins add https://example.com/inventory.wasm --sha256 0a1b…

A path is copied; a name is looked up in the indexes that the project file names, and what is found there, in a registry
or at an address (https) is downloaded: `render` never downloads anything.")]
pub(super) struct Arguments {
    /// A component (.wasm), a template (.tera) or a rule (.rhai) with the files that belong to it; a plugin or pack of an
    /// index; something in a registry (oci://HOST/REPOSITORY:TAG); or the address of a component.
    #[arg(value_name = "PATH|NAME[@VERSION]|URL")]
    source: String,
    /// The SHA-256 that the file must have, in hexadecimal; of something in a registry that of its manifest. An address
    /// needs it.
    #[arg(long, value_name = "HEX", value_parser = sha256_sum)]
    sha256: Option<String>,
    /// Another name for it than that of its file. A plugin of an index keeps its name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    indexes: IndexArguments,
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

/// Copies plugins into the project and pins them.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let project = &Project::find(Path::new("."))?;
    let mut lock = Lock::read(project)?;
    let waiting = waiting_room()?;
    let (source, end) = (arguments.source.as_str(), arguments.indexes.end());
    let change = if source.starts_with("oci://") {
        pull(arguments, project, waiting.path(), end)?
    } else if source.contains("://") {
        Change { packages: vec![fetch(arguments, project, waiting.path(), end)?], ..Change::default() }
    } else if is_name(source.split('@').next().unwrap_or_default()) {
        look_up(arguments, project, waiting.path(), end)?
    } else {
        Change { packages: vec![copy_from_path(arguments, project, waiting.path())?], ..Change::default() }
    };
    apply(change, &mut lock, project, &arguments.plugins)?;
    Ok(Outcome::Clean)
}

/// Fetches a plugin or pack of an index.
fn look_up(arguments: &Arguments, project: &Project, waiting: &Path, end: Instant) -> Result<Change> {
    let (name, wanted) = match arguments.source.split_once('@') {
        Some((name, version)) => (name, VersionChoice::parse(version)?),
        None => (arguments.source.as_str(), VersionChoice::Newest),
    };
    if arguments.name.is_some() || arguments.sha256.is_some() {
        let failure = Failure::new(format!("{name} is looked up in an index, which says its name and its sums"));
        return Err(failure.help("leave out --name and --sha256; a file is named by its path: ./inventory.wasm"));
    }
    let indexes = arguments.indexes.read(project, end)?;
    let mut selection = Selection::default();
    selection.add(indexes.find(name)?, name, &wanted)?;
    selection.fetch(&arguments.plugins, project, waiting, end)
}

/// Copies a plugin's files from a path.
fn copy_from_path(arguments: &Arguments, project: &Project, into: &Path) -> Result<Package> {
    let path = Path::new(&arguments.source);
    let Some(kind) = Kind::of_file(file_name(path)).filter(|_| path.is_file()) else {
        let failure = Failure::new(format!("there is no plugin file {}", path.display()));
        return Err(failure.help(
            "name a component (.wasm), a template (.tera), a rule (.rhai), an address (https://…), or a plugin of an index",
        ));
    };
    let name = name_of(arguments, file_name(path))?;
    // One byte more than a file may have is enough to refuse it.
    let most = match kind {
        Kind::Component => component_size(&arguments.plugins, project, &name)?,
        Kind::Template | Kind::Rule => SizeLimit::TEXT.bytes,
    };
    let files = copy(&files_of(path, kind)?, &name, into, most.saturating_add(1))?;
    check_sum(arguments, &sha256(&read_at_most(&files[0], most.saturating_add(1))?))?;
    let source = arguments.source.replace(std::path::MAIN_SEPARATOR, "/");
    Ok(Package { name, kind, version: None, source, index: None, files })
}

/// Downloads a component.
#[cfg(feature = "downloads")]
fn fetch(arguments: &Arguments, project: &Project, into: &Path, end: Instant) -> Result<Package> {
    use super::download::{self, Hosts};

    let address = arguments.source.as_str();
    if arguments.sha256.is_none() {
        let failure = Failure::new(format!("{} was not downloaded: a download needs its SHA-256", redact(address)));
        return Err(failure
            .help("add --sha256 with the sum that its author publishes; it is looked at before the plugin is"));
    }
    let url = download::parse(address)?;
    let own = download::file_name(&url);
    if Kind::of_file(&own) != Some(Kind::Component) {
        let failure = Failure::new(format!("{} is no component: its name does not end in .wasm", redact(address)));
        return Err(failure.help("a template or a rule is a few files of text: copy them, and add the path"));
    }
    let name = name_of(arguments, &own)?;
    let most = SizeLimit::of_component(component_size(&arguments.plugins, project, &name)?);
    let source = download::shown(&url);
    let bytes = download::download(url, most, Hosts::Any, end)?;
    check_sum(arguments, &sha256(&bytes))?;
    let to = into.join(format!("{name}.wasm"));
    super::package::store(&to, &bytes)?;
    Ok(Package { name, kind: Kind::Component, version: None, source, index: None, files: vec![to] })
}

/// Pulls the plugins of something in a registry.
#[cfg(feature = "downloads")]
fn pull(arguments: &Arguments, project: &Project, waiting: &Path, end: Instant) -> Result<Change> {
    use super::oci::{Artifact, Reference};
    use super::pull::{Pull, packages};

    let artifact = Artifact::find(&Reference::parse(&arguments.source)?, end)?;
    check_sum(arguments, artifact.reference.digest.as_deref().unwrap_or_default())?;
    let most = |name: &str| component_size(&arguments.plugins, project, name);
    packages(&Pull { artifact: &artifact, name: arguments.name.as_deref(), waiting, component_size: &most })
}

/// Refuses an address: this build cannot download.
#[cfg(not(feature = "downloads"))]
fn fetch(arguments: &Arguments, _project: &Project, _into: &Path, _end: Instant) -> Result<Package> {
    Err(no_downloads(&arguments.source))
}

/// Refuses something in a registry: this build cannot download.
#[cfg(not(feature = "downloads"))]
fn pull(arguments: &Arguments, _project: &Project, _waiting: &Path, _end: Instant) -> Result<Change> {
    Err(no_downloads(&arguments.source))
}

#[cfg(not(feature = "downloads"))]
fn no_downloads(address: &str) -> Failure {
    let failure = Failure::new(format!("{} was not downloaded: this build has no downloads", redact(address)));
    failure.help("download it yourself and add the file")
}

/// The name that a plugin gets: what the user says, else what its file is called.
fn name_of(arguments: &Arguments, file_name: &str) -> Result<String> {
    let name = arguments.name.clone().unwrap_or_else(|| stem(file_name));
    check_name(&name)?;
    Ok(name)
}

/// Holds the SHA-256 that was found against the one that the user says.
fn check_sum(arguments: &Arguments, there: &str) -> Result<()> {
    let Some(wanted) = &arguments.sha256 else { return Ok(()) };
    if wanted.eq_ignore_ascii_case(there) {
        return Ok(());
    }
    let failure = Failure::new(format!("{} is not the expected file: its SHA-256 differs", redact(&arguments.source)));
    let sums = format!("expected: {}\nfound:    {there}", wanted.to_ascii_lowercase());
    Err(failure.details(Some(sums)).help("nothing was added; ask its author which sum is right"))
}
