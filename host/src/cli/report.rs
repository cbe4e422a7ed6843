//! Reports findings in every format, and failures.

mod compact;
mod excerpt;
mod finding;
mod github;
mod gitlab;
mod json;
mod junit;
mod path;
mod pretty;
mod sarif;

use std::collections::HashSet;
use std::fmt;
use std::io::{self, BufWriter, Write};

use anstream::AutoStream;
use foldhash::fast::RandomState;
use serde::Serialize;

use super::Failure;
use super::args::Format;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::System;
use crate::policy::Held;
use crate::source::Source;
use crate::text::{redact, shorten, visible};

/// Holds what a run found.
pub(super) struct Report<'a> {
    /// The documents first, then other files that have findings: scripts, the project file.
    pub files: Vec<File<'a>>,
    /// The rules that there are, for the formats that describe them.
    pub rules: Vec<&'a Held>,
    /// The findings that the baseline accepts, and that are not shown.
    pub accepted: usize,
    /// The findings that the project makes an exception of, and that are not shown.
    pub excepted: usize,
}

/// Holds what was found in one file.
pub(super) struct File<'a> {
    /// The file.
    pub source: &'a Source,
    /// What was found, in the order of the file.
    pub findings: &'a [Diagnostic],
    /// What is in it, of a document that could be read.
    pub summary: Option<Summary>,
    /// What it is.
    pub kind: FileKind,
}

/// Says what a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FileKind {
    /// A document, which the run is about.
    Document,
    /// A rule of the project: a script, or a component.
    Script,
    /// The project file.
    Project,
}

/// Says what is in a document.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Summary {
    /// The name of the system.
    #[serde(serialize_with = "without_secrets")]
    pub name: String,
    /// The number of services.
    pub services: usize,
    /// The number of connections.
    pub connections: usize,
    /// The number of resources, each once however many services use it.
    pub resources: usize,
    /// The number of deployments.
    pub deployments: usize,
}

/// Says how much of a report people are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// The findings of one rule; 0 for all.
    pub max_per_rule: usize,
}

impl Report<'_> {
    /// Writes the report in a format.
    pub fn write(&self, out: &mut impl Write, format: Format, options: &Shown) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        match format {
            Format::Pretty => pretty::write(&mut out, self, options)?,
            Format::Compact => compact::write(&mut out, self)?,
            Format::Json => json::write(&mut out, self)?,
            Format::Sarif => sarif::write(&mut out, self)?,
            Format::Github => github::write(&mut out, self)?,
            Format::Gitlab => gitlab::write(&mut out, self)?,
            Format::Junit => junit::write(&mut out, self)?,
        }
        out.flush()
    }

    fn documents(&self) -> usize {
        self.files.iter().filter(|file| file.kind == FileKind::Document).count()
    }

    fn count(&self) -> Count {
        Count::of(self.files.iter().flat_map(|file| file.findings))
    }
}

impl Summary {
    /// Counts what is in a system.
    pub fn of(system: &System) -> Self {
        let bound = system.services.values().flat_map(|service| service.bindings.resources());
        let resources: HashSet<_, RandomState> =
            bound.map(|resource| (resource.kind.id_prefix, &resource.name)).collect();
        Self {
            name: system.name.to_string(),
            services: system.services.len(),
            connections: system.services.values().map(|service| service.connections.len()).sum(),
            resources: resources.len(),
            deployments: system.helm().count() + system.terraform().count(),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shorten(&self.name))?;
        for (number, noun) in [
            (self.services, "service"),
            (self.connections, "connection"),
            (self.resources, "resource"),
            (self.deployments, "deployment"),
        ] {
            write!(f, ", {}", plural(number, noun))?;
        }
        Ok(())
    }
}

fn without_secrets<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&redact(text))
}

/// Holds how many findings there are. In words: `2 errors, 1 warning`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

impl Count {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut count = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => count.errors += 1,
                Severity::Warning => count.warnings += 1,
                Severity::Info => count.infos += 1,
            }
        }
        count
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let parts: Vec<String> =
            parts.into_iter().filter(|&(number, _)| number > 0).map(|(number, word)| plural(number, word)).collect();
        f.write_str(&if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") })
    }
}

/// Puts findings into the order of the document; at one place, the worse ones first.
pub(super) fn sort(source: &Source, findings: &mut Vec<Diagnostic>) {
    let starts: Vec<usize> =
        source.locate(findings.iter().map(|finding| &finding.place)).into_iter().map(|range| range.start).collect();
    let mut placed: Vec<(usize, Diagnostic)> = starts.into_iter().zip(std::mem::take(findings)).collect();
    placed.sort_by(|(a_start, a), (b_start, b)| (a_start, a.severity, &a.rule).cmp(&(b_start, b.severity, &b.rule)));
    findings.extend(placed.into_iter().map(|(_, finding)| finding));
}

/// Prints findings with excerpts to standard error.
pub(super) fn to_stderr(source: &Source, findings: &[Diagnostic]) -> io::Result<()> {
    excerpts(&mut AutoStream::auto(io::stderr().lock()), source, findings)
}

/// Prints findings with excerpts.
pub(super) fn excerpts(out: &mut impl Write, source: &Source, findings: &[Diagnostic]) -> io::Result<()> {
    excerpt::write(out, source, findings)
}

/// Prints a remark of the engine itself to standard error.
pub(super) fn note(text: &str) -> io::Result<()> {
    let (mut err, style) = (AutoStream::auto(io::stderr().lock()), style(Severity::Info));
    writeln!(err, "{style}note{style:#}: {text}")
}

/// Prints what a user should know about the work that is done to standard error.
pub(super) fn warning(text: &str) -> io::Result<()> {
    let (mut err, style) = (AutoStream::auto(io::stderr().lock()), style(Severity::Warning));
    writeln!(err, "{style}warning{style:#}: {text}")
}

/// Prints why a command could not do its work to standard error.
pub(super) fn failure(error: &anyhow::Error) {
    // Where standard error is closed there is nobody left to tell.
    let _ = write_failure(&mut AutoStream::auto(io::stderr().lock()), error);
}

/// Writes why a command could not do its work.
pub(super) fn write_failure(out: &mut impl Write, error: &anyhow::Error) -> io::Result<()> {
    let (error_style, help_style) = (style(Severity::Error), style(Severity::Info));
    writeln!(out, "{error_style}error{error_style:#}: {}", shown(&error.to_string()))?;
    for cause in error.chain().skip(1) {
        writeln!(out, "  because: {cause}")?;
    }
    let Some(failure) = error.downcast_ref::<Failure>() else { return Ok(()) };
    if let Some(details) = &failure.details {
        for line in details.lines() {
            writeln!(out, "  | {}", visible(line))?;
        }
    }
    if let Some(help) = &failure.help {
        writeln!(out, "  {help_style}help{help_style:#}: {help}")?;
    }
    Ok(())
}

/// Returns a text of several lines without what a terminal would act on.
fn shown(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Returns a text of somebody else without secrets, and without what a terminal would act on.
fn printed(text: &str) -> String {
    visible(&redact(text)).into_owned()
}

/// Returns a number with its noun: `1 error`, `2 errors`.
pub(super) fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Returns a number with a comma before each three digits: `9,900`.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Returns the colour of a severity.
fn style(severity: Severity) -> anstyle::Style {
    let color = match severity {
        Severity::Error => anstyle::AnsiColor::Red,
        Severity::Warning => anstyle::AnsiColor::Yellow,
        Severity::Info => anstyle::AnsiColor::Cyan,
    };
    color.on_default().bold()
}

#[cfg(test)]
mod tests {
    use super::{Count, File, FileKind, Format, Report, Shown, Summary, number, plural};
    use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
    use crate::policy::Policy;
    use crate::source::Source;

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
            rules: policy.rules().collect(),
            accepted: 4,
            excepted: 1,
        };
        let mut out = Vec::new();
        report.write(&mut out, format, &Shown { max_per_rule: 1 }).unwrap();
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
    fn a_format_is_parsed_by_its_name() {
        assert_eq!("sarif".parse(), Ok(Format::Sarif));
        assert!("sarfi".parse::<Format>().is_err());
    }

    #[test]
    fn numbers_are_words() {
        assert_eq!(number(9_900), "9,900");
        assert_eq!(number(100), "100");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(plural(1, "error"), "1 error");
        assert_eq!(Count::default().to_string(), "no findings");
        assert_eq!(Count { errors: 2, warnings: 0, infos: 1 }.to_string(), "2 errors, 1 info");
    }
}
