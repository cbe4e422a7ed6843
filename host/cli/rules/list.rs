//! `rules list`: every rule, its severity, and where it comes from.

use std::io::Write as _;

use clap::Args;
use serde::Serialize;

use spec_engine::engine::RuleFile;
use spec_engine::text::visible;

use super::project::{engine, severity, show_broken};
use crate::arguments::{RuleArguments, TextOrJson};
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::output;

/// List every rule, its severity, and where it comes from.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: TextOrJson,
    #[command(flatten)]
    rules: RuleArguments,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    severity: &'static str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shadows: Vec<String>,
}

/// Prints the list.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let engine = engine(&arguments.rules)?;
    let rules = engine.rules()?;
    let row = |configured: &'_ spec_engine::policy::ConfiguredRule| {
        let id = configured.rule.id();
        let files = || rules.files.iter().filter(|file| file.rule == id);
        let path = |file: &RuleFile| file.path.display().to_string();
        (
            severity(configured),
            files().find(|file| file.shadowed_by.is_none()).map(path),
            files().filter(|file| file.shadowed_by.is_some()).map(path).collect(),
        )
    };
    let rows: Vec<Row<'_>> = rules
        .policy
        .rules()
        .map(|configured| {
            let (severity, script, shadows) = row(configured);
            let rule = &configured.rule;
            Row { id: rule.id(), severity, summary: rule.summary(), tags: rule.tags(), script, shadows }
        })
        .collect();
    match arguments.output {
        TextOrJson::Json => output::json(&rows)?,
        TextOrJson::Text => {
            let mut out = std::io::stdout().lock();
            let width = rows.iter().map(|row| row.id.len()).max().unwrap_or_default();
            for row in &rows {
                write!(out, "{:<width$}  {:<7}  {}", row.id, row.severity, visible(row.summary))?;
                if let Some(script) = &row.script {
                    write!(out, " ({})", visible(script))?;
                }
                if !row.tags.is_empty() {
                    write!(out, " [{}]", visible(&row.tags.join(", ")))?;
                }
                if !row.shadows.is_empty() {
                    write!(out, ", shadows {}", visible(&row.shadows.join(", ")))?;
                }
                writeln!(out)?;
            }
        }
    }
    show_broken(&engine)
}
