//! Why a plugin cannot be found, loaded or used.

pub(super) mod component;
pub(super) mod picture;
pub(super) mod template;

use std::path::PathBuf;

use self::component::ComponentFault;
use self::picture::PictureFault;
use self::template::TemplateError;
use super::abilities::{Abilities, Ability};
use crate::options::OptionError;
use crate::text::quote;

/// A plugin that cannot be found, loaded or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PluginError {
    /// There is no plugin of this name.
    #[error("there is no plugin {}", quote(name))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The name that may be meant.
        suggestion: Option<String>,
        /// Every name that there is, sorted.
        known: Vec<String>,
    },
    /// No renderer writes files of this extension.
    #[error("no plugin writes files that end in {}", quote(&format!(".{extension}")))]
    NoWriter {
        /// The extension, without the dot.
        extension: String,
        /// Every extension that a renderer writes, sorted.
        known: Vec<String>,
    },
    /// Several renderers write files of this extension.
    #[error("{} plugins write files that end in {}", plugins.len(), quote(&format!(".{extension}")))]
    SeveralWriters {
        /// The extension, without the dot.
        extension: String,
        /// Their names.
        plugins: Vec<String>,
    },
    /// The plugin is of another kind than the one that was asked for.
    #[error("the plugin {} {}", quote(plugin), ability.missing())]
    MissingAbility {
        /// Its name.
        plugin: String,
        /// What it was to do.
        ability: Ability,
        /// What it can do.
        abilities: Abilities,
    },
    /// Options that do not fit its schema.
    #[error("{plugin}: {}", join(errors))]
    Options {
        /// Its name.
        plugin: String,
        /// One for each option that is wrong.
        errors: Vec<OptionError>,
    },
    /// A file of the plugin cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// A file of a template is not UTF-8.
    #[error("{} is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file of the plugin differs from the pinned one.
    #[error("the plugin {} differs from the one that was pinned, and does not run", quote(plugin))]
    NotAsPinned {
        /// Its name.
        plugin: String,
        /// The file that differs, where the plugin has several.
        file: Option<PathBuf>,
        /// The SHA-256 that was pinned, in hexadecimal.
        pinned: String,
        /// The SHA-256 of the file, in hexadecimal.
        found: String,
    },
    /// A file of a pinned plugin is gone.
    #[error("the plugin {} is pinned, and its file {} is missing", quote(plugin), file.display())]
    PinnedFileMissing {
        /// Its name.
        plugin: String,
        /// The file.
        file: PathBuf,
    },
    /// A file takes the place of a pinned plugin, or of a file of it, and is not pinned.
    #[error("the plugin {} is pinned, and does not run: {} is not, and would take part in it", quote(plugin), file.display())]
    NotPinned {
        /// The name of the plugin.
        plugin: String,
        /// The file.
        file: PathBuf,
    },
    /// A file of the project that leads out of its folder.
    #[error("the plugin {} is not read: {} leads out of the project's folder", quote(plugin), file.display())]
    OutsideProject {
        /// Its name.
        plugin: String,
        /// The file.
        file: PathBuf,
    },
    /// A component of the project that neither its lock nor the user vouches for.
    #[error("the plugin {} does not run: {} {fault}", quote(plugin), file.display())]
    NotTrusted {
        /// Its name.
        plugin: String,
        /// Its file.
        file: PathBuf,
        /// What is missing.
        fault: TrustFault,
    },
    /// A component cannot be loaded, or a call of it failed.
    #[error("the plugin {} {fault}", quote(plugin))]
    Component {
        /// Its name.
        plugin: String,
        /// What is wrong.
        fault: ComponentFault,
        /// What is behind it.
        details: Box<Details>,
    },
    /// A template or its sidecar is wrong, or its rendering failed.
    #[error(transparent)]
    Template(Box<TemplateError>),
    /// A picture cannot be drawn.
    #[error("{format}: {fault}")]
    Picture {
        /// The name of the renderer: `svg`, `png`.
        format: &'static str,
        /// What is wrong.
        fault: PictureFault,
    },
    /// A renderer that another one embeds failed.
    #[error("{by} embeds {}: {error}", quote(name))]
    Embedded {
        /// The renderer that embeds.
        by: String,
        /// The embedded renderer.
        name: String,
        /// Why it failed.
        error: Box<PluginError>,
    },
    /// A renderer whose output cannot be embedded.
    #[error("{by} embeds {}, {fault}", quote(name))]
    NotEmbeddable {
        /// The renderer that embeds.
        by: String,
        /// The embedded renderer.
        name: String,
        /// What is wrong with it.
        fault: EmbedFault,
    },
}

/// Why a component of a project is not trusted, as the rest of a sentence on its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustFault {
    /// Nobody vouches for it.
    #[error("is not pinned by the project's lock, and was never trusted here")]
    Unknown,
    /// It is another one than the one that the user trusted.
    #[error("has changed since it was trusted")]
    Changed,
}

/// What is behind the fault of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Whether it failed while it described itself, which it does once, whatever it is asked for.
    pub describing: bool,
    /// Its file, where that is known.
    pub file: Option<PathBuf>,
    /// What the call logged before it failed.
    pub log: String,
    /// Where it was, or what the WebAssembly engine reports.
    pub trace: String,
}

impl Details {
    fn to_text(&self) -> Option<String> {
        let file = self.file.as_ref().map(|file| format!(": {}", file.display())).unwrap_or_default();
        let describing = self.describing.then(|| format!("while it described itself{file}\n"));
        // What is written without an end stays apart from what follows.
        let log = (!self.log.is_empty()).then(|| format!("log:\n{}\n", self.log.trim_end_matches('\n')));
        let trace = (!self.trace.is_empty()).then(|| self.trace.clone());
        let parts: Vec<String> = describing.into_iter().chain(log).chain(trace).collect();
        (!parts.is_empty()).then(|| parts.concat())
    }
}

/// Why the output of a renderer cannot be embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmbedFault {
    /// It embeds others.
    #[error("which embeds other renderers itself")]
    EmbedsItself,
    /// It made no file, several, or one that is not text.
    #[error("which did not make exactly one text file")]
    NotOneText,
}

impl From<TemplateError> for PluginError {
    fn from(error: TemplateError) -> Self {
        Self::Template(Box::new(error))
    }
}

impl PluginError {
    /// A fault of a component, without details.
    pub(crate) fn component(plugin: &str, fault: ComponentFault) -> Self {
        Self::Component { plugin: plugin.to_owned(), fault, details: Box::default() }
    }

    /// What is behind the error, for whoever repairs the plugin: its log, a backtrace, both sums of a pin.
    pub fn details(&self) -> Option<String> {
        match self {
            Self::Component { details, .. } => details.to_text(),
            Self::Embedded { error, .. } => error.details(),
            Self::NotAsPinned { file, pinned, found, .. } => {
                let file = file.as_ref().map(|file| format!("{}\n", file.display())).unwrap_or_default();
                Some(format!("{file}pinned: sha256:{pinned}\nfound:  sha256:{found}"))
            }
            _ => None,
        }
    }
}

fn join(errors: &[OptionError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
