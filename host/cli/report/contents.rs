//! What a report is made of: files with their findings, and how many there are.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use foldhash::fast::RandomState;
use serde::Serialize;

use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::finding::{Finding, locate};
use spec_engine::model::System;
use spec_engine::policy::ConfiguredRule;
use spec_engine::source::Source;
use spec_engine::text::{plural, redact, shorten, visible};

use crate::failure::help;

/// What a run found.
pub(crate) struct Report<'a> {
    /// The documents first, then other files that have findings: scripts, the project file.
    pub files: Vec<File<'a>>,
    /// The JSON files of the folders of the run that are no documents.
    pub others: &'a [PathBuf],
    /// The rules that there are, for the formats that describe them.
    pub rules: Vec<&'a ConfiguredRule>,
    /// The findings that the baseline accepts, and that are not shown.
    pub accepted: usize,
    /// The findings that the project makes an exception of, and that are not shown.
    pub excepted: usize,
}

/// The findings in one file.
pub(crate) struct File<'a> {
    /// The file.
    pub source: &'a Source,
    /// What was found, in the order of the file.
    pub findings: &'a [Diagnostic],
    /// What is in it, of a document that could be read.
    pub summary: Option<Summary>,
    /// What it is.
    pub kind: FileKind,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileKind {
    /// A document, which the run is about.
    Document,
    /// A rule of the project: a script, or a component.
    Script,
    /// The project file.
    Project,
}

/// How much is in a document.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Summary {
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

/// How much of a report people are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReportLimits {
    /// The findings of one rule; 0 for all.
    pub max_per_rule: usize,
}

impl Report<'_> {
    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.files.iter().filter(|file| file.kind == FileKind::Document).count()
    }

    /// How many findings there are.
    pub fn count(&self) -> Count {
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

/// How many findings there are. In words: `2 errors, 1 warning`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
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

/// The findings of one file with their places, worded for the command line.
pub(super) fn located<'a, I>(source: &'a Source, findings: I) -> Vec<Finding<'a>>
where
    I: IntoIterator<Item = &'a Diagnostic>,
    I::IntoIter: Clone,
{
    locate(source, findings, help)
}

/// A text of somebody else without secrets, and without what a terminal would act on.
pub(super) fn printed(text: &str) -> String {
    visible(&redact(text)).into_owned()
}
