//! A plugin that is to be added: its files, named as they are to be kept.

use std::path::{Path, PathBuf};

use spec_engine::engine::{TEMPLATE_BYTES, read_at_most, rule_files, template_files};
use spec_engine::project::{PluginLimits, Project, UserLimits};
use spec_engine::text::quote;

use crate::arguments::PluginArguments;
use crate::failure::{Failure, Result};
use crate::session;

/// What a plugin is made of, and where it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A component: one file `NAME.wasm`.
    Component,
    /// A template `NAME.EXT.tera`, with its sidecar and what it includes.
    Template,
    /// A scripted rule `NAME.rhai`, with its tests and what it imports.
    Rule,
}

impl Kind {
    /// The kind of the plugin whose own file has a name; `None` where it belongs to another file, or is of no plugin.
    pub fn of_file(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            _ if name.starts_with(['_', '.']) => None,
            "wasm" => Some(Self::Component),
            "tera" => Some(Self::Template),
            "rhai" => Some(Self::Rule),
            _ => None,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Template => "template",
            Self::Rule => "rule",
        }
    }

    /// Its folder in that of the project.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Component => "plugins",
            Self::Template => "templates",
            Self::Rule => "rules",
        }
    }
}

/// The most bytes of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct SizeLimit {
    /// How many.
    pub bytes: u64,
    /// What limits it, in the user's words.
    pub name: &'static str,
}

impl SizeLimit {
    /// That of a component.
    pub fn of_component(bytes: u64) -> Self {
        Self { bytes, name: "the limit `component-size` (--limit component-size=…)" }
    }

    /// That of a file of a template or rule.
    pub const TEXT: Self = Self { bytes: TEMPLATE_BYTES, name: "the most that a file of a template or rule may have" };
}

/// A plugin that is to be added. Its files wait in a folder of their own until it has been looked at, so that what is
/// looked at is what is kept.
#[derive(Debug)]
pub(super) struct Package {
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub kind: Kind,
    /// Its version, where whoever has it says one.
    pub version: Option<String>,
    /// Where it came from: a path, or an address without credentials.
    pub source: String,
    /// The index that it was found in, where it was.
    pub index: Option<String>,
    /// Its files, its own first.
    pub files: Vec<PathBuf>,
}

impl Package {
    /// Its own file.
    pub fn main(&self) -> &Path {
        &self.files[0]
    }
}

/// The files of the plugin that a file is, its own first.
pub(super) fn files_of(path: &Path, kind: Kind) -> Result<Vec<PathBuf>> {
    Ok(match kind {
        Kind::Component => vec![path.to_owned()],
        Kind::Template => template_files(path),
        Kind::Rule => rule_files(path)?,
    })
}

/// Copies files of a plugin into a folder. They get its name, but for what is there to be included: others say that name.
pub(super) fn copy(files: &[PathBuf], name: &str, into: &Path, most: u64) -> Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    for from in files {
        let old = file_name(from);
        let to = into.join(if old.starts_with('_') { old.to_owned() } else { renamed(old, name) });
        store(&to, &read_at_most(from, most)?)?;
        copies.push(to);
    }
    Ok(copies)
}

/// A folder in which plugins wait until they have been looked at.
pub(super) fn waiting_room() -> Result<tempfile::TempDir> {
    tempfile::tempdir().map_err(|error| Failure::new(format!("cannot make a folder: {error}")))
}

/// The folder of one plugin in that in which plugins wait.
pub(super) fn room(waiting: &Path, name: &str) -> Result<PathBuf> {
    let folder = waiting.join(name);
    std::fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("cannot make a folder: {error}")))?;
    Ok(folder)
}

/// The most bytes of a component.
pub(super) fn component_size(plugins: &PluginArguments, project: &Project, name: &str) -> Result<u64> {
    let user = session::user_folder().map(|folder| UserLimits::read(&folder)).transpose()?.unwrap_or_default();
    Ok(PluginLimits::read(&project.settings, &user, &plugins.limits)?.component(name).component_size)
}

/// Writes a file into the folder in which a plugin waits.
pub(super) fn store(path: &Path, content: &[u8]) -> Result<()> {
    std::fs::write(path, content).map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

/// The name of the plugin that a file is, with hyphens for the underscores that Cargo writes.
pub(super) fn stem(file_name: &str) -> String {
    file_name.split('.').next().unwrap_or_default().replace('_', "-")
}

/// Checks the name of a plugin.
///
/// # Errors
/// It is none.
pub(super) fn check_name(name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    let failure = Failure::new(format!("{} cannot be the name of a plugin", quote(name)));
    Err(failure.help("letters, digits and hyphens: --name my-inventory"))
}

/// Whether a text can be the name of a plugin.
pub(super) fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(is_plain)
}

/// Whether a text can be the name of a file of a plugin.
pub(super) fn is_file_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    name.len() <= 255 && !name.is_empty() && !name.starts_with(['.', '-']) && name.bytes().all(is_plain)
}

/// The name of a file, without its folders.
pub(super) fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The name of a file with another name of the plugin: all but what is before the first dot stays.
fn renamed(file_name: &str, name: &str) -> String {
    match file_name.split_once('.') {
        Some((_, rest)) => format!("{name}.{rest}"),
        None => name.to_owned(),
    }
}
