//! Finds scripted rules: named on the command line, in the project, in the user's configuration. The first of an id
//! wins.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy as _;

use super::Failure;
use super::project::Project;
use crate::script::is_rule_file;
use crate::source::Source;

/// The ending of a script.
const ENDING: &str = "rhai";

/// A script with the files of its folder, which it may import.
pub(super) struct Found {
    /// Its text; its name is its path.
    pub source: Arc<Source>,
    /// Every script of its folder.
    pub siblings: Vec<Arc<Source>>,
}

/// Finds every script, the strongest first. `given` are files and folders of the command line.
pub(super) fn find(project: &Project, given: &[PathBuf]) -> anyhow::Result<Vec<Found>> {
    let mut found = at(given)?;
    for path in &project.settings.scripts {
        add(&mut found, &project.path(path))?;
    }
    let user = etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("spec-engine").join("rules"));
    for folder in [Some(project.rules_folder()), user].into_iter().flatten() {
        if folder.is_dir() {
            add(&mut found, &folder)?;
        }
    }
    Ok(found)
}

/// Finds every script at some paths.
pub(super) fn at(paths: &[PathBuf]) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    for path in paths {
        add(&mut found, path)?;
    }
    Ok(found)
}

/// Adds a script, or every script of a folder and of the folders in it, in the order of their names.
fn add(found: &mut Vec<Found>, path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        return Err(Failure::new(format!("there are no rules at {}", path.display()))
            .help("name a script NAME.rhai or a folder with some; `spec-engine rules new` writes one")
            .into());
    }
    if path.is_file() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default();
        let siblings = scripts(folder)?;
        found.push(Found {
            source: read(path)?,
            siblings: siblings.into_iter().filter(|sibling| file_name(sibling) != name).collect(),
        });
        return Ok(());
    }
    let siblings = scripts(path)?;
    for source in &siblings {
        if is_rule_file(file_name(source)) {
            found.push(Found { source: Arc::clone(source), siblings: siblings.clone() });
        }
    }
    for folder in entries(path)?.into_iter().filter(is_folder) {
        add(found, &folder.path())?;
    }
    Ok(())
}

/// Reads every script of a folder. A link is not followed: it could lead out of the folder.
fn scripts(folder: &Path) -> anyhow::Result<Vec<Arc<Source>>> {
    let is_script = |entry: &&fs::DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_file()) && entry.path().extension().is_some_and(|it| it == ENDING)
    };
    entries(folder)?.iter().filter(is_script).map(|entry| read(&entry.path())).collect()
}

fn entries(folder: &Path) -> anyhow::Result<Vec<fs::DirEntry>> {
    let unreadable = |error| Failure::new(format!("{} cannot be read: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn is_folder(entry: &fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir()) && !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn read(path: &Path) -> anyhow::Result<Arc<Source>> {
    let bytes = fs::read(path).map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
    Ok(Arc::new(Source::new(path.display().to_string(), bytes)))
}

/// Returns the file name of a script.
pub(super) fn file_name(source: &Source) -> &str {
    Path::new(source.name()).file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
