//! The Code Quality report of GitLab: what a merge request shows beside its changes.
//!
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::contents::{Report, located};
use super::path;
use spec_engine::diagnostic::Severity;
use spec_engine::fingerprint::{digits, fingerprints};

/// Writes the list.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let mut issues = Vec::new();
    for file in &report.files {
        let path = path::relative(file.source.name());
        let findings = located(file.source, file.findings);
        issues.extend(findings.into_iter().zip(fingerprints(file.findings)).map(|(finding, fingerprint)| Issue {
            description: match &finding.help {
                Some(help) => format!("{} ({help})", finding.message),
                None => finding.message.into_owned(),
            },
            check_name: finding.rule,
            fingerprint: within(&path, &fingerprint),
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            location: Location { path: path.clone(), lines: Lines { begin: finding.location.start.line } },
        }));
    }
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

/// A fingerprint that is the only one of its kind among those of every file.
fn within(path: &str, fingerprint: &str) -> String {
    digits(Sha256::new().chain_update(path).chain_update([0]).chain_update(fingerprint))
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}
