//! `spec-engine.lock`: the plugins of a project, each file by its SHA-256. What is pinned runs as it was pinned, or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{MAX_BYTES, Project};
use crate::file;
use crate::text::quote;

/// The name of the lock, beside the project file.
pub const LOCK_FILE: &str = "spec-engine.lock";

/// The form of the lock that this version writes and reads.
const VERSION: u32 = 1;

/// The plugins that a project pins.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    /// The packs that were added, by name.
    #[serde(default, rename = "pack", skip_serializing_if = "BTreeMap::is_empty")]
    pub packs: BTreeMap<String, PinnedPack>,
    /// The pinned plugins, by name.
    #[serde(default, rename = "plugin")]
    pub plugins: BTreeMap<String, PinnedPlugin>,
}

/// One pinned plugin: a component, a template or a scripted rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedPlugin {
    /// Its version, where it has one: that of the index or registry, else what it says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where it came from: a path, or an address without credentials.
    pub source: String,
    /// The index that it was found in, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// The SHA-256 of each of its files in hexadecimal, by the path from the folder of the project, with forward slashes.
    pub sha256: BTreeMap<String, String>,
}

/// Several plugins that were added by one name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedPack {
    /// Its version, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where it came from: an address without credentials.
    pub source: String,
    /// The index that it was found in, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// The names of its plugins.
    pub plugins: Vec<String>,
}

impl PinnedPlugin {
    /// The name of the plugin's own file in the lock, the one that its name comes from; the others belong to it.
    pub fn main(&self, name: &str) -> Option<&str> {
        let is_main = |file: &&String| {
            let file = file.rsplit('/').next().unwrap_or_default();
            file.strip_prefix(name).is_some_and(|rest| {
                rest == ".wasm" || rest == ".rhai" || (rest.starts_with('.') && rest.ends_with(".tera"))
            })
        };
        self.sha256.keys().find(is_main).map(String::as_str)
    }

    /// Whether it is a scripted rule.
    pub fn is_rule(&self, name: &str) -> bool {
        self.main(name).is_some_and(|file| file.ends_with(".rhai"))
    }
}

/// A lock that cannot be read: then nothing can be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {}: {reason}", path.display())]
pub struct LockError {
    /// The lock.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl Lock {
    /// Reads the lock of a project; where there is none, nothing is pinned.
    ///
    /// # Errors
    /// When it is there and cannot be read: then nothing can be trusted.
    pub fn read(project: &Project) -> Result<Self, LockError> {
        let path = Self::path(project);
        let wrong = |reason: String| LockError { path: path.clone(), reason };
        if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(Self { version: VERSION, packs: BTreeMap::new(), plugins: BTreeMap::new() });
        }
        project.check_inside(&path).map_err(|error| wrong(error.to_string()))?;
        let text = file::read_text(&path, MAX_BYTES).map_err(|error| wrong(error.to_string()))?;
        let mut lock: Self = toml::from_str(&text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        if lock.version != VERSION {
            let why = format!("it has version {}, and this spec-engine knows version {VERSION}", lock.version);
            return Err(wrong(why));
        }
        // Files are removed by what stands here: a lock that somebody else wrote must not reach out of the project.
        for (name, pinned) in &mut lock.plugins {
            for (file, sum) in &mut pinned.sha256 {
                let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
                if !is_of_plugins(file) || !is_sum {
                    let what = match is_sum {
                        true => "which is not in .spec-engine/plugins/, templates/ or rules/",
                        false => "whose SHA-256 is not 64 digits, 0 to 9 and a to f",
                    };
                    return Err(wrong(format!("{} has the file {}, {what}", quote(name), quote(file))));
                }
                sum.make_ascii_lowercase();
            }
        }
        Ok(lock)
    }

    /// The text to write.
    pub fn to_text(&self) -> String {
        let head = "# Written by `spec-engine plugins add`, `update` and `remove`: commit it with .spec-engine/. What is pinned \
                    here runs only as it was pinned.\n";
        format!("{head}{}", toml::to_string(self).expect("a lock is plain data"))
    }

    /// The SHA-256 that a file has to have, in hexadecimal; `None` where it is not pinned.
    pub fn pin(&self, project: &Project, file: &Path) -> Option<&str> {
        let keys = self.keys(project, file);
        keys.iter().find_map(|key| self.plugins.values().find_map(|pinned| pinned.sha256.get(key))).map(String::as_str)
    }

    /// Whether the plugin of a name is pinned.
    pub fn has(&self, name: &str) -> bool {
        self.plugins.contains_key(name)
    }

    /// Every file of the pinned plugin that has a file, each with the SHA-256 that it has to have; none where the
    /// file is not pinned.
    pub fn pins_with(&self, project: &Project, file: &Path) -> Vec<(PathBuf, String)> {
        let keys = self.keys(project, file);
        let pinned = self.plugins.values().find(|pinned| keys.iter().any(|key| pinned.sha256.contains_key(key)));
        let files = pinned.into_iter().flat_map(|pinned| &pinned.sha256);
        files.map(|(file, sum)| (project.path(Path::new(file)), sum.clone())).collect()
    }

    /// The name of a file in the lock: its path from the folder of the project.
    pub fn key(project: &Project, file: &Path) -> Option<String> {
        let absolute = |path: &Path| std::path::absolute(Path::new(".").join(path)).ok();
        let folder = absolute(project.folder.as_deref().unwrap_or(Path::new("")))?;
        let file = absolute(file)?;
        Some(file.strip_prefix(&folder).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// Every name that the lock may have for a file: as its path is written, and as it is without links and `..`.
    fn keys(&self, project: &Project, file: &Path) -> Vec<String> {
        // The usual case: links are not followed for nothing at every start.
        if self.plugins.is_empty() {
            return Vec::new();
        }
        let folder = Path::new(".").join(project.folder.as_deref().unwrap_or(Path::new("")));
        let real = || {
            let (folder, file) = (folder.canonicalize().ok()?, file.canonicalize().ok()?);
            Some(file.strip_prefix(&folder).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/"))
        };
        Self::key(project, file).into_iter().chain(real()).collect()
    }

    /// The path of the lock of a project.
    pub fn path(project: &Project) -> PathBuf {
        project.path(Path::new(LOCK_FILE))
    }
}

/// Whether a name is that of a file right inside the folders of the project's plugins.
fn is_of_plugins(file: &str) -> bool {
    let folders = [".spec-engine/plugins/", ".spec-engine/templates/", ".spec-engine/rules/"];
    let name = folders.iter().find_map(|folder| file.strip_prefix(folder));
    name.is_some_and(|name| {
        !name.is_empty()
            && !name.starts_with('.')
            && !name.contains(['/', '\\', ':'])
            && !name.contains(char::is_control)
    })
}
