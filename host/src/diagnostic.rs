//! What a check has to say: a [`Diagnostic`] names a rule, a place in the document and the next step.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::limits::LimitExceeded;

/// A finding in a document: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence that names the thing and the fault.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// What stands under the underlined place, a few words.
    pub label: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<RelatedPlace>,
    /// The next step.
    pub help: Option<Help>,
}

/// The next step after a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Help {
    /// A sentence.
    Text(String),
    /// To raise a limit.
    RaiseLimit {
        /// The plugin that exceeded it; `None` for a scripted rule.
        plugin: Option<String>,
        /// The limit.
        key: &'static str,
        /// A higher value, as it is written; `None` where it cannot be raised.
        value: Option<String>,
    },
    /// To draw less, or to allow a picture to be larger.
    NarrowView {
        /// The option that allows more.
        option: &'static str,
        /// The value that is enough.
        value: String,
    },
}

impl Help {
    /// To raise a limit that a plugin, or a scripted rule, exceeded.
    pub fn raise_limit(plugin: Option<&str>, exceeded: &LimitExceeded) -> Self {
        Self::RaiseLimit { plugin: plugin.map(str::to_owned), key: exceeded.limit.key, value: exceeded.raised() }
    }
}

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::RaiseLimit { key, value: Some(value), .. } => {
                write!(f, "raise the limit `{key}`, such as to {value}")
            }
            Self::NarrowView { option, value } => {
                write!(f, "narrow the view, collapse groups, or set the option `{option}` to {value}")
            }
            Self::RaiseLimit { key, value: None, .. } => write!(f, "the limit `{key}` cannot be raised"),
        }
    }
}

impl<T: Into<String>> From<T> for Help {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Diagnostic {
    /// Makes a diagnostic without label, related places and help.
    pub fn new(rule: impl Into<RuleId>, severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            message: message.into(),
            place,
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// Adds the words under the underlined place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the next step where there is one.
    #[must_use]
    pub fn help_if(mut self, help: Option<impl Into<Help>>) -> Self {
        self.help = help.map(Into::into).or(self.help);
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(RelatedPlace { place, message: message.into() });
        self
    }
}

/// Another place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedPlace {
    /// Where it is.
    pub place: Place,
    /// What is there, a few words.
    pub message: String,
}

/// The severity of a diagnostic: errors first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document breaks the format.
    Error,
    /// The document is valid, and something in it is probably wrong.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// Every word for it.
    pub const WORDS: [&str; 3] = ["error", "warning", "info"];

    /// Reads the word for it.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::Error),
            "warning" => Some(Self::Warning),
            "info" => Some(Self::Info),
            _ => None,
        }
    }

    /// The word for it: `error`, `warning`, `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The id of a rule, which never changes: kebab-case, after the fault (`unknown-connection-target`); a plugin's own codes stand
/// behind its name and a slash (`mermaid/too-many-edges`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(std::borrow::Cow<'static, str>);

impl RuleId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for RuleId {
    fn from(id: &'static str) -> Self {
        Self(id.into())
    }
}

impl From<String> for RuleId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The place of a diagnostic in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The value at a pointer; where the document has no such value, the key of the nearest object around it.
    Value(Pointer),
    /// The key of the value at a pointer.
    Key(Pointer),
    /// A range of bytes of the text, where no pointer can name the place (broken JSON, the second of two equal keys).
    Bytes(Range<usize>),
    /// The file as a whole: the pointer to all of it names it, and no line is shown.
    File,
}

/// The pointer to the whole document.
static ROOT: Pointer = Pointer(String::new());

impl Place {
    /// The pointer that names the place, if one does.
    pub fn pointer(&self) -> Option<&Pointer> {
        match self {
            Self::Value(pointer) | Self::Key(pointer) => Some(pointer),
            Self::Bytes(_) => None,
            Self::File => Some(&ROOT),
        }
    }
}

/// A JSON Pointer (RFC 6901) to a value of a document, such as `/services/api/image/tag`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Makes the pointer of some segments, from the root.
    pub fn of<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        // Enough for most: a pointer is made for every finding.
        let mut pointer = Self(String::with_capacity(64));
        for segment in segments {
            pointer.push(segment);
        }
        pointer
    }

    /// Reads a pointer from its text; `None` where the text is not empty and does not start with `/`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The pointer to a member of this object, or to an element of this array by its index.
    #[must_use]
    pub fn join(&self, segment: &str) -> Self {
        let mut pointer = Self(String::with_capacity(self.0.len() + 1 + segment.len()));
        pointer.0.push_str(&self.0);
        pointer.push(segment);
        pointer
    }

    fn push(&mut self, segment: &str) {
        self.0.push('/');
        if !segment.contains(['~', '/']) {
            self.0.push_str(segment);
            return;
        }
        for c in segment.chars() {
            match c {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                _ => self.0.push(c),
            }
        }
    }

    /// The pointer to an element of this array.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The segments, unescaped.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
    }

    /// Whether `self` is `other` or stands inside it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn a_pointer_escapes_and_unescapes_its_segments() {
        let pointer = Pointer::of(["services", "a/b~c", ""]);
        assert_eq!(pointer.as_str(), "/services/a~1b~0c/");
        assert_eq!(pointer.segments().collect::<Vec<_>>(), ["services", "a/b~c", ""]);
    }

    #[test]
    fn within_means_whole_segments() {
        let api = Pointer::of(["services", "api"]);
        assert!(api.join("image").is_within(&api));
        assert!(api.is_within(&api));
        assert!(!Pointer::of(["services", "api2"]).is_within(&api));
        assert!(api.is_within(&Pointer::root()));
    }
}
