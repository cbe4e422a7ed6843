//! `validate`: checks a document.

use std::collections::HashSet;
use std::io::Write as _;

use anstream::AutoStream;
use foldhash::fast::RandomState;
use serde_json::json;

use super::args::{Format, ValidateArguments};
use super::document::Document;
use super::{Outcome, report};
use crate::diagnostic::Severity;
use crate::model::System;
use crate::policy::{Policy, Scope};
use crate::rules::shorten;

/// Checks a document and prints what was found, or what was checked where nothing was found.
pub(super) fn run(arguments: &ValidateArguments) -> anyhow::Result<Outcome> {
    let document = Document::read(&arguments.document)?;
    let checked = document.check(&Policy::built_in(), Scope::All);
    let findings = &checked.findings;
    let size = checked.system.as_ref().map(Size::of).unwrap_or_default();
    let fails = findings.iter().any(|finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => arguments.strict,
        Severity::Info => false,
    });

    let mut out = AutoStream::auto(std::io::stdout().lock());
    let number = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let summary = json!({
        "name": checked.system.as_ref().map(|system| &system.name),
        "services": size.services,
        "connections": size.connections,
        "resources": size.resources,
        "deployments": size.deployments,
        "errors": number(Severity::Error),
        "warnings": number(Severity::Warning),
        "infos": number(Severity::Info),
    });
    report::print(&mut out, &document.source, findings, arguments.output, &summary)?;
    if arguments.output == Format::Pretty {
        let name = checked.system.as_ref().map(|system| shorten(&system.name)).unwrap_or_default();
        let verdict = if findings.is_empty() { "no findings".to_owned() } else { report::count(findings) };
        if checked.system.is_some() {
            writeln!(out, "{}: {name}, {size}: {verdict}", document.source.name())?;
        } else {
            writeln!(out, "{}: {verdict}", document.source.name())?;
        }
        if fails && !findings.iter().any(|finding| finding.severity == Severity::Error) {
            writeln!(out, "--strict: warnings fail, too")?;
        }
    }
    out.flush()?;
    // The process ends here: to free a large system piece by piece would only take time.
    std::mem::forget(checked);
    Ok(if fails { Outcome::Findings } else { Outcome::Clean })
}

/// Holds how much was checked.
#[derive(Default)]
struct Size {
    services: usize,
    connections: usize,
    resources: usize,
    deployments: usize,
}

impl Size {
    fn of(system: &System) -> Self {
        let bound = system.services.values().flat_map(|service| service.bindings.resources());
        let resources: HashSet<_, RandomState> =
            bound.map(|resource| (resource.kind.id_prefix, &resource.name)).collect();
        Self {
            services: system.services.len(),
            connections: system.services.values().map(|service| service.connections.len()).sum(),
            resources: resources.len(),
            deployments: system.helm().count() + system.terraform().count(),
        }
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&report::plural(self.services, "service"))?;
        for (number, noun) in
            [(self.connections, "connection"), (self.resources, "resource"), (self.deployments, "deployment")]
        {
            write!(f, ", {}", report::plural(number, noun))?;
        }
        Ok(())
    }
}
