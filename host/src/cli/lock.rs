//! `spec-engine.lock`: the plugins of a project, each file by its SHA-256. What is pinned runs as it was pinned, or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::project::Project;
use super::{Failure, output};

/// The name of the lock, beside the project file.
pub(super) const FILE: &str = "spec-engine.lock";

/// The form of the lock that this version writes and reads.
const VERSION: u32 = 1;

/// Holds what is pinned.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    version: u32,
    /// The pinned plugins, by name.
    #[serde(default, rename = "plugin")]
    pub plugins: BTreeMap<String, Pinned>,
}

/// Holds what is pinned of one plugin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pinned {
    /// Where it came from: a path, or an address.
    pub source: String,
    /// The SHA-256 of each of its files in hexadecimal, by the path from the folder of the project, with forward slashes.
    pub sha256: BTreeMap<String, String>,
}

impl Lock {
    /// Reads the lock of a project; where there is none, nothing is pinned.
    ///
    /// # Errors
    /// When it is there and cannot be read: then nothing can be trusted.
    pub fn read(project: &Project) -> anyhow::Result<Self> {
        let path = Self::path(project);
        let wrong = |why: String| {
            let failure = Failure::new(format!("{} cannot be read: {why}", path.display()));
            failure.help("bring it back from your version control, or remove it and add each plugin again")
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { version: VERSION, plugins: BTreeMap::new() });
            }
            Err(error) => return Err(wrong(error.to_string()).into()),
        };
        let lock: Self = toml::from_str(&text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        if lock.version != VERSION {
            let why = format!("it has version {}, and this spec-engine knows version {VERSION}", lock.version);
            return Err(wrong(why).into());
        }
        Ok(lock)
    }

    /// Writes it.
    pub fn write(&self, project: &Project) -> anyhow::Result<()> {
        let head = "# Written by `spec-engine plugins add` and `remove`: commit it with .spec-engine/. What is pinned here \
                    runs only as it was pinned.\n";
        output::file(&Self::path(project), format!("{head}{}", toml::to_string(self)?).as_bytes())
    }

    /// Returns the SHA-256 that a file has to have, in hexadecimal; `None` where it is not pinned.
    pub fn pin(&self, project: &Project, file: &Path) -> Option<&str> {
        let key = Self::key(project, file)?;
        self.plugins.values().find_map(|pinned| pinned.sha256.get(&key)).map(String::as_str)
    }

    /// Returns every file of the pinned plugin that has a file, each with the SHA-256 that it has to have; none where the
    /// file is not pinned.
    pub fn pins_with(&self, project: &Project, file: &Path) -> Vec<(PathBuf, String)> {
        let Some(key) = Self::key(project, file) else { return Vec::new() };
        let pinned = self.plugins.values().find(|pinned| pinned.sha256.contains_key(&key));
        let files = pinned.into_iter().flat_map(|pinned| &pinned.sha256);
        files.map(|(file, sum)| (project.path(Path::new(file)), sum.clone())).collect()
    }

    /// Returns how the lock names a file: its path from the folder of the project.
    pub fn key(project: &Project, file: &Path) -> Option<String> {
        let absolute = |path: &Path| std::path::absolute(Path::new(".").join(path)).ok();
        let folder = absolute(project.folder.as_deref().unwrap_or(Path::new("")))?;
        let file = absolute(file)?;
        Some(file.strip_prefix(&folder).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    fn path(project: &Project) -> PathBuf {
        project.path(Path::new(FILE))
    }
}
