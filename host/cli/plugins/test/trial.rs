//! A plugin on trial: what it makes of systems and settings.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use spec_engine::graph::Graph;
use spec_engine::options;
use spec_engine::registry::{Plugin, Registry};
use spec_engine::render::Output;
use spec_engine::text::visible;

use super::fixtures::{self, Fixture};

/// What passed, or what failed.
pub(super) type Verdict = std::result::Result<String, String>;

/// A plugin on trial.
pub(super) struct Trial<'a> {
    pub registry: &'a Registry,
    pub plugin: &'a Plugin,
}

impl Trial<'_> {
    /// It says the same of itself each time, and nothing that hides something.
    pub fn description(&self) -> Verdict {
        let description = self.plugin.description().map_err(|error| error.to_string())?;
        // Cargo writes the hyphens of a name as underscores.
        if description.name != self.plugin.name.replace('_', "-") {
            return Err(format!(
                "it calls itself `{}` and its file `{}`: users know it by its file",
                visible(&description.name),
                self.plugin.name
            ));
        }
        if description.summary.trim().is_empty() {
            return Err("it has no summary: `plugins list` has nothing to show".to_owned());
        }
        if let Ok(Some(component)) = self.plugin.component() {
            let again = component.describe().map_err(|error| error.to_string())?;
            let [first, second] = [description, &again].map(|one| serde_json::to_value(one).unwrap_or_default());
            if first != second {
                return Err("it describes itself differently the second time".to_owned());
            }
        }
        Ok("describes itself".to_owned())
    }

    /// Every system is drawn, and twice the same.
    pub fn systems(&self) -> Verdict {
        let mut names = Vec::new();
        for fixture in fixtures::all() {
            let first = self.render(&fixture, &[])?;
            if first != self.render(&fixture, &[])? {
                return Err(format!("{}: two runs differ", fixture.name));
            }
            check_text(&fixture, &first)?;
            names.push(fixture.name);
        }
        Ok(format!("renders {} systems, twice the same: {}", names.len(), names.join(", ")))
    }

    /// Every value that an option names can be set.
    pub fn settings(&self) -> Verdict {
        let fixture = fixtures::small();
        let mut count = 0;
        let properties = options::properties(&self.plugin.description().map_err(|error| error.to_string())?.options);
        for (name, property) in &properties {
            for value in values(property) {
                let shown = value.to_string();
                self.render(&fixture, &[(name.clone(), value)])
                    .map_err(|fault| format!("--set {name}={shown}: {fault}"))?;
                count += 1;
            }
        }
        Ok(format!("takes {count} settings of {} options", properties.len()))
    }

    /// Renders a system, which has to make a file.
    pub fn render(&self, fixture: &Fixture, settings: &[(String, Value)]) -> std::result::Result<Output, String> {
        let graph = Graph::of(&fixture.system);
        let output = self.registry.render(self.plugin, graph, settings, &[]).map_err(|error| {
            let details = error.details().map(|details| format!("\n{}", details.trim_end())).unwrap_or_default();
            format!("{}: {error}{details}", fixture.name)
        })?;
        if output.artifacts.is_empty() {
            let why = output.diagnostics.first().map_or("it gives no reason", |first| first.message.as_str());
            return Err(format!("{}: it made no file: {}", fixture.name, visible(why)));
        }
        Ok(output)
    }
}

/// Checks that what says it is text is text.
fn check_text(fixture: &Fixture, output: &Output) -> std::result::Result<(), String> {
    for artifact in &output.artifacts {
        let media_type = artifact.media_type.as_str();
        let is_text = media_type.starts_with("text/") || media_type.ends_with("json") || media_type.ends_with("xml");
        if is_text && std::str::from_utf8(&artifact.content).is_err() {
            return Err(format!("{}: {} is {media_type} and no UTF-8", fixture.name, artifact.path));
        }
    }
    Ok(())
}

/// The values to try of an option: all that it names, both ends of what it allows.
pub(super) fn values(property: &Value) -> Vec<Value> {
    let mut values: Vec<Value> = property["enum"].as_array().cloned().unwrap_or_default();
    if property["type"] == "boolean" {
        values.extend([true.into(), false.into()]);
    }
    values.extend(["minimum", "maximum", "default"].iter().filter_map(|word| property.get(*word).cloned()));
    let mut seen = HashSet::new();
    values.retain(|value| seen.insert(value.to_string()));
    values
}

/// A path as it is shown and stored: with forward slashes.
pub(super) fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
