//! `validate`: checks documents.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use anstream::{AutoStream, StripStream};
use indexmap::IndexMap;

use super::args::{Format, ValidateArguments};
use super::checker::{Checked, Checker};
use super::document::Document;
use super::report::{Count, File, FileKind, Report, Shown, Summary};
use super::{Failure, Outcome, output, report};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::fingerprints;
use crate::model::System;
use crate::policy::{Baseline, Compared, Held, Scope};
use crate::source::Source;

/// The name of the baseline where nobody gives one.
const BASELINE: &str = "spec-engine.baseline.json";

/// Says what warnings do to the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Warnings {
    /// They count as the arguments say.
    Count,
    /// They never make the run fail.
    Ignore,
}

/// Checks documents and prints what was found, or what was checked where nothing was found.
pub(super) fn run(arguments: &ValidateArguments, warnings: Warnings) -> anyhow::Result<Outcome> {
    let documents = Document::read_all(&arguments.documents)?;
    let mut checkers: Vec<Checker> = Vec::new();
    let mut examined = Vec::new();
    for document in documents {
        let same = checkers.iter().position(|checker| Rc::ptr_eq(&checker.project, &document.project));
        let checker = match same {
            Some(index) => &mut checkers[index],
            None => {
                checkers.push(Checker::for_validation(&document.project, &arguments.rules)?);
                checkers.last_mut().expect("one was pushed")
            }
        };
        let checked = checker.check(&document, Scope::All);
        examined.push(Examined::of(document, checked));
    }
    let mut compared = Compared::default();
    if arguments.baseline.is_some() || arguments.update_baseline {
        compared = apply_baseline(arguments, &mut examined)?;
    }
    let about_projects: Vec<(Arc<Source>, Vec<Diagnostic>)> = checkers.iter().flat_map(Checker::review).collect();

    let of_documents = examined.iter().map(Examined::file);
    let of_projects = about_projects.iter().map(|(source, findings)| {
        let kind = if source.name().ends_with(".toml") { FileKind::Project } else { FileKind::Script };
        File { source, findings, summary: None, kind }
    });
    let rules: IndexMap<&str, &Held> =
        checkers.iter().flat_map(|checker| checker.policy.rules()).map(|held| (held.rule.id(), held)).collect();
    let report = Report {
        files: of_documents.chain(of_projects).collect(),
        rules: rules.into_values().collect(),
        accepted: compared.accepted,
        excepted: examined.iter().map(|examined| examined.excepted).sum(),
    };
    let shown = Shown { max_per_rule: arguments.max_per_rule };
    print(&report, arguments, shown)?;
    let count = Count::of(report.files.iter().flat_map(|file| file.findings));
    let allowed = arguments.max_warnings.or(arguments.strict.then_some(0)).filter(|_| warnings == Warnings::Count);
    let too_many = allowed.is_some_and(|allowed| count.warnings > allowed);
    let errors = count.errors > 0;
    if arguments.output == Format::Pretty {
        if compared.gone > 0 {
            report::note(&format!("the baseline forgot {} that are gone", report::plural(compared.gone, "finding")))?;
        }
        if too_many && !errors {
            let allowed = allowed.unwrap_or_default();
            report::note(&format!(
                "it fails: more than {} (--strict, --max-warnings)",
                report::plural(allowed, "warning")
            ))?;
        }
    }
    let incomplete = checkers.iter().any(Checker::is_incomplete);
    let outcome = match (incomplete, errors || too_many) {
        (true, _) => Outcome::Incomplete,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    };
    // The process ends here: to free large systems piece by piece would only take time.
    std::mem::forget((examined, checkers));
    Ok(outcome)
}

/// Prints the report, and writes it into the files that were asked for.
fn print(report: &Report<'_>, arguments: &ValidateArguments, shown: Shown) -> anyhow::Result<()> {
    for (format, path) in &arguments.reports {
        let mut text = StripStream::new(Vec::new());
        report.write(&mut text, *format, &shown)?;
        output::file(path, &text.into_inner())?;
    }
    let mut out = AutoStream::auto(std::io::stdout().lock());
    report.write(&mut out, arguments.output, &shown)?;
    out.flush()?;
    Ok(())
}

/// Holds a document that was checked.
struct Examined {
    document: Document,
    system: Option<System>,
    findings: Vec<Diagnostic>,
    excepted: usize,
}

impl Examined {
    fn of(document: Document, checked: Checked) -> Self {
        let Checked { system, findings, excepted } = checked;
        Self { document, system, findings, excepted }
    }

    fn file(&self) -> File<'_> {
        let summary = self.system.as_ref().map(Summary::of);
        File { source: &self.document.source, findings: &self.findings, summary, kind: FileKind::Document }
    }
}

/// Takes out the findings that the baseline accepts, and keeps the baseline up to date. A document that cannot be read
/// at all is never accepted.
fn apply_baseline(arguments: &ValidateArguments, examined: &mut [Examined]) -> anyhow::Result<Compared> {
    let given = arguments.baseline.iter().flatten().next();
    let usual = || {
        let folder = examined.first().and_then(|examined| examined.document.project.folder.as_deref());
        folder.unwrap_or(Path::new("")).join(BASELINE)
    };
    let path: PathBuf = given.cloned().unwrap_or_else(usual);
    let folder = path.parent().unwrap_or(Path::new(""));
    let is_new = !path.exists();
    let (mut baseline, before) = if is_new {
        (Baseline::default(), String::new())
    } else {
        let unreadable = |error: String| {
            Failure::new(format!("{} is not a baseline: {error}", path.display()))
                .help("--update-baseline --baseline=OTHER-FILE writes a new one")
        };
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        (Baseline::parse(&text).map_err(unreadable)?, text)
    };
    let mut compared = Compared::default();
    for examined in examined.iter_mut().filter(|examined| examined.system.is_some()) {
        let document = examined.document.path_from(folder);
        let fingerprints = fingerprints(&examined.findings);
        if is_new || arguments.update_baseline {
            baseline.take(&document, &examined.findings, &fingerprints);
        }
        let of_document = baseline.compare(&document, &mut examined.findings, fingerprints);
        compared.accepted += of_document.accepted;
        compared.gone += of_document.gone;
    }
    let text = baseline.to_text();
    if text != before {
        output::file(&path, text.as_bytes())?;
        if is_new || arguments.update_baseline {
            let accepted = report::plural(compared.accepted, "finding");
            report::note(&format!("{} accepts {accepted} from now on", path.display()))?;
        }
    }
    Ok(compared)
}
