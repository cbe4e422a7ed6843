//! Reports findings in every format, and failures.

mod compact;
mod contents;
mod excerpt;
mod github;
mod github_limits;
mod gitlab;
mod json;
mod junit;
mod messages;
mod path;
mod pretty;
mod sarif;

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;

pub(crate) use contents::{Count, File, FileKind, Report, ReportLimits, Summary};
pub(crate) use github_limits::{ByteCount, refusal as github_refusal};
pub(crate) use messages::{
    excerpts, failure, note, project_findings, to_stderr, warning, warnings, write_failure, write_warning,
};

/// How findings are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With an excerpt of the document.
    Pretty,
    /// One line a finding: FILE:LINE:COLUMN: SEVERITY[RULE]: MESSAGE.
    Compact,
    /// One JSON object with everything.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML.
    Junit,
}

impl Format {
    /// Writes a report in this format.
    pub fn write(self, out: &mut impl Write, report: &Report<'_>, options: &ReportLimits) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        match self {
            Self::Pretty => pretty::write(&mut out, report, options)?,
            Self::Compact => compact::write(&mut out, report)?,
            Self::Json => json::write(&mut out, report)?,
            Self::Sarif => sarif::write(&mut out, report)?,
            Self::Github => github::write(&mut out, report)?,
            Self::Gitlab => gitlab::write(&mut out, report)?,
            Self::Junit => junit::write(&mut out, report)?,
        }
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, File, FileKind, Format, Report, ReportLimits, Summary};
    use spec_engine::diagnostic::{Diagnostic, Place, Pointer, Severity};
    use spec_engine::policy::Policy;
    use spec_engine::source::Source;

    /// Reports two documents, one of which could not be read, and a script that failed.
    fn report(format: Format) -> String {
        let sources = [("a.json", "{\"name\": 1}"), ("b.json", "{"), ("rules/x.rhai", "boom()\n")];
        let sources = sources.map(|(name, text)| Source::new(name, text.into()));
        let owner = Place::Value(Pointer::of(["name"]));
        let of_a = [
            Diagnostic::new("unknown-owner", Severity::Warning, owner.clone(), "one\nline"),
            Diagnostic::new("unknown-owner", Severity::Warning, owner.clone(), "two"),
            Diagnostic::new("acme/x", Severity::Info, owner, "three"),
        ];
        let of_b = [Diagnostic::new("invalid-json", Severity::Error, Place::Bytes(1..1), "ends here")];
        let of_script = [Diagnostic::new("failed-rule", Severity::Error, Place::Bytes(0..4), "no function boom")];
        let summary = Summary { name: "s".to_owned(), services: 1, connections: 2, resources: 3, deployments: 0 };
        let policy = Policy::built_in();
        let file = |index: usize, findings, summary, kind| File { source: &sources[index], findings, summary, kind };
        let report = Report {
            files: vec![
                file(0, &of_a[..], Some(summary), FileKind::Document),
                file(1, &of_b[..], None, FileKind::Document),
                file(2, &of_script[..], None, FileKind::Script),
            ],
            others: &[],
            rules: policy.rules().collect(),
            accepted: 4,
            excepted: 1,
        };
        let mut out = Vec::new();
        format.write(&mut out, &report, &ReportLimits { max_per_rule: 1 }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn several_files_have_one_summary() {
        let pretty = report(Format::Pretty);
        let (_, end) = pretty.split_once("… ").unwrap();
        let expected = "and 1 more of unknown-owner (--max-per-rule 0 shows all)

a.json: s, 1 service, 2 connections, 3 resources, 0 deployments: 2 warnings, 1 info
b.json: 1 error
rules/x.rhai: 1 error
2 documents: 2 errors, 2 warnings, 1 info
4 findings accepted by the baseline
1 finding excepted by the project
";
        assert_eq!(end, expected);
    }

    #[test]
    fn json_says_what_each_file_is() {
        let json: serde_json::Value = serde_json::from_str(&report(Format::Json)).unwrap();
        let files = json["documents"].as_array().unwrap();
        let kinds: Vec<&str> = files.iter().map(|file| file["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["document", "document", "script"]);
        assert!(files[0]["summary"]["connections"] == 2 && files[1]["summary"].is_null());
        let totals = serde_json::json!({
            "documents": 2, "errors": 2, "warnings": 2, "infos": 1, "accepted": 4, "excepted": 1
        });
        assert_eq!(json["summary"], totals);
    }

    #[test]
    fn a_run_in_which_a_rule_failed_is_no_success() {
        let log: serde_json::Value = serde_json::from_str(&report(Format::Sarif)).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        assert_eq!(notifications.len(), 1);
        assert_eq!(notifications[0]["message"]["text"], "no function boom");
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 5);
        assert!(results[2]["level"] == "note" && results[2].get("ruleIndex").is_none(), "nobody describes the rule");
        assert_eq!(run["artifacts"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn what_is_good_to_know_fails_no_test() {
        let junit = quick_junit::Report::deserialize_from_str(&report(Format::Junit)).unwrap();
        assert_eq!((junit.tests, junit.failures), (5, 4));
        let passed = &junit.test_suites[0].test_cases[2];
        assert!(passed.system_out.as_ref().unwrap().contains("a.json:1:10: three"));
        assert_eq!(junit.test_suites[0].test_cases[1].name.as_str(), "unknown-owner at /name (2)");
    }

    #[test]
    fn a_count_is_words() {
        assert_eq!(Count::default().to_string(), "no findings");
        assert_eq!(Count { errors: 2, warnings: 0, infos: 1 }.to_string(), "2 errors, 1 info");
    }
}
