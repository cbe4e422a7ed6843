//! Why a command failed: the one place that turns the errors of the library into a message, details and a next step.
//!
//! Each error converts by a match without a rest, so that a new kind of error does not compile until it has its hint.

mod component;
mod project;

use std::io;
use std::ops::Range;
use std::path::Path;

use spec_engine::diagnostic::Help;
use spec_engine::engine::EngineError;
use spec_engine::graph::path::NameError;
use spec_engine::graph::select::SelectionError;
use spec_engine::plugin::{Abilities, EmbedFault, PictureFault, PluginError, TemplateError, TemplateFault};
use spec_engine::policy::SettingError;
use spec_engine::registry::Origin;
use spec_engine::script::scaffold::InvalidRuleId;
use spec_engine::source::Source;
use spec_engine::text::quote;

use self::component::{component_help, raise};

/// What a command returns.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Why a command failed: a mistake of the user or of the environment.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    /// What went wrong.
    pub message: String,
    /// What is behind it.
    pub details: Option<String>,
    /// The part of a file that it is about.
    pub excerpt: Option<Box<FailureExcerpt>>,
    /// The next step.
    pub help: Option<String>,
    /// Whether it is that nobody reads standard output any more.
    pub is_closed_pipe: bool,
}

/// The part of a file that a failure is about.
#[derive(Debug)]
pub(crate) struct FailureExcerpt {
    /// What went wrong, without the place.
    pub title: String,
    /// The file.
    pub source: Source,
    /// The bytes of its text that are meant.
    pub range: Range<usize>,
}

impl Failure {
    /// A failure without details and next step.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), details: None, excerpt: None, help: None, is_closed_pipe: false }
    }

    /// Adds the next step.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the next step where there is one.
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds what is behind it, where there is something.
    pub fn details(mut self, details: Option<String>) -> Self {
        self.details = details;
        self
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        #[cfg(target_os = "linux")]
        if crate::closed_stdout::is_closed() && error.kind() == io::ErrorKind::StorageFull {
            return Self::new("cannot write the output: standard output is closed");
        }
        let is_closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self { is_closed_pipe, ..Self::new(format!("cannot write the output: {error}")) }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            EngineError::Project(error) => error.into(),
            EngineError::Lock(error) => error.into(),
            EngineError::Limit(error) => error.into(),
            EngineError::Severity(error) => severity(error),
            EngineError::Plugin(error) => error.into(),
            EngineError::NoPluginFile(_) | EngineError::NotAFolder(_) | EngineError::Unreadable { .. } => failure,
            EngineError::NoProjectPlugin(_) => {
                failure.help("a plugin is a file NAME.wasm or NAME.EXT.tera, or a folder with such files")
            }
            EngineError::NoRules(_) => {
                failure.help("name a script NAME.rhai or a folder with some; `spec-engine rules new` writes one")
            }
        }
    }
}

/// A severity that the command line sets.
fn severity(error: SettingError) -> Failure {
    let help = error.help();
    match &error {
        SettingError::UnknownGroup { name: id, .. }
        | SettingError::InvalidPattern { pattern: id }
        | SettingError::ParameterOfSeveral { name: id, .. }
        | SettingError::UnknownRule { id, .. }
        | SettingError::FixedSeverity { id }
        | SettingError::SeverityWord { id, .. }
        | SettingError::SeverityType { id, .. }
        | SettingError::UnknownParameter { id, .. }
        | SettingError::ParameterType { id, .. }
        | SettingError::ParameterValue { id, .. } => Failure::new(format!("--rule {id}: {error}")).help_if(help),
        SettingError::UnknownTag { tag, .. } => Failure::new(format!("--rule tag:{tag}: {error}")).help_if(help),
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Self::new(error.to_string()).help_if(error.help())
    }
}

impl From<PluginError> for Failure {
    fn from(error: PluginError) -> Self {
        let excerpt = template_excerpt(&error).map(Box::new);
        let failure = Self::new(error.to_string()).details(error.details()).help_if(plugin_help(&error));
        Self { excerpt, ..failure }
    }
}

/// The next step after an error of a plugin.
pub(crate) fn plugin_help(error: &PluginError) -> Option<String> {
    Some(match error {
        PluginError::Unknown { suggestion: Some(meant), known, .. } => {
            format!("did you mean `{meant}`? There are {}", known.join(", "))
        }
        PluginError::Unknown { known, .. } => {
            format!("there are {}; a path has to end in .wasm or .tera", known.join(", "))
        }
        PluginError::NoWriter { known, .. } => {
            let known: Vec<String> = known.iter().map(|extension| format!(".{extension}")).collect();
            format!("the known extensions are {}; or name a plugin: --plugin d2", known.join(", "))
        }
        PluginError::SeveralWriters { plugins, .. } => format!("name one with --plugin: {}", plugins.join(", ")),
        PluginError::MissingAbility { plugin, abilities, .. } => return ability_help(plugin, *abilities),
        PluginError::Options { plugin, .. } => format!("`spec-engine plugins info {plugin}` shows its options"),
        PluginError::Unreadable { .. } | PluginError::NotText { .. } => return None,
        PluginError::NotAsPinned { .. } => {
            "restore the file, or, if you trust the new one, pin it: `spec-engine plugins add`".to_owned()
        }
        PluginError::PinnedFileMissing { .. } => {
            "restore the file, add it again (`spec-engine plugins add`), or remove it (`plugins remove`)".to_owned()
        }
        PluginError::NotPinned { .. } => {
            "remove or rename that file, or, if you trust it, pin it: `spec-engine plugins add`".to_owned()
        }
        PluginError::OutsideProject { .. } => "name it on the command line, or copy it into the folder".to_owned(),
        PluginError::NotTrusted { file, .. } => {
            format!(
                "if you trust it, pin it with `spec-engine plugins add {}`, or `spec-engine plugins trust` it as it is",
                quote_path(file)
            )
        }
        PluginError::Component { plugin, fault, .. } => return component_help(plugin, fault),
        PluginError::Template(error) => return template_help(error),
        PluginError::Picture { format, fault } => return picture_help(format, fault),
        PluginError::Embedded { error, .. } => return plugin_help(error),
        PluginError::NotEmbeddable { fault: EmbedFault::EmbedsItself, .. } => {
            "a renderer that embeds others cannot be embedded".to_owned()
        }
        PluginError::NotEmbeddable { fault: EmbedFault::NotOneText, .. } => {
            "only a renderer that writes one text file can be embedded".to_owned()
        }
    })
}

/// A path as the user can type it again.
fn quote_path(path: &Path) -> String {
    let shown = path.display().to_string();
    if shown.contains(|c: char| !c.is_ascii_graphic() || "'\"`$\\*?&|;<>()[]{}!#~".contains(c)) {
        return quote(&shown);
    }
    shown
}

fn ability_help(plugin: &str, abilities: Abilities) -> Option<String> {
    let mut help = Vec::new();
    if abilities.renders {
        help.push(format!("render with it: spec-engine render --plugin {plugin}"));
    }
    if abilities.imports {
        help.push(format!("import with it: spec-engine import {plugin} FILE"));
    }
    if abilities.has_rules {
        help.push("check with its rules: `spec-engine validate` runs those of a project's plugins".to_owned());
    }
    (!help.is_empty()).then(|| help.join("; "))
}

/// The part of a template that an error is about.
fn template_excerpt(error: &PluginError) -> Option<FailureExcerpt> {
    match error {
        PluginError::Template(error) => {
            let excerpt = error.excerpt.as_deref()?;
            let source = Source::new(error.place.file.as_str(), excerpt.text.clone().into_bytes());
            Some(FailureExcerpt { title: error.fault.to_string(), source, range: excerpt.range.clone() })
        }
        PluginError::Embedded { by, name, error } => {
            let excerpt = template_excerpt(error)?;
            Some(FailureExcerpt { title: format!("{by} embeds {}: {}", quote(name), excerpt.title), ..excerpt })
        }
        _ => None,
    }
}

fn template_help(error: &TemplateError) -> Option<String> {
    if let Some(hint) = &error.hint {
        return Some(hint.to_string());
    }
    Some(match &error.fault {
        TemplateFault::FileName => {
            "name it like `my-table.md.tera`: ASCII letters, digits, `-`, `_` and `.`; the part \
             before `.tera` is the extension of what it writes"
                .to_owned()
        }
        TemplateFault::UnknownTemplate(_) => {
            "a template includes and extends the *.tera files of its own folder, by their names".to_owned()
        }
        TemplateFault::UnknownComponent(_) => {
            "a component is defined in the file itself or in one that it includes or extends".to_owned()
        }
        TemplateFault::UnknownFilter(_) => "the guide to templates lists the filters".to_owned(),
        TemplateFault::UnknownFunction(_) => {
            "the guide to templates lists the functions; no function reads a file or the clock".to_owned()
        }
        TemplateFault::Undefined(_) => {
            "where it may be absent, ask first: `{% if x %}`, or `{{ x | default(value=\"\") }}`".to_owned()
        }
        TemplateFault::Sidecar(_) => {
            "its keys are: summary, version, media-type, embed, and a table [options.KEY] for each option".to_owned()
        }
        TemplateFault::Unprintable => "write words, and nothing that moves or hides text".to_owned(),
        TemplateFault::Limit(exceeded) => {
            let plugin = error.place.file.rsplit(['/', '\\']).next().and_then(|file| file.split('.').next());
            format!("loop over less, write less in each turn, or {}", raise(plugin, exceeded))
        }
        TemplateFault::TooManyStopped => "leave out the templates that were stopped".to_owned(),
        TemplateFault::Circular(_)
        | TemplateFault::Engine(_)
        | TemplateFault::TooManyFiles(_)
        | TemplateFault::SidecarOption { .. }
        | TemplateFault::MissingEmbed(_)
        | TemplateFault::Thread(_) => return None,
    })
}

/// How a view shows less.
const VIEWS: &str = "draw a part with --focus SERVICE or --only 'EXPRESSION', or whole groups with --collapse owner";

fn picture_help(format: &str, fault: &PictureFault) -> Option<String> {
    Some(match fault {
        PictureFault::NotBuilt => "build it with `--features pictures`, or draw with --plugin d2 or mermaid".to_owned(),
        PictureFault::TooLarge { .. } | PictureFault::TimedOut { .. } => return fault.help().map(|step| help(&step)),
        PictureFault::Layout { .. } => VIEWS.to_owned(),
        PictureFault::TooManyPixels { scale, .. } if *scale > 1 => "lower the scale: --set scale=1".to_owned(),
        PictureFault::TooManyPixels { .. } => "draw it with --plugin svg".to_owned(),
        PictureFault::Options(_) => format!("`spec-engine plugins info {format}` shows its options"),
        PictureFault::Font { .. } => {
            "name a .ttf, .otf or .ttc file: --set font=FILE; without it, DejaVu Sans is used".to_owned()
        }
        PictureFault::Icon { .. } => {
            "an icon is a .svg without scripts, or a .png, of at most 128 KiB; --set icons=kind draws those that ship"
                .to_owned()
        }
        PictureFault::Color { .. } => "set it as --set colors='page=#ffffff, database=#00695c'".to_owned(),
        PictureFault::Pixels(_) => return None,
        PictureFault::Page { .. } => "draw it with --plugin svg".to_owned(),
    })
}

/// The next step of a finding, with the options of the command line.
pub(crate) fn help(help: &Help) -> String {
    match help {
        Help::Text(text) => text.clone(),
        Help::RaiseLimit { plugin: Some(plugin), key, value: Some(value) } => {
            format!("raise it with --limit {plugin}.{key}={value}")
        }
        Help::RaiseLimit { plugin: None, key, value: Some(value) } => {
            format!("raise it with `--rule-limit {key}={value}`")
        }
        Help::RaiseLimit { key, value: None, .. } => format!("the limit `{key}` cannot be raised"),
        Help::NarrowView { option: "seconds", value } => format!("{VIEWS}; --set seconds={value} waits longer"),
        Help::NarrowView { option, value } => format!("{VIEWS}; --set {option}={value} draws all of it"),
    }
}

impl From<SelectionError> for Failure {
    fn from(error: SelectionError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            SelectionError::UnknownFocus { suggestion: Some(meant), .. } => {
                failure.help(format!("did you mean {}?", quote(&meant)))
            }
            SelectionError::UnknownFocus { suggestion: None, .. } => failure.help(NODE_IDS),
        }
    }
}

impl From<NameError> for Failure {
    fn from(error: NameError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            NameError::Deployment { .. } => failure.help("name a service or a resource"),
            NameError::Unknown { suggestion: Some(meant), .. } => {
                failure.help(format!("did you mean {}?", quote(&meant)))
            }
            NameError::Unknown { suggestion: None, .. } => failure.help(NODE_IDS),
            NameError::Ambiguous { ids, .. } => {
                let ids: Vec<String> = ids.iter().map(|id| quote(id)).collect();
                failure.help(format!("use one of their ids: {}", ids.join(", ")))
            }
        }
    }
}

/// How to find the name of a node.
const NODE_IDS: &str = "`spec-engine graph` prints the id of every node";

impl From<InvalidRuleId> for Failure {
    fn from(error: InvalidRuleId) -> Self {
        let help = "use a namespace, a slash and a name in kebab-case, such as acme/image-digest";
        Self::new(error.to_string()).help(help)
    }
}

/// Where a plugin comes from, as people read it.
pub(crate) fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Named(path) => format!("command line: {}", path.display()),
        Origin::Project(path) => format!("project: {}", path.display()),
        Origin::User(path) => format!("user: {}", path.display()),
        Origin::BuiltIn => "built in".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use spec_engine::engine::Engine;
    use spec_engine::limits::{ComponentLimits, LimitExceeded, Subject};
    use spec_engine::plugin::ComponentFault;

    use super::*;

    fn help_of(failure: impl Into<Failure>) -> String {
        failure.into().help.expect("it has a next step")
    }

    #[test]
    fn an_unknown_plugin_names_the_nearest() {
        let engine = Engine::builder().build().unwrap();
        assert!(help_of(engine.plugins().find("mermiad").unwrap_err()).starts_with("did you mean `mermaid`?"));
        assert!(help_of(engine.plugins().find("nothing-like-it").unwrap_err()).contains("d2"));
        let no_importer = engine.import("d2", &[], &[]).unwrap_err();
        assert_eq!(help_of(no_importer), "render with it: spec-engine render --plugin d2");
    }

    #[test]
    fn a_limit_is_raised_by_an_option() {
        let help = |limit: &str| help_of(Engine::builder().limit(limit, "1").build().unwrap_err());
        assert_eq!(help("memroy"), "did you mean `memory`?");
        assert!(help("mermiad.memory").contains("did you mean `mermaid`?"));
        let too_much = |plugin, key| Help::RaiseLimit { plugin, key, value: Some("2G".to_owned()) };
        assert_eq!(super::help(&too_much(Some("x".to_owned()), "memory")), "raise it with --limit x.memory=2G");
        assert_eq!(super::help(&too_much(None, "memory")), "raise it with `--rule-limit memory=2G`");
        let limit = ComponentLimits::default();
        let fault = ComponentFault::Limit(LimitExceeded {
            subject: Subject::Component,
            limit: &<ComponentLimits as spec_engine::limits::LimitTable>::ROWS[0],
            value: limit.fuel,
        });
        assert_eq!(component_help("x", &fault).unwrap(), "raise it with --limit x.fuel=40G");
    }
}
