//! Changes for a comment on a pull request, in GitHub's Markdown: breaking ones first, long lists folded.

use std::io::{self, Write};

use spec_engine_plugin::quote;

use super::words::{Words, summary};
use spec_engine::diff::{Change, Diff};
use spec_engine::text::shorten;

/// The rows up to which the changes that break nothing are shown unfolded.
const UNFOLDED: usize = 20;

/// The most rows of one table: readers such as GitHub refuse a comment of more than 65,536 characters.
pub(crate) const MAX_ROWS: usize = 200;

/// Writes a heading with a summary, then the changes as tables.
pub(super) fn write(out: &mut impl Write, diff: &Diff<'_>) -> io::Result<()> {
    let words = Words::new(diff, shown, "→");
    let name = if diff.new.name.is_empty() { String::new() } else { format!(" of {}", shown(&diff.new.name)) };
    writeln!(out, "### Changes{name}\n\n{}", summary(diff))?;
    let (breaking, rest): (Vec<&Change<'_>>, Vec<_>) =
        diff.changes.iter().partition(|change| change.breaking.is_some());
    if !breaking.is_empty() {
        writeln!(out, "\n#### ⚠️ Breaking\n")?;
        rows(out, &words, &breaking, Reasons::Shown)?;
    }
    if rest.is_empty() {
        return Ok(());
    }
    if breaking.is_empty() && rest.len() <= UNFOLDED {
        writeln!(out)?;
        return rows(out, &words, &rest, Reasons::None);
    }
    let title = if breaking.is_empty() { "changes" } else { "other changes" };
    if rest.len() <= UNFOLDED {
        writeln!(out, "\n#### {}{}\n", title[..1].to_uppercase(), &title[1..])?;
        return rows(out, &words, &rest, Reasons::None);
    }
    writeln!(out, "\n<details>\n<summary>{} {title}</summary>\n", rest.len())?;
    rows(out, &words, &rest, Reasons::None)?;
    writeln!(out, "\n</details>")
}

/// Whether a table has a column with reasons.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reasons {
    Shown,
    None,
}

fn rows<'a>(out: &mut impl Write, words: &Words<'_, 'a>, changes: &[&Change<'a>], reasons: Reasons) -> io::Result<()> {
    match reasons {
        Reasons::Shown => writeln!(out, "| | Where | What | Why |\n|---|---|---|---|")?,
        Reasons::None => writeln!(out, "| | Where | What |\n|---|---|---|")?,
    }
    for change in changes.iter().take(MAX_ROWS) {
        let (place, what) = (words.section(&change.at()), words.change(change));
        write!(out, "| {} | {place} | {what} |", change.kind.as_str())?;
        match words.reason(change).filter(|_| reasons == Reasons::Shown) {
            Some(reason) => writeln!(out, " {reason} |")?,
            None => writeln!(out)?,
        }
    }
    if let Some(more) = changes.len().checked_sub(MAX_ROWS).filter(|more| *more > 0) {
        writeln!(out, "\n… and {more} more: `spec-engine diff` in a terminal shows all")?;
    }
    Ok(())
}

/// Shows a text of the document as code, which mentions nobody and links to nothing.
pub(crate) fn shown(text_of_document: &str) -> String {
    format!("<code>{}</code>", text(text_of_document))
}

/// A text of the document without secrets and markup.
fn text(text: &str) -> String {
    quote::markdown(&shorten(text))
}
