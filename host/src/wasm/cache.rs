//! Compiled components on disk, so that a third party's is compiled once. Any doubt is a miss, never an error.
//!
//! An entry is two files: `KEY.cwasm`, what the compiler made, and `KEY.json`, written after it, with the checksum of
//! the first and what the component said of itself. The checksum is against damage. Against people stands the folder:
//! it is the user's own and closed to everyone else (0700); whoever can write to it can as well replace the engine.

use std::fs::{self, File};
use std::hash::{BuildHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmtime::Engine;

use super::description::Said;

/// The version of wasmtime whose output is kept, and of the form of an entry.
const FORM: &str = "wasmtime 48.0.8, entry 1";

/// A folder of compiled components, or none.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

/// An entry that was found whole.
#[derive(Debug)]
pub(super) struct Entry {
    pub precompiled: PathBuf,
    pub said: Said,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    checksum: u64,
    said: Said,
}

impl Cache {
    /// Keeps compiled components in a folder, which is made when there is something to keep.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder: Some(folder) }
    }

    /// Keeps nothing.
    pub fn none() -> Self {
        Self { folder: None }
    }

    /// Names the entry of a component for an engine.
    pub(super) fn key(engine: &Engine, wasm: &[u8]) -> String {
        let mut key = KeyHasher(Sha256::new());
        key.0.update(FORM);
        key.0.update(Sha256::digest(wasm));
        engine.precompile_compatibility_hash().hash(&mut key);
        key.0.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + format!("{byte:02x}").as_str())
    }

    /// Looks an entry up.
    pub(super) fn get(&self, key: &str) -> Option<Entry> {
        let folder = self.folder.as_deref().filter(|folder| is_private(folder))?;
        let precompiled = folder.join(format!("{key}.cwasm"));
        let record: Record = serde_json::from_slice(&fs::read(folder.join(format!("{key}.json"))).ok()?).ok()?;
        let same = checksum(File::open(&precompiled).ok()?).ok()? == record.checksum;
        same.then_some(Entry { precompiled, said: record.said })
    }

    /// Keeps an entry where that is possible.
    pub(super) fn put(&self, key: &str, precompiled: &[u8], said: &Said) {
        if let Some(folder) = &self.folder {
            // A cache that cannot be written costs time at the next run, and nothing else.
            let _ = put(folder, key, precompiled, said);
        }
    }
}

fn put(folder: &Path, key: &str, precompiled: &[u8], said: &Said) -> io::Result<()> {
    make_private(folder)?;
    if !is_private(folder) {
        return Ok(());
    }
    let record = Record { checksum: checksum(precompiled)?, said: said.clone() };
    write_whole(folder, &format!("{key}.cwasm"), precompiled)?;
    write_whole(folder, &format!("{key}.json"), &serde_json::to_vec(&record)?)
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// Returns a checksum against damage. It is made for speed: an entry of 30 MB is checked in some milliseconds.
fn checksum(mut content: impl Read) -> io::Result<u64> {
    const CHUNK: u64 = 256 << 10;
    let mut hasher = foldhash::quality::FixedState::with_seed(0).build_hasher();
    let mut chunk = Vec::with_capacity(CHUNK as usize);
    loop {
        chunk.clear();
        if content.by_ref().take(CHUNK).read_to_end(&mut chunk)? == 0 {
            return Ok(hasher.finish());
        }
        hasher.write(&chunk);
    }
}

/// Lets a hash of wasmtime's go into a key.
struct KeyHasher(Sha256);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Says whether a folder is closed to everyone else. What is read from one that is not may be anyone's.
#[cfg(unix)]
fn is_private(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::symlink_metadata(folder)
        .is_ok_and(|folder| folder.is_dir() && folder.permissions().mode().trailing_zeros() >= 6)
}

/// Says whether a folder is one: elsewhere the user's own folders are closed by inheritance.
#[cfg(not(unix))]
fn is_private(folder: &Path) -> bool {
    folder.is_dir()
}
