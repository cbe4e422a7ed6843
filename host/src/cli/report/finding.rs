//! Findings as reports show them: with lines and columns, and without secrets. A report is made of these alone, so that
//! none can forget to hide a secret.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
use crate::source::{Position, Source};
use crate::text::redact;

/// Holds what a report shows of a finding.
#[derive(Serialize)]
pub(super) struct Finding<'a> {
    pub rule: &'a str,
    pub severity: Severity,
    pub message: Cow<'a, str>,
    #[serde(flatten)]
    pub spot: Spot<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related<'a>>,
}

/// Holds what a report shows of another place that belongs to a finding.
#[derive(Serialize)]
pub(super) struct Related<'a> {
    pub message: Cow<'a, str>,
    #[serde(flatten)]
    pub spot: Spot<'a>,
}

/// Says where something is.
#[derive(Serialize)]
pub(super) struct Spot<'a> {
    pub file: &'a str,
    pub start: Position,
    /// The first character that no longer belongs to it.
    pub end: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Cow<'a, str>>,
    #[serde(skip)]
    pub range: Range<usize>,
}

/// Works out what to show of some findings of one file, with one walk through its text.
pub(super) fn of<'a, I>(source: &'a Source, findings: I) -> Vec<Finding<'a>>
where
    I: IntoIterator<Item = &'a Diagnostic>,
    I::IntoIter: Clone,
{
    let findings = findings.into_iter();
    let places = || findings.clone().flat_map(places);
    let ranges = source.locate(places());
    let offsets: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
    let positions = source.positions(&offsets);
    let mut spots = places().zip(ranges).zip(positions.chunks_exact(2)).map(|((place, range), position)| Spot {
        file: source.name(),
        start: position[0],
        end: position[1],
        pointer: place.pointer().map(pointer),
        range,
    });
    let mut next = || spots.next().expect("there is a spot for every place");
    let shown = |finding: &'a Diagnostic| Finding {
        rule: finding.rule.as_str(),
        severity: finding.severity,
        message: redact(&finding.message),
        spot: next(),
        label: finding.label.as_deref().map(redact),
        help: finding.help.as_deref().map(redact),
        related: finding.related.iter().map(|at| Related { message: redact(&at.message), spot: next() }).collect(),
    };
    findings.clone().map(shown).collect()
}

fn places(finding: &Diagnostic) -> impl Iterator<Item = &Place> {
    std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place))
}

/// Returns a pointer without the secrets that its keys may be.
fn pointer(pointer: &Pointer) -> Cow<'_, str> {
    let segments = || pointer.segments();
    if segments().all(|segment| matches!(redact(&segment), Cow::Borrowed(_))) {
        return Cow::Borrowed(pointer.as_str());
    }
    let mut shown = Pointer::root();
    for segment in segments() {
        shown = shown.join(&redact(&segment));
    }
    Cow::Owned(shown.as_str().to_owned())
}
