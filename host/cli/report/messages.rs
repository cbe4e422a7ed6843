//! What is printed to standard error: notes, warnings, failures, and findings with their excerpts.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::Arc;

use anstream::AutoStream;

use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::engine::{BrokenPluginError, ProjectFindings};
use spec_engine::rules::RuleFailure;
use spec_engine::source::Source;
use spec_engine::text::visible;

use super::excerpt;
use crate::failure::{Failure, origin, plugin_help};

/// Prints findings with excerpts to standard error.
pub(crate) fn to_stderr(source: &Source, findings: &[Diagnostic]) -> io::Result<()> {
    excerpts(&mut AutoStream::auto(io::stderr().lock()), source, findings)
}

/// Prints findings with excerpts.
pub(crate) fn excerpts(out: &mut impl Write, source: &Source, findings: &[Diagnostic]) -> io::Result<()> {
    excerpt::write(out, source, findings)
}

/// Prints a remark of the engine itself to standard error.
pub(crate) fn note(text: &str) -> io::Result<()> {
    let (mut err, style) = (AutoStream::auto(io::stderr().lock()), style(Severity::Info));
    writeln!(err, "{style}note{style:#}: {text}")
}

/// Prints what a user should know about the work that is done to standard error.
pub(crate) fn warning(text: &str) -> io::Result<()> {
    write_warning(&mut AutoStream::auto(io::stderr().lock()), text)
}

/// Prints warnings to standard error.
pub(crate) fn warnings(texts: &[impl Display]) -> io::Result<()> {
    texts.iter().try_for_each(|text| warning(&text.to_string()))
}

/// Writes a warning.
pub(crate) fn write_warning(out: &mut impl Write, text: &str) -> io::Result<()> {
    let style = style(Severity::Warning);
    writeln!(out, "{style}warning{style:#}: {text}")
}

/// Prints why a command failed to standard error.
pub(crate) fn failure(failure: &Failure) {
    // Where standard error is closed there is nobody left to tell.
    let _ = write_failure(&mut AutoStream::auto(io::stderr().lock()), failure);
}

/// Writes why a command failed.
pub(crate) fn write_failure(out: &mut impl Write, failure: &Failure) -> io::Result<()> {
    if let Some(excerpt) = &failure.excerpt {
        return excerpt::write_failure(out, excerpt, failure.help.as_deref());
    }
    let (error_style, help_style) = (style(Severity::Error), style(Severity::Info));
    writeln!(out, "{error_style}error{error_style:#}: {}", shown(&failure.message))?;
    for line in failure.details.iter().flat_map(|details| details.lines()) {
        writeln!(out, "  | {}", visible(line))?;
    }
    if let Some(help) = &failure.help {
        writeln!(out, "  {help_style}help{help_style:#}: {help}")?;
    }
    Ok(())
}

/// The findings against the files of a project. A plugin whose rules cannot run is a finding against its file.
pub(crate) fn project_findings(found: ProjectFindings) -> Vec<(Arc<Source>, Vec<Diagnostic>)> {
    let mut files = found.files;
    for broken in &found.plugins {
        let RuleFailure { source, finding } = RuleFailure::from(broken);
        let next = match &broken.error {
            BrokenPluginError::Load(error) => plugin_help(error),
            BrokenPluginError::Shadowed { by, .. } => Some(format!("give one of them another name: {}", origin(by))),
        };
        let finding = finding.help_if(next);
        match files.iter_mut().find(|(other, _)| other.name() == source.name()) {
            Some((_, findings)) => findings.push(finding),
            None => files.push((source, vec![finding])),
        }
    }
    files
}

/// A text of several lines without what a terminal would act on.
fn shown(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// The colour of a severity.
fn style(severity: Severity) -> anstyle::Style {
    let color = match severity {
        Severity::Error => anstyle::AnsiColor::Red,
        Severity::Warning => anstyle::AnsiColor::Yellow,
        Severity::Info => anstyle::AnsiColor::Cyan,
    };
    color.on_default().bold()
}
