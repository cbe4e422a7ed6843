//! Finds and reads the document that a command works on.

use std::collections::HashMap;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::args::DocumentArguments;
use super::checker::Checker;
use super::project::{FILE, Project};
use super::{Failure, folder, report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::load::{Loaded, load};
use crate::model::System;
use crate::policy::Scope;
use crate::source::Source;

/// The names that a document has where nobody names it.
const USUAL: [&str; 2] = ["system.json", "system-spec.json"];

/// The most bytes that a document may have: positions in it are kept in 32 bits.
const MAX_BYTES: u64 = u32::MAX as u64;

/// Holds a document and the project that it belongs to.
pub(super) struct Document {
    pub source: Source,
    pub project: Rc<Project>,
    /// The file; `None` for standard input.
    path: Option<PathBuf>,
}

impl Document {
    /// Finds and reads the document that the command line names, else the project's, else the usual ones, else
    /// standard input.
    pub fn read(arguments: &DocumentArguments) -> anyhow::Result<Self> {
        match &arguments.document {
            Some(path) => Self::named(path, &mut Projects::default()),
            None => Self::unnamed(Project::find(Path::new("."))?),
        }
    }

    /// Finds and reads every document that the command line names; of a folder, each in it.
    pub fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<Self>> {
        if paths.is_empty() {
            return Ok(vec![Self::unnamed(Project::find(Path::new("."))?)?]);
        }
        let (mut documents, mut projects) = (Vec::new(), Projects::default());
        for path in paths {
            if path.is_dir() {
                for path in folder::documents(path)? {
                    documents.push(Self::named(&path, &mut projects)?);
                }
            } else {
                documents.push(Self::named(path, &mut projects)?);
            }
        }
        Ok(documents)
    }

    fn named(path: &Path, projects: &mut Projects) -> anyhow::Result<Self> {
        if path.as_os_str() == "-" {
            return Self::from_stdin(projects.of(Path::new("."))?);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self::from_file(path, projects.of(folder.unwrap_or(Path::new(".")))?)
    }

    fn unnamed(project: Project) -> anyhow::Result<Self> {
        let project = Rc::new(project);
        if let Some(document) = &project.settings.document {
            return Self::from_file(&project.path(document), Rc::clone(&project));
        }
        if let Some(name) = USUAL.into_iter().find(|name| Path::new(name).is_file()) {
            return Self::from_file(Path::new(name), project);
        }
        if !std::io::stdin().is_terminal() {
            let document = Self::from_stdin(project)?;
            if !document.source.text().is_empty() {
                return Ok(document);
            }
        }
        let looked = format!(
            "looked for `document` in a {FILE} here and above, for {} and {} here, and for something on standard input",
            USUAL[0], USUAL[1]
        );
        Err(Failure::new(format!("no document: {looked}")).help("name one: spec-engine … payments.json").into())
    }

    fn from_file(path: &Path, project: Rc<Project>) -> anyhow::Result<Self> {
        let source = Source::new(path.display().to_string(), read(path)?);
        Ok(Self { source, project, path: Some(path.to_owned()) })
    }

    fn from_stdin(project: Rc<Project>) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        check_size("<stdin>", bytes.len() as u64)?;
        Ok(Self { source: Source::new("<stdin>", bytes), project, path: None })
    }

    /// Takes a document that was made here, and is at a path or will be.
    pub fn made(name: String, text: String, project: &Rc<Project>, path: Option<&Path>) -> Self {
        let source = Source::new(name, text.into_bytes());
        Self { source, project: Rc::clone(project), path: path.map(Path::to_owned) }
    }

    /// Returns the path of the document from the folder of its project, as exceptions and baselines name it.
    pub fn path_in_project(&self) -> String {
        self.path_from(self.project.folder.as_deref().unwrap_or(Path::new("")))
    }

    /// Returns the path of the document with forward slashes, from a folder where it is inside of it.
    pub fn path_from(&self, folder: &Path) -> String {
        let Some(path) = &self.path else { return self.source.name().to_owned() };
        let folder = std::path::absolute(Path::new(".").join(folder)).unwrap_or_default();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let path = path.strip_prefix(&folder).unwrap_or(&path);
        path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// Returns the system for a command that needs one. A document with errors is refused, and its findings shown, unless
    /// the user allows errors; warnings are for `validate` to show.
    pub fn system(&self, allow_errors: bool) -> anyhow::Result<Option<System>> {
        self.loaded_system(load(&self.source), allow_errors)
    }

    /// Returns the systems of two documents, as [`Self::system`] does: both are read at the same time, and both are
    /// checked, so that whoever has to repair them sees all there is.
    pub fn systems(documents: [&Self; 2], allow_errors: bool) -> anyhow::Result<[Option<System>; 2]> {
        let [first, second] = documents.map(|document| &document.source);
        let [first, second] = std::thread::scope(|scope| {
            let second = scope.spawn(|| load(second));
            [load(first), second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))]
        });
        Ok([documents[0].loaded_system(first, allow_errors)?, documents[1].loaded_system(second, allow_errors)?])
    }

    fn loaded_system(&self, loaded: Loaded, allow_errors: bool) -> anyhow::Result<Option<System>> {
        let (system, errors) = self.drawable(loaded);
        if errors.is_empty() {
            return Ok(system);
        }
        report::to_stderr(&self.source, &errors)?;
        if allow_errors && system.is_some() {
            return Ok(system);
        }
        if system.is_some() {
            report::note("nothing was written; --allow-errors draws what can be drawn")?;
        }
        Ok(None)
    }

    /// Returns what could be read, and the errors that stand against drawing it.
    pub fn drawable(&self, loaded: Loaded) -> (Option<System>, Vec<Diagnostic>) {
        let mut checked = Checker::for_drawing(&self.project).check_loaded(self, loaded, Scope::Format);
        checked.findings.retain(|finding| finding.severity == Severity::Error);
        (checked.system, checked.findings)
    }

    /// Returns the file; `None` for standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

/// Holds the projects that were found, by the folder that they were looked for from.
#[derive(Default)]
struct Projects(HashMap<PathBuf, Rc<Project>>);

impl Projects {
    /// Returns the project of a folder: one and the same for all of its documents.
    fn of(&mut self, start: &Path) -> anyhow::Result<Rc<Project>> {
        if let Some(project) = self.0.get(start) {
            return Ok(Rc::clone(project));
        }
        let project = Project::find(start)?;
        let same = self.0.values().find(|other| other.folder == project.folder);
        let project = same.map_or_else(|| Rc::new(project), Rc::clone);
        self.0.insert(start.to_owned(), Rc::clone(&project));
        Ok(project)
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|error| missing(path, &error))?;
    if metadata.is_dir() {
        return Err(Failure::new(format!("{shown} is a folder, not a document")).help("name a file in it").into());
    }
    check_size(&shown.to_string(), metadata.len())?;
    Ok(std::fs::read(path).map_err(|error| Failure::new(format!("{shown} cannot be read: {error}")))?)
}

fn missing(path: &Path, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::new(format!("{} cannot be read: {error}", path.display()));
    }
    let failure = Failure::new(format!("there is no document {}", path.display()));
    let wanted = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.retain(|name| name.extension().is_some_and(|extension| extension == "json"));
    names.sort();
    let names: Vec<&str> = names.iter().filter_map(|name| name.file_name()?.to_str()).collect();
    match crate::text::nearest(wanted, names.iter().copied()) {
        Some(name) => failure.help(format!("did you mean {}?", folder.join(name).display())),
        None => failure,
    }
}

fn check_size(name: &str, bytes: u64) -> Result<(), Failure> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(Failure::new(format!("{name} has {bytes} bytes; the most that a document may have is {MAX_BYTES}")))
}
