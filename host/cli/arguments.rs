//! Arguments that several commands take.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use serde_json::Value;

use spec_engine::engine::Engine;
use spec_engine::limits::{ComponentLimits, LimitTable, PICTURE_FILES, PICTURE_LIMITS, TemplateLimits};
use spec_engine::policy::SeveritySetting;
use spec_engine::project::Project;
use spec_engine::view::{OPTIONS, Values, View, ViewError, ViewKey};

use crate::failure::{Failure, Result};
use crate::report;

/// The document that a command works on.
#[derive(Clone, Debug, Args)]
pub(crate) struct DocumentArguments {
    /// The document; `-` for standard input. Without it: the project file's, else system.json or system-spec.json
    /// here, else standard input if it is piped.
    pub document: Option<PathBuf>,
}

/// Where plugins come from, and what they may use.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Plugins")]
pub(crate) struct PluginArguments {
    /// A folder with components (.wasm) and templates (.tera) to use besides those that are found. Can be repeated.
    #[arg(long = "plugins-dir", value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
    #[arg(long = "limit", value_name = "[NAME.]KEY=VALUE", value_parser = key_value, help = limit_help())]
    pub limits: Vec<(String, String)>,
    /// Run the components of the project that spec-engine.lock does not pin. SPEC_ENGINE_TRUST=1 does so for every
    /// command, `plugins trust` for this project as it is now.
    #[arg(long)]
    pub trust: bool,
    /// Compile third-party components again, and do not cache them.
    #[arg(long)]
    pub no_cache: bool,
    /// Show the log of components, and what scripted rules print.
    #[arg(long, short)]
    pub verbose: bool,
    /// Show what each call of a component used: fuel, memory, time, and whether it was compiled.
    #[arg(long)]
    pub stats: bool,
}

fn limit_help() -> String {
    let keys = |rows: &[spec_engine::limits::Limit]| rows.iter().map(|limit| limit.key).collect::<Vec<_>>().join(", ");
    format!(
        "Set a limit of plugins, or of one plugin, that the project file can only lower: of components {}; of templates \
         {}. K, M and G are powers of 1024 for bytes, and of 1000 for anything else. Can be repeated",
        keys(ComponentLimits::ROWS),
        keys(TemplateLimits::ROWS)
    )
}

/// Where rules come from, and how they are set.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArguments {
    /// A scripted rule (.rhai), a folder with some, or a component with rules (.wasm), to use besides those that are
    /// found. Can be repeated.
    #[arg(long = "rules", value_name = "PATH")]
    pub rules: Vec<PathBuf>,
    /// Set the severity of a rule, of a group such as acme/*, or of a tag such as tag:security: error, warning, info or off.
    /// Stronger than the project file. Can be repeated.
    #[arg(long = "rule", value_name = "ID=SEVERITY", value_parser = rule_severity)]
    pub severities: Vec<(String, SeveritySetting)>,
    /// Set a limit of scripted rules, such as operations=100M or time=10s. Can be repeated.
    #[arg(id = "rule-limits", long = "rule-limit", value_name = "KEY=VALUE", value_parser = key_value)]
    pub limits: Vec<(String, String)>,
    #[command(flatten)]
    pub plugins: PluginArguments,
}

/// Options of the renderer and of the view.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SettingArguments {
    /// Set an option of the renderer or of the view. Can be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub settings: Vec<(String, String)>,
}

/// What of a graph is shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewArguments {
    /// The view of the project file to start from.
    name: Option<String>,
    /// The values of each key.
    given: Vec<(ViewKey, &'static str, Vec<String>)>,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl SettingArguments {
    /// The options of a plugin, the weakest first: the project file's, the view's, then the command line's in its order.
    ///
    /// The project does not raise what bounds a picture, and names no file for it outside of its folder.
    ///
    /// # Errors
    /// The project file names a file outside of the project.
    pub fn of(&self, engine: &Engine, plugin: &str, view: &View) -> Result<Vec<(String, Value)>> {
        let draws = engine.plugins().find(plugin).is_ok_and(|plugin| engine.plugins().draws(plugin));
        let mut options = Vec::new();
        for (key, value) in engine.project().settings.options.get(plugin).into_iter().flatten() {
            let is_set = self.settings.iter().any(|(set, _)| set == key);
            match value {
                _ if draws && is_set => {}
                value if draws && is_raised(key, value) => {
                    // Where standard error is closed there is nobody to tell.
                    let _ = report::warning(&format!(
                        "[options.{plugin}] of the project file asks for {key} = {value}: a project can only lower \
                         it; to raise it, use --set {key}={value}"
                    ));
                }
                Value::String(path) if draws && names_file(key, path) => {
                    options.push((key.clone(), inside(engine.project(), plugin, key, path)?.into()));
                }
                value => options.push((key.clone(), value.clone())),
            }
        }
        options.extend(view.group_by.map(|group_by| ("group-by".to_owned(), group_by.as_str().into())));
        options.extend(self.settings.iter().map(|(key, value)| (key.clone(), value.as_str().into())));
        Ok(options)
    }
}

/// Whether a value of the project file is above what bounds a picture.
fn is_raised(key: &str, value: &Value) -> bool {
    let limit = PICTURE_LIMITS.into_iter().find(|(limit, _)| key == *limit);
    let asked = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    limit.zip(asked).is_some_and(|((_, most), asked)| asked > most)
}

/// Whether an option of a picture names a file or a folder.
fn names_file(key: &str, value: &str) -> bool {
    PICTURE_FILES.into_iter().any(|(option, words)| key == option && !words.contains(&value))
}

/// The path of a file that the project file names, as seen from where the process runs.
///
/// # Errors
/// It is outside of the project's folder.
fn inside(project: &Project, plugin: &str, key: &str, path: &str) -> Result<String> {
    let path = project.path(Path::new(path));
    project.check_inside(&path).map_err(|error| {
        let failure = Failure::new(format!("[options.{plugin}] {key}: {error}"));
        failure.help(format!("move it into the project, or name it where you run: --set {key}={}", path.display()))
    })?;
    Ok(path.to_string_lossy().into_owned())
}

impl ViewArguments {
    /// Reads the view: the one of the project that is named, narrowed by the arguments.
    pub fn view(&self, project: &Project) -> Result<View> {
        let mut view = match &self.name {
            Some(name) => project.view(name)?,
            None => View::default(),
        };
        for (key, name, values) in &self.given {
            let texts: Vec<&str> = values.iter().map(String::as_str).collect();
            view.set(*key, &texts).map_err(|errors| wrong_view(name, &texts, errors))?;
        }
        let is_given = |key: ViewKey| self.given.iter().any(|(given, ..)| *given == key);
        if view.selection.focus.is_empty() && (is_given(ViewKey::Depth) || is_given(ViewKey::Direction)) {
            return Err(Failure::new("--depth and --direction need a focus").help("name one: --focus payments-service"));
        }
        Ok(view)
    }
}

impl ViewArguments {
    /// What narrows the view, in words: empty where nothing does.
    pub fn words(&self) -> String {
        let narrows = |given: &&(ViewKey, &str, Vec<String>)| given.0 != ViewKey::GroupBy;
        let words = self.given.iter().filter(narrows).map(|(_, name, values)| format!("{name}={}", values.join(" ")));
        self.name.iter().cloned().chain(words).collect::<Vec<_>>().join("; ")
    }
}

/// Words the first error in the values of an option, and points to its place in an expression.
fn wrong_view(name: &str, texts: &[&str], errors: spec_engine::view::ViewErrors) -> Failure {
    let Some((position, error)) = errors.into_iter().next() else { return Failure::new(format!("--{name}")) };
    let failure = Failure::new(format!("--{name}: {error}"));
    match error {
        ViewError::Expression(error) => {
            let text = texts[position];
            let before = text.get(..error.offset).unwrap_or(text).chars().count();
            failure.details(Some(format!("{text}\n{}^", " ".repeat(before))))
        }
        ViewError::Pattern(_) | ViewError::Word { .. } | ViewError::Number(_) => failure,
    }
}

impl FromArgMatches for ViewArguments {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        let mut arguments = Self { name: matches.get_one("view").cloned(), given: Vec::new() };
        for option in &OPTIONS {
            let values: Vec<String> = matches.get_many(option.name).into_iter().flatten().cloned().collect();
            if !values.is_empty() {
                arguments.given.push((option.key, option.name, values));
            }
        }
        Ok(arguments)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ViewArguments {
    fn augment_args(command: Command) -> Command {
        let heading = "View";
        let view = Arg::new("view").long("view").value_name("NAME").help_heading(heading);
        let view = view.help("Start from a view of the project file, [view.NAME]");
        OPTIONS.iter().fold(command.arg(view), |command, option| {
            let arg = Arg::new(option.name).long(option.name).value_name(option.value_name).help_heading(heading);
            command.arg(match option.values {
                Values::Many => arg.action(ArgAction::Append).help(format!("{}. Can be repeated", option.summary)),
                Values::One => arg.help(option.summary),
                Values::OneOf(words) => arg.help(option.summary).value_parser(PossibleValuesParser::new(words)),
            })
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Reads `KEY=VALUE`.
pub(crate) fn key_value(text: &str) -> std::result::Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

fn rule_severity(text: &str) -> std::result::Result<(String, SeveritySetting), String> {
    let (id, word) = text.split_once('=').ok_or("write ID=SEVERITY")?;
    let setting = SeveritySetting::parse(word.trim());
    let setting = setting
        .ok_or_else(|| format!("expected one of {}, found `{}`", SeveritySetting::WORDS.join(", "), word.trim()))?;
    Ok((id.trim().to_owned(), setting))
}

/// Whether a path stands for standard input or output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}
