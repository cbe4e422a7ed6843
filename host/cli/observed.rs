//! What importers found, for a document that is compared or brought up to date.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;
use serde_json::Value;

use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::engine::{Document, Engine, ObserveOutput, UnreadableObservation};
use spec_engine::import::{Coverage, Extent};
use spec_engine::merge::{MergeRemark, Observation};
use spec_engine::policy::IgnoreRules;
use spec_engine::project::ImportSettings;
use spec_engine::source::Source;
use spec_engine::text::{plural, quote};

use crate::failure::{Failure, Result};
use crate::{report, sources};

/// An importer and its files.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    /// The name of the importer.
    pub importer: String,
    /// The files and folders, as the user names them.
    pub paths: Vec<PathBuf>,
    /// The options of the importer.
    pub settings: Vec<(String, Value)>,
}

/// What an importer found.
pub(crate) struct SourceObservation {
    pub observation: Observation,
    /// The files that were read.
    pub files: Vec<PathBuf>,
}

/// Reads files through an importer, and shows its remarks; `None` where these say why there is nothing. `covered` are
/// parts that the user says the files show completely; the project says of others that they do.
pub(crate) fn observe(
    engine: &Engine,
    document: &Document,
    from: &Sources,
    covered: &[String],
    imports: &ProjectImports,
) -> Result<Option<SourceObservation>> {
    let importer = engine.plugins().find(&from.importer)?.importer()?;
    let paths = sources::expanded(&from.paths, document.path(), &importer.wanted_files()?)?;
    let files = sources::read(&paths, importer.limits().input_bytes)?;
    let ObserveOutput { observation, is_coverage_known, remarks } =
        engine.observe(&from.importer, &files, document, &from.settings)?;
    sources::show(&files, remarks)?;
    let mut observation = match observation {
        None => return Ok(None),
        Some(Ok(observation)) => observation,
        Some(Err(unreadable)) => {
            let UnreadableObservation { document, errors } = *unreadable;
            report::to_stderr(document.source(), &errors)?;
            let failure = Failure::new(format!("the plugin `{}` made a document with errors", from.importer));
            return Err(failure.help(format!("report it to the author of `{}`, with the files", from.importer)));
        }
    };
    let of_project = imports.covers.get(&from.importer).map_or(&[][..], Vec::as_slice);
    for part in of_project.iter().chain(covered) {
        observation.coverage.set(part, Extent::Complete);
    }
    if !is_coverage_known && covered.is_empty() && of_project.is_empty() {
        report::note(&format!(
            "the plugin `{}` does not say what its files cover, so nothing is known to be gone; \
             if they show everything of a part, say so: --covers services",
            from.importer
        ))?;
    }
    Ok(Some(SourceObservation { observation, files: paths }))
}

/// Checks the word for a part of a document.
pub(crate) fn part(text: &str) -> std::result::Result<String, String> {
    if Coverage::is_part(text) {
        return Ok(text.to_owned());
    }
    Err(format!("expected one of {}, or a kind of resources such as aws.rds or aws.*", Coverage::PARTS.join(", ")))
}

/// What a project says of imports, for one document.
pub(crate) struct ProjectImports {
    pub names: BTreeMap<String, String>,
    /// What importers show completely, by their names.
    covers: BTreeMap<String, Vec<String>>,
    pub ignored: IgnoreRules,
    source: Option<Arc<Source>>,
}

impl ProjectImports {
    /// Reads it.
    ///
    /// # Errors
    /// Something in it cannot be. It is shown with its place.
    pub fn of(engine: &Engine, document: &Document) -> Result<Self> {
        let project = engine.project();
        let source = project.source.clone();
        let (ImportSettings { names, covers, ignore }, mistakes) = project.import_settings();
        if let Some(source) = source.as_ref().filter(|_| !mistakes.is_empty()) {
            report::to_stderr(source, &mistakes)?;
            return Err(Failure::new("the project file has errors in [import]"));
        }
        let folder = project.folder.clone().unwrap_or_default();
        let ignored = IgnoreRules::new(ignore, &document.path_from(&folder), Utc::now().date_naive());
        Ok(Self { names, covers, ignored, source })
    }

    /// Shows the rules that are past, and those that ignored nothing. Returns whether one of them is past.
    pub fn review(&self, used: &[bool]) -> Result<IgnoreReview> {
        let mut findings: Vec<Diagnostic> = self.ignored.review(used);
        let Some(source) = self.source.as_ref().filter(|_| !findings.is_empty()) else { return Ok(IgnoreReview::Fine) };
        source.sort(&mut findings);
        report::to_stderr(source, &findings)?;
        let is_past = findings.iter().any(|finding| finding.severity == Severity::Error);
        Ok(if is_past { IgnoreReview::Past } else { IgnoreReview::Fine })
    }
}

/// How the rules of a project that ignore differences are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IgnoreReview {
    /// All of them hold.
    Fine,
    /// The last day of one is over.
    Past,
}

/// The most names that a remark lists.
const LISTED: usize = 8;

/// Shows what somebody has to decide, or should know.
pub(crate) fn tell(remarks: &[MergeRemark]) -> Result<()> {
    for remark in remarks {
        report::warning(&words(remark))?;
    }
    Ok(())
}

/// A remark in words, with the next step.
pub(crate) fn words(remark: &MergeRemark) -> String {
    match remark {
        MergeRemark::RenamedService { observed, document, image } => {
            let (new, old) = (quote(observed), quote(document));
            format!(
                "the service {new} of the files may be {old} of the document under a new name: both run {}\n  \
                 help: in the project file, write below [import.names] {observed:?} = {document:?}, or, if it is \
                 another one, {observed:?} = {observed:?}",
                quote(image)
            )
        }
        MergeRemark::RenamedResource { service, observed, document } => format!(
            "the resource {} that {} uses may be {} of the document under another name\n  help: in the project file, \
             write below [import.names] {observed:?} = {document:?}, or, if it is another one, the name that it has",
            quote(observed),
            quote(service),
            quote(document)
        ),
        MergeRemark::Unbound { kind, names } => {
            let shown: Vec<String> = names.iter().take(LISTED).map(|name| quote(name)).collect();
            let more = names.len().saturating_sub(LISTED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!(
                "no service of the files uses {} {}: {}{more}\n  help: bind them in the document, or put them under a \
                 service: import --into … --under SERVICE",
                plural(names.len(), "resource"),
                kind.resource,
                shown.join(", ")
            )
        }
        MergeRemark::Contradiction { service, images: [first, second], sources: [one, other] } => format!(
            "{} runs {} by {one}, and {} by {other}, which counts\n  help: name the files of one environment",
            quote(service),
            quote(first),
            quote(second)
        ),
        MergeRemark::NoImage { service } => format!(
            "the files do not say the image of {}, and it is left out\n  help: add it to the document with its image",
            quote(service)
        ),
    }
}
