//! Differences as Markdown, for an issue or a comment.

use std::io::{self, Write};

use super::contents::{DriftReport, what};
use crate::diff::markdown::{MAX_ROWS, shown};
use crate::report::Summary;
use spec_engine::text::number;

/// Writes a table of the differences, and a summary.
pub(super) fn write(out: &mut impl Write, report: &DriftReport<'_, '_>) -> io::Result<()> {
    let words = report.words(shown, "→");
    let name = report.document.system().map(|system| Summary::of(system).name).unwrap_or_default();
    let placed = report.placed();
    writeln!(out, "### Drift of {}\n\n{}", shown(&name), report.summary())?;
    if !placed.is_empty() {
        writeln!(out, "\n| | Where | What | Line |\n|---|---|---|---|")?;
    }
    for (difference, change, position) in placed.iter().take(MAX_ROWS) {
        let (place, what) = (words.section(&change.at()), what(&words, change).unwrap_or_default());
        writeln!(out, "| {} | {place} | {what} | {} |", difference.words(), position.line)?;
    }
    if let Some(more) = placed.len().checked_sub(MAX_ROWS).filter(|more| *more > 0) {
        writeln!(out, "\n… and {} more", number(more))?;
    }
    if let Some(parts) = report.not_observable() {
        writeln!(out, "\nThese files cannot show {parts}; they cover {}% of the document.", report.coverage())?;
    }
    Ok(())
}
