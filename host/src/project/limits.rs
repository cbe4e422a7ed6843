//! The limits of plugins and scripts, from the project file and from the caller.

use serde_json::Value as Json;
use toml::Value;

use super::Settings;
use crate::limits::{ComponentLimits, LimitError, LimitTable, ScriptLimits, TemplateLimits};
use crate::text::{nearest, quote};

/// Every limit of plugins that was set, the weakest first.
#[derive(Debug, Default)]
pub struct PluginLimits(Vec<Setting>);

#[derive(Debug)]
struct Setting {
    place: Place,
    /// The plugin that it is for; `None` for all.
    plugin: Option<String>,
    key: String,
    value: String,
}

/// Where a limit was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    ProjectFile,
    Caller,
}

/// A limit that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitSettingError {
    /// In `[limits]` of the project file.
    #[error("[limits] of the project file: {0}")]
    ProjectFile(LimitError),
    /// In `[rule-limits]` of the project file.
    #[error("[rule-limits] of the project file: {0}")]
    ProjectFileScripts(LimitError),
    /// A limit of plugins that the caller set.
    #[error("{0}")]
    Caller(LimitError),
    /// A limit of scripted rules that the caller set.
    #[error("{0}")]
    CallerScripts(LimitError),
    /// A limit that the caller set for a plugin that does not exist.
    #[error("limit {key}: there is no plugin {}", quote(.owner.plugin.as_str()))]
    UnknownPlugin {
        /// The key, with the name of the plugin.
        key: String,
        /// The plugin.
        owner: UnknownLimitOwner,
    },
}

/// A plugin that a limit was set for, and that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLimitOwner {
    /// The name of the plugin.
    pub plugin: String,
    /// The name that may be meant.
    pub suggestion: Option<String>,
}

impl PluginLimits {
    /// Reads `[limits]` and `[limits.NAME]` of the project file, then the caller's `KEY=VALUE` and `NAME.KEY=VALUE`. In
    /// each, what is set for one plugin is stronger than what is set for all.
    ///
    /// # Errors
    /// The first limit that cannot be set.
    pub fn read(settings: &Settings, given: &[(String, String)]) -> Result<Self, LimitSettingError> {
        let mut limits = Self::default();
        for (key, value) in &settings.limits {
            if !value.is_table() {
                limits.add(Place::ProjectFile, None, key, &text(value)).map_err(LimitSettingError::ProjectFile)?;
            }
        }
        for (plugin, table) in &settings.limits {
            for (key, value) in table.as_table().into_iter().flatten() {
                let added = limits.add(Place::ProjectFile, Some(plugin), key, &text(value));
                added.map_err(LimitSettingError::ProjectFile)?;
            }
        }
        let (named, general): (Vec<_>, Vec<_>) = given.iter().partition(|(key, _)| key.contains('.'));
        for (key, value) in general {
            limits.add(Place::Caller, None, key, value).map_err(LimitSettingError::Caller)?;
        }
        for (key, value) in named {
            let (plugin, key) = key.rsplit_once('.').unwrap_or_default();
            limits.add(Place::Caller, Some(plugin), key, value).map_err(LimitSettingError::Caller)?;
        }
        Ok(limits)
    }

    /// Checks that the plugins exist that limits were set for. A project may have limits for a plugin that is not there
    /// at the moment: of these, only what looks like a slip is returned, for a warning.
    ///
    /// # Errors
    /// The caller set a limit for a plugin that does not exist.
    pub fn check_names(&self, names: &[&str]) -> Result<Vec<UnknownLimitOwner>, LimitSettingError> {
        let mut slips = Vec::new();
        for Setting { place, plugin, key, .. } in &self.0 {
            let Some(plugin) = plugin.as_deref().filter(|plugin| !names.contains(plugin)) else { continue };
            let suggestion = nearest(plugin, names.iter().copied()).map(str::to_owned);
            let owner = UnknownLimitOwner { plugin: plugin.to_owned(), suggestion };
            match place {
                Place::Caller => {
                    return Err(LimitSettingError::UnknownPlugin { key: format!("{plugin}.{key}"), owner });
                }
                Place::ProjectFile if owner.suggestion.is_some() && !slips.contains(&owner) => slips.push(owner),
                Place::ProjectFile => {}
            }
        }
        Ok(slips)
    }

    /// The limits of a component.
    pub fn component(&self, plugin: &str) -> ComponentLimits {
        self.of(plugin)
    }

    /// The limits of a template.
    pub fn template(&self, plugin: &str) -> TemplateLimits {
        self.of(plugin)
    }

    fn of<T: LimitTable>(&self, plugin: &str) -> T {
        let mut limits = T::default();
        for setting in self.0.iter().filter(|setting| setting.plugin.as_deref().is_none_or(|name| name == plugin)) {
            // A key of another table is none of this one; every value was read before.
            let _ = limits.set(&setting.key, &setting.value);
        }
        limits
    }

    fn add(&mut self, place: Place, plugin: Option<&str>, key: &str, value: &str) -> Result<(), LimitError> {
        if ComponentLimits::ROWS.iter().any(|limit| limit.key == key) {
            ComponentLimits::default().set(key, value)?;
        } else if TemplateLimits::ROWS.iter().any(|limit| limit.key == key) {
            TemplateLimits::default().set(key, value)?;
        } else {
            return Err(LimitError::unknown(key, "plugins", ComponentLimits::ROWS.iter().chain(TemplateLimits::ROWS)));
        }
        let plugin = plugin.map(str::to_owned);
        self.0.push(Setting { place, plugin, key: key.to_owned(), value: value.to_owned() });
        Ok(())
    }
}

/// The limits of scripted rules: the project file's, then the caller's.
///
/// # Errors
/// The first limit that cannot be set.
pub fn script_limits(settings: &Settings, given: &[(String, String)]) -> Result<ScriptLimits, LimitSettingError> {
    let mut limits = ScriptLimits::default();
    for (key, value) in &settings.rule_limits {
        let value = match value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        limits.set(key, &value).map_err(LimitSettingError::ProjectFileScripts)?;
    }
    for (key, value) in given {
        limits.set(key, value).map_err(LimitSettingError::CallerScripts)?;
    }
    Ok(limits)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
