//! What is wrong with a component, or with a call of one.

use serde::{Deserialize, Serialize};

use crate::limits::LimitExceeded;
use crate::options::SchemaError;
use crate::text::quote;

/// What is wrong with a component, as the rest of a sentence on it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComponentFault {
    /// This machine cannot run WebAssembly, as with a processor that the engine does not know.
    #[error("cannot run: WebAssembly does not work on this machine: {0}")]
    Unsupported(String),
    /// The file is empty.
    #[error("is an empty file")]
    Empty,
    /// The file is a zip archive.
    #[error("is a zip archive, not a WebAssembly component")]
    Zip,
    /// The file is a gzip archive.
    #[error("is a gzip archive, not a WebAssembly component")]
    Gzip,
    /// The file is WebAssembly of another binary version.
    #[error("is WebAssembly of an unknown binary version")]
    BinaryVersion,
    /// The file ends early.
    #[error("is truncated")]
    Truncated,
    /// The file is not WebAssembly.
    #[error("is not a WebAssembly component")]
    NotWasm,
    /// The file is not a valid component.
    #[error("is not a valid component")]
    Invalid,
    /// The file is a core module.
    #[error("is a core WebAssembly module, {0}")]
    Module(ModuleFault),
    /// The component does not have the types of the contract.
    #[error("does not fit the contract spec-engine:plugin@{0}")]
    Contract(String),
    /// The component imports what no plugin gets.
    #[error("imports {}, which this host does not provide", quote(.import))]
    UnknownImport {
        /// The name of the import.
        import: String,
        /// The version of the contract of this host.
        contract: String,
    },
    /// The component was built for a newer or incompatible version of the contract.
    #[error("needs spec-engine:plugin@{}, this host has {contract}", .needed.as_deref().unwrap_or("another version"))]
    OtherContract {
        /// The version that it needs, where it can be read.
        needed: Option<String>,
        /// The version of this host.
        contract: String,
    },
    /// The component lacks an export of the contract.
    #[error("is a component, but not a plugin: {missing} is missing")]
    NotAPlugin {
        /// The export that is missing.
        missing: String,
    },
    /// The component exports nothing.
    #[error("exports nothing: {missing} is missing")]
    ExportsNothing {
        /// The export that is missing.
        missing: String,
    },
    /// What the component says of itself is wrong.
    #[error("{0}")]
    Description(Box<DescriptionFault>),
    /// The file or the input is too large.
    #[error("was not loaded: it has {0}")]
    TooLarge(LimitExceeded),
    /// Compiling it exceeded a limit.
    #[error("was not loaded: compiling it took {0}")]
    Compiling(LimitExceeded),
    /// The process that compiles it could not be started, or ended early.
    #[error("was not loaded: compiling it failed: {0}")]
    Compiler(String),
    /// The component hands components or modules on as values.
    #[error("was not loaded: it passes components or modules as values")]
    PassedComponent,
    /// A call exceeded a limit.
    #[error("was stopped: it used {0}")]
    Limit(LimitExceeded),
    /// A call could not be started.
    #[error("could not be called: {0}")]
    NotCalled(String),
    /// A call asked for something that no plugin gets.
    #[error("was stopped: it asked for {0}: not granted")]
    NotGranted(String),
    /// A call ended its own process.
    #[error("was stopped: it called exit")]
    Exit,
    /// A call asked for a node or an edge that does not exist.
    #[error("was stopped: it asked for {what} {index} of {count}")]
    OutOfRange {
        /// `node` or `edge`.
        what: &'static str,
        /// The position that it asked for, from 0.
        index: u32,
        /// How many there are.
        count: usize,
    },
    /// A call asked for the document where there is none.
    #[error("was stopped: it asked for the document where there is none")]
    NoGraph,
    /// A call used up its stack.
    #[error("was stopped: it used more than {0}K of stack")]
    StackOverflow(u64),
    /// A call reached `unreachable`, which is what a panic compiles to.
    #[error("was stopped: it panicked")]
    Panic,
    /// A call trapped otherwise.
    #[error("was stopped: {0}")]
    Trap(String),
    /// An artifact has a path that is refused.
    #[error("wants to write {path:?}, which is refused: {fault}")]
    ArtifactPath {
        /// The path.
        path: String,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// A rule returned an error instead of findings.
    #[error("failed in its rule {}: {reason}", quote(.rule))]
    Rule {
        /// The id of the rule.
        rule: String,
        /// The reason that it gave.
        reason: String,
    },
}

/// Why a core module cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleFault {
    /// It has no section that describes a component.
    #[error("without a description of the component to make of it")]
    Undescribed,
    /// It imports WASI 0.1.
    #[error("and it imports WASI 0.1")]
    OldWasi,
    /// No component can be made of it for another reason.
    #[error("of which no component can be made")]
    Unusable,
    /// This build has no support for core modules.
    #[error("and this spec-engine was built without the cargo feature `modules`")]
    NotBuilt,
}

/// What is wrong with the description of a component, as the rest of a sentence on it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionFault {
    /// Its texts are too long.
    #[error("describes itself in more than 1M of text")]
    TooLong,
    /// Its name is not kebab-case.
    #[error("calls itself {0:?}; a name is kebab-case, such as `my-table`")]
    Name(String),
    /// Its file extension is not one.
    #[error("has the file extension {0:?}; an extension is letters, digits, `-` and `.`, without the first dot")]
    Extension(String),
    /// Its texts have characters that a terminal acts on.
    #[error("describes itself with control characters: {0:?}")]
    Unprintable(String),
    /// The schema of its options cannot be used.
    #[error("has an invalid options schema: {0}")]
    Options(SchemaError),
    /// It has too many rules.
    #[error("has {count} rules; at most {most} are allowed")]
    TooManyRules {
        /// How many it has.
        count: usize,
        /// How many it may have.
        most: usize,
    },
    /// It has two rules of one name.
    #[error("has two rules {}", quote(.0))]
    DuplicateRule(String),
    /// The name of a rule is not kebab-case.
    #[error("has a rule {0:?}; a name is kebab-case, such as `too-many-connections`")]
    RuleName(String),
    /// A rule has no summary.
    #[error("has a rule {} without a summary", quote(.0))]
    RuleSummary(String),
    /// The texts of a rule have characters that a terminal acts on.
    #[error("describes its rule {} with control characters", quote(.0))]
    RuleUnprintable(String),
    /// The schema of the parameters of a rule cannot be used.
    #[error("has an invalid parameter schema for its rule {}: {fault}", quote(.rule))]
    RuleOptions {
        /// The name of the rule.
        rule: String,
        /// What is wrong with the schema.
        fault: SchemaError,
    },
}

/// What is wrong with the path of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// It has no characters.
    #[error("the path is empty")]
    Empty,
    /// It is too long.
    #[error("the path is longer than 1024 bytes")]
    TooLong,
    /// It starts at the root.
    #[error("the path is absolute")]
    Absolute,
    /// It has a control character.
    #[error("the path contains a control character")]
    ControlCharacter,
    /// It has a backslash.
    #[error("the path contains a backslash")]
    Backslash,
    /// It has a character that Windows refuses.
    #[error("the path contains a character that names a drive or a pattern")]
    Reserved,
    /// Two slashes are next to each other.
    #[error("the path has an empty segment")]
    EmptySegment,
    /// It leads up or nowhere.
    #[error("the path has a segment `.` or `..`")]
    DotSegment,
    /// A segment is too long for a file system.
    #[error("the path has a segment of more than 255 bytes")]
    LongSegment,
    /// A segment is hidden, as `.git` is.
    #[error("the path has a segment that starts with a dot")]
    Hidden,
    /// It has a character that is not seen, or not as what it is.
    #[error("the path has a character that is not seen, or changes how the others are seen")]
    Unseen,
    /// Windows drops the end of a segment; nobody sees a space before one.
    #[error("the path has a segment that ends with a dot or a space, or starts with a space")]
    TrailingDot,
    /// Windows takes a segment for a device.
    #[error("the path has a segment that is a device on Windows")]
    Device,
    /// Windows may know another file by this name.
    #[error("the path has a segment that is a short name on Windows")]
    ShortName,
    /// A project is made of such files.
    #[error("a file of this name belongs to a project of spec-engine")]
    OfProject,
    /// A file system may take another artifact for this one.
    #[error("another artifact has this path, apart from case or the way in which it is written")]
    Duplicate,
    /// Another artifact needs a folder where this one is a file, or the other way round.
    #[error("another artifact has a file where this one has a folder, or the other way round")]
    FileAndFolder,
}
