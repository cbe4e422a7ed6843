//! Finds scripted rules: named by the caller, in the project, in the user's configuration. The first of an id wins.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::EngineError;
use crate::file;
use crate::limits::{LimitTable as _, ScriptLimits};
use crate::script::{file_name, imported_files, is_rule_file, testing};
use crate::source::Source;

/// The extension of a script.
const EXTENSION: &str = "rhai";

/// A script with the files of its folder, which it may import.
#[derive(Clone, Debug)]
pub struct ScriptFile {
    /// Its text; its name is its path.
    pub source: Arc<Source>,
    /// The scripts of its folder.
    pub siblings: Arc<[Arc<Source>]>,
}

/// Finds scripts. Each folder is read once, however many of its scripts are named.
#[derive(Debug, Default)]
pub(super) struct Finder {
    pub found: Vec<ScriptFile>,
    folders: BTreeMap<PathBuf, Arc<[Arc<Source>]>>,
}

/// Finds every script at some paths, each a script or a folder with some, in the order of their names.
///
/// # Errors
/// There is nothing at a path, or it cannot be read.
pub fn scripts_at(paths: &[PathBuf]) -> Result<Vec<ScriptFile>, EngineError> {
    let mut finder = Finder::default();
    paths.iter().try_for_each(|path| finder.add(path))?;
    Ok(finder.found)
}

/// The files of a scripted rule: its own, its tests if it has some, and what it imports of the files beside it, by what
/// is written there.
///
/// # Errors
/// The folder cannot be read.
pub fn rule_files(path: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let tests = path.with_file_name(testing::test_file(name));
    let mut files: Vec<PathBuf> = [path.to_owned()].into_iter().chain(tests.is_file().then_some(tests)).collect();
    let siblings = scripts(file::folder_of(path))?;
    let mut waiting = vec![read(path)?];
    while let Some(source) = waiting.pop() {
        for imported in imported_files(source.text()) {
            let found = siblings.iter().find(|sibling| file_name(sibling.name()) == imported);
            let Some(found) = found else { continue };
            let file = path.with_file_name(&imported);
            if !files.contains(&file) {
                files.push(file);
                waiting.push(Arc::clone(found));
            }
        }
    }
    Ok(files)
}

impl Finder {
    /// Adds a script, or every script of a folder and of the folders in it, in the order of their names.
    pub fn add(&mut self, path: &Path) -> Result<(), EngineError> {
        if !path.exists() {
            return Err(EngineError::NoRules(path.to_owned()));
        }
        if path.is_file() {
            let siblings = self.scripts(file::folder_of(path))?;
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_it = |source: &&Arc<Source>| file_name(source.name()) == name && Path::new(source.name()) == path;
            let known = siblings.iter().find(is_it).map(Arc::clone);
            let source = known.map_or_else(|| read(path), Ok)?;
            self.found.push(ScriptFile { source, siblings });
            return Ok(());
        }
        let siblings = self.scripts(path)?;
        for source in siblings.iter().filter(|source| is_rule_file(file_name(source.name()))) {
            self.found.push(ScriptFile { source: Arc::clone(source), siblings: Arc::clone(&siblings) });
        }
        entries(path)?.into_iter().filter(is_folder).try_for_each(|folder| self.add(&folder.path()))
    }

    /// The scripts of a folder.
    fn scripts(&mut self, folder: &Path) -> Result<Arc<[Arc<Source>]>, EngineError> {
        if let Some(known) = self.folders.get(folder) {
            return Ok(Arc::clone(known));
        }
        let read: Arc<[Arc<Source>]> = scripts(folder)?.into();
        self.folders.insert(folder.to_owned(), Arc::clone(&read));
        Ok(read)
    }
}

/// Reads every script of a folder. A link is not followed: it could lead out of the folder.
fn scripts(folder: &Path) -> Result<Vec<Arc<Source>>, EngineError> {
    let is_script = |entry: &&fs::DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_file()) && entry.path().extension().is_some_and(|it| it == EXTENSION)
    };
    entries(folder)?.iter().filter(is_script).map(|entry| read(&entry.path())).collect()
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, EngineError> {
    let unreadable = |error| EngineError::unreadable(folder, &error);
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn is_folder(entry: &fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir()) && !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn read(path: &Path) -> Result<Arc<Source>, EngineError> {
    let most = ScriptLimits::ROWS.iter().find(|limit| limit.key == "script-size").map_or(0, |limit| limit.maximum);
    // A byte more, so that a file that is too large is seen to be.
    let bytes =
        file::read_start(path, most.saturating_add(1)).map_err(|error| EngineError::unreadable(path, &error))?;
    Ok(Arc::new(Source::new(path.display().to_string(), bytes)))
}
