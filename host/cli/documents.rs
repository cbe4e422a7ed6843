//! Finds and reads the documents that a command works on.

use std::collections::HashMap;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use spec_engine::diagnostic::Diagnostic;
use spec_engine::engine::{Document, Engine};
use spec_engine::file::{self, folder_of};
use spec_engine::model::System;
use spec_engine::project::{PROJECT_FILE, Project};
use spec_engine::text::nearest;

use crate::arguments::{DocumentArguments, is_dash};
use crate::failure::{Failure, Result};
use crate::output::USUAL_NAMES;
use crate::{folder, report};

/// The most bytes that a document may have: positions in it are kept in 32 bits.
const MAX_BYTES: u64 = u32::MAX as u64;

/// A document that is to be read.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Standard input that was read already, to see whether there is something on it.
    Bytes(Vec<u8>),
}

/// Finds the document that the command line names, else the project's, else the usual ones, else standard input; and its
/// project.
pub(crate) fn find(arguments: &DocumentArguments) -> Result<(Project, Input)> {
    match &arguments.document {
        Some(path) => find_at(path),
        None => {
            let project = Project::find(Path::new("."))?;
            let input = unnamed(&project)?;
            Ok((project, input))
        }
    }
}

/// The document at a path, with its project.
pub(crate) fn find_at(path: &Path) -> Result<(Project, Input)> {
    if is_dash(path) {
        return Ok((Project::find(Path::new("."))?, Input::Stdin));
    }
    Ok((Project::find(folder_of(path))?, Input::File(path.to_owned())))
}

/// The document where nobody names one: the project's, else a usual one, else what is on standard input.
fn unnamed(project: &Project) -> Result<Input> {
    if let Some(document) = &project.settings.document {
        let path = project.path(document);
        project.check_inside(&path)?;
        return Ok(Input::File(path));
    }
    if let Some(path) = USUAL_NAMES.into_iter().map(Path::new).find(|path| path.is_file()) {
        // A link is followed where the user names it, and not where it only lies there.
        project.check_inside(path)?;
        return Ok(Input::File(path.to_owned()));
    }
    if !std::io::stdin().is_terminal() {
        let bytes = stdin()?;
        if !bytes.is_empty() {
            return Ok(Input::Bytes(bytes));
        }
    }
    let looked = format!(
        "looked for `document` in a {PROJECT_FILE} here and above, for {} and {} here, and for something on standard input",
        USUAL_NAMES[0], USUAL_NAMES[1]
    );
    Err(Failure::new(format!("no document: {looked}")).help("name one: spec-engine … payments.json"))
}

/// The documents that a command line names.
#[derive(Default)]
pub(crate) struct FoundDocuments {
    /// The documents in their order, each with its project.
    pub documents: Vec<(Rc<Project>, Input)>,
    /// The other JSON files of the folders that were named.
    pub others: Vec<PathBuf>,
    projects: Projects,
}

/// Finds every document that the command line names, of a folder each in it. Without any: those that `documents` of the
/// project names, else the usual one.
pub(crate) fn find_all(paths: &[PathBuf]) -> Result<FoundDocuments> {
    let mut found = FoundDocuments::default();
    if paths.is_empty() {
        let project = found.projects.of(Path::new("."))?;
        if project.settings.document.is_none() && !project.settings.documents.is_empty() {
            found.add_folder(&project.path(Path::new(".")))?;
            return Ok(found);
        }
        let input = unnamed(&project)?;
        found.documents.push((project, input));
    }
    for path in paths {
        if path.is_dir() {
            found.add_folder(path)?;
        } else if is_dash(path) {
            found.documents.push((found.projects.of(Path::new("."))?, Input::Stdin));
        } else {
            found.documents.push((found.projects.of(folder_of(path))?, Input::File(path.clone())));
        }
    }
    Ok(found)
}

impl FoundDocuments {
    /// Adds the documents of a folder: those that their project names, or, where it names none, those that look like one.
    fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let (before, others_before) = (self.documents.len(), self.others.len());
        for file in folder::files(folder)? {
            let project = self.projects.of(folder_of(&file))?;
            let is_json = file.extension().is_some_and(|extension| extension == "json");
            let is_document = match project.names_document(&file) {
                Some(is_named) => is_named,
                None => is_json && folder::looks_like_document(&read(&file)?),
            };
            if is_document {
                self.documents.push((project, Input::File(file)));
            } else if is_json {
                self.others.push(file);
            }
        }
        if self.documents.len() == before {
            return Err(folder::no_document(folder, self.others.len() - others_before));
        }
        Ok(())
    }
}

impl Input {
    /// Reads and parses it.
    pub fn read(self) -> Result<Document> {
        let (name, bytes) = match self {
            Self::File(path) => {
                let bytes = read(&path)?;
                return Ok(Document::parse(path.display().to_string(), bytes).at(path));
            }
            Self::Stdin => ("<stdin>", stdin()?),
            Self::Bytes(bytes) => ("<stdin>", bytes),
        };
        Ok(Document::parse(name, bytes))
    }

    /// The file; `None` for standard input.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Stdin | Self::Bytes(_) => None,
        }
    }
}

/// The system of a document for a command that needs one. A document with errors is refused, and they are shown, unless
/// the user allows errors; warnings are for `validate` to show.
pub(crate) fn system<'d>(
    engine: &Engine,
    document: &'d Document,
    errors_allowed: AllowErrors,
) -> Result<Option<&'d System>> {
    let errors: Vec<Diagnostic> = engine.drawing_errors(document);
    if errors.is_empty() {
        return Ok(document.system());
    }
    report::to_stderr(document.source(), &errors)?;
    let system = document.system();
    if system.is_some() && errors_allowed == AllowErrors::No {
        report::note("nothing was written; --allow-errors draws what can be drawn")?;
        return Ok(None);
    }
    Ok(system)
}

/// Whether a document with errors is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AllowErrors {
    /// As far as it can be.
    Yes,
    /// It is refused.
    #[default]
    No,
}

impl From<bool> for AllowErrors {
    fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// The projects that were found, by the folder that they were looked for from.
#[derive(Default)]
struct Projects(HashMap<PathBuf, Rc<Project>>);

impl Projects {
    /// The project of a folder: one and the same for all of its documents.
    fn of(&mut self, start: &Path) -> Result<Rc<Project>> {
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

fn stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    check_size("<stdin>", bytes.len() as u64)?;
    Ok(bytes)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|error| missing(path, &error))?;
    if metadata.is_dir() {
        return Err(Failure::new(format!("{shown} is a folder, not a document")).help("name a file in it"));
    }
    check_size(&shown.to_string(), metadata.len())?;
    let unreadable = |error| Failure::new(format!("cannot read {shown}: {error}"));
    if is_own_stream(path) {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        check_size(&shown.to_string(), bytes.len() as u64)?;
        return Ok(bytes);
    }
    file::read(path, MAX_BYTES).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidInput => {
            unreadable(error).help("name a regular file, or hand it in on standard input: spec-engine … -")
        }
        _ => unreadable(error),
    })
}

/// Whether a path names an open stream of this process, as a shell does for `<(…)`: that is as good as standard input.
fn is_own_stream(path: &Path) -> bool {
    let folders = ["/dev/fd", "/proc/self/fd"].map(Path::new);
    path == Path::new("/dev/stdin") || path.parent().is_some_and(|parent| folders.contains(&parent))
}

fn missing(path: &Path, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::new(format!("cannot read {}: {error}", path.display()));
    }
    let failure = Failure::new(format!("there is no document {}", path.display()));
    let wanted = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = folder_of(path);
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.retain(|name| name.extension().is_some_and(|extension| extension == "json"));
    names.sort();
    let names: Vec<&str> = names.iter().filter_map(|name| name.file_name()?.to_str()).collect();
    match nearest(wanted, names.iter().copied()) {
        Some(name) => failure.help(format!("did you mean {}?", folder.join(name).display())),
        None => failure,
    }
}

fn check_size(name: &str, bytes: u64) -> Result<()> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    Err(Failure::new(format!("{name} has {bytes} bytes; a document may have at most {MAX_BYTES}")))
}
