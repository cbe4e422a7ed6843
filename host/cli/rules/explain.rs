//! `rules explain`: what a rule finds, why, and what a project can decide.

use std::io::Write;

use clap::Args;

use spec_engine::policy::ConfiguredRule;
use spec_engine::rules::Param;
use spec_engine::text::visible;

use super::project::{engine, severity};
use crate::outcome::Outcome;
use crate::arguments::RuleArguments;
use crate::failure::Result;

/// Explain a rule: what it finds, why, what to write instead, and what a project can decide.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The rule's id, as findings show it in brackets.
    rule: String,
    #[command(flatten)]
    rules: RuleArguments,
}

/// Prints the explanation.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let engine = engine(&arguments.rules)?;
    let (policy, id) = (&engine.rules()?.policy, arguments.rule.as_str());
    let Some(configured) = policy.find(id) else { return Err(policy.unknown(id).into()) };
    let mut out = std::io::stdout().lock();
    let usual = configured.rule.severity();
    let is_usual = configured.severity == Some(usual);
    let changed = if is_usual { String::new() } else { format!("; here: {}", severity(configured)) };
    writeln!(out, "# {id} ({usual}{changed})\n")?;
    let tags = configured.rule.tags();
    if !tags.is_empty() {
        writeln!(out, "Tags: {}\n", visible(&tags.join(", ")))?;
    }
    for line in configured.rule.docs().lines() {
        writeln!(out, "{}", visible(line))?;
    }
    let params = configured.rule.params();
    if !params.is_empty() {
        writeln!(out, "\n## Parameters")?;
    }
    for param in params {
        parameter(&mut out, param, configured)?;
    }
    if !configured.rule.is_fixed() {
        writeln!(out, "\n## Change it in spec-engine.toml\n```toml\n[rules]")?;
        let params: String =
            params.iter().map(|param| format!(", {} = {}", param.name, param.default.to_json())).collect();
        let key = if id.contains('/') { format!("\"{id}\"") } else { id.to_owned() };
        match params.as_str() {
            "" => writeln!(out, "{key} = \"{usual}\"  # or error, warning, info, off")?,
            params => writeln!(out, "{key} = {{ severity = \"{usual}\"{params} }}")?,
        }
        writeln!(out, "```")?;
    }
    Ok(Outcome::Clean)
}

fn parameter(out: &mut impl Write, param: &Param, configured: &ConfiguredRule) -> std::io::Result<()> {
    let (name, default) = (param.name.as_ref(), param.default.to_json());
    let summary = if param.summary.is_empty() { String::new() } else { format!(": {}", visible(&param.summary)) };
    write!(out, "- `{name}` ({}, {default}){summary}", param.default.type_name())?;
    match configured.params.iter().find(|(other, value)| *other == name && **value != param.default) {
        Some((_, value)) => writeln!(out, "; here: {}", value.to_json()),
        None => writeln!(out),
    }
}
