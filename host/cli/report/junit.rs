//! JUnit XML, for whatever shows the results of tests: a suite a file, a test a finding. Errors and warnings are tests
//! that failed; what is good to know is a test that passed and says it; a file without findings is a test that passed.

use std::collections::HashMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::contents::{File, Report, located, printed};
use spec_engine::diagnostic::Severity;
use spec_engine::finding::Finding;

/// Writes the document.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let mut junit = quick_junit::Report::new("spec-engine");
    junit.add_test_suites(report.files.iter().map(suite));
    let text = junit.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn suite(file: &File<'_>) -> TestSuite {
    let name = text(file.source.name());
    let mut suite = TestSuite::new(&name);
    let mut names = HashMap::new();
    for finding in located(file.source, file.findings) {
        suite.add_test_case(case(&name, &finding, &mut names));
    }
    if file.findings.is_empty() {
        let mut case = TestCase::new("no findings", TestCaseStatus::success());
        case.set_classname(&name);
        suite.add_test_case(case);
    }
    suite
}

/// Makes the test of a finding. Its name holds no line, so that a reader can follow it from run to run.
fn case(suite: &str, finding: &Finding<'_>, names: &mut HashMap<String, usize>) -> TestCase {
    let mut name = match finding.location.pointer.as_deref() {
        None => format!("{}: {}", text(finding.rule), text(&finding.message)),
        Some("") => format!("{} at the document", text(finding.rule)),
        Some(pointer) => format!("{} at {}", text(finding.rule), text(pointer)),
    };
    let ordinal = names.entry(name.clone()).or_default();
    *ordinal += 1;
    if *ordinal > 1 {
        name = format!("{name} ({ordinal})");
    }
    let position = finding.location.start;
    let mut details = format!("{suite}:{}:{}: {}", position.line, position.column, text(&finding.message));
    if let Some(label) = &finding.label {
        details = format!("{details} ({})", text(label));
    }
    for related in &finding.related {
        let position = related.location.start;
        details = format!("{details}\n{suite}:{}:{}: {}", position.line, position.column, text(&related.message));
    }
    if let Some(help) = &finding.help {
        details = format!("{details}\nhelp: {}", text(help));
    }
    let mut case = match finding.severity {
        Severity::Error | Severity::Warning => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(finding.severity.as_str()).set_message(text(&finding.message)).set_description(details);
            TestCase::new(name, status)
        }
        Severity::Info => {
            let mut case = TestCase::new(name, TestCaseStatus::success());
            case.set_system_out(details);
            case
        }
    };
    case.set_classname(suite);
    case
}

/// A text without the characters that XML 1.0 cannot hold: they are shown as escapes.
fn text(text: &str) -> String {
    printed(text).replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}")
}
