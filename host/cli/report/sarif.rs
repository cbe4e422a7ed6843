//! SARIF 2.1.0, the format that code scanning reads.
//!
//! GitHub takes at most 25,000 results a run and shows the 5,000 worst, 100 of the locations of each, and 10 of the tags
//! of a rule (more than 20 it refuses). Nothing is cut here: a report that is too large is refused there with a
//! message, and the rules that say too much can be turned off.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; for the limits,
//! <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::contents::{FileKind, Report, located};
use super::path;
use spec_engine::diagnostic::Severity;
use spec_engine::finding::{Finding, Location};
use spec_engine::fingerprint::fingerprints;
use spec_engine::policy::ConfiguredRule;

/// The schema that the report is written to.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the log: one run with every file.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let failures = failures(report);
    let run = Run {
        tool: json!({
            "driver": {
                "name": "spec-engine",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": report.rules.iter().map(|held| rule(held)).collect::<Vec<_>>(),
            },
        }),
        invocations: json!([{
            "executionSuccessful": failures.is_empty(),
            "toolExecutionNotifications": failures,
        }]),
        column_kind: "unicodeCodePoints",
        artifacts: report
            .files
            .iter()
            .map(|file| json!({ "location": { "uri": path::uri(file.source.name()) } }))
            .collect(),
        results: Results(report),
        properties: json!({ "accepted": report.accepted, "excepted": report.excepted }),
    };
    serde_json::to_writer_pretty(&mut *out, &Log { schema: SCHEMA, version: "2.1.0", runs: [run] })?;
    writeln!(out)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    invocations: Value,
    column_kind: &'static str,
    artifacts: Vec<Value>,
    results: Results<'a>,
    properties: Value,
}

/// Writes the results one after the other: all at once, they would take 13 kB of memory each.
struct Results<'a>(&'a Report<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report) = self;
        let rules = report.rules.iter().enumerate();
        let indices: HashMap<&str, usize> = rules.map(|(index, held)| (held.rule.id(), index)).collect();
        let indices = &indices;
        serializer.collect_seq(report.files.iter().flat_map(|file| {
            let uri = path::uri(file.source.name());
            let findings = located(file.source, file.findings).into_iter().zip(fingerprints(file.findings));
            findings.map(move |(finding, fingerprint)| result(&uri, &finding, &fingerprint, indices))
        }))
    }
}

/// What tells that scripted rules could not do their work.
fn failures(report: &Report<'_>) -> Vec<Value> {
    let mut failures = Vec::new();
    for file in report.files.iter().filter(|file| file.kind == FileKind::Script) {
        let uri = path::uri(file.source.name());
        let findings = located(file.source, file.findings);
        failures.extend(findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| {
            json!({
                "level": level(finding.severity),
                "message": message(finding),
                "locations": [location(&uri, &finding.location)],
            })
        }));
    }
    failures
}

fn rule(held: &ConfiguredRule) -> Value {
    let (rule, docs) = (&held.rule, held.rule.docs());
    let mut descriptor = json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": rule.summary() },
        "defaultConfiguration": { "level": level(rule.severity()) },
    });
    if !docs.is_empty() {
        descriptor["help"] = json!({ "text": docs, "markdown": docs });
    }
    if !rule.tags().is_empty() {
        descriptor["properties"] = json!({ "tags": rule.tags() });
    }
    descriptor
}

fn result(uri: &str, finding: &Finding<'_>, fingerprint: &str, indices: &HashMap<&str, usize>) -> Value {
    let mut place = location(uri, &finding.location);
    if let Some(label) = &finding.label {
        place["message"] = json!({ "text": plain(label) });
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": message(finding),
        "locations": [place],
        // The first is the one that GitHub goes by.
        "partialFingerprints": { "primaryLocationLineHash": fingerprint, "specEngine/v1": fingerprint },
    });
    if let Some(index) = indices.get(finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, related)| {
            let mut place = location(uri, &related.location);
            place["id"] = json!(id);
            place["message"] = json!({ "text": plain(&related.message) });
            place
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(uri: &str, at: &Location<'_>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": {
                "startLine": at.start.line,
                "startColumn": at.start.column,
                "endLine": at.end.line,
                "endColumn": at.end.column,
            },
        },
    });
    if let Some(pointer) = &at.pointer {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": pointer }]);
    }
    location
}

fn message(finding: &Finding<'_>) -> Value {
    match &finding.help {
        Some(help) => json!({ "text": format!("{}\n\nhelp: {}", plain(&finding.message), plain(help)) }),
        None => json!({ "text": plain(&finding.message) }),
    }
}

/// A text in which nothing is a link: `[text](target)` is one in a plain message, too (§3.11.6).
fn plain(text: &str) -> String {
    text.replace("](", r"\](")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
