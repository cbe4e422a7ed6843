//! `validate`: checks documents.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use anstream::{AutoStream, StripStream};
use clap::{Args, ValueEnum as _};
use indexmap::IndexMap;

use spec_engine::diagnostic::Diagnostic;
use spec_engine::engine::{DocumentFindings, Document, Engine};
use spec_engine::file;
use spec_engine::fingerprint::fingerprints;
use spec_engine::policy::{BASELINE_FILE, Baseline, BaselineComparison, ConfiguredRule, Scope};
use spec_engine::project::Project;
use spec_engine::source::Source;
use spec_engine::text::{plural, visible};

use crate::arguments::RuleArguments;
use crate::failure::{Failure, Result};
use crate::report::{ByteCount, Count, File, FileKind, Format, Report, ReportLimits, Summary};
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};
use crate::{documents, report, session};


/// Check documents: every finding at once, each with its line.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine validate payments.json
  spec-engine validate . --output compact
  spec-engine validate payments.json --rules ./rules --strict --max-warnings 5
  spec-engine validate systems/ --output github --report sarif=findings.sarif --report junit=findings.xml
  spec-engine validate payments.json --rule unpinned-image=off --rule unknown-owner=error
  spec-engine validate payments.json --baseline --update-baseline
  spec-engine validate payments.json --baseline
  generate-spec | spec-engine validate - --output json

Exit status: 0 clean, 1 findings that fail, 2 a rule, a setting or a file cannot be used.
`spec-engine rules list` names the rules; `spec-engine rules explain NAME` explains one.")]
pub(crate) struct Arguments {
    /// Documents, and folders: every document in them is checked. `-` is standard input. Without any: the project
    /// file's, else system.json or system-spec.json here, else standard input if it is piped.
    documents: Vec<PathBuf>,
    /// How to print the findings.
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    output: Format,
    /// Write the findings to a file, too. Can be repeated, for several formats.
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report)]
    reports: Vec<(Format, PathBuf)>,
    /// Fail on warnings, too: on more than --max-warnings of them where that is given, else on any.
    #[arg(long)]
    strict: bool,
    /// Fail on more than N warnings.
    #[arg(long, value_name = "N")]
    max_warnings: Option<usize>,
    /// Accept the findings in the baseline, and forget those that are gone. --update-baseline writes the first one. FILE
    /// is spec-engine.baseline.json in the project's folder, unless it is given.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = baseline_file)]
    baseline: Option<BaselineFile>,
    /// Write the baseline, with what is found now, and forget documents that are not there any more.
    #[arg(long)]
    update_baseline: bool,
    /// The most findings of one rule that the pretty output shows; 0 shows all. The other formats always have all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    max_per_rule: usize,
    #[command(flatten)]
    rules: RuleArguments,
}

/// The file of the baseline.
#[derive(Clone, Debug)]
enum BaselineFile {
    /// The usual one, in the project's folder.
    Usual,
    /// The one that was given.
    At(PathBuf),
}

fn baseline_file(text: &str) -> std::result::Result<BaselineFile, std::convert::Infallible> {
    Ok(if text.is_empty() { BaselineFile::Usual } else { BaselineFile::At(PathBuf::from(text)) })
}

fn report(text: &str) -> std::result::Result<(Format, PathBuf), String> {
    let (format, path) = text.split_once('=').ok_or("write FORMAT=FILE")?;
    let Ok(format) = Format::from_str(format.trim(), false) else {
        let names = Format::value_variants()
            .iter()
            .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
        return Err(format!("the formats are {}", names.collect::<Vec<_>>().join(", ")));
    };
    Ok((format, PathBuf::from(path)))
}

/// What warnings do to the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warnings {
    /// They count as the arguments say.
    Count,
    /// They never make the run fail.
    Ignore,
}

/// Checks documents and prints what was found, or what was checked where nothing was found.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    check(arguments, Warnings::Count)
}

/// As [`run`], with what warnings do to the exit status.
pub(crate) fn check(arguments: &Arguments, warnings: Warnings) -> Result<Outcome> {
    let mut projects: Vec<(Rc<Project>, Vec<Document>)> = Vec::new();
    let mut order = Vec::new();
    let documents::FoundDocuments { documents, others, .. } = documents::find_all(&arguments.documents)?;
    for (project, input) in documents {
        let document = input.read()?;
        let index = projects.iter().position(|(other, _)| Rc::ptr_eq(other, &project)).unwrap_or_else(|| {
            projects.push((project, Vec::new()));
            projects.len() - 1
        });
        order.push((index, projects[index].1.len()));
        projects[index].1.push(document);
    }
    let (mut runs, mut checked) = (Vec::new(), Vec::new());
    for (project, documents) in projects {
        // Nobody else has it any more: the list of inputs is used up.
        let project = Rc::try_unwrap(project).unwrap_or_default();
        let (run, of_documents) = ProjectRun::of(session::build(arguments.rules.engine(project))?, documents)?;
        runs.push(run);
        checked.push(of_documents);
    }
    let examine = |(run, document): (usize, usize)| {
        let DocumentFindings { findings, excepted } = std::mem::take(&mut checked[run][document]);
        DocumentReview { document: &runs[run].documents[document], findings, excepted }
    };
    let mut examined: Vec<DocumentReview<'_>> = order.into_iter().map(examine).collect();
    let baseline = match runs.first() {
        Some(run) if arguments.baseline.is_some() || arguments.update_baseline => {
            Some(baseline_path(arguments, run.engine.project())?)
        }
        _ => None,
    };
    let inputs = check_reports(arguments, &runs, baseline.as_deref())?;
    let compared = match &baseline {
        Some(path) => apply_baseline(arguments, &mut examined, path)?,
        None => BaselineComparison::default(),
    };
    let outcome = print(arguments, warnings, &runs, &examined, &others, compared, &inputs)?;
    // The process ends here: to free large systems piece by piece would only take time.
    drop(examined);
    std::mem::forget(runs);
    Ok(outcome)
}

/// The documents of one project, checked.
struct ProjectRun {
    engine: Engine,
    documents: Vec<Document>,
    /// The findings against the files of the project.
    findings: Vec<(Arc<Source>, Vec<Diagnostic>)>,
    is_incomplete: bool,
}

impl ProjectRun {
    /// Checks documents. Returns the run with what was found in each of them.
    fn of(engine: Engine, documents: Vec<Document>) -> Result<(Self, Vec<DocumentFindings>)> {
        let mut run = engine.check_run()?;
        let checked = documents.iter().map(|document| run.check(document, Scope::All)).collect();
        let (findings, is_incomplete) = (report::project_findings(run.project_findings()), run.is_incomplete());
        Ok((Self { engine, documents, findings, is_incomplete }, checked))
    }
}

/// A document with the findings that are shown of it.
struct DocumentReview<'a> {
    document: &'a Document,
    findings: Vec<Diagnostic>,
    excepted: usize,
}

impl DocumentReview<'_> {
    fn file(&self) -> File<'_> {
        let summary = self.document.system().map(Summary::of);
        File { source: self.document.source(), findings: &self.findings, summary, kind: FileKind::Document }
    }
}

/// Prints the report, and tells how the run ended.
fn print(
    arguments: &Arguments,
    warnings: Warnings,
    runs: &[ProjectRun],
    examined: &[DocumentReview<'_>],
    others: &[PathBuf],
    compared: BaselineComparison,
    inputs: &InputFiles,
) -> Result<Outcome> {
    let of_projects = runs.iter().flat_map(|run| &run.findings).map(|(source, findings)| {
        let kind = if source.name().ends_with(".toml") { FileKind::Project } else { FileKind::Script };
        File { source, findings, summary: None, kind }
    });
    let mut rules: IndexMap<&str, &ConfiguredRule> = IndexMap::new();
    for run in runs {
        rules.extend(run.engine.rules()?.policy.rules().map(|configured| (configured.rule.id(), configured)));
    }
    let report = Report {
        files: examined.iter().map(DocumentReview::file).chain(of_projects).collect(),
        others,
        rules: rules.into_values().collect(),
        accepted: compared.accepted,
        excepted: examined.iter().map(|examined| examined.excepted).sum(),
    };
    write(&report, arguments, inputs)?;
    let count = Count::of(report.files.iter().flat_map(|file| file.findings));
    let allowed = arguments.max_warnings.or(arguments.strict.then_some(0)).filter(|_| warnings == Warnings::Count);
    let exceeded = allowed.filter(|&allowed| count.warnings > allowed);
    let errors = count.errors > 0;
    if arguments.output == Format::Pretty {
        if compared.gone > 0 {
            report::note(&format!("removed {} from the baseline: no longer found", plural(compared.gone, "finding")))?;
        }
        if let Some(allowed) = exceeded.filter(|_| !errors) {
            report::note(&format!("it fails: more than {} (--strict, --max-warnings)", plural(allowed, "warning")))?;
        }
    }
    let is_incomplete = runs.iter().any(|run| run.is_incomplete);
    Ok(match (is_incomplete, errors || exceeded.is_some()) {
        (true, _) => Outcome::Incomplete,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

/// Refuses reports of which one would replace another, the baseline, or what is read. Returns what is read, as far as
/// reports could replace it.
fn check_reports(arguments: &Arguments, runs: &[ProjectRun], baseline: Option<&Path>) -> Result<InputFiles> {
    let reports = || arguments.reports.iter().map(|(_, path)| path.as_path());
    if let Some((first, second)) = output::twice(&reports().chain(baseline).collect::<Vec<_>>()) {
        let (first, second) = (first.display(), second.display());
        let failure = Failure::new(format!("{first} and {second} are one file, and are to be written both"));
        return Err(failure.help("give each report a file of its own"));
    }
    if arguments.reports.is_empty() {
        return Ok(InputFiles::default());
    }
    let documents = runs.iter().flat_map(|run| &run.documents).filter_map(Document::path);
    let inputs = InputFiles::default().with(documents).with(baseline).with(&arguments.rules.rules);
    let inputs = runs.iter().fold(inputs, |inputs, run| inputs.and(InputFiles::of(&run.engine)));
    reports().try_for_each(|path| inputs.check(path))?;
    Ok(inputs)
}

/// Prints a report, and writes it into the files that were asked for.
fn write(report: &Report<'_>, arguments: &Arguments, inputs: &InputFiles) -> Result<()> {
    let shown = ReportLimits { max_per_rule: arguments.max_per_rule };
    let mut sarif_bytes = None;
    let mut files = Vec::new();
    for (format, path) in &arguments.reports {
        let mut text = StripStream::new(Vec::new());
        format.write(&mut text, report, &shown)?;
        let text = text.into_inner();
        if *format == Format::Sarif {
            sarif_bytes = Some(text.len());
        }
        files.push((path.clone(), text));
    }
    output::files(files.iter().map(|(path, text)| (path.clone(), text.as_slice())), inputs)?;
    let mut out = ByteCount::of(AutoStream::auto(std::io::stdout().lock()));
    arguments.output.write(&mut out, report, &shown)?;
    out.flush()?;
    if arguments.output == Format::Sarif {
        sarif_bytes = Some(out.bytes);
    }
    if let Some(bytes) = sarif_bytes
        && let Some(refusal) = report::github_refusal(report, bytes)?
    {
        report::warning(&refusal)?;
    }
    Ok(())
}

/// The file of the baseline. The usual one is the project's, and stays in its folder, whatever it is a link to.
fn baseline_path(arguments: &Arguments, project: &Project) -> Result<PathBuf> {
    match &arguments.baseline {
        Some(BaselineFile::At(path)) => Ok(path.clone()),
        Some(BaselineFile::Usual) | None => {
            let path = project.path(Path::new(BASELINE_FILE));
            project.check_inside(&path)?;
            Ok(path)
        }
    }
}

/// The most bytes of a baseline.
const BASELINE_BYTES: u64 = 256 << 20;

/// Takes out the findings that the baseline accepts, and keeps the baseline up to date. A document that cannot be read
/// at all is never accepted.
fn apply_baseline(arguments: &Arguments, examined: &mut [DocumentReview<'_>], path: &Path) -> Result<BaselineComparison> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let is_new = !path.exists();
    if is_new && !arguments.update_baseline {
        let failure = Failure::new(format!("there is no baseline {}", path.display()));
        return Err(failure.help("write one that accepts what is found now: --update-baseline"));
    }
    let (mut baseline, before) = if is_new {
        (Baseline::default(), String::new())
    } else {
        let unreadable = |error: String| {
            Failure::new(format!("{} is not a baseline: {error}", path.display()))
                .help("--update-baseline --baseline=OTHER-FILE writes a new one")
        };
        let text = file::read_text(path, BASELINE_BYTES).map_err(|error| unreadable(error.to_string()))?;
        (Baseline::parse(&text).map_err(|error| unreadable(error.to_string()))?, text)
    };
    let mut compared = BaselineComparison::default();
    for examined in examined.iter_mut().filter(|examined| examined.document.system().is_some()) {
        let document = examined.document.path_from(folder);
        let fingerprints = fingerprints(&examined.findings);
        if arguments.update_baseline {
            baseline.take(&document, &examined.findings, &fingerprints);
        }
        let of_document = baseline.compare(&document, &mut examined.findings, fingerprints);
        compared.accepted += of_document.accepted;
        compared.gone += of_document.gone;
    }
    let is_file = |document: &str| folder.join(document).is_file();
    if arguments.update_baseline {
        baseline.forget_missing(is_file);
    }
    for (document, accepted) in baseline.missing(is_file) {
        let findings = plural(accepted, "finding");
        let document = visible(document);
        report::note(&format!(
            "the baseline accepts {findings} of {document}, which is not there; if it moved, use --update-baseline"
        ))?;
    }
    let text = baseline.to_text();
    if text != before {
        output::file(path, text.as_bytes(), &InputFiles::default())?;
        if arguments.update_baseline {
            let accepted = plural(compared.accepted, "finding");
            report::note(&format!("{} accepts {accepted} from now on", path.display()))?;
        }
    }
    Ok(compared)
}
