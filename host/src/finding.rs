//! Findings as people see them: with lines and columns, and without secrets. Whatever leaves the engine is made of these
//! alone, so that nothing can forget to hide a secret.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Help, Place, Pointer, Severity};
use crate::source::{Position, Source};
use crate::text::{redact, visible};

/// A finding with its place in a file. It prints as `FILE:LINE:COLUMN: SEVERITY[RULE]: MESSAGE`.
#[derive(Clone, Debug, Serialize)]
pub struct Finding<'a> {
    /// The rule that found it.
    pub rule: &'a str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence that names the thing and the fault.
    pub message: Cow<'a, str>,
    /// Where it is.
    #[serde(flatten)]
    pub location: Location<'a>,
    /// A few words on the underlined place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Cow<'a, str>>,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Other places that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedLocation<'a>>,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, Serialize)]
pub struct RelatedLocation<'a> {
    /// A few words on what is there.
    pub message: Cow<'a, str>,
    /// Where it is.
    #[serde(flatten)]
    pub location: Location<'a>,
}

/// A place in a file.
#[derive(Clone, Debug, Serialize)]
pub struct Location<'a> {
    /// The name of the file.
    pub file: &'a str,
    /// The first character.
    pub start: Position,
    /// The first character that no longer belongs to it.
    pub end: Position,
    /// The JSON Pointer of the value, where one names the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<Cow<'a, str>>,
    /// The bytes of the text.
    #[serde(skip)]
    pub range: Range<usize>,
}

impl fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, message, location: Location { file, start, .. }, .. } = self;
        let (file, message) = (visible(file), visible(message));
        write!(f, "{file}:{}:{}: {severity}[{rule}]: {message}", start.line, start.column)
    }
}

/// Locates some findings of one file, with one walk through its text. `help` words the next step.
pub fn locate<'a, I>(source: &'a Source, findings: I, help: impl Fn(&Help) -> String) -> Vec<Finding<'a>>
where
    I: IntoIterator<Item = &'a Diagnostic>,
    I::IntoIter: Clone,
{
    let findings = findings.into_iter();
    let places = || findings.clone().flat_map(places);
    let ranges = source.locate(places());
    let offsets: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
    let positions = source.positions(&offsets);
    let mut locations =
        places().zip(ranges).zip(positions.chunks_exact(2)).map(|((place, range), position)| Location {
            file: source.name(),
            start: position[0],
            end: position[1],
            pointer: place.pointer().map(pointer),
            range,
        });
    let mut next = || locations.next().expect("there is a location for every place");
    let shown = |finding: &'a Diagnostic| Finding {
        rule: finding.rule.as_str(),
        severity: finding.severity,
        message: redact(&finding.message),
        location: next(),
        label: finding.label.as_deref().map(redact),
        help: finding.help.as_ref().map(|step| redact(&help(step)).into_owned()),
        related: finding
            .related
            .iter()
            .map(|at| RelatedLocation { message: redact(&at.message), location: next() })
            .collect(),
    };
    findings.clone().map(shown).collect()
}

fn places(finding: &Diagnostic) -> impl Iterator<Item = &Place> {
    std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place))
}

/// A pointer without the secrets that its keys may be.
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
