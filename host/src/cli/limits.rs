//! What plugins may use: limits of all and of one, from the project file and the command line.

use toml::Value;

use super::args::PluginSources;
use super::project::Project;
use super::{Failure, report};
use crate::render::template;
use crate::text::{nearest, quote, visible};
use crate::wasm;

/// Holds every limit that was set, the weakest first.
#[derive(Debug, Default)]
pub(super) struct PluginLimits(Vec<Setting>);

#[derive(Debug)]
struct Setting {
    place: Place,
    /// The plugin that it is for; `None` for all.
    plugin: Option<String>,
    key: String,
    value: String,
}

/// Says where a limit was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    ProjectFile,
    CommandLine,
}

impl PluginLimits {
    /// Reads `[limits]` and `[limits.NAME]` of the project file, then `--limit KEY=VALUE` and `--limit NAME.KEY=VALUE`. In
    /// each, what is set for one plugin is stronger than what is set for all.
    pub fn of(project: &Project, sources: &PluginSources) -> anyhow::Result<Self> {
        let mut limits = Self::default();
        let project_file = |error: String| Failure::new(format!("[limits] of the project file: {error}"));
        for (key, value) in &project.settings.limits {
            if !value.is_table() {
                limits.add(Place::ProjectFile, None, key, &text(value)).map_err(project_file)?;
            }
        }
        for (plugin, table) in &project.settings.limits {
            for (key, value) in table.as_table().into_iter().flatten() {
                limits.add(Place::ProjectFile, Some(plugin), key, &text(value)).map_err(project_file)?;
            }
        }
        let command_line = |error: String| Failure::new(format!("--limit: {error}"));
        let (named, general): (Vec<_>, Vec<_>) = sources.limits.iter().partition(|(key, _)| key.contains('.'));
        for (key, value) in general {
            limits.add(Place::CommandLine, None, key, value).map_err(command_line)?;
        }
        for (key, value) in named {
            let (plugin, key) = key.rsplit_once('.').unwrap_or_default();
            limits.add(Place::CommandLine, Some(plugin), key, value).map_err(command_line)?;
        }
        Ok(limits)
    }

    /// Checks that the plugins are there that limits were set for. A project may have limits for a plugin that is not there
    /// at the moment: only what looks like a slip is told.
    pub fn check_names(&self, names: &[&str]) -> anyhow::Result<()> {
        for Setting { place, plugin, key, .. } in &self.0 {
            let Some(plugin) = plugin.as_deref().filter(|plugin| !names.contains(plugin)) else { continue };
            let meant = nearest(plugin, names.iter().copied());
            match (place, meant) {
                (Place::CommandLine, _) => {
                    let failure = Failure::new(format!("--limit {plugin}.{key}: there is no plugin {}", quote(plugin)));
                    return Err(failure
                        .help(match meant {
                            Some(meant) => format!("did you mean `{meant}`?"),
                            None => "`spec-engine plugins list` shows which there are".to_owned(),
                        })
                        .into());
                }
                (Place::ProjectFile, Some(meant)) => {
                    let section = visible(plugin);
                    report::warning(&format!("[limits.{section}] of the project file: did you mean `{meant}`?"))?;
                }
                (Place::ProjectFile, None) => {}
            }
        }
        Ok(())
    }

    /// Returns the limits of a component.
    pub fn component(&self, plugin: &str) -> wasm::Limits {
        let mut limits = wasm::Limits::default();
        for setting in self.settings_of(plugin) {
            // A key of templates is none of components; every value was read before.
            let _ = limits.set(&setting.key, &setting.value);
        }
        limits
    }

    /// Returns the limits of a template.
    pub fn template(&self, plugin: &str) -> template::Limits {
        let mut limits = template::Limits::default();
        for setting in self.settings_of(plugin) {
            // A key of components is none of templates; every value was read before.
            let _ = limits.set(&setting.key, &setting.value);
        }
        limits
    }

    fn settings_of<'s>(&'s self, plugin: &'s str) -> impl Iterator<Item = &'s Setting> {
        self.0.iter().filter(move |setting| setting.plugin.as_deref().is_none_or(|name| name == plugin))
    }

    fn add(&mut self, place: Place, plugin: Option<&str>, key: &str, value: &str) -> Result<(), String> {
        let (of_components, of_templates) = (wasm::Limits::KEYS, template::Limits::KEYS);
        if of_components.contains(&key) {
            wasm::Limits::default().set(key, value)?;
        } else if of_templates.contains(&key) {
            template::Limits::default().set(key, value)?;
        } else {
            let keys = || of_components.into_iter().chain(of_templates);
            let hint = nearest(key, keys()).map_or_else(
                || format!("the limits are {}", keys().collect::<Vec<_>>().join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            );
            return Err(format!("plugins have no limit {}; {hint}", quote(key)));
        }
        let plugin = plugin.map(str::to_owned);
        self.0.push(Setting { place, plugin, key: key.to_owned(), value: value.to_owned() });
        Ok(())
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::PluginLimits;
    use crate::cli::args::PluginSources;
    use crate::cli::project::Project;

    fn limits(project: &str, given: &[(&str, &str)]) -> anyhow::Result<PluginLimits> {
        let project = Project { settings: toml::from_str(project).unwrap(), ..Project::default() };
        let limits = given.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
        PluginLimits::of(&project, &PluginSources { limits, ..PluginSources::default() })
    }

    #[test]
    fn the_nearest_word_wins() {
        let project = "[limits]\nfuel = \"1M\"\nlog = 5\ntime = \"2s\"\n[limits.x]\nfuel = \"2M\"\nmemory = \"3M\"\n";
        let given = [("y.fuel", "7M"), ("memory", "4M"), ("x.time", "9s")];
        let limits = limits(project, &given).unwrap();
        let [x, y, z] = ["x", "y", "z"].map(|name| limits.component(name));
        assert_eq!([x.fuel, y.fuel, z.fuel], [2_000_000, 7_000_000, 1_000_000]);
        assert_eq!([x.memory, y.memory, x.log], [4 << 20, 4 << 20, 5]);
        assert_eq!([limits.template("x").time.as_secs(), limits.template("y").time.as_secs()], [9, 2]);
    }

    #[test]
    fn a_plugin_that_is_not_there_is_named() {
        let limits = limits("[limits.elsewhere]\nfuel = 1", &[("d3.fuel", "1")]).unwrap();
        let error = limits.check_names(&["d2", "mermaid"]).unwrap_err().to_string();
        assert_eq!(error, "--limit d3.fuel: there is no plugin `d3`");
        assert!(limits.check_names(&["d3"]).is_ok(), "a project may have limits for what is not there");
    }

    #[test]
    fn a_mistake_is_named() {
        for (project, given, said) in [
            (
                "[limits]\nfule = 1",
                ("log", "1"),
                "[limits] of the project file: plugins have no limit `fule`; did you mean `fuel`?",
            ),
            ("", ("x.memory", "much"), "--limit: the limit `memory` is a number above 0"),
            ("", ("x.ram", "1"), "the limits are fuel, "),
            ("[limits.x]\ntime = 0", ("log", "1"), "the limit `time` is a time above 0"),
        ] {
            let error = limits(project, &[given]).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
