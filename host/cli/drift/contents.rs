//! What every format of the report is made of.

use std::io::{self, Write};
use std::path::PathBuf;

use spec_engine::diagnostic::{Diagnostic, Place, Severity};
use spec_engine::diff::{Change, ChangeKind, Part};
use spec_engine::drift::{Drift, place};
use spec_engine::engine::Document;
use spec_engine::import::Difference;
use spec_engine::merge::{MergeResult, ServicePart};
use spec_engine::source::Position;
use spec_engine::text::{number, plural, quote};

use crate::diff::words::Words;
use crate::report::{File, FileKind, Format, Report, ReportLimits, Summary};

/// The differences between a document and what runs.
pub(super) struct DriftReport<'r, 'a> {
    pub document: &'r Document,
    /// The importers, each with the files that it read.
    pub read: &'r [(String, Vec<PathBuf>)],
    pub drift: &'r Drift<'a>,
    pub merged: &'r MergeResult,
}

impl<'r, 'a> DriftReport<'r, 'a> {
    /// The differences in words, which start with where they are.
    pub fn words(&self, shown: fn(&str) -> String, arrow: &'static str) -> Words<'_, 'a> {
        Words::new(&self.drift.diff, shown, arrow)
    }

    /// The differences with where they are in the document, in its order.
    pub fn placed(&self) -> Vec<(Difference, &'r Change<'a>, Position)> {
        let drift: &'r Drift<'a> = self.drift;
        let places: Vec<Place> = drift.differences().map(|(_, change)| at(change)).collect();
        let source = self.document.source();
        let starts: Vec<usize> = source.locate(&places).into_iter().map(|range| range.start).collect();
        let positions = source.positions(&starts);
        let placed = drift.differences().zip(positions);
        let mut placed: Vec<_> = placed.map(|((difference, change), position)| (difference, change, position)).collect();
        placed.sort_by_key(|(.., position)| *position);
        placed
    }

    /// How much there is of each: `12 same, 1 only in the document, 2 different`.
    pub fn summary(&self) -> String {
        let states = &self.merged.states;
        let counts = [
            (states.same, "same"),
            (self.drift.count(Difference::Missing), Difference::Missing.words()),
            (self.drift.count(Difference::Unmanaged), Difference::Unmanaged.words()),
            (self.drift.count(Difference::Different), Difference::Different.words()),
            (states.not_observable.len(), "not observable"),
            (self.merged.ignored, "ignored"),
        ];
        let always = |word: &str| word != "ignored";
        let counts = counts.iter().filter(|(count, word)| *count > 0 || always(word));
        counts.map(|(count, word)| format!("{} {word}", number(*count))).collect::<Vec<_>>().join(", ")
    }

    /// How many of the parts of the document the files show or cover, in percent.
    pub fn coverage(&self) -> usize {
        let states = &self.merged.states;
        let shown = states.observed() + states.missing.len();
        shown * 100 / (shown + states.not_observable.len()).max(1)
    }

    /// What of the document the files cannot show, as a sentence; `None` where there is nothing.
    pub fn not_observable(&self) -> Option<String> {
        let count = |is_meant: fn(&ServicePart) -> bool| {
            self.merged.states.not_observable.iter().filter(|part| is_meant(&part.part)).count()
        };
        let parts = [
            (count(|part| *part == ServicePart::Whole), "service"),
            (count(|part| matches!(part, ServicePart::Endpoint(_))), "endpoint"),
            (count(|part| matches!(part, ServicePart::Connection(_))), "connection"),
            (count(|part| matches!(part, ServicePart::Resource(..))), "resource"),
        ];
        let parts = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| plural(count, noun));
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The kinds of the resources that the files cannot show, each once.
    pub fn unseen_kinds(&self) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        for part in &self.merged.states.not_observable {
            if let ServicePart::Resource(kind, ..) = &part.part
                && !kinds.contains(&kind.resource)
            {
                kinds.push(kind.resource);
            }
        }
        kinds
    }

    /// Writes the differences as SARIF, at the lines of the document.
    pub fn write_sarif(&self, out: &mut impl Write) -> io::Result<()> {
        let words = self.words(quote, "->");
        let mut findings: Vec<Diagnostic> = self
            .drift
            .differences()
            .map(|(difference, change)| {
                let message = format!("{}: {}", words.section(&change.at()), sentence(&words, difference, change));
                let rule = format!("drift/{}", difference.as_str());
                Diagnostic::new(rule, Severity::Warning, at(change), message).help(next_step(difference))
            })
            .collect();
        self.document.source().sort(&mut findings);
        let summary = self.document.system().map(Summary::of);
        let source = self.document.source();
        let file = File { source, findings: &findings, summary, kind: FileKind::Document };
        let excepted = self.merged.ignored;
        let report = Report { files: vec![file], others: &[], rules: Vec::new(), accepted: 0, excepted };
        Format::Sarif.write(out, &report, &ReportLimits { max_per_rule: 0 })
    }
}

/// What differs, behind the words for it: ``different: image tag: `1` -> `2` ``, `only in the document` of a whole service.
pub(super) fn sentence<'a>(words: &Words<'_, 'a>, difference: Difference, change: &Change<'a>) -> String {
    match what(words, change) {
        Some(what) => format!("{}: {what}", difference.words()),
        None => difference.words().to_owned(),
    }
}

/// What differs; `None` where that is all of what it belongs to.
pub(super) fn what<'a>(words: &Words<'_, 'a>, change: &Change<'a>) -> Option<String> {
    let what = words.change(change);
    match (change.at().part, change.kind) {
        (Part::Whole, ChangeKind::Removed) => None,
        (Part::Whole, ChangeKind::Added) => what.strip_prefix("added: ").map(str::to_owned),
        _ => Some(what),
    }
}

/// Where a difference is in the document.
fn at(change: &Change<'_>) -> Place {
    let pointer = place(change);
    match change.at().part {
        Part::Whole | Part::Connection(_) => Place::Key(pointer),
        _ => Place::Value(pointer),
    }
}

/// What to do about a difference.
fn next_step(difference: Difference) -> &'static str {
    match difference {
        Difference::Missing => "remove it from the document (`import --into … --prune`), or find out why it does not run",
        Difference::Unmanaged => "add it to the document (`import --into`), or write a rule [[import.ignore]]",
        Difference::Different => "bring the document up to date (`import --into`), or change what runs",
    }
}
