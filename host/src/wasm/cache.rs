//! Compiled components on disk, so that a third party's is compiled once. Any doubt is a miss, never an error.
//!
//! An entry is two files: `KEY.cwasm`, what the compiler made, and `KEY.json`, written after it, with the checksum of
//! the first and what the component said of itself. The checksum is against damage. Against people stands the folder:
//! it is the user's own and closed to everyone else (0700); whoever can write to it can as well replace the engine.
//!
//! A third file, `PLACE.seen`, remembers a plugin's file as it looked from outside, and the entry that belongs to it, as
//! it looked when its checksum was right. Where both still look so, neither is read again: the one is not needed, the
//! other is mapped.

use std::fs::{self, File as OpenFile};
use std::hash::{BuildHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmtime::Engine;

use super::description::GuestDescription;
use super::file::{Identity, sha256};
use super::stamp::Stamp;

/// The version of wasmtime whose output is kept, and of the form of an entry.
const FORM: &str = "wasmtime 48.0.8, entry 4";

/// What the files of the cache end in.
const ENDINGS: [&str; 3] = ["cwasm", "json", "seen"];

/// What the name of a file starts with that is being written. One stays where a process is killed while it writes.
const UNFINISHED: &str = ".unfinished-";

/// A folder of compiled components, or none.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

/// An entry that was found whole.
#[derive(Debug)]
pub(super) struct CacheEntry {
    pub precompiled: PathBuf,
    pub file: Identity,
    pub description: GuestDescription,
    /// When it was compiled.
    pub since: SystemTime,
}

/// What `KEY.json` holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    /// The plugin that it was first loaded as.
    name: String,
    file: Identity,
    checksum: u64,
    description: GuestDescription,
}

/// What `PLACE.seen` holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RememberedFile {
    plugin: Stamp,
    precompiled: Stamp,
    file: Identity,
    description: GuestDescription,
}

/// A compiled component in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedComponent {
    /// The plugin that it was first loaded as.
    pub name: String,
    /// The SHA-256 of the component, in hexadecimal.
    pub sha256: String,
    /// The size of the compiled code, in bytes.
    pub size: u64,
    /// When it was compiled.
    pub since: SystemTime,
    /// Whether this engine can use it; another version or another machine made it else.
    pub usable: bool,
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

    /// Its folder, if it has one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Lists what is in it, the oldest first. Without an engine none of it is usable.
    pub(super) fn list(&self, engine: Option<&Engine>) -> Vec<CachedComponent> {
        let Some(folder) = self.private() else { return Vec::new() };
        let mut list: Vec<CachedComponent> = files(folder)
            .filter(|path| path.extension().is_some_and(|is| is == "json"))
            .filter_map(|path| {
                let record: Record = read_json(&path)?;
                let precompiled = fs::metadata(path.with_extension("cwasm")).ok()?;
                let name = path.file_stem()?.to_str()?;
                let usable = engine.is_some_and(|engine| name == key(engine, &record.file));
                let (size, since) = (precompiled.len(), precompiled.modified().ok()?);
                Some(CachedComponent { name: record.name, sha256: record.file.sha256, size, since, usable })
            })
            .collect();
        list.sort_by(|one, other| (one.since, &one.name).cmp(&(other.since, &other.name)));
        list
    }

    /// Removes every file of its own from its folder, and returns how many bytes they had.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn clear(&self) -> io::Result<u64> {
        let Some(folder) = self.private() else { return Ok(0) };
        let mut bytes = 0;
        for path in files(folder) {
            let size = fs::symlink_metadata(&path)?.len();
            fs::remove_file(&path)?;
            bytes += size;
        }
        Ok(bytes)
    }

    /// Looks up the entry of a component.
    pub(super) fn get(&self, engine: &Engine, file: &Identity) -> Option<CacheEntry> {
        let precompiled = self.private()?.join(format!("{}.cwasm", key(engine, file)));
        let record: Record = read_json(&precompiled.with_extension("json"))?;
        let since = fs::metadata(&precompiled).ok()?.modified().ok()?;
        let same = record.file == *file && checksum(OpenFile::open(&precompiled).ok()?).ok()? == record.checksum;
        same.then_some(CacheEntry { precompiled, file: record.file, description: record.description, since })
    }

    /// Looks up the entry of a file that looks as it looked before.
    pub(super) fn recall(&self, engine: &Engine, stamp: &Stamp) -> Option<CacheEntry> {
        let folder = self.private()?;
        let seen: RememberedFile = read_json(&folder.join(place(stamp)))?;
        if seen.plugin != *stamp {
            return None;
        }
        let precompiled = folder.join(format!("{}.cwasm", key(engine, &seen.file)));
        let (now, since) = look(&precompiled)?;
        let is_same = now == seen.precompiled;
        is_same.then_some(CacheEntry { precompiled, file: seen.file, description: seen.description, since })
    }

    /// Remembers that a file that looks so has this entry, whose checksum was right a moment ago.
    pub(super) fn remember(&self, stamp: &Stamp, entry: &CacheEntry) {
        if let (Some(folder), Some((precompiled, _))) = (self.private(), look(&entry.precompiled)) {
            let (file, description) = (entry.file.clone(), entry.description.clone());
            let seen = RememberedFile { plugin: stamp.clone(), precompiled, file, description };
            // What is not remembered is read again at the next run.
            let _ = write_json(folder, &place(stamp), &seen);
        }
    }

    /// Keeps an entry where that is possible. A cache that cannot be written costs time at the next run, and nothing else.
    pub(super) fn put(
        &self,
        engine: &Engine,
        name: &str,
        file: &Identity,
        precompiled: &[u8],
        description: GuestDescription,
    ) -> Option<CacheEntry> {
        let folder = self.folder.as_deref()?;
        make_private(folder).ok()?;
        let folder = self.private()?;
        let key = key(engine, file);
        let record =
            Record { name: name.to_owned(), file: file.clone(), checksum: checksum(precompiled).ok()?, description };
        write_whole(folder, &format!("{key}.cwasm"), precompiled).ok()?;
        write_json(folder, &format!("{key}.json"), &record).ok()?;
        let precompiled = folder.join(format!("{key}.cwasm"));
        let since = fs::metadata(&precompiled).ok()?.modified().ok()?;
        Some(CacheEntry { precompiled, file: record.file, description: record.description, since })
    }

    /// The folder, if it is the user's own.
    fn private(&self) -> Option<&Path> {
        self.folder.as_deref().filter(|folder| is_private(folder))
    }
}

/// Names the entry of a component for an engine.
fn key(engine: &Engine, file: &Identity) -> String {
    let mut key = KeyHasher(Sha256::new());
    key.0.update(FORM);
    key.0.update(&file.sha256);
    engine.precompile_compatibility_hash().hash(&mut key);
    base16ct::lower::encode_string(&key.0.finalize())
}

/// Names what is remembered of a file, by where the file is.
fn place(stamp: &Stamp) -> String {
    format!("{}.seen", sha256(stamp.path.as_os_str().as_encoded_bytes()))
}

/// Looks at a file of the cache from outside: how it looks, and when it was written.
fn look(path: &Path) -> Option<(Stamp, SystemTime)> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((Stamp::of(path, &metadata), metadata.modified().ok()?))
}

/// The files of the cache, and no other that may be in its folder.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let is_own = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let is_entry = stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_entry && ENDINGS.contains(&ending) || name.starts_with(UNFINISHED)
    };
    fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).filter(is_own)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn write_json(folder: &Path, name: &str, value: &impl Serialize) -> io::Result<()> {
    write_whole(folder, name, &serde_json::to_vec(value)?)
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(content)?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// A checksum against damage. It is made for speed: an entry of 30 MB is checked in some milliseconds.
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

/// Whether a folder is this user's, and closed to everyone else. What is read from one that is not may be anyone's.
#[cfg(unix)]
fn is_private(folder: &Path) -> bool {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    fs::symlink_metadata(folder).is_ok_and(|folder| {
        let is_own = folder.uid() == nix::unistd::Uid::effective().as_raw();
        folder.is_dir() && is_own && folder.permissions().mode().trailing_zeros() >= 6
    })
}

/// Whether a folder is one: elsewhere the user's own folders are closed by inheritance.
#[cfg(not(unix))]
fn is_private(folder: &Path) -> bool {
    folder.is_dir()
}
