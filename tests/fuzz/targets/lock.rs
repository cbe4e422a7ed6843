//! A lock of any text.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spec_engine::project::{LOCK_FILE, Lock, Project};

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder for the lock"));

fuzz_target!(|text: &[u8]| {
    let project = Project::in_folder(FOLDER.path());
    let path = FOLDER.path().join(LOCK_FILE);
    std::fs::write(&path, text).expect("a lock");
    let Ok(lock) = Lock::read(&project) else { return };
    for pinned in lock.plugins.values() {
        for file in pinned.sha256.keys() {
            assert!(project.check_inside(&project.path(file.as_ref())).is_ok(), "{file:?} leads out of the project");
        }
    }
    std::fs::write(&path, lock.to_text()).expect("a lock");
    let again = Lock::read(&project).expect("what was written is read");
    assert_eq!(again.plugins, lock.plugins);
});
