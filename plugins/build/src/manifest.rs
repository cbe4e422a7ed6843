//! What the components were made of, and with what.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{DIST, GUESTS, sha256, sources_sha256};

/// Tells of each component what it was made of: `manifest.json` beside the components.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// One entry a component, by its name.
    pub components: BTreeMap<String, Entry>,
}

/// Tells of one component what it was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The SHA-256 of the component, as hexadecimal text.
    pub component: String,
    /// The SHA-256 of its sources, as [`sources_sha256`] returns it.
    pub sources: String,
    /// What `rustc --version` said of the compiler.
    pub toolchain: String,
}

impl Manifest {
    /// The name of the file.
    pub const FILE: &str = "manifest.json";

    /// Reads the manifest of a folder of components.
    ///
    /// # Errors
    /// A file that cannot be read or is not a manifest.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(Self::FILE);
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is not a manifest", path.display()))
    }

    /// Writes the manifest into a folder of components.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(Self::FILE);
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// What is not up to date in `plugins/dist/` below `root`, one line a component: none when all is well.
///
/// Builds nothing: it compares the sources, the components and the manifest.
///
/// # Errors
/// A file that cannot be read.
pub fn stale(root: &Path) -> Result<Vec<String>> {
    let dist = root.join(DIST);
    let manifest = Manifest::read(&dist)?;
    let mut found = Vec::new();
    for guest in GUESTS {
        let Some(entry) = manifest.components.get(guest) else {
            found.push(format!("{guest}: {DIST}/{} does not name it", Manifest::FILE));
            continue;
        };
        let file = format!("{guest}.wasm");
        let component = fs::read(dist.join(&file)).with_context(|| format!("cannot read {DIST}/{file}"))?;
        if sha256(&component) != entry.component {
            found.push(format!("{guest}: {DIST}/{file} is not the component that the manifest names"));
        }
        if sources_sha256(root, guest)? != entry.sources {
            found.push(format!("{guest}: its sources have changed since {DIST}/{file} was built"));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
    }

    #[test]
    fn the_shipped_components_are_those_of_the_sources() {
        let found = stale(root()).unwrap();
        assert!(found.is_empty(), "{}\nRun `cargo plugins`", found.join("\n"));
    }

    #[test]
    fn a_manifest_reads_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let entry = Entry { component: "00".into(), sources: "11".into(), toolchain: "rustc 1.95.0".into() };
        let manifest = Manifest { components: BTreeMap::from([("d2".to_owned(), entry)]) };
        manifest.write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
    }
}
