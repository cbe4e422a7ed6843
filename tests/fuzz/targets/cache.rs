//! An entry of the cache of any bytes: the component is loaded, with its own description or from its bytes.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use guest::Guest;
use libfuzzer_sys::fuzz_target;
use spec_engine::limits::ComponentLimits;
use spec_engine::wasm::{Cache, Component, ComponentSource, Host, Stamp};

#[path = "../../wasm/guest.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod guest;

/// A component that is compiled in no time, since most of the damage has it compiled again.
static COMPONENT: LazyLock<(tempfile::NamedTempFile, Vec<u8>)> = LazyLock::new(|| {
    let wasm = Guest { pages: 4, ..Guest::default() }.build();
    let file = tempfile::NamedTempFile::new().expect("a file for the component");
    fs::write(file.path(), &wasm).expect("room for the component");
    // Only a file that has not changed for a while is known by its looks.
    thread::sleep(Duration::from_secs(3));
    (file, wasm)
});

static HOST: LazyLock<Host> = LazyLock::new(|| Host::new(ComponentLimits::default(), Cache::at(ENTRY.folder.clone())));

/// A cache with one entry, and the files of the entry.
struct Entry {
    _parent: tempfile::TempDir,
    folder: PathBuf,
    files: Vec<(PathBuf, Vec<u8>)>,
}

static ENTRY: LazyLock<Entry> = LazyLock::new(|| {
    let parent = tempfile::tempdir().expect("a folder for the cache");
    // A cache makes its folder for one user alone.
    let folder = parent.path().join("cache");
    // The first time it is compiled, the second time it is remembered how its file looks.
    let host = Host::new(ComponentLimits::default(), Cache::at(folder.clone()));
    (0..2).for_each(|_| drop(load(&host)));
    let paths = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), fs::read(path).expect("a file"))).collect();
    files.sort();
    assert_eq!(files.len(), 3, "{files:?}");
    Entry { _parent: parent, folder, files }
});

/// Loads a component that has been on disk for a while.
fn load(host: &Host) -> Component {
    let (file, wasm) = &*COMPONENT;
    let stamp = Stamp::of(file.path(), &file.as_file().metadata().expect("it is there"));
    let read = |_: u64| Ok(wasm.clone());
    let source = ComponentSource { name: "fuzz", stamp: Some(&stamp), pinned: None, read: &read };
    host.load_source(&source).expect("a component")
}

// The first byte chooses the file, the second where what follows is put, in 256 parts of the file; 255 replaces all.
fuzz_target!(|bytes: &[u8]| {
    let [file, place, bytes @ ..] = bytes else { return };
    let (path, whole) = &ENTRY.files[usize::from(*file) % ENTRY.files.len()];
    let mut damaged = whole.clone();
    let start = whole.len() * usize::from(*place) / 256;
    match place {
        255 => damaged = bytes.to_vec(),
        _ => damaged.iter_mut().skip(start).zip(bytes).for_each(|(old, new)| *old = *new),
    }
    fs::write(path, &damaged).expect("room for an entry");
    drop(load(&HOST));
    for (path, whole) in &ENTRY.files {
        fs::write(path, whole).expect("room for an entry");
    }
});
