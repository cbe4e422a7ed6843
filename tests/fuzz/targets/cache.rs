//! An entry of the cache of any bytes: the component is loaded, with its own description or from its bytes.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spec_engine::limits::ComponentLimits;
use spec_engine::wasm::{Cache, Component, ComponentSource, Host, Stamp};

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
    (0..2).for_each(|_| drop(load(folder.clone())));
    let paths = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), fs::read(path).expect("a file"))).collect();
    files.sort();
    assert_eq!(files.len(), 3, "{files:?}");
    Entry { _parent: parent, folder, files }
});

/// Loads a component that has been on disk for a while.
fn load(cache: PathBuf) -> Component {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/contract/0.1.2/d2.wasm");
    let stamp = Stamp::of(path.as_ref(), &fs::metadata(path).expect("a fixture"));
    let read = |_: u64| Ok(fs::read(path).expect("a fixture"));
    let source = ComponentSource { name: "d2", stamp: Some(&stamp), pinned: None, read: &read };
    Host::new(ComponentLimits::default(), Cache::at(cache)).load_source(&source).expect("a component")
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
    drop(load(ENTRY.folder.clone()));
    for (path, whole) in &ENTRY.files {
        fs::write(path, whole).expect("room for an entry");
    }
});
