//! `diff`: says or draws what changed between two versions of a document.

mod drawing;
mod json;
mod markdown;
mod text;
mod words;

use std::io::{BufWriter, Write as _};
use std::path::Path;

use super::args::{DiffArguments, DiffFormat, DocumentArguments, FailOn};
use super::document::Document;
use super::{Failure, Outcome, report};
use crate::diff::{ChangeKind, Diff};
use crate::model::System;

/// Compares two documents, and prints or draws what changed.
pub(super) fn run(arguments: &DiffArguments) -> anyhow::Result<Outcome> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if is_stdin(&arguments.old) && is_stdin(&arguments.new) {
        return Err(Failure::new("standard input has one document, and `-` stands for both")
            .help("write one of them to a file: git show main:system.json | spec-engine diff - system.json")
            .into());
    }
    let read = |path: &Path| Document::read(&DocumentArguments { document: Some(path.to_owned()) });
    let documents = [read(&arguments.old)?, read(&arguments.new)?];
    let systems = Document::systems([&documents[0], &documents[1]], arguments.allow_errors)?;
    let [Some(old), Some(new)] = systems else { return Ok(Outcome::Incomplete) };
    let diff = Diff::of(&old, &new);
    match &arguments.plugin {
        Some(plugin) => {
            if !drawing::run(arguments, plugin, &diff, &documents[1])? {
                return Ok(Outcome::Incomplete);
            }
        }
        None => print(arguments, &diff, [documents[0].source.name(), documents[1].source.name()])?,
    }
    let outcome = outcome(arguments, &diff);
    // The process ends here: to free two large systems piece by piece would only take time.
    std::mem::forget::<[System; 2]>([old, new]);
    Ok(outcome)
}

fn print(arguments: &DiffArguments, diff: &Diff<'_>, names: [&str; 2]) -> anyhow::Result<()> {
    if arguments.output == DiffFormat::Json {
        return json::print(diff, names);
    }
    let mut out = BufWriter::with_capacity(64 * 1024, anstream::stdout().lock());
    match arguments.output {
        DiffFormat::Markdown => markdown::write(&mut out, diff)?,
        DiffFormat::Text | DiffFormat::Json => text::write(&mut out, diff)?,
    }
    out.flush()?;
    Ok(())
}

fn outcome(arguments: &DiffArguments, diff: &Diff<'_>) -> Outcome {
    let fails = match arguments.fail_on.or(arguments.exit_code.then_some(FailOn::Any)) {
        Some(FailOn::Any) => !diff.changes.is_empty(),
        Some(FailOn::Breaking) => diff.changes.iter().any(|change| change.breaking.is_some()),
        None => false,
    };
    if fails { Outcome::Findings } else { Outcome::Clean }
}

/// Returns a summary in words: `2 added, 1 changed; 1 breaking`.
fn summary(diff: &Diff<'_>) -> String {
    let summary = diff.summary();
    let parts: Vec<String> = [
        (summary.added, ChangeKind::Added),
        (summary.removed, ChangeKind::Removed),
        (summary.changed, ChangeKind::Changed),
        (summary.moved, ChangeKind::Moved),
        (summary.renamed, ChangeKind::Renamed),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, kind)| format!("{} {}", report::number(count), kind.as_str()))
    .collect();
    match (parts.is_empty(), summary.breaking) {
        (true, _) => "no changes".to_owned(),
        (false, 0) => format!("{}; none breaking", parts.join(", ")),
        (false, breaking) => format!("{}; {} breaking", parts.join(", "), report::number(breaking)),
    }
}

/// Returns the mark of a kind of change.
fn mark(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "+",
        ChangeKind::Removed => "-",
        ChangeKind::Changed => "~",
        ChangeKind::Moved | ChangeKind::Renamed => ">",
    }
}
