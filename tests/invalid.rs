//! Every fixture in tests/fixtures/invalid gets exactly the findings that expected.json lists for it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::load::load;
use spec_engine::policy::{Policy, Scope};
use spec_engine::source::Source;

/// The warnings that these documents are held against, beside every error. They are as small as their faults allow, so
/// that the other warnings and remarks find something in nearly all of them; tests/rules.rs has documents for those.
const WARNINGS: [&str; 2] = ["unknown-owner", "unknown-terraform-resource"];

/// A finding as expected.json has it: what it leaves out is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFinding {
    rule: String,
    severity: String,
    pointer: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

impl ExpectedFinding {
    fn is(&self, source: &Source, finding: &Diagnostic) -> bool {
        let position = source.position(source.locate([&finding.place])[0].start);
        let pointer = finding.place.pointer().map(|pointer| pointer.as_str());
        self.rule == finding.rule.as_str()
            && self.severity == finding.severity.as_str()
            && (self.pointer.is_none() || pointer.is_none() || self.pointer.as_deref() == pointer)
            && self.line.is_none_or(|line| line == position.line)
            && self.column.is_none_or(|column| column == position.column)
    }
}

#[test]
fn every_invalid_fixture_gets_exactly_its_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/invalid");
    let expected = std::fs::read(folder.join("expected.json")).unwrap();
    let mut expected: BTreeMap<String, Vec<ExpectedFinding>> = serde_json::from_slice(&expected).unwrap();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "expected.json" {
            continue;
        }
        let expected = expected.remove(&name).unwrap_or_else(|| panic!("{name} is not in expected.json"));
        let source = Source::new(&name, std::fs::read(folder.join(&name)).unwrap());
        let loaded = load(&source);
        let checked = Policy::built_in().check(loaded.system.as_ref(), loaded.findings, Scope::All);
        let mut findings = checked.findings;
        findings.retain(|finding| finding.severity == Severity::Error || WARNINGS.contains(&finding.rule.as_str()));
        let mut left: Vec<&Diagnostic> = findings.iter().collect();
        let missing = expected.iter().filter(|expected| {
            let found = left.iter().position(|finding| expected.is(&source, finding));
            found.map(|at| left.remove(at)).is_none()
        });
        let missing: Vec<&ExpectedFinding> = missing.collect();
        if !missing.is_empty() || !left.is_empty() {
            let left: Vec<String> = left
                .iter()
                .map(|finding| {
                    let position = source.position(source.locate([&finding.place])[0].start);
                    format!("{}:{} {} at {:?}", position.line, position.column, finding.rule, finding.place)
                })
                .collect();
            wrong.push(format!("{name}\n  missing: {missing:?}\n  too many: {left:?}"));
        }
    }
    assert!(expected.is_empty(), "expected.json lists what is not there: {:?}", expected.keys());
    assert!(wrong.is_empty(), "{} fixtures:\n{}", wrong.len(), wrong.join("\n"));
}
