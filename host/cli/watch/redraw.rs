//! Drawing a document again and again: one engine lives as long as the files of the project stay as they are.

use std::time::{Duration, Instant};

use spec_engine::diagnostic::Severity;
use spec_engine::engine::Engine;
use spec_engine::policy::Scope;
use spec_engine::render::Artifact;
use spec_engine::text::number;

use super::watcher::Change;
use crate::arguments::RuleArguments;
use crate::documents::{self, Input};
use crate::drawing::{Drawing, DrawingArguments};
use crate::failure::{Failure, Result};
use crate::layout::LayoutFile;
use crate::output::InputFiles;
use crate::report;

/// What draws a document again.
pub(crate) struct Redrawer {
    arguments: DrawingArguments,
    /// The most findings of the document that are shown.
    most: usize,
    session: Option<Session>,
}

/// What lives through drawings: where the document is, the engine with its rules and plugins, and the drawing that was
/// prepared with it.
struct Session {
    input: Input,
    engine: Engine,
    layout: LayoutFile,
    drawing: Drawing,
}

/// What came of one drawing.
pub(crate) struct Redraw {
    /// The errors and warnings, each with an excerpt, and how many there are, in colours.
    pub report: Vec<u8>,
    /// What was made; `None` where an error prevented it.
    pub artifacts: Option<Vec<Artifact>>,
    /// How long it took.
    time: Duration,
}

impl Redrawer {
    /// Draws what the arguments say. At most so many findings of the document are shown, the errors first.
    pub fn new(arguments: DrawingArguments, most: usize) -> Self {
        Self { arguments, most, session: None }
    }

    /// The files of the project, as of the last drawing.
    pub fn input_files(&self) -> InputFiles {
        let files = |session: &Session| InputFiles::of(&session.engine).with([session.layout.path()]);
        self.session.as_ref().map(files).unwrap_or_default()
    }

    /// Checks the document with every rule of the project, and draws it where the format allows.
    pub fn draw(&mut self, change: Change) -> Result<Redraw> {
        let start = Instant::now();
        if change == Change::Project {
            self.session = None;
        }
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::start(&self.arguments)?,
        };
        let Session { input, engine, layout, drawing } = self.session.insert(session);
        let document = input.clone().read()?;
        let mut run = engine.check_run()?;
        let mut findings = run.check(&document, Scope::All).findings;
        let is_drawable = !findings.iter().any(|finding| run.rules().policy.prevents_drawing(finding));
        let mut artifacts = None;
        let mut text = Vec::new();
        if let Some(system) = document.system().filter(|_| is_drawable || self.arguments.allow_errors) {
            let drawn = drawing.draw(engine, system, || Ok(findings.clone()))?;
            for warning in drawn.warnings.iter().map(ToString::to_string).chain(layout.remark(system)) {
                report::write_warning(&mut text, &warning)?;
            }
            if let Some(damage) = &layout.damage {
                report::write_failure(&mut text, damage)?;
            }
            artifacts = drawn.artifacts;
            findings.extend(drawn.diagnostics);
            document.source().sort(&mut findings);
        }
        let count = report::Count::of(&findings);
        findings.retain(|finding| finding.severity != Severity::Info);
        let rest = findings.len().saturating_sub(self.most);
        if rest > 0 {
            findings.sort_by_key(|finding| finding.severity);
            findings.truncate(self.most);
            document.source().sort(&mut findings);
        }
        report::excerpts(&mut text, document.source(), &findings)?;
        if rest > 0 {
            let more = format!("… and {} more (--max-findings 0 shows all)\n\n", number(rest));
            text.extend_from_slice(more.as_bytes());
        }
        for (source, findings) in report::project_findings(run.project_findings()) {
            report::excerpts(&mut text, &source, &findings)?;
        }
        text.extend_from_slice(format!("{}: {count}\n", document.source().name()).as_bytes());
        Ok(Redraw { report: text, artifacts, time: start.elapsed() })
    }
}

impl Session {
    fn start(arguments: &DrawingArguments) -> Result<Self> {
        let (project, input) = documents::find(&arguments.document)?;
        let layout = LayoutFile::of(&project, input.path(), arguments.layout);
        let asked = arguments.plugin.clone().or_else(|| project.settings.plugin.clone());
        let rules = RuleArguments { plugins: arguments.plugins.clone(), ..RuleArguments::default() };
        let (engine, asked) = crate::session::with_plugin(rules.engine(project), asked.as_deref())?;
        let drawing = Drawing::prepare(arguments, &engine, asked.as_deref(), &layout)?;
        Ok(Self { input, engine, layout, drawing })
    }
}

impl Redraw {
    /// A drawing that could not even be tried.
    pub fn failed(failure: &Failure) -> Self {
        let mut report = Vec::new();
        // To write into memory does not fail.
        let _ = report::write_failure(&mut report, failure);
        Self { report, artifacts: None, time: Duration::ZERO }
    }

    /// How long it took: `12 ms`.
    pub fn time(&self) -> String {
        format!("{} ms", self.time.as_millis())
    }
}
