//! Which components of a project run that its lock does not pin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Which components of a project run that its lock does not pin: none, unless the user vouches for them. Whoever clones
/// a repository has not looked at what is in it.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    everything: bool,
    /// The SHA-256 of each component, in hexadecimal, by its canonical path.
    files: BTreeMap<PathBuf, String>,
}

/// For which bytes of a file the user vouches.
pub(super) enum TrustedBytes {
    /// Whatever they are.
    Any,
    /// Those of this SHA-256, in hexadecimal.
    Sum(String),
    /// None.
    Nothing,
}

impl Trust {
    /// Vouches for every component of the project, whatever it is.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Vouches for a file as long as it has a SHA-256, in hexadecimal.
    pub fn add(&mut self, file: &Path, sha256: &str) {
        if let Ok(file) = file.canonicalize() {
            self.files.insert(file, sha256.to_ascii_lowercase());
        }
    }

    /// For which bytes of a file the user vouches.
    pub(super) fn of(&self, file: &Path) -> TrustedBytes {
        if self.everything {
            return TrustedBytes::Any;
        }
        let sum = file.canonicalize().ok().and_then(|file| self.files.get(&file));
        sum.map_or(TrustedBytes::Nothing, |sum| TrustedBytes::Sum(sum.clone()))
    }
}
