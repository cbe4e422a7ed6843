//! Changes for people: what belongs to one service, owner, network or deployment together.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::words::{Words, mark, summary};
use spec_engine::diff::{ChangeKind, Diff};
use spec_engine::text::quote;

/// Writes every change, and a summary.
pub(crate) fn write(out: &mut impl Write, diff: &Diff<'_>) -> io::Result<()> {
    let words = Words::new(diff, quote, "->");
    let (bold, breaking_style) = (Style::new().bold(), AnsiColor::Red.on_default().bold());
    let mut group = None;
    for change in &diff.changes {
        let at = change.at();
        if group.replace((at.section, at.name)) != Some((at.section, at.name)) {
            writeln!(out, "{bold}{}{bold:#}", words.section(&at))?;
        }
        let style = style(change.kind);
        write!(out, "  {style}{} {}{style:#}", mark(change.kind), words.change(change))?;
        match words.reason(change) {
            Some(reason) => writeln!(out, "  {breaking_style}breaking{breaking_style:#}: {reason}")?,
            None => writeln!(out)?,
        }
    }
    if !diff.changes.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(diff))
}

fn style(kind: ChangeKind) -> Style {
    match kind {
        ChangeKind::Added => AnsiColor::Green,
        ChangeKind::Removed => AnsiColor::Red,
        ChangeKind::Changed => AnsiColor::Yellow,
        ChangeKind::Moved | ChangeKind::Renamed => AnsiColor::Cyan,
    }
    .on_default()
}
