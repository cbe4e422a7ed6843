//! Findings for people: each with an excerpt, then what was checked.

use std::io::{self, Write};

use indexmap::IndexMap;

use super::contents::{Count, Report, ReportLimits, printed};
use super::excerpt;
use spec_engine::text::{number, plural};

/// Writes the findings, a line a document, and a line for all documents if there are several.
pub(super) fn write(out: &mut impl Write, report: &Report<'_>, options: &ReportLimits) -> io::Result<()> {
    let most = if options.max_per_rule == 0 { usize::MAX } else { options.max_per_rule };
    let mut found: IndexMap<&str, usize> = IndexMap::new();
    for file in &report.files {
        let mut shown = Vec::new();
        for finding in file.findings {
            let found = found.entry(finding.rule.as_str()).or_default();
            *found += 1;
            if *found <= most {
                shown.push(finding);
            }
        }
        excerpt::write(out, file.source, shown)?;
    }
    found.retain(|_, found| *found > most);
    for (rule, found) in &found {
        writeln!(out, "… and {} more of {} (--max-per-rule 0 shows all)", number(found - most), printed(rule))?;
    }
    if !found.is_empty() {
        writeln!(out)?;
    }
    for file in &report.files {
        let (name, verdict) = (printed(file.source.name()), Count::of(file.findings));
        match &file.summary {
            Some(summary) => writeln!(out, "{name}: {summary}: {verdict}")?,
            None => writeln!(out, "{name}: {verdict}")?,
        }
    }
    if report.documents() > 1 {
        writeln!(out, "{}: {}", plural(report.documents(), "document"), report.count())?;
    }
    if !report.others.is_empty() {
        let others = plural(report.others.len(), "other .json file");
        writeln!(out, "{others} without `services` not checked; --output json lists them")?;
    }
    let accepted = [(report.accepted, "accepted by the baseline"), (report.excepted, "excepted by the project")];
    for (accepted, how) in accepted.into_iter().filter(|&(accepted, _)| accepted > 0) {
        writeln!(out, "{} {how}", plural(accepted, "finding"))?;
    }
    Ok(())
}
