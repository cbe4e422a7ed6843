//! The author's own samples: files that a plugin is tried on beside the fixtures.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use spec_engine::engine::{Document, Engine};
use spec_engine::import::ImportFile;
use spec_engine::project::Project;
use spec_engine::text::visible;

use super::fixtures::Fixture;
use crate::failure::{Failure, Result};
use crate::folder;

/// The folder of the samples where nobody names one.
pub(super) const SAMPLES: &str = "samples";

/// The files of one import, or one document.
pub(super) struct Sample {
    /// The name of its file or folder, which its snapshots go by.
    pub name: String,
    pub files: Vec<ImportFile>,
}

/// The samples of a run.
pub(super) struct Samples {
    pub all: Vec<Sample>,
    /// Whether the command line names them: then each is for every plugin under test.
    are_named: bool,
}

impl Samples {
    /// Reads the samples that the command line names, else what is in `samples/`: a file each, or a folder with the files
    /// of one import.
    pub fn read(named: &[PathBuf]) -> Result<Self> {
        let are_named = !named.is_empty();
        let paths = if are_named { named.to_vec() } else { in_folder(Path::new(SAMPLES))? };
        let all = paths.iter().map(|path| Sample::read(path)).collect::<Result<Vec<_>>>()?;
        let mut names = HashSet::new();
        if let Some(twice) = all.iter().find(|sample| !names.insert(&sample.name)) {
            let failure = Failure::new(format!("two samples are called {}", visible(&twice.name)));
            return Err(failure.help("rename one: their snapshots go by the name"));
        }
        Ok(Self { all, are_named })
    }

    /// The samples that are documents, for what draws or checks. Of a folder those that may be meant as one.
    ///
    /// # Errors
    /// What is wrong with the first one that cannot be drawn.
    pub fn documents(&self, engine: &Engine) -> std::result::Result<Vec<Fixture>, String> {
        let may_be_meant = |file: &ImportFile| file.name.ends_with(".json") && folder::looks_like_document(&file.content);
        let is_meant = |sample: &&Sample| self.are_named || matches!(&sample.files[..], [file] if may_be_meant(file));
        self.all.iter().filter(is_meant).map(|sample| sample.document(engine)).collect()
    }
}

impl Sample {
    fn read(path: &Path) -> Result<Self> {
        let unreadable = |path: &Path, error| Failure::new(format!("cannot read {}: {error}", path.display()));
        let Some(name) = path.file_name() else {
            return Err(Failure::new(format!("{} has no name for a sample", path.display())).help("name a file"));
        };
        let paths = if path.is_dir() { folder::files(path)? } else { vec![path.to_owned()] };
        if paths.is_empty() {
            return Err(Failure::new(format!("there is no file in {}", path.display())).help("name a file"));
        }
        let file = |path: &PathBuf| {
            let content = std::fs::read(path).map_err(|error| unreadable(path, error))?;
            Ok(ImportFile { name: slashed(path), content })
        };
        let files = paths.iter().map(file).collect::<Result<Vec<_>>>()?;
        Ok(Self { name: name.to_string_lossy().into_owned(), files })
    }

    fn document(&self, engine: &Engine) -> std::result::Result<Fixture, String> {
        let [file] = &self.files[..] else { return Err(format!("{}: a document is one file", self.name)) };
        let document = Document::parse(file.name.as_str(), file.content.clone());
        let errors = engine.drawing_errors(&document);
        match (document.system(), errors.first()) {
            (Some(system), None) => Ok(Fixture { name: self.name.clone().into(), system: system.clone() }),
            (_, Some(error)) => Err(format!("{}: it cannot be drawn: {}", self.name, visible(&error.message))),
            (None, None) => Err(format!("{}: it is not a document", self.name)),
        }
    }
}

/// What lies in a folder, by name; nothing where there is none. Hidden files are left out.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    // A link is followed where the user names it, and not where it only lies there.
    Project::in_folder("").check_inside(folder)?;
    let unreadable = |error| Failure::new(format!("cannot read {}: {error}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// A path as it is shown and stored: with forward slashes.
pub(super) fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
