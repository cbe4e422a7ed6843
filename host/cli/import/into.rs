//! `import --into`: brings a document that people wrote up to date.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use spec_engine::diagnostic::{Diagnostic, Place, Severity};
use spec_engine::diff::Diff;
use spec_engine::engine::{Document, Engine};
use spec_engine::merge::{Digests, DocumentPart, Gone, MergeSettings, MergeResult, Observation, Renames, ServicePart, merge, written};
use spec_engine::model::{System, Text};
use spec_engine::text::{nearest, number, quote};
use spec_engine::view::View;

use super::made::{broken_document, write};
use crate::arguments::{PluginArguments, SettingArguments, is_dash};
use crate::diff;
use crate::failure::{Failure, Result};
use crate::observed::{self, SourceObservation, IgnoreReview, ProjectImports, Sources};
use crate::outcome::Outcome;
use crate::sources::MOST_REMARKS;
use crate::{documents, report};

/// How a document is brought up to date.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bring a document up to date")]
pub(super) struct IntoArguments {
    /// Bring this document up to date, in place: only what the files show otherwise is edited.
    #[arg(id = "into", long = "into", value_name = "DOCUMENT", conflicts_with = "out")]
    pub document: Option<PathBuf>,
    /// Remove what the files no longer show of what they cover. Without it, it is told.
    #[arg(long, requires = "into")]
    prune: bool,
    /// Show what would change, and write nothing.
    #[arg(long, requires = "into")]
    diff: bool,
    /// Put resources that no service of the files uses under this service.
    #[arg(long, value_name = "SERVICE", requires = "into")]
    under: Option<String>,
    /// Take the files to show everything of a part, whatever the importer says: services, endpoints, connections, or a
    /// kind of resources such as aws.rds or aws.*. Can be repeated.
    #[arg(long, value_name = "PART", requires = "into", value_delimiter = ',', value_parser = observed::part)]
    covers: Vec<String>,
}

/// What is brought up to date, and by what.
pub(super) struct IntoRequest<'a> {
    pub document: &'a Path,
    /// The importer, as the user names it.
    pub importer: &'a str,
    /// Its files and folders.
    pub files: &'a [PathBuf],
    pub settings: &'a SettingArguments,
    pub plugins: &'a PluginArguments,
    pub how: &'a IntoArguments,
}

/// Brings a document up to date.
pub(super) fn run(request: &IntoRequest<'_>) -> Result<Outcome> {
    let (path, arguments) = (request.document, request.how);
    if is_dash(path) {
        return Err(Failure::new("--into writes into a file, and `-` is standard input").help("name a file"));
    }
    let (project, input) = documents::find_at(path)?;
    let (engine, name) = request.plugins.engine_with(project, Some(request.importer))?;
    let name = name.unwrap_or_default();
    let document = input.read()?;
    let errors = engine.drawing_errors(&document);
    let Some(system) = document.system().filter(|_| errors.is_empty()) else {
        report::to_stderr(document.source(), &errors)?;
        let failure = Failure::new(format!("{} has errors, and is left as it is", path.display()));
        return Err(failure.help("correct it first: what cannot be read cannot be kept"));
    };
    let imports = ProjectImports::of(&engine, &document)?;
    let settings = request.settings.of(&engine, &name, &View::default())?;
    let from = Sources { importer: name.clone(), paths: request.files.to_vec(), settings };
    let Some(SourceObservation { observation, files }) = observed::observe(&engine, &document, &from, &arguments.covers, &imports)?
    else {
        report::note(&format!("{} is left as it is", path.display()))?;
        return Ok(Outcome::Findings);
    };
    let how = MergeSettings {
        names: &imports.names,
        ignored: &imports.ignored,
        gone: if arguments.prune { Gone::Removed } else { Gone::Kept },
        renames: Renames::HeldBack,
        digests: Digests::Compared,
        home: arguments.under.as_deref(),
    };
    check_home(arguments.under.as_deref(), system, &observation)?;
    let merged = merge(system, vec![observation], &how);
    observed::tell(&merged.remarks)?;
    tell_of_gone(&document, &merged, arguments.prune.into())?;
    if imports.review(&merged.used)? == IgnoreReview::Past {
        report::note("what an ignore rule accepted until that day is brought up to date")?;
    }
    let text = written(document.source().text(), system, &merged.system).map_err(|error| Failure::new(error.to_string()))?;
    finish(request, &engine, (&document, system), &merged, &text, &files)
}

/// Refuses a service for resources that neither the document nor the files have.
fn check_home(home: Option<&str>, system: &System, observation: &Observation) -> Result<()> {
    let names = || system.services.keys().chain(observation.system.services.keys());
    let Some(home) = home.filter(|home| names().all(|name| name.as_str() != *home)) else { return Ok(()) };
    let failure = Failure::new(format!("there is no service {} to put resources under", quote(home)));
    Err(match nearest(home, names().map(Text::as_str)) {
        Some(meant) => failure.help(format!("did you mean {}?", quote(meant))),
        None => failure.help("--under takes the name of a service of the document or of the files"),
    })
}

/// Shows or writes what came out.
fn finish(
    request: &IntoRequest<'_>,
    engine: &Engine,
    (document, system): (&Document, &System),
    merged: &MergeResult,
    text: &str,
    files: &[PathBuf],
) -> Result<Outcome> {
    let path = document.path().unwrap_or(Path::new(document.source().name()));
    let changes = Diff::of(system, &merged.system);
    if request.how.diff {
        let mut out = BufWriter::with_capacity(64 * 1024, anstream::stdout().lock());
        diff::text::write(&mut out, &changes)?;
        out.flush()?;
        return Ok(Outcome::Clean);
    }
    if text == document.source().text() {
        report::note(&format!("{} is up to date", path.display()))?;
        return Ok(Outcome::Clean);
    }
    let now = Document::parse(document.source().name(), text).at(path);
    let errors = engine.drawing_errors(&now);
    if !errors.is_empty() || now.system() != Some(&merged.system) {
        report::to_stderr(now.source(), &errors)?;
        return Err(broken_document(request.importer));
    }
    if std::fs::read(path).is_ok_and(|there| there != document.source().text().as_bytes()) {
        let failure = Failure::new(format!("{} was changed while the files were read, and is left as it is", path.display()));
        return Err(failure.help("import again"));
    }
    write(engine, path, text, files)?;
    report::note(&format!("brought {} up to date: {}", path.display(), diff::words::summary(&changes)))?;
    Ok(Outcome::Clean)
}

/// Whether what is gone is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prune {
    Yes,
    No,
}

impl From<bool> for Prune {
    fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// Tells what the files no longer show, with its place in the document.
fn tell_of_gone(document: &Document, merged: &MergeResult, prune: Prune) -> Result<()> {
    if prune == Prune::Yes {
        return Ok(());
    }
    let missing = &merged.states.missing;
    let mut findings: Vec<Diagnostic> = missing
        .iter()
        .take(MOST_REMARKS)
        .map(|part| {
            let message = format!("the files do not show {}", part_words(part));
            let finding = Diagnostic::new("import/gone", Severity::Warning, Place::Key(part.pointer()), message);
            finding.help("if it is gone, --prune removes it; if it is elsewhere, write a rule [[import.ignore]]")
        })
        .collect();
    document.source().sort(&mut findings);
    report::to_stderr(document.source(), &findings)?;
    if missing.len() > MOST_REMARKS {
        report::note(&format!("and {} more parts are gone", number(missing.len() - MOST_REMARKS)))?;
    }
    Ok(())
}

/// Names a part of a document.
fn part_words(part: &DocumentPart) -> String {
    let service = quote(&part.service);
    match &part.part {
        ServicePart::Whole => format!("the service {service}"),
        ServicePart::Endpoint(_) => format!("this endpoint of {service}"),
        ServicePart::Connection(target) => format!("the connection from {service} to {}", quote(target)),
        ServicePart::Resource(kind, _, name) => format!("{} {}, which {service} uses", kind.resource, quote(name)),
    }
}
