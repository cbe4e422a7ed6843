//! `rules check`: finds mistakes in scripted rules without running them.

use std::collections::HashSet;
use std::sync::Arc;

use anstream::AutoStream;
use clap::Args;

use spec_engine::diagnostic::Diagnostic;
use spec_engine::policy::Policy;
use spec_engine::source::Source;

use super::scripts::ScriptArguments;
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::report::{File, FileKind, Format, Report, ReportLimits};

/// Find mistakes in scripted rules without running them: unknown functions and fields, wrong types, on every path.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine rules check
  spec-engine rules check image-digest.rhai --output compact

Exit status: 0 clean, 1 mistakes, 2 the command failed.")]
pub(super) struct Arguments {
    #[command(flatten)]
    scripts: ScriptArguments,
    /// How to print mistakes.
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    output: Format,
}

/// Checks scripts, those of the project where none are named.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let scripts = arguments.scripts.find()?;
    let mut files: Vec<(Arc<Source>, Vec<Diagnostic>)> =
        scripts.files.iter().map(|file| (Arc::clone(&file.source), Vec::new())).collect();
    for failed in scripts.check().into_iter().flatten().chain(scripts.broken) {
        // Several rules may import a file.
        match files.iter_mut().find(|(source, _)| source.name() == failed.source.name()) {
            Some((_, findings)) if findings.contains(&failed.finding) => {}
            Some((_, findings)) => findings.push(failed.finding),
            None => files.push((failed.source, vec![failed.finding])),
        }
    }
    let mut seen = HashSet::new();
    files.retain(|(source, _)| seen.insert(source.name().to_owned()));
    files.iter_mut().for_each(|(source, findings)| source.sort(findings));
    let policy = Policy::built_in();
    let report = Report {
        files: files
            .iter()
            .map(|(source, findings)| File { source, findings, summary: None, kind: FileKind::Script })
            .collect(),
        others: &[],
        rules: policy.rules().collect(),
        accepted: 0,
        excepted: 0,
    };
    let mut out = AutoStream::auto(std::io::stdout().lock());
    arguments.output.write(&mut out, &report, &ReportLimits { max_per_rule: 0 })?;
    Ok(if report.count().errors == 0 { Outcome::Clean } else { Outcome::Findings })
}
