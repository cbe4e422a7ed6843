//! Finds and reads the document that a command works on.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use super::args::DocumentArguments;
use super::project::{FILE, Project};
use super::{Failure, report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::load::load;
use crate::model::System;
use crate::policy::{Policy, Scope};
use crate::source::Source;

/// The names that a document has where nobody names it.
const USUAL: [&str; 2] = ["system.json", "system-spec.json"];

/// The most bytes that a document may have: positions in it are kept in 32 bits.
const MAX_BYTES: u64 = u32::MAX as u64;

/// Holds a document and the project that it belongs to.
pub(super) struct Document {
    pub source: Source,
    pub project: Project,
}

impl Document {
    /// Finds and reads the document that the command line names, else the project's, else the usual ones, else
    /// standard input.
    pub fn read(arguments: &DocumentArguments) -> anyhow::Result<Self> {
        match &arguments.document {
            Some(path) if path.as_os_str() == "-" => Self::from_stdin(Project::find(Path::new("."))?),
            Some(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                Self::from_file(path, Project::find(folder.unwrap_or(Path::new(".")))?)
            }
            None => Self::unnamed(Project::find(Path::new("."))?),
        }
    }

    fn unnamed(project: Project) -> anyhow::Result<Self> {
        if let Some(document) = &project.settings.document {
            return Self::from_file(&project.path(document), project);
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

    fn from_file(path: &Path, project: Project) -> anyhow::Result<Self> {
        Ok(Self { source: Source::new(path.display().to_string(), read(path)?), project })
    }

    fn from_stdin(project: Project) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        check_size("<stdin>", bytes.len() as u64)?;
        Ok(Self { source: Source::new("<stdin>", bytes), project })
    }

    /// Loads the document and holds it against the rules. The findings stand in the order of the document.
    pub fn check(&self, policy: &Policy, scope: Scope) -> Checked {
        let loaded = load(&self.source);
        let checked = policy.check(loaded.system.as_ref(), loaded.findings, scope);
        let mut findings = checked.findings;
        report::sort(&self.source, &mut findings);
        Checked { system: loaded.system, findings }
    }

    /// Returns the system for a command that needs one. A document with errors is refused, and its findings shown, unless
    /// the user allows errors; warnings are for `validate` to show.
    pub fn system(&self, allow_errors: bool) -> anyhow::Result<Option<System>> {
        let mut checked = self.check(&Policy::built_in(), Scope::Errors);
        checked.findings.retain(|finding| finding.severity == Severity::Error);
        if checked.findings.is_empty() {
            return Ok(checked.system);
        }
        report::to_stderr(&self.source, &checked.findings)?;
        if allow_errors && checked.system.is_some() {
            return Ok(checked.system);
        }
        if checked.system.is_some() {
            report::note("nothing was written; --allow-errors draws what can be drawn")?;
        }
        Ok(None)
    }
}

/// Holds what loading and checking a document gave.
pub(super) struct Checked {
    pub system: Option<System>,
    pub findings: Vec<Diagnostic>,
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
    match crate::rules::nearest(wanted, names.iter().copied()) {
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
