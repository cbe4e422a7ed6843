//! Everything as one JSON object.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::contents::{FileKind, Report, Summary, located};
use spec_engine::finding::Finding;
use spec_engine::fingerprint::fingerprints;

/// Writes the object.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let documents = report.files.iter().map(|file| {
        let findings = located(file.source, file.findings).into_iter().zip(fingerprints(file.findings));
        Document {
            document: file.source.name(),
            kind: file.kind,
            summary: file.summary.as_ref(),
            findings: findings.map(|(finding, fingerprint)| FingerprintedFinding { finding, fingerprint }).collect(),
        }
    });
    let others = report.others.iter().map(|file| file.to_string_lossy()).collect();
    let count = report.count();
    let summary = Totals {
        documents: report.documents(),
        errors: count.errors,
        warnings: count.warnings,
        infos: count.infos,
        accepted: report.accepted,
        excepted: report.excepted,
    };
    serde_json::to_writer_pretty(&mut *out, &JsonReport { documents: documents.collect(), others, summary })?;
    writeln!(out)
}

#[derive(Serialize)]
struct JsonReport<'a> {
    documents: Vec<Document<'a>>,
    /// The JSON files of the folders of the run that are no documents.
    others: Vec<Cow<'a, str>>,
    summary: Totals,
}

#[derive(Serialize)]
struct Document<'a> {
    document: &'a str,
    kind: FileKind,
    /// `null` where the document could not be read, and of other files.
    summary: Option<&'a Summary>,
    findings: Vec<FingerprintedFinding<'a>>,
}

#[derive(Serialize)]
struct FingerprintedFinding<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Totals {
    documents: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    accepted: usize,
    excepted: usize,
}
