//! `render`: draws a document.

use serde_json::Value;

use super::args::RenderArguments;
use super::document::Document;
use super::{Failure, Outcome, discover, output, report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::Graph;
use crate::render::RenderError;

/// Draws a document and writes what came out.
pub(super) fn run(arguments: &RenderArguments) -> anyhow::Result<Outcome> {
    let document = Document::read(&arguments.document)?;
    let asked = arguments.plugin.as_deref().or(document.project.settings.plugin.as_deref());
    let Some(asked) = asked else {
        let help = "name one: --plugin d2; `spec-engine plugins list` shows what there is";
        return Err(Failure::new("no plugin to render with").help(help).into());
    };
    let (registry, name) = discover::registry(&arguments.plugins, &document.project, Some(asked))?;
    let name = name.unwrap_or_default();
    let entry = registry.find(&name).map_err(Failure::from)?;

    let Some(system) = document.system(arguments.allow_errors)? else { return Ok(Outcome::Findings) };
    let settings = settings(arguments, &document, &name);
    let rendered = registry.render(entry, Graph::of(&system), &settings).map_err(Failure::from)?;
    report_diagnostics(&document, rendered.diagnostics.clone())?;
    if rendered.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Ok(Outcome::Findings);
    }
    output::artifacts(&rendered.artifacts, arguments.out.as_deref())?;
    // The process ends here: to free a large system piece by piece would only take time.
    std::mem::forget(system);
    Ok(Outcome::Clean)
}

/// Returns what the user set, the weakest first: the project file, then the command line in its order.
fn settings(arguments: &RenderArguments, document: &Document, name: &str) -> Vec<(String, Value)> {
    let project = document.project.settings.options.get(name).into_iter().flatten();
    let project = project.map(|(key, value)| (key.clone(), value.clone()));
    let group_by = arguments.group_by.iter().map(|word| ("group-by".to_owned(), word.as_str().into()));
    let given = arguments.settings.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
    project.chain(group_by).chain(given).collect()
}

fn report_diagnostics(document: &Document, mut diagnostics: Vec<Diagnostic>) -> anyhow::Result<()> {
    report::sort(&document.source, &mut diagnostics);
    report::to_stderr(&document.source, &diagnostics)?;
    Ok(())
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self { message: error.message, help: error.help, details: error.details }
    }
}
