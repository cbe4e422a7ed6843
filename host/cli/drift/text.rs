//! Differences for people: what belongs to one service, network or deployment together.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::contents::{DriftReport, sentence};
use spec_engine::import::Difference;
use spec_engine::text::{quote, visible};

/// Writes every difference, and a summary.
pub(super) fn write(out: &mut impl Write, report: &DriftReport<'_, '_>) -> io::Result<()> {
    let words = report.words(quote, "->");
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let name = visible(report.document.source().name()).into_owned();
    let mut group = None;
    let placed = report.placed();
    for (difference, change, position) in &placed {
        let at = change.at();
        if group.replace((at.section, at.name)) != Some((at.section, at.name)) {
            writeln!(out, "{bold}{}{bold:#}", words.section(&at))?;
        }
        let (mark, style) = mark(*difference);
        let place = format!("{name}:{}:{}", position.line, position.column);
        let what = sentence(&words, *difference, change);
        writeln!(out, "  {style}{mark}{style:#} {what}  {dim}{place}{dim:#}")?;
    }
    if !placed.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", report.summary())?;
    if let Some(parts) = report.not_observable() {
        writeln!(out, "these files cannot show {parts}; they cover {}% of the document", report.coverage())?;
    }
    let kinds = report.unseen_kinds();
    if !kinds.is_empty() {
        let kinds: Vec<&str> = kinds.into_iter().take(MAX_KINDS).collect();
        writeln!(out, "if they show every resource of a kind, say so: --covers {}", kinds.join(","))?;
    }
    Ok(())
}

/// The most kinds that are named.
const MAX_KINDS: usize = 5;

fn mark(difference: Difference) -> (&'static str, Style) {
    let (mark, color) = match difference {
        Difference::Missing => ("-", AnsiColor::Red),
        Difference::Unmanaged => ("+", AnsiColor::Green),
        Difference::Different => ("~", AnsiColor::Yellow),
    };
    (mark, color.on_default())
}
