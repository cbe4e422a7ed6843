//! What a drawing is made of: the files whose change asks for a new one.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use spec_engine::file::folder_of;
use spec_engine::places::LAYOUT_FILE;
use spec_engine::project::{PROJECT_FILE, Project};

use crate::arguments::DocumentArguments;
use crate::documents;
use crate::drawing::DrawingArguments;
use crate::failure::{Failure, Result};

/// The endings of files in watched folders that take part in a drawing.
const ENDINGS: [&str; 5] = ["json", "rhai", "tera", "toml", "wasm"];

/// The most levels of folders inside a watched folder.
const MOST_LEVELS: usize = 8;

/// The files that a drawing depends on, and the folders in which any file may be one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    document: PathBuf,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

/// How a file looks from outside: whether it exists, when it changed and how long it is.
pub(super) type FileState = (PathBuf, Option<(SystemTime, u64)>);

impl Inputs {
    /// Finds them. Where the project cannot be read, what was known before still counts, since it is what has to change.
    pub fn of(document: &Path, arguments: &DrawingArguments, before: Option<&Self>) -> Self {
        let folder = folder_of(document);
        let beside = [PROJECT_FILE, LAYOUT_FILE].map(|name| folder.join(name));
        let files = [document.to_owned()].into_iter().chain(beside).collect();
        let mut inputs = Self { document: document.to_owned(), files, folders: Vec::new() };
        match Project::find(folder) {
            Ok(project) => inputs.add_project(&project),
            Err(_unreadable) => {
                let before = before.cloned().unwrap_or_default();
                inputs.files.extend(before.files);
                inputs.folders.extend(before.folders);
            }
        }
        if let Some(plugin) = arguments.plugin.as_deref().map(Path::new).filter(|path| path.is_file()) {
            // A template takes its neighbours in.
            inputs.files.push(plugin.to_owned());
            inputs
                .folders
                .extend(plugin.parent().filter(|_| plugin.extension().is_some_and(|is| is == "tera")).map(own));
        }
        inputs.folders.extend(arguments.plugins.folders.iter().cloned());
        inputs
    }

    fn add_project(&mut self, project: &Project) {
        if let Some(source) = &project.source {
            self.files.push(PathBuf::from(source.name()));
        }
        self.files.push(project.path(Path::new(LAYOUT_FILE)));
        self.folders.push(project.own_folder());
        let named = project.settings.plugins.iter().chain(&project.settings.scripts).map(|path| project.path(path));
        // What leads out of the project is not used, and not looked at either.
        self.folders.extend(named.filter(|path| project.check_inside(path).is_ok()));
    }

    /// The folders to watch, each the nearest that is there: a file is replaced in its folder, and a folder that
    /// is gone comes back in the one around it.
    pub fn watched(&self) -> Vec<PathBuf> {
        let mut watched: Vec<PathBuf> = Vec::new();
        for file in &self.files {
            watched.extend(file.parent().map(own));
            // Where a file is a link, its target is what changes.
            watched.extend(file.canonicalize().ok().and_then(|target| target.parent().map(own)));
        }
        for folder in &self.folders {
            watched.push(folder.clone());
            subfolders(folder, MOST_LEVELS, &mut watched);
        }
        let mut nearest: Vec<PathBuf> = watched
            .iter()
            .filter_map(|folder| {
                let folder = std::path::absolute(folder).ok()?;
                folder.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned)
            })
            .collect();
        nearest.sort();
        nearest.dedup();
        nearest
    }

    /// The document.
    pub fn document(&self) -> &Path {
        &self.document
    }

    /// Looks at all of them.
    pub fn states(&self) -> Vec<FileState> {
        let mut paths = self.files.clone();
        for folder in &self.folders {
            files(folder, MOST_LEVELS, &mut paths);
        }
        paths.sort();
        paths.dedup();
        paths
            .into_iter()
            .map(|path| {
                let seen = std::fs::metadata(&path).ok();
                let state = seen.and_then(|seen| Some((seen.modified().ok()?, seen.len())));
                (path, state)
            })
            .collect()
    }
}

/// The document that is watched: a file.
pub(crate) fn document(arguments: &DocumentArguments) -> Result<PathBuf> {
    let (_project, input) = documents::find(arguments)?;
    let path = input.path().map(Path::to_owned).ok_or_else(not_a_file)?;
    // A document that cannot be read ends the run.
    input.read()?;
    Ok(path)
}

fn not_a_file() -> Failure {
    Failure::new("standard input cannot be watched").help("name a file: payments.json")
}

fn own(path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() }
}

fn entries(folder: &Path) -> impl Iterator<Item = std::fs::DirEntry> {
    std::fs::read_dir(folder).into_iter().flatten().flatten()
}

fn subfolders(folder: &Path, levels: usize, into: &mut Vec<PathBuf>) {
    for entry in entries(folder) {
        if levels > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            into.push(entry.path());
            subfolders(&entry.path(), levels - 1, into);
        }
    }
}

fn files(folder: &Path, levels: usize, into: &mut Vec<PathBuf>) {
    if folder.is_file() {
        into.push(folder.to_owned());
    }
    for entry in entries(folder) {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && levels > 0 => files(&path, levels - 1, into),
            _ if path.extension().and_then(|is| is.to_str()).is_some_and(|is| ENDINGS.contains(&is)) => into.push(path),
            _ => {}
        }
    }
}
