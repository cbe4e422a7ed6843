//! Prints findings and failures.

mod excerpt;

use std::io::Write;

use anstream::AutoStream;
use serde::Serialize;
use serde_json::Value;

use super::Failure;
use super::args::Format;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::visible;
use crate::source::{Position, Source};

/// Puts findings into the order of the document; at one place, the worse ones first.
pub(super) fn sort(source: &Source, findings: &mut Vec<Diagnostic>) {
    let starts: Vec<usize> =
        source.locate(findings.iter().map(|finding| &finding.place)).into_iter().map(|range| range.start).collect();
    let mut placed: Vec<(usize, Diagnostic)> = starts.into_iter().zip(std::mem::take(findings)).collect();
    placed.sort_by(|(a_start, a), (b_start, b)| (a_start, a.severity, &a.rule).cmp(&(b_start, b.severity, &b.rule)));
    findings.extend(placed.into_iter().map(|(_, finding)| finding));
}

/// Prints findings in a format. `summary` is what JSON says beside them.
pub(super) fn print(
    out: &mut impl Write,
    source: &Source,
    findings: &[Diagnostic],
    format: Format,
    summary: &Value,
) -> std::io::Result<()> {
    match format {
        Format::Pretty => excerpt::print(out, source, findings),
        Format::Compact => compact(out, source, findings),
        Format::Json => json(out, source, findings, summary),
    }
}

/// Prints findings with excerpts to standard error.
pub(super) fn to_stderr(source: &Source, findings: &[Diagnostic]) -> std::io::Result<()> {
    excerpt::print(&mut AutoStream::auto(std::io::stderr().lock()), source, findings)
}

/// Prints a remark of the engine itself to standard error.
pub(super) fn note(text: &str) -> std::io::Result<()> {
    let (mut err, style) = (AutoStream::auto(std::io::stderr().lock()), style(Severity::Info));
    writeln!(err, "{style}note{style:#}: {text}")
}

/// Prints why a command could not do its work to standard error.
pub(super) fn failure(error: &anyhow::Error) {
    let mut err = AutoStream::auto(std::io::stderr().lock());
    let (error_style, help_style) = (style(Severity::Error), style(Severity::Info));
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(err, "{error_style}error{error_style:#}: {}", shown(&error.to_string()));
    for cause in error.chain().skip(1) {
        let _ = writeln!(err, "  because: {cause}");
    }
    let Some(failure) = error.downcast_ref::<Failure>() else { return };
    if let Some(details) = &failure.details {
        for line in details.lines() {
            let _ = writeln!(err, "  | {}", visible(line));
        }
    }
    if let Some(help) = &failure.help {
        let _ = writeln!(err, "  {help_style}help{help_style:#}: {help}");
    }
}

/// Returns a text of several lines without what a terminal would act on.
fn shown(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Returns how many findings there are in words: `2 errors, 1 warning`.
pub(super) fn count(findings: &[Diagnostic]) -> String {
    let parts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")];
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(severity, word)| (findings.iter().filter(|finding| finding.severity == severity).count(), word))
        .filter(|&(number, _)| number > 0)
        .map(|(number, word)| plural(number, word))
        .collect();
    parts.join(", ")
}

/// Returns a number with its noun: `1 error`, `2 errors`.
pub(super) fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn compact(out: &mut impl Write, source: &Source, findings: &[Diagnostic]) -> std::io::Result<()> {
    let ranges = source.locate(findings.iter().map(|finding| &finding.place));
    for (finding, range) in findings.iter().zip(ranges) {
        let Position { line, column } = source.position(range.start);
        let (severity, rule) = (finding.severity, &finding.rule);
        writeln!(out, "{}:{line}:{column}: {severity}[{rule}]: {}", source.name(), visible(&finding.message))?;
    }
    Ok(())
}

fn json(out: &mut impl Write, source: &Source, findings: &[Diagnostic], summary: &Value) -> std::io::Result<()> {
    #[derive(Serialize)]
    struct Report<'a> {
        document: &'a str,
        summary: &'a Value,
        findings: Vec<Finding<'a>>,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Finding<'a> {
        rule: &'a str,
        severity: Severity,
        message: &'a str,
        #[serde(flatten)]
        place: Location<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        help: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        related: Vec<Related<'a>>,
    }

    #[derive(Serialize)]
    struct Related<'a> {
        message: &'a str,
        #[serde(flatten)]
        place: Location<'a>,
    }

    #[derive(Serialize)]
    struct Location<'a> {
        file: &'a str,
        start: Position,
        end: Position,
        #[serde(skip_serializing_if = "Option::is_none")]
        pointer: Option<&'a str>,
    }

    let places = || {
        findings.iter().flat_map(|finding| {
            std::iter::once(&finding.place).chain(finding.related.iter().map(|related| &related.place))
        })
    };
    let mut locations = places().zip(source.locate(places())).map(|(place, range)| Location {
        file: source.name(),
        start: source.position(range.start),
        end: source.position(range.end),
        pointer: place.pointer().map(|pointer| pointer.as_str()),
    });
    let mut next = || locations.next().expect("there is a location for every place");
    let findings = findings.iter().map(|finding| Finding {
        rule: finding.rule.as_str(),
        severity: finding.severity,
        message: &finding.message,
        place: next(),
        help: finding.help.as_deref(),
        related: finding.related.iter().map(|related| Related { message: &related.message, place: next() }).collect(),
    });
    let report = Report { document: source.name(), summary, findings: findings.collect() };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Returns the colour of a severity.
fn style(severity: Severity) -> anstyle::Style {
    let color = match severity {
        Severity::Error => anstyle::AnsiColor::Red,
        Severity::Warning => anstyle::AnsiColor::Yellow,
        Severity::Info => anstyle::AnsiColor::Cyan,
    };
    color.on_default().bold()
}
