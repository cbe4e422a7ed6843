//! The limits of plugins and scripts, from the user, from the project file and from the caller. A project lowers limits,
//! and cannot raise them: whoever wrote it need not be who runs it.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;
use toml::Value;

use super::{MAX_BYTES, Settings};
use crate::file;
use crate::limits::{ComponentLimits, Limit, LimitError, LimitTable, ScriptLimits, TemplateLimits};
use crate::text::{nearest, quote};

/// The name of the user's own limits, in the folder of the user's configuration.
pub const USER_LIMITS: &str = "limits.toml";

/// The limits of a user: the most that a project may use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UserLimits {
    /// As `[limits]` of a project file.
    #[serde(default)]
    limits: toml::Table,
    /// As `[rule-limits]` of a project file.
    #[serde(default)]
    rule_limits: toml::Table,
}

/// Every limit of plugins that was set, the weakest first.
#[derive(Debug, Default)]
pub struct PluginLimits {
    set: Vec<Setting>,
    /// Limits of scripts of the project file that do not count.
    raised_of_scripts: Vec<RaisedLimit>,
}

#[derive(Debug)]
struct Setting {
    place: Place,
    /// The plugin that it is for; `None` for all.
    plugin: Option<String>,
    key: String,
    value: String,
}

/// Where a limit was set, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    User,
    ProjectFile,
    Caller,
}

/// A limit of a project file that is above the user's, and does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedLimit {
    /// The section that it stands in: `limits`, `limits.d2`, `rule-limits`.
    pub section: String,
    /// The plugin that it is for; `None` for all.
    pub plugin: Option<String>,
    /// Its key.
    pub key: &'static str,
    /// What the project asks for, as it is written.
    pub asked: String,
    /// What the user allows, as it is written.
    pub allowed: String,
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
    /// In `[limits]` of the user's own limits.
    #[error("[limits] of your limits.toml: {0}")]
    User(LimitError),
    /// In `[rule-limits]` of the user's own limits.
    #[error("[rule-limits] of your limits.toml: {0}")]
    UserScripts(LimitError),
    /// The user's own limits cannot be read.
    #[error("cannot read {path}: {reason}")]
    UserFile {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
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

impl UserLimits {
    /// Reads those in the folder of the user's configuration; none where there is no file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(folder: &Path) -> Result<Self, LimitSettingError> {
        let path = folder.join(USER_LIMITS);
        let wrong = |reason: String| LimitSettingError::UserFile { path: path.display().to_string(), reason };
        match file::read_text(&path, MAX_BYTES) {
            Ok(text) => toml::from_str(&text).map_err(|error| wrong(error.to_string().trim_end().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(wrong(error.to_string())),
        }
    }
}

impl PluginLimits {
    /// Reads the user's limits, `[limits]` and `[limits.NAME]` of the project file, then the caller's `KEY=VALUE` and
    /// `NAME.KEY=VALUE`. In each, what is set for one plugin is stronger than what is set for all.
    ///
    /// # Errors
    /// The first limit that cannot be set.
    pub fn read(settings: &Settings, user: &UserLimits, given: &[(String, String)]) -> Result<Self, LimitSettingError> {
        let mut limits = Self::default();
        limits.add_table(Place::User, &user.limits).map_err(LimitSettingError::User)?;
        limits.add_table(Place::ProjectFile, &settings.limits).map_err(LimitSettingError::ProjectFile)?;
        let (named, general): (Vec<_>, Vec<_>) = given.iter().partition(|(key, _)| key.contains('.'));
        for (key, value) in general {
            limits.add(Place::Caller, None, key, value).map_err(LimitSettingError::Caller)?;
        }
        for (key, value) in named {
            let (plugin, key) = key.rsplit_once('.').unwrap_or_default();
            limits.add(Place::Caller, Some(plugin), key, value).map_err(LimitSettingError::Caller)?;
        }
        let (asked, allowed) = scripts_of_project(settings, user)?;
        limits.raised_of_scripts = above(asked, &allowed)
            .map(|(key, asked, allowed)| RaisedLimit {
                section: "rule-limits".to_owned(),
                plugin: None,
                key,
                asked,
                allowed,
            })
            .collect();
        Ok(limits)
    }

    /// Checks that the plugins exist that limits were set for. A project may have limits for a plugin that is not there
    /// at the moment: of these, only what looks like a slip is returned, for a warning.
    ///
    /// # Errors
    /// The caller set a limit for a plugin that does not exist.
    pub fn check_names(&self, names: &[&str]) -> Result<Vec<UnknownLimitOwner>, LimitSettingError> {
        let mut slips = Vec::new();
        for Setting { place, plugin, key, .. } in &self.set {
            let Some(plugin) = plugin.as_deref().filter(|plugin| !names.contains(plugin)) else { continue };
            let suggestion = nearest(plugin, names.iter().copied()).map(str::to_owned);
            let owner = UnknownLimitOwner { plugin: plugin.to_owned(), suggestion };
            match place {
                Place::Caller => {
                    return Err(LimitSettingError::UnknownPlugin { key: format!("{plugin}.{key}"), owner });
                }
                Place::ProjectFile if owner.suggestion.is_some() && !slips.contains(&owner) => slips.push(owner),
                Place::ProjectFile | Place::User => {}
            }
        }
        Ok(slips)
    }

    /// The limits of the project file that are above the user's, and that the caller does not set.
    pub fn raised(&self) -> Vec<RaisedLimit> {
        let of_project = self.set.iter().filter(|setting| setting.place == Place::ProjectFile);
        let mut sections: Vec<Option<&str>> = of_project.map(|setting| setting.plugin.as_deref()).collect();
        sections.sort_unstable();
        sections.dedup();
        let mut raised = Vec::new();
        for plugin in sections {
            let section = plugin.map_or_else(|| "limits".to_owned(), |plugin| format!("limits.{plugin}"));
            let mut of_section = self.raised_in::<ComponentLimits>(plugin);
            // A limit that both have is told once: a component gets no more than a template.
            let of_templates = self.raised_in::<TemplateLimits>(plugin);
            let is_told = |key: &str| of_section.iter().any(|(told, ..)| *told == key);
            let others: Vec<_> = of_templates.into_iter().filter(|(key, ..)| !is_told(key)).collect();
            of_section.extend(others);
            raised.extend(of_section.into_iter().map(|(key, asked, allowed)| RaisedLimit {
                section: section.clone(),
                plugin: plugin.map(str::to_owned),
                key,
                asked,
                allowed,
            }));
        }
        raised.extend(self.raised_of_scripts.iter().cloned());
        raised
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
        let counts = |setting: &Setting| setting.plugin.as_deref().is_none_or(|name| name == plugin);
        let mut limits = T::default();
        self.apply(&mut limits, Place::User, counts);
        let allowed = allowed_values(&mut limits);
        self.apply(&mut limits, Place::ProjectFile, counts);
        for (limit, allowed) in T::ROWS.iter().zip(allowed) {
            let value = value(&mut limits, limit);
            *value = allowed.min(*value);
        }
        self.apply(&mut limits, Place::Caller, counts);
        limits
    }

    /// What a section of the project file asks for above what the user allows: key, asked, allowed.
    fn raised_in<T: LimitTable>(&self, plugin: Option<&str>) -> Vec<(&'static str, String, String)> {
        let for_all = |setting: &Setting| setting.plugin.is_none() || setting.plugin.as_deref() == plugin;
        let (mut asked, mut allowed) = (T::default(), T::default());
        self.apply(&mut allowed, Place::User, for_all);
        self.apply(&mut asked, Place::User, for_all);
        self.apply(&mut asked, Place::ProjectFile, |setting| setting.plugin.as_deref() == plugin);
        let is_given = |key: &str| {
            self.set.iter().any(|setting| setting.place == Place::Caller && setting.key == key && for_all(setting))
        };
        above(asked, &allowed_values(&mut allowed)).filter(|(key, ..)| !is_given(key)).collect()
    }

    fn apply<T: LimitTable>(&self, limits: &mut T, place: Place, counts: impl Fn(&Setting) -> bool) {
        for setting in self.set.iter().filter(|setting| setting.place == place && counts(setting)) {
            // A key of another table is none of this one; every value was read before.
            let _ = limits.set(&setting.key, &setting.value);
        }
    }

    fn add_table(&mut self, place: Place, table: &toml::Table) -> Result<(), LimitError> {
        for (key, value) in table.iter().filter(|(_, value)| !value.is_table()) {
            self.add(place, None, key, &text(value))?;
        }
        for (plugin, table) in table {
            for (key, value) in table.as_table().into_iter().flatten() {
                self.add(place, Some(plugin), key, &text(value))?;
            }
        }
        Ok(())
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
        self.set.push(Setting { place, plugin, key: key.to_owned(), value: value.to_owned() });
        Ok(())
    }
}

/// The limits of scripted rules: the user's, the project file's where they are lower, then the caller's.
///
/// # Errors
/// The first limit that cannot be set.
pub fn script_limits(
    settings: &Settings,
    user: &UserLimits,
    given: &[(String, String)],
) -> Result<ScriptLimits, LimitSettingError> {
    let (mut limits, allowed) = scripts_of_project(settings, user)?;
    for (limit, allowed) in ScriptLimits::ROWS.iter().zip(allowed) {
        let value = value(&mut limits, limit);
        *value = allowed.min(*value);
    }
    for (key, value) in given {
        limits.set(key, value).map_err(LimitSettingError::CallerScripts)?;
    }
    Ok(limits)
}

/// What the project asks for its scripts, and what the user allows of each limit.
fn scripts_of_project(settings: &Settings, user: &UserLimits) -> Result<(ScriptLimits, Vec<u64>), LimitSettingError> {
    let mut limits = ScriptLimits::default();
    for (key, value) in &user.rule_limits {
        limits.set(key, &text(value)).map_err(LimitSettingError::UserScripts)?;
    }
    let allowed = allowed_values(&mut limits);
    for (key, value) in &settings.rule_limits {
        let value = match value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        limits.set(key, &value).map_err(LimitSettingError::ProjectFileScripts)?;
    }
    Ok((limits, allowed))
}

fn value<'l, T: LimitTable>(limits: &'l mut T, limit: &Limit) -> &'l mut u64 {
    limits.value_mut(limit.key).expect("a row has a field")
}

fn allowed_values<T: LimitTable>(limits: &mut T) -> Vec<u64> {
    T::ROWS.iter().map(|limit| *value(limits, limit)).collect()
}

/// The limits that ask for more than is allowed: key, asked, allowed.
fn above<T: LimitTable>(mut asked: T, allowed: &[u64]) -> impl Iterator<Item = (&'static str, String, String)> {
    let rows = T::ROWS.iter().zip(allowed);
    rows.filter_map(move |(limit, &allowed)| {
        let asked = *value(&mut asked, limit);
        (asked > allowed).then(|| (limit.key, limit.unit.show(asked), limit.unit.show(allowed)))
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{PluginLimits, Settings, UserLimits, script_limits};

    fn settings(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_project_lowers_limits_and_cannot_raise_them() {
        let project = settings("[limits]\nfuel = 7\nmemory = \"1G\"\n[limits.d2]\nfuel = \"40G\"\ntime = 9\n");
        let user: UserLimits = toml::from_str("[limits]\nmemory = \"512M\"\n").unwrap();
        let of = |user: &UserLimits, given: &[(&str, &str)]| {
            let given: Vec<_> = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            PluginLimits::read(&project, user, &given).unwrap()
        };
        let limits = of(&UserLimits::default(), &[]);
        assert_eq!((limits.component("x").fuel, limits.component("x").memory), (7, 256 << 20));
        assert_eq!((limits.component("d2").fuel, limits.template("d2").time), (20_000_000_000, 9));
        let raised: Vec<_> =
            limits.raised().iter().map(|it| (it.section.clone(), it.key, it.allowed.clone())).collect();
        let expected = [("limits", "memory", "256M"), ("limits.d2", "fuel", "20G")];
        assert_eq!(raised, expected.map(|(section, key, allowed)| (section.to_owned(), key, allowed.to_owned())));

        assert_eq!(of(&user, &[]).component("x").memory, 512 << 20);
        let given = of(&user, &[("memory", "2G"), ("d2.fuel", "30G")]);
        assert_eq!((given.component("x").memory, given.component("d2").fuel), (2 << 30, 30_000_000_000));
        assert_eq!(given.raised(), []);
    }

    #[test]
    fn so_it_is_with_scripts() {
        let project = settings("[rule-limits]\ntime = \"90s\"\noperations = 5\n");
        let user: UserLimits = toml::from_str("[rule-limits]\ntime = \"30s\"\n").unwrap();
        let limits = script_limits(&project, &UserLimits::default(), &[]).unwrap();
        assert_eq!((limits.time, limits.operations), (5_000, 5));
        assert_eq!(script_limits(&project, &user, &[]).unwrap().time, 30_000);
        let given = [("time".to_owned(), "100s".to_owned())];
        assert_eq!(script_limits(&project, &user, &given).unwrap().time, 100_000);
        assert_eq!(PluginLimits::read(&project, &user, &[]).unwrap().raised()[0].section, "rule-limits");
    }
}
