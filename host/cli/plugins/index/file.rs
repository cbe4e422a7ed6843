//! The text of an index. `spec-engine schema index` describes it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use semver::{Version, VersionReq};
use serde::Deserialize;

use spec_engine::text::quote;

use crate::failure::{Failure, Result};
use crate::plugins::package::{Kind, is_file_name, is_name};

/// The form of an index that this version reads.
const VERSION: u32 = 1;

/// An index of plugins. What is not known here is for later versions of this program, and is passed over.
#[derive(Debug, Deserialize)]
pub(super) struct IndexFile {
    version: u32,
    /// Other indexes, which are looked in after this one.
    #[serde(default)]
    pub indexes: Vec<String>,
    /// The plugins by name.
    #[serde(default)]
    pub plugins: IndexMap<String, Entry>,
}

/// A plugin or pack of an index.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// One line on what it is for.
    #[serde(default)]
    pub summary: String,
    /// Its versions.
    pub versions: Vec<Release>,
}

/// What an entry of an index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EntryKind {
    /// A component.
    Component,
    /// A template.
    Template,
    /// A scripted rule.
    Rule,
    /// Several plugins of this index.
    Pack,
}

/// A version of a plugin or pack.
#[derive(Debug, Deserialize)]
pub(crate) struct Release {
    /// The version.
    pub version: Version,
    /// The version of the contract that it was built for.
    pub contract: Option<Version>,
    /// The files of a plugin, by the names that they are kept under.
    #[serde(default)]
    pub files: BTreeMap<String, IndexedFile>,
    /// The plugins of a pack, with the versions that may be theirs.
    #[serde(default)]
    pub plugins: BTreeMap<String, VersionReq>,
}

/// A file of a version.
#[derive(Debug, Deserialize)]
pub(crate) struct IndexedFile {
    /// Where it is: a path from the folder of the index, or an address.
    pub source: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

impl EntryKind {
    /// The kind of its plugin; `None` for a pack.
    pub fn plugin(self) -> Option<Kind> {
        match self {
            Self::Component => Some(Kind::Component),
            Self::Template => Some(Kind::Template),
            Self::Rule => Some(Kind::Rule),
            Self::Pack => None,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        self.plugin().map_or("pack", Kind::as_str)
    }
}

impl Release {
    /// The file that the plugin of a name is, among its files.
    pub fn main(&self, name: &str) -> Option<&str> {
        let is_main = |file: &&String| Kind::of_file(file).is_some() && file.split('.').next() == Some(name);
        self.files.keys().find(is_main).map(String::as_str)
    }
}

/// Reads an index, whose address is given for messages.
///
/// # Errors
/// It is none.
pub(super) fn parse(address: &str, text: &[u8]) -> Result<IndexFile> {
    let wrong = |why: String| {
        let failure = Failure::new(format!("{address} is not an index of plugins: {why}"));
        failure.help("tell who keeps it; `spec-engine schema index` has the form of an index")
    };
    let index: IndexFile = serde_json::from_slice(text).map_err(|why| wrong(why.to_string()))?;
    if index.version != VERSION {
        let why = format!("it has version {}, and this spec-engine knows version {VERSION}", index.version);
        return Err(wrong(why).help("use the spec-engine that it is for"));
    }
    for (name, entry) in &index.plugins {
        check(name, entry).map_err(|why| wrong(format!("{} {why}", quote(name))))?;
    }
    Ok(index)
}

/// Checks an entry. The error is the rest of a sentence on it.
fn check(name: &str, entry: &Entry) -> std::result::Result<(), String> {
    if !is_name(name) {
        return Err("cannot be the name of a plugin".to_owned());
    }
    if entry.summary.chars().any(char::is_control) {
        return Err("has a summary with control characters".to_owned());
    }
    for (at, release) in entry.versions.iter().enumerate() {
        let version = &release.version;
        if entry.versions[..at].iter().any(|other| other.version == *version) {
            return Err(format!("has version {version} twice"));
        }
        let Some(kind) = entry.kind.plugin() else {
            if release.plugins.is_empty() || !release.files.is_empty() {
                return Err(format!("{version} is a pack, which has `plugins` and no `files`"));
            }
            continue;
        };
        if !release.plugins.is_empty() {
            return Err(format!("{version} is a {}, and only a pack has `plugins`", kind.as_str()));
        }
        let mut mains = release.files.keys().filter_map(|file| Kind::of_file(file));
        if (mains.next(), mains.next()) != (Some(kind), None) || release.main(name).is_none() {
            let file = match kind {
                Kind::Component => format!("{name}.wasm"),
                Kind::Template => format!("{name}.EXT.tera"),
                Kind::Rule => format!("{name}.rhai"),
            };
            return Err(format!("{version} is a {}, and has to have one file {file}", kind.as_str()));
        }
        for (file, there) in &release.files {
            if !is_file_name(file) {
                return Err(format!("{version} has a file {}, which is no name of a file", quote(file)));
            }
            if there.sha256.len() != 64 || !there.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(format!("{version} has a SHA-256 of {file} without 64 digits, 0 to 9 and a to f"));
            }
        }
    }
    Ok(())
}
