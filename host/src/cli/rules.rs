//! `rules`: shows the rules.

use std::io::Write as _;

use serde::Serialize;

use super::args::{RulesArguments, RulesCommand, TextOrJson};
use super::{Failure, Outcome, output};
use crate::diagnostic::Severity;
use crate::rules::{RULES, Rule as _, find, nearest};

/// Runs a subcommand of `rules`.
pub(super) fn run(arguments: &RulesArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        RulesCommand::List { output } => list(*output),
        RulesCommand::Explain { rule } => explain(rule),
    }
}

fn list(format: TextOrJson) -> anyhow::Result<Outcome> {
    #[derive(Serialize)]
    struct Row {
        id: &'static str,
        severity: Severity,
        summary: &'static str,
    }
    let rows = RULES.iter().map(|registered| {
        let rule = registered.rule;
        Row { id: rule.id, severity: rule.severity, summary: rule.summary }
    });
    match format {
        TextOrJson::Json => output::json(&rows.collect::<Vec<_>>())?,
        TextOrJson::Text => {
            let mut out = std::io::stdout().lock();
            for row in rows {
                writeln!(out, "{:<28} {:<8} {}", row.id, row.severity.as_str(), row.summary)?;
            }
        }
    }
    Ok(Outcome::Clean)
}

fn explain(id: &str) -> anyhow::Result<Outcome> {
    let Some(registered) = find(id) else {
        let meant = nearest(id, RULES.iter().map(|registered| registered.rule.id));
        let help =
            meant.map_or_else(|| "see `spec-engine rules list`".to_owned(), |id| format!("did you mean `{id}`?"));
        return Err(Failure::new(format!("there is no rule `{id}`")).help(help).into());
    };
    let rule = registered.rule;
    writeln!(std::io::stdout(), "# {} ({})\n\n{}", rule.id, rule.severity, registered.docs())?;
    Ok(Outcome::Clean)
}
