//! `rules`: shows the rules, writes new ones and tests them.

mod new;
mod test;

use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;

use serde::Serialize;

use super::args::{RuleSources, RulesArguments, RulesCommand, TextOrJson};
use super::checker::Checker;
use super::project::Project;
use super::{Failure, Outcome, output, report};
use crate::diagnostic::Diagnostic;
use crate::policy::Held;
use crate::rules::Param;
use crate::text::visible;

/// Runs a subcommand of `rules`.
pub(super) fn run(arguments: &RulesArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        RulesCommand::List { output, sources } => list(*output, sources),
        RulesCommand::Explain { rule, sources } => explain(rule, sources),
        RulesCommand::New { id, folder } => new::run(id, folder.as_deref()),
        RulesCommand::Test { paths, limits } => test::run(paths, limits),
    }
}

fn list(format: TextOrJson, sources: &RuleSources) -> anyhow::Result<Outcome> {
    #[derive(Serialize)]
    struct Row<'a> {
        id: &'a str,
        severity: &'static str,
        summary: &'a str,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        tags: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        script: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        shadows: Vec<String>,
    }
    let checker = checker(sources)?;
    let rows: Vec<Row<'_>> = checker
        .policy
        .rules()
        .map(|held| {
            let id = held.rule.id();
            let scripts = || checker.scripts.iter().filter(|script| script.rule == id);
            let path = |script: &super::checker::Scripted| script.path.display().to_string();
            Row {
                id,
                severity: severity(held),
                summary: held.rule.summary(),
                tags: held.rule.tags(),
                script: scripts().find(|script| script.shadowed_by.is_none()).map(path),
                shadows: scripts().filter(|script| script.shadowed_by.is_some()).map(path).collect(),
            }
        })
        .collect();
    match format {
        TextOrJson::Json => output::json(&rows)?,
        TextOrJson::Text => {
            let mut out = std::io::stdout().lock();
            let width = rows.iter().map(|row| row.id.len()).max().unwrap_or_default();
            for row in &rows {
                write!(out, "{:<width$}  {:<7}  {}", row.id, row.severity, visible(row.summary))?;
                if let Some(script) = &row.script {
                    write!(out, " ({})", visible(script))?;
                }
                if !row.shadows.is_empty() {
                    write!(out, ", shadows {}", visible(&row.shadows.join(", ")))?;
                }
                writeln!(out)?;
            }
        }
    }
    complete(&checker)
}

fn explain(id: &str, sources: &RuleSources) -> anyhow::Result<Outcome> {
    let checker = checker(sources)?;
    let Some(held) = checker.policy.find(id) else {
        let error = checker.policy.unknown(id);
        let failure = Failure::new(error.message);
        return Err(match error.help {
            Some(help) => failure.help(help).into(),
            None => failure.into(),
        });
    };
    let mut out = std::io::stdout().lock();
    let usual = held.rule.severity();
    let changed = if held.severity == Some(usual) { String::new() } else { format!("; here: {}", severity(held)) };
    writeln!(out, "# {id} ({usual}{changed})\n")?;
    for line in held.rule.docs().lines() {
        writeln!(out, "{}", visible(line))?;
    }
    if !held.rule.params().is_empty() {
        writeln!(out, "\n## Parameters")?;
    }
    for param in held.rule.params() {
        parameter(&mut out, param, held)?;
    }
    if !held.rule.is_fixed() {
        writeln!(out, "\n## Change it in spec-engine.toml\n```toml\n[rules]")?;
        let params = held.rule.params().iter().map(|param| format!(", {} = {}", param.name, param.default.to_json()));
        let params: String = params.collect();
        let key = if id.contains('/') { format!("\"{id}\"") } else { id.to_owned() };
        match params.as_str() {
            "" => writeln!(out, "{key} = \"{usual}\"  # or error, warning, info, off")?,
            params => writeln!(out, "{key} = {{ severity = \"{usual}\"{params} }}")?,
        }
        writeln!(out, "```")?;
    }
    Ok(Outcome::Clean)
}

fn parameter(out: &mut impl std::io::Write, param: &Param, held: &Held) -> std::io::Result<()> {
    let (name, default) = (param.name.as_ref(), param.default.to_json());
    let summary = if param.summary.is_empty() { String::new() } else { format!(": {}", visible(&param.summary)) };
    write!(out, "- `{name}` ({}, {default}){summary}", param.default.type_name())?;
    match held.params.iter().find(|(other, value)| *other == name && **value != param.default) {
        Some((_, value)) => writeln!(out, "; here: {}", value.to_json()),
        None => writeln!(out),
    }
}

/// Returns the word for how bad the fault of a rule is in this project.
fn severity(held: &Held) -> &'static str {
    held.severity.map_or("off", |severity| severity.as_str())
}

/// Returns what a document here is checked with.
fn checker(sources: &RuleSources) -> anyhow::Result<Checker> {
    Checker::for_validation(&Rc::new(Project::find(Path::new("."))?), sources)
}

/// Shows the rules and settings that cannot be used.
fn complete(checker: &Checker) -> anyhow::Result<Outcome> {
    for (source, findings) in checker.review() {
        let findings: Vec<Diagnostic> =
            findings.into_iter().filter(|finding| finding.rule.as_str() != "expired-exception").collect();
        report::to_stderr(&source, &findings)?;
    }
    Ok(if checker.is_incomplete() { Outcome::Incomplete } else { Outcome::Clean })
}
