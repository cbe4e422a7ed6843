//! One drawing of a document that may change again: what was found, and what was made.

use std::time::{Duration, Instant};

use crate::cli::args::{RenderArguments, RuleSources};
use crate::cli::checker::Checker;
use crate::cli::document::Document;
use crate::cli::render::Prepared;
use crate::cli::report;
use crate::diagnostic::Severity;
use crate::load::{Loaded, load};
use crate::policy::Scope;
use crate::render::Artifact;

/// Holds what came of one drawing.
pub(in crate::cli) struct Turn {
    /// The errors and warnings, each with an excerpt, and how many there are, in colours.
    pub report: Vec<u8>,
    /// What was made; `None` where an error stood against it.
    pub artifacts: Option<Vec<Artifact>>,
    /// How long it took.
    took: Duration,
}

impl Turn {
    /// Checks the document with every rule of the project, and draws it where the format allows. At most so many findings
    /// of the document are shown, the errors first.
    pub fn draw(arguments: &RenderArguments, most: usize) -> anyhow::Result<Self> {
        let start = Instant::now();
        let document = Document::read(&arguments.document)?;
        let rules = RuleSources { plugins: arguments.plugins.clone(), ..RuleSources::default() };
        let mut checker = Checker::for_validation(&document.project, &rules)?;
        let loaded = load(&document.source);
        let known = loaded.findings.clone();
        let checked = checker.check_loaded(&document, loaded, Scope::All);
        let mut findings = checked.findings;
        let (system, errors) = document.drawable(Loaded { system: checked.system, findings: known });
        let system = system.filter(|_| errors.is_empty() || arguments.allow_errors);
        let mut artifacts = None;
        let prepared = Prepared::of(arguments, &document)?;
        if let Some(system) = &system {
            let drawn = prepared.draw(system)?;
            artifacts = drawn.artifacts;
            findings.extend(drawn.diagnostics);
            report::sort(&document.source, &mut findings);
        }
        let count = report::Count::of(&findings);
        findings.retain(|finding| finding.severity != Severity::Info);
        let mut text = Vec::new();
        let rest = findings.len().saturating_sub(most);
        if rest > 0 {
            findings.sort_by_key(|finding| finding.severity);
            findings.truncate(most);
            report::sort(&document.source, &mut findings);
        }
        report::excerpts(&mut text, &document.source, &findings)?;
        if rest > 0 {
            let more = format!("… and {} more (--max-findings 0 shows all)\n\n", report::number(rest));
            text.extend_from_slice(more.as_bytes());
        }
        for (source, findings) in checker.review() {
            report::excerpts(&mut text, &source, &findings)?;
        }
        text.extend_from_slice(format!("{}: {count}\n", document.source.name()).as_bytes());
        Ok(Self { report: text, artifacts, took: start.elapsed() })
    }

    /// Holds why a drawing could not even be tried.
    pub fn failed(error: &anyhow::Error) -> Self {
        let mut report = Vec::new();
        // To write into memory does not fail.
        let _ = report::write_failure(&mut report, error);
        Self { report, artifacts: None, took: Duration::ZERO }
    }

    /// Says how long it took: `12 ms`.
    pub fn time(&self) -> String {
        format!("{} ms", self.took.as_millis())
    }
}
