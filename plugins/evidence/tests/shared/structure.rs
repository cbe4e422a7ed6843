//! How the sources of the importer are laid out: small files that do not import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The most lines of a file.
const MAX_LINES: usize = 450;

fn sources(folder: &str) -> BTreeMap<String, String> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn no_file_is_long() {
    for folder in ["src", "tests"] {
        for (name, text) in sources(folder) {
            assert!(text.lines().count() < MAX_LINES, "{folder}/{name}.rs has {} lines", text.lines().count());
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let sources = sources("src");
    let is_name = |one: char| one.is_ascii_alphanumeric() || one == '_';
    let uses = |text: &str| -> BTreeSet<String> {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let names = code.match_indices("crate::").map(|(at, start)| &code[at + start.len()..]);
        names.map(|rest| rest.split(|one| !is_name(one)).next().unwrap_or_default().to_owned()).collect()
    };
    let mut rest: BTreeMap<String, BTreeSet<String>> =
        sources.iter().filter(|(name, _)| *name != "lib").map(|(name, text)| (name.clone(), uses(text))).collect();
    for (name, uses) in &rest {
        assert!(uses.iter().all(|other| sources.contains_key(other)), "{name} imports from lib.rs: {uses:?}");
    }
    // What imports nothing that is left is on the floor of what is left.
    while !rest.is_empty() {
        let names: BTreeSet<String> = rest.keys().cloned().collect();
        let before = rest.len();
        rest.retain(|_, uses| !uses.is_disjoint(&names));
        assert!(rest.len() < before, "these import each other in a circle: {:?}", rest.keys());
    }
}
