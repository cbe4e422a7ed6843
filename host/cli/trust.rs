//! The components that the user trusts: of each project its files, by their SHA-256. They are kept in the folder of the
//! user's state, where nothing of a project reaches.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use spec_engine::engine::Trust;
use spec_engine::file;
use spec_engine::project::{Lock, Project};

use crate::failure::{Failure, Result};

/// Set to `1`, it trusts every component of a project.
pub(crate) const VARIABLE: &str = "SPEC_ENGINE_TRUST";

/// The form of the file.
const VERSION: u32 = 1;

/// The most bytes of the file.
const MAX_BYTES: u64 = 8 << 20;

/// What the user trusts.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrustStore {
    version: u32,
    /// The files of each project by its canonical folder: their paths from there, and the SHA-256 of each.
    projects: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for TrustStore {
    fn default() -> Self {
        Self { version: VERSION, projects: BTreeMap::new() }
    }
}

impl TrustStore {
    /// Reads what is kept; nothing where nothing was.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read() -> Result<Self> {
        let Some(path) = path() else { return Ok(Self::default()) };
        let failed = |why: String| {
            let failure = Failure::new(format!("cannot read {}, what you trust: {why}", path.display()));
            failure.help("remove it, and trust again: `spec-engine plugins trust`")
        };
        let text = match file::read_text(&path, MAX_BYTES) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed(error.to_string())),
        };
        let store: Self = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
        if store.version != VERSION {
            return Err(failed(format!("it has version {}, and this spec-engine knows {VERSION}", store.version)));
        }
        Ok(store)
    }

    /// What the user trusts in a project.
    pub fn of(&self, project: &Project) -> Trust {
        let mut trust = Trust::default();
        let files = folder(project).and_then(|folder| self.projects.get(&folder));
        for (file, sum) in files.into_iter().flatten() {
            trust.add(&project.path(Path::new(file)), sum);
        }
        trust
    }

    /// Adds a file of a project.
    ///
    /// # Errors
    /// Its path is none that can be kept.
    pub fn add(&mut self, project: &Project, file: &Path, sha256: &str) -> Result<()> {
        let (Some(folder), Some(key)) = (folder(project), Lock::key(project, file)) else {
            return Err(Failure::new(format!("{} is no path that can be kept", file.display())));
        };
        self.projects.entry(folder).or_default().insert(key, sha256.to_owned());
        Ok(())
    }

    /// Forgets a project. Returns whether there was something to forget.
    pub fn forget(&mut self, project: &Project) -> bool {
        folder(project).is_some_and(|folder| self.projects.remove(&folder).is_some())
    }

    /// Keeps it.
    ///
    /// # Errors
    /// There is no place for it, or it cannot be written.
    pub fn write(&self) -> Result<()> {
        let Some(path) = path() else {
            return Err(Failure::new("there is no folder for what you trust: HOME is not set"));
        };
        let write = || -> io::Result<()> {
            let folder = path.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(folder)?;
            // Only its owner can read or write a temporary file.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
    }
}

/// Whether the environment trusts every component of a project.
pub(crate) fn is_everything_trusted() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|value| value == "1")
}

fn path() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("spec-engine/trusted.json"))
}

fn folder(project: &Project) -> Option<String> {
    let folder = Path::new(".").join(project.folder.as_deref()?).canonicalize().ok()?;
    folder.to_str().map(str::to_owned)
}
