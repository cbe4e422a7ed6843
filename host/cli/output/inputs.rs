//! The files that a command reads. No output is written over one of them, whatever path leads to it.

use std::path::{Path, PathBuf};

use same_file::Handle;

use spec_engine::engine::{Engine, template_files};
use spec_engine::policy::BASELINE_FILE;
use spec_engine::project::{Lock, PROJECT_FILE};

use crate::failure::{Failure, Result};

/// The files that a command reads.
#[derive(Debug, Default)]
pub(crate) struct InputFiles {
    files: Vec<PathBuf>,
    /// Folders of which every file counts.
    folders: Vec<PathBuf>,
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
        inputs.folders.push(project.own_folder());
        if let Some(folder) = &project.folder {
            inputs.files.extend([folder.join(PROJECT_FILE), folder.join(BASELINE_FILE), Lock::path(project)]);
            inputs.files.extend(project.settings.document.iter().map(|path| project.path(path)));
        }
        inputs.with(project.settings.scripts.iter().map(|path| project.path(path)))
    }

    /// Adds files, and folders of which every file counts.
    #[must_use]
    pub fn with(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().map(Into::into).partition(|path| path.is_dir());
        self.files.extend(files);
        self.folders.extend(folders);
        self
    }

    /// Adds those of another project.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self.folders.extend(other.folders);
        self
    }

    /// Checks that a file may be written.
    ///
    /// # Errors
    /// It is one of these files, by whatever path or link.
    pub fn check(&self, output: &Path) -> Result<()> {
        // A file that is not there is no input. What is no file, such as a pipe, must not be opened to look at it.
        if !output.is_file() {
            return Ok(());
        }
        let Some(input) = self.same_as(output) else { return Ok(()) };
        let (output, input) = (output.display(), input.display());
        let message = format!("cannot write {output}: this command reads {input}, the same file, which would be lost");
        Err(Failure::new(message).help("name another file"))
    }

    /// The input that a file is, by the path by which the command knows it.
    fn same_as(&self, output: &Path) -> Option<PathBuf> {
        let canonical = output.canonicalize().ok()?;
        let is_inside = |folder: &&PathBuf| folder.canonicalize().is_ok_and(|folder| canonical.starts_with(folder));
        if self.folders.iter().any(|folder| is_inside(&folder)) {
            return Some(canonical);
        }
        let output = Handle::from_path(output).ok()?;
        let is_template = |path: &Path| path.extension().is_some_and(|extension| extension == "tera");
        let templates = self.files.iter().filter(|path| is_template(path)).flat_map(|path| template_files(path));
        let mut files = self.files.iter().cloned().chain(templates).filter(|path| path.is_file());
        files.find(|path| Handle::from_path(path).is_ok_and(|path| path == output))
    }
}
