//! The rules of the project of this folder.

use std::path::Path;

use spec_engine::diagnostic::Diagnostic;
use spec_engine::engine::Engine;
use spec_engine::policy::ConfiguredRule;
use spec_engine::project::Project;

use crate::arguments::RuleArguments;
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::{report, session};

/// The word for the severity of a rule in this project.
pub(super) fn severity(configured: &ConfiguredRule) -> &'static str {
    configured.severity.map_or("off", |severity| severity.as_str())
}

/// The engine of a project here.
pub(super) fn engine(rules: &RuleArguments) -> Result<Engine> {
    session::build(rules.engine(Project::find(Path::new("."))?))
}

/// Shows the rules and settings that cannot be used.
pub(super) fn show_broken(engine: &Engine) -> Result<Outcome> {
    let run = engine.check_run()?;
    for (source, findings) in report::project_findings(run.project_findings()) {
        let findings: Vec<Diagnostic> =
            findings.into_iter().filter(|finding| finding.rule.as_str() != "expired-exception").collect();
        report::to_stderr(&source, &findings)?;
    }
    Ok(if run.is_incomplete() { Outcome::Incomplete } else { Outcome::Clean })
}
