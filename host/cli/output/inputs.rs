//! The files that a command reads. No output is written over one of them, whatever path leads to it.

use std::path::{Component, Path, PathBuf};

use same_file::Handle;

use spec_engine::engine::{Engine, template_files};
use spec_engine::places::LAYOUT_FILE;
use spec_engine::policy::BASELINE_FILE;
use spec_engine::project::{Lock, PROJECT_FILE};

use crate::failure::{Failure, Result};

/// The extension of scripts.
const SCRIPTS: &[&str] = &["rhai"];

/// The extensions of what the folder of a project holds: its plugins, templates and rules.
const OF_PROJECT: &[&str] = &["rhai", "tera", "toml", "wasm"];

/// The names that a document has where nobody names it.
pub(crate) const USUAL_NAMES: [&str; 2] = ["system.json", "system-spec.json"];

/// The files that a command reads.
#[derive(Debug, Default)]
pub(crate) struct InputFiles {
    files: Vec<PathBuf>,
    /// Folders of which every file counts that has one of some extensions.
    folders: Vec<(PathBuf, &'static [&'static str])>,
    /// Files of the project that the command does not read. The user may write them, a plugin may not.
    of_project: Vec<PathBuf>,
}

impl InputFiles {
    /// The files of a project, and those of every plugin.
    pub fn of(engine: &Engine) -> Self {
        let project = engine.project();
        let mut inputs = Self::default();
        for (plugin, shadowed) in engine.plugins().list() {
            let plugins = [plugin].into_iter().chain(shadowed);
            inputs.files.extend(plugins.filter_map(|plugin| plugin.origin.path()).map(Path::to_owned));
        }
        let own = project.own_folder();
        inputs.folders.extend(["plugins", "templates", "rules"].map(|folder| (own.join(folder), OF_PROJECT)));
        inputs.of_project.extend(USUAL_NAMES.map(PathBuf::from));
        if let Some(folder) = &project.folder {
            let names = [PROJECT_FILE, BASELINE_FILE, LAYOUT_FILE].map(|name| folder.join(name));
            inputs.files.extend(names.into_iter().chain([Lock::path(project)]));
            inputs.of_project.extend(USUAL_NAMES.map(|name| folder.join(name)));
            inputs.of_project.extend(project.settings.document.iter().map(|path| project.path(path)));
        }
        inputs.with(project.settings.scripts.iter().map(|path| project.path(path)))
    }

    /// Adds files, and folders of which every script counts.
    #[must_use]
    pub fn with(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().map(Into::into).partition(|path| path.is_dir());
        self.files.extend(files);
        self.folders.extend(folders.into_iter().map(|folder| (folder, SCRIPTS)));
        self
    }

    /// Adds those of another project.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self.folders.extend(other.folders);
        self.of_project.extend(other.of_project);
        self
    }

    /// Checks that a file may be written that the user names.
    ///
    /// # Errors
    /// It is one of these files, by whatever path or link.
    pub fn check(&self, output: &Path) -> Result<()> {
        let Some(input) = self.read_as(output) else { return Ok(()) };
        let (output, input) = (output.display(), input.display());
        let message = format!("cannot write {output}: this command reads {input}, the same file, which would be lost");
        Err(Failure::new(message).help("name another file"))
    }

    /// Checks that a file may be written that a plugin names.
    ///
    /// # Errors
    /// It is one of these files, or another one of the project, by whatever path or link; or it would become one.
    pub fn check_artifact(&self, output: &Path) -> Result<()> {
        self.check(output)?;
        if self.is_in_folder(output) {
            let message =
                format!("cannot write {}: it would become a rule or a plugin of the project", output.display());
            return Err(Failure::new(message).help("name another folder"));
        }
        let place = resolved(output);
        let own = same_as(&place, self.of_project.iter().cloned());
        let Some(own) = own.filter(|_| place.is_file()) else { return Ok(()) };
        let (output, own) = (output.display(), own.display());
        let message = format!("cannot write {output}: {own} is the document of the project, which would be lost");
        Err(Failure::new(message).help("name another folder"))
    }

    /// The input that a file is, by the path by which the command knows it.
    fn read_as(&self, output: &Path) -> Option<PathBuf> {
        let output = resolved(output);
        // A file that is not there is no input. What is no file, such as a pipe, must not be opened to look at it.
        if !output.is_file() {
            return None;
        }
        if self.is_in_folder(&output) {
            return Some(output);
        }
        let is_template = |path: &Path| path.extension().is_some_and(|extension| extension == "tera");
        let templates = self.files.iter().filter(|path| is_template(path)).flat_map(|path| template_files(path));
        same_as(&output, self.files.iter().cloned().chain(templates))
    }

    /// Whether a file, which need not be there, counts by its folder.
    fn is_in_folder(&self, output: &Path) -> bool {
        let output = resolved(output);
        let extension = output.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let counts = |(folder, extensions): &(PathBuf, &[&str])| {
            extensions.iter().any(|it| it.eq_ignore_ascii_case(extension)) && output.starts_with(resolved(folder))
        };
        self.folders.iter().any(counts)
    }
}

/// A path without links and without `..`, be there something or not: where a file would be written once the missing
/// folders are made.
fn resolved(path: &Path) -> PathBuf {
    let Ok(path) = std::path::absolute(path) else { return path.to_owned() };
    let mut real = PathBuf::new();
    for component in path.components() {
        match component {
            // What is there is without links by now, and what is not there will be a folder.
            Component::ParentDir => {
                real.pop();
            }
            component => {
                real.push(component);
                real = real.canonicalize().unwrap_or(real);
            }
        }
    }
    real
}

/// The one of some files that a file is, whatever path or link leads to it.
fn same_as(output: &Path, files: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let output = Handle::from_path(output).ok()?;
    let mut files = files.into_iter().filter(|path| path.is_file());
    files.find(|path| Handle::from_path(path).is_ok_and(|path| path == output))
}

/// The first two of some files of this run that are one file, or will be.
pub(crate) fn twice<'a>(paths: &[&'a Path]) -> Option<(&'a Path, &'a Path)> {
    // A device, such as /dev/null, is written into by each of them.
    let is_special = |path: &Path| path.metadata().is_ok_and(|there| !there.is_file());
    let places: Vec<PathBuf> = paths.iter().map(|path| resolved(path)).collect();
    let same = |first: usize, second: usize| {
        let (one, other) = (paths[first], paths[second]);
        places[first] == places[second] || (one.is_file() && same_as(one, [other.to_owned()]).is_some())
    };
    let pairs = (0..paths.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
    let mut pairs = pairs.filter(|&(first, second)| !is_special(paths[first]) && same(first, second));
    pairs.next().map(|(first, second)| (paths[first], paths[second]))
}
