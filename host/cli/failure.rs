//! Why a command failed: the one place that turns the errors of the library into a message, details and a next step.
//!
//! Each error converts by a match without a rest, so that a new kind of error does not compile until it has its hint.

use std::io;

use spec_engine::diagnostic::Help;
use spec_engine::engine::EngineError;
use spec_engine::graph::path::NameError;
use spec_engine::graph::select::SelectionError;
use spec_engine::limits::{LimitError, LimitExceeded, Subject};
use spec_engine::plugin::{
    Abilities, ComponentFault, EmbedFault, ModuleFault, PictureFault, PluginError, TemplateError, TemplateFault,
};
use spec_engine::policy::SettingError;
use spec_engine::project::{LimitSettingError, LockError, ProjectError};
use spec_engine::registry::Origin;
use spec_engine::script::scaffold::InvalidRuleId;
use spec_engine::text::quote;

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
    /// The next step.
    pub help: Option<String>,
    /// Whether it is that nobody reads standard output any more.
    pub is_closed_pipe: bool,
}

impl Failure {
    /// A failure without details and next step.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), details: None, help: None, is_closed_pipe: false }
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
        SettingError::UnknownRule { id, .. }
        | SettingError::FixedSeverity { id }
        | SettingError::SeverityWord { id, .. }
        | SettingError::SeverityType { id, .. }
        | SettingError::UnknownParameter { id, .. }
        | SettingError::ParameterType { id, .. }
        | SettingError::ParameterValue { id, .. } => Failure::new(format!("--rule {id}: {error}")).help_if(help),
    }
}

impl From<SettingError> for Failure {
    fn from(error: SettingError) -> Self {
        Self::new(error.to_string()).help_if(error.help())
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            ProjectError::Unreadable { .. } => failure,
            ProjectError::Invalid { .. } => failure.help(
                "its keys are document, plugin, plugins, scripts, [options.NAME], [view.NAME], [limits], [limits.NAME], \
                 [rules], [rule-limits] and [[exceptions]]",
            ),
            ProjectError::UnknownView { suggestion: Some(meant), .. } => {
                failure.help(format!("did you mean {}?", quote(&meant)))
            }
            ProjectError::UnknownView { name, known, .. } if known.is_empty() => {
                failure.help(format!("write a section [view.{name}] into spec-engine.toml"))
            }
            ProjectError::UnknownView { known, .. } => {
                let known: Vec<String> = known.iter().map(|name| quote(name)).collect();
                failure.help(format!("there are {}", known.join(", ")))
            }
            ProjectError::InvalidView { .. } => failure.help("`spec-engine validate` shows the place"),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        let LockError { .. } = error;
        Self::new(error.to_string()).help("restore it from version control, or remove it and add each plugin again")
    }
}

impl From<LimitSettingError> for Failure {
    fn from(error: LimitSettingError) -> Self {
        match error {
            LimitSettingError::ProjectFile(_) | LimitSettingError::ProjectFileScripts(_) => {
                let message = error.to_string();
                let (LimitSettingError::ProjectFile(limit) | LimitSettingError::ProjectFileScripts(limit)) = error
                else {
                    return Self::new(message);
                };
                Self::new(message).help_if(limit_help(&limit))
            }
            LimitSettingError::Caller(limit) => Self::new(format!("--limit: {limit}")).help_if(limit_help(&limit)),
            LimitSettingError::CallerScripts(limit) => {
                Self::new(format!("--rule-limit: {limit}")).help_if(limit_help(&limit))
            }
            LimitSettingError::UnknownPlugin { key, owner } => {
                let failure = Self::new(format!("--limit {key}: there is no plugin {}", quote(&owner.plugin)));
                failure.help(match owner.suggestion {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`spec-engine plugins list` shows every plugin".to_owned(),
                })
            }
        }
    }
}

fn limit_help(error: &LimitError) -> Option<String> {
    match error {
        LimitError::Unknown { suggestion: Some(meant), .. } => Some(format!("did you mean `{meant}`?")),
        LimitError::Unknown { known, .. } => Some(format!("the limits are {}", known.join(", "))),
        LimitError::Invalid { .. } | LimitError::AboveMaximum { .. } => None,
    }
}

impl From<PluginError> for Failure {
    fn from(error: PluginError) -> Self {
        let details = error.details();
        Self::new(error.to_string()).details(details).help_if(plugin_help(&error))
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

fn component_help(plugin: &str, fault: &ComponentFault) -> Option<String> {
    let report = || format!("report it to the author of `{plugin}`");
    Some(match fault {
        ComponentFault::Unsupported(_) => "use a template instead".to_owned(),
        ComponentFault::Empty | ComponentFault::Truncated => "build it again, or copy it again".to_owned(),
        ComponentFault::Zip | ComponentFault::Gzip => "unpack it first".to_owned(),
        ComponentFault::BinaryVersion => "build it with a toolchain for components (binary version 0x0d)".to_owned(),
        ComponentFault::NotWasm => "name a `.wasm` component, or a template, whose name ends in `.tera`".to_owned(),
        ComponentFault::Invalid | ComponentFault::Module(ModuleFault::Unusable) => {
            "see what `wasm-tools validate` reports, and build it again".to_owned()
        }
        ComponentFault::Module(ModuleFault::Undescribed) => {
            "build it with wit-bindgen (in Rust: `spec-engine-plugin`), or make a component of it: `wasm-tools \
             component new`; if the file may be incomplete, copy it again"
                .to_owned()
        }
        ComponentFault::Module(ModuleFault::OldWasi) => {
            "build it for the target wasm32-unknown-unknown or wasm32-wasip2".to_owned()
        }
        ComponentFault::Module(ModuleFault::NotBuilt) => {
            "make a component of it: `wasm-tools component new`".to_owned()
        }
        ComponentFault::Contract(_) => "build it again with the contract of this host: wit/plugin.wit".to_owned(),
        ComponentFault::UnknownImport { contract, .. } => {
            format!("a plugin imports spec-engine:plugin/host@{contract} and WASI 0.2, nothing else")
        }
        ComponentFault::OtherContract { contract, .. } => {
            format!("build it for {contract}, or use the spec-engine that it was built for")
        }
        ComponentFault::NotAPlugin { .. } | ComponentFault::ExportsNothing { .. } => {
            "build it for a world of wit/plugin.wit, such as `renderer-plugin`".to_owned()
        }
        ComponentFault::TooLarge(exceeded) | ComponentFault::Limit(exceeded) => raise(Some(plugin), exceeded),
        ComponentFault::NotGranted(_) => {
            "a plugin gets no files, no network, no clock and no entropy: build it without what needs them".to_owned()
        }
        ComponentFault::StackOverflow(_) => "look for a recursion without end; this limit is fixed".to_owned(),
        ComponentFault::Panic => format!("{}, with its log", report()),
        ComponentFault::ArtifactPath { .. } => {
            "the path of an artifact is relative to the output folder, such as `docs/api.md`".to_owned()
        }
        ComponentFault::Description(_)
        | ComponentFault::Exit
        | ComponentFault::OutOfRange { .. }
        | ComponentFault::NoGraph
        | ComponentFault::Trap(_)
        | ComponentFault::Rule { .. } => report(),
        ComponentFault::NotCalled(_) => return None,
    })
}

fn template_help(error: &TemplateError) -> Option<String> {
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
        TemplateFault::UnknownFilter(_) => "templates/README.md lists the filters".to_owned(),
        TemplateFault::UnknownFunction(_) => {
            "templates/README.md lists the functions; no function reads a file or the clock".to_owned()
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
        PictureFault::Pixels(_) => return None,
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

/// How a limit is raised.
fn raise(plugin: Option<&str>, exceeded: &LimitExceeded) -> String {
    let key = exceeded.limit.key;
    let Some(value) = exceeded.raised() else { return format!("the limit `{key}` cannot be raised") };
    match (exceeded.subject, plugin) {
        (Subject::Component | Subject::Template, Some(plugin)) => {
            format!("raise it with --limit {plugin}.{key}={value}")
        }
        (Subject::Component | Subject::Template, None) => format!("raise it with --limit {key}={value}"),
        (Subject::Script, _) => format!("raise it with `--rule-limit {key}={value}`"),
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
    use spec_engine::limits::ComponentLimits;

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
