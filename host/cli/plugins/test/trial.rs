//! A plugin on trial: what it makes of systems and settings.

use std::collections::HashSet;

use serde_json::Value;

use spec_engine::diagnostic::{Diagnostic, Severity};
use spec_engine::engine::Engine;
use spec_engine::graph::Graph;
use spec_engine::options;
use spec_engine::plugin::Abilities;
use spec_engine::policy::{Policy, Scope};
use spec_engine::registry::Plugin;
use spec_engine::render::Output;
use spec_engine::text::{plural, visible};

use super::fixtures::{self, Fixture};
use super::samples::{Sample, Samples};

/// What passed, or what failed.
pub(super) type Verdict = std::result::Result<String, String>;

/// A plugin on trial.
pub(super) struct Trial<'a> {
    pub engine: &'a Engine,
    pub plugin: &'a Plugin,
    /// What it draws and checks: the fixtures, then the samples that are documents.
    pub systems: Vec<Fixture>,
    /// What it imports: every sample, where it is an importer.
    pub imports: &'a [Sample],
}

impl<'a> Trial<'a> {
    /// Puts a plugin on trial, and says what is wrong with the samples that it should draw or check.
    pub fn new(
        engine: &'a Engine,
        plugin: &'a Plugin,
        abilities: Abilities,
        samples: &'a Samples,
    ) -> (Self, Option<String>) {
        let mut systems = fixtures::all();
        let mut wrong = None;
        if abilities.renders || abilities.has_rules {
            match samples.documents(engine) {
                Ok(documents) => systems.extend(documents),
                // What it imports need not be a document.
                Err(why) => wrong = Some(why).filter(|_| !abilities.imports),
            }
        }
        let imports = if abilities.imports { samples.all.as_slice() } else { &[] };
        (Self { engine, plugin, systems, imports }, wrong)
    }
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
        for fixture in &self.systems {
            let first = self.render(fixture)?;
            if first != self.render(fixture)? {
                return Err(format!("{}: two runs differ", fixture.name));
            }
            check_text(fixture, &first)?;
            names.push(fixture.name.as_ref());
        }
        Ok(format!("renders {} systems, twice the same: {}", names.len(), names.join(", ")))
    }

    /// Every value that an option names can be set, or is refused with a reason.
    pub fn settings(&self) -> Verdict {
        let fixture = fixtures::small();
        let (mut taken, mut refused) = (0, Vec::new());
        let properties = options::properties(&self.plugin.description().map_err(|error| error.to_string())?.options);
        for (name, property) in &properties {
            for value in values(property) {
                let shown = format!("--set {name}={value}");
                let output = self.output(&fixture, &[(name.clone(), value)]);
                let output = output.map_err(|fault| format!("{shown}: {fault}"))?;
                match self.refusal(&output) {
                    Some(why) => refused.push(format!("{shown} ({})", visible(&why.message))),
                    None => {
                        has_files(&fixture, &output).map_err(|fault| format!("{shown}: {fault}"))?;
                        taken += 1;
                    }
                }
            }
        }
        let refuses = match refused.len() {
            0 => String::new(),
            count => format!(", and refuses {}: {}", plural(count, "value"), refused.join(", ")),
        };
        let (taken, options) = (plural(taken, "setting"), plural(properties.len(), "option"));
        Ok(format!("takes {taken} of {options}{refuses}"))
    }

    /// Renders a system with the defaults, which has to make a file.
    pub fn render(&self, fixture: &Fixture) -> std::result::Result<Output, String> {
        let output = self.output(fixture, &[])?;
        has_files(fixture, &output)?;
        Ok(output)
    }

    /// What comes out of a system and settings.
    fn output(&self, fixture: &Fixture, settings: &[(String, Value)]) -> std::result::Result<Output, String> {
        let graph = Graph::of(&fixture.system);
        let asks = self.engine.plugins().asks_findings(self.plugin);
        let check = || Policy::built_in().check(Some(&fixture.system), Vec::new(), Scope::All).findings;
        let findings = if asks { check() } else { Vec::new() };
        self.engine.plugins().render(self.plugin, graph, settings, &findings).map_err(|error| {
            let details = error.details().map(|details| format!("\n{}", details.trim_end())).unwrap_or_default();
            format!("{}: {error}{details}", fixture.name)
        })
    }

    /// The error of the plugin's own that says why it made nothing.
    fn refusal<'o>(&self, output: &'o Output) -> Option<&'o Diagnostic> {
        // What the host says of a plugin that gives no reason.
        let no_reason = format!("{}/failed", self.plugin.name);
        let is_reason = |said: &&Diagnostic| said.severity == Severity::Error && said.rule.as_str() != no_reason;
        output.diagnostics.iter().find(is_reason)
    }
}

/// Checks that there are files: where there is an error as well, nobody gets to see them.
fn has_files(fixture: &Fixture, output: &Output) -> std::result::Result<(), String> {
    let error = output.diagnostics.iter().find(|said| said.severity == Severity::Error);
    match error.or(output.diagnostics.first()).map(|said| visible(&said.message)) {
        Some(why) if error.is_some() || output.artifacts.is_empty() => {
            Err(format!("{}: it made no file: {why}", fixture.name))
        }
        None if output.artifacts.is_empty() => Err(format!("{}: it made no file, and gives no reason", fixture.name)),
        Some(_) | None => Ok(()),
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
