//! What a setting of a rule can be, and why it cannot be.

use crate::diagnostic::Severity;
use crate::options::ValueError;
use crate::text::{nearest, quote};

/// The severity of a rule, as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeveritySetting {
    /// The rule is on, with this severity.
    On(Severity),
    /// The rule is off.
    Off,
}

impl SeveritySetting {
    /// Every word for it.
    pub const WORDS: [&str; 4] = ["error", "warning", "info", "off"];

    /// Reads the word for it.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "off" => Some(Self::Off),
            word => Severity::parse(word).map(Self::On),
        }
    }

    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::On(severity) => Some(severity),
            Self::Off => None,
        }
    }
}

/// A setting of a rule that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// There is no rule of this id.
    #[error("there is no rule {}", quote(.id))]
    UnknownRule {
        /// The id.
        id: String,
        /// The id that may be meant.
        suggestion: Option<String>,
    },
    /// No rule is in a group.
    #[error("no rule is in the group {}", quote(.name))]
    UnknownGroup {
        /// The group, as a setting names it.
        name: String,
        /// The group that may be meant.
        suggestion: Option<String>,
    },
    /// No rule has a tag.
    #[error("no rule has the tag {}", quote(.tag))]
    UnknownTag {
        /// The tag.
        tag: String,
        /// The setting that may be meant.
        suggestion: Option<String>,
    },
    /// A pattern is neither a group nor a tag.
    #[error("{} is not a group of rules", quote(.pattern))]
    InvalidPattern {
        /// The pattern.
        pattern: String,
    },
    /// A parameter is set for several rules.
    #[error("{} is for the severity of several rules, and not for the parameter {}", quote(.name), quote(.parameter))]
    ParameterOfSeveral {
        /// The group or the tag, as a setting names it.
        name: String,
        /// The parameter.
        parameter: String,
    },
    /// The severity of the rule cannot be changed.
    #[error("the severity of {} is fixed: it is about what cannot be read", quote(.id))]
    FixedSeverity {
        /// The id of the rule.
        id: String,
    },
    /// The severity is none of the words.
    #[error("{} is not a severity of {}", quote(.word), quote(.id))]
    SeverityWord {
        /// The id of the rule.
        id: String,
        /// The word.
        word: String,
        /// The word that may be meant.
        suggestion: Option<&'static str>,
    },
    /// The severity is not a word at all.
    #[error("expected the severity of {}, found a TOML {found}", quote(.id))]
    SeverityType {
        /// The id of the rule.
        id: String,
        /// TOML's word for the type of the value.
        found: &'static str,
    },
    /// The rule has no such parameter.
    #[error("{} has no parameter {}", quote(.id), quote(.name))]
    UnknownParameter {
        /// The id of the rule.
        id: String,
        /// The name.
        name: String,
        /// The name that may be meant.
        suggestion: Option<String>,
        /// Every parameter of the rule.
        known: Vec<String>,
    },
    /// The parameter has another type.
    #[error("{} of {}: expected type {expected}", quote(.name), quote(.id))]
    ParameterType {
        /// The id of the rule.
        id: String,
        /// The name of the parameter.
        name: String,
        /// The type.
        expected: &'static str,
        /// A value that it can have.
        example: String,
    },
    /// The value is not allowed.
    #[error("{} of {}: {fault}", quote(.name), quote(.id))]
    ParameterValue {
        /// The id of the rule.
        id: String,
        /// The name of the parameter.
        name: String,
        /// What is wrong with the value.
        fault: Box<ValueError>,
        /// A value that it can have.
        example: String,
    },
}

impl SettingError {
    /// The severity of a rule is none of the words.
    pub(crate) fn severity_word(id: &str, word: &str) -> Self {
        let suggestion = nearest(word, SeveritySetting::WORDS);
        Self::SeverityWord { id: id.to_owned(), word: word.to_owned(), suggestion }
    }

    /// The severity of a rule is not a word.
    pub(crate) fn severity_type(id: &str, found: &'static str) -> Self {
        Self::SeverityType { id: id.to_owned(), found }
    }

    /// The next step.
    pub fn help(&self) -> Option<String> {
        let words = || {
            format!(
                "write one of \"{}\", or {{ severity = \"…\", PARAMETER = … }}",
                SeveritySetting::WORDS.join("\", \"")
            )
        };
        Some(match self {
            Self::UnknownRule { suggestion: Some(meant), .. }
            | Self::UnknownGroup { suggestion: Some(meant), .. }
            | Self::UnknownTag { suggestion: Some(meant), .. }
            | Self::UnknownParameter { suggestion: Some(meant), .. } => {
                format!("did you mean {}?", quote(meant))
            }
            Self::SeverityWord { suggestion: Some(meant), .. } => format!("did you mean {}?", quote(meant)),
            Self::UnknownRule { suggestion: None, .. }
            | Self::UnknownGroup { suggestion: None, .. }
            | Self::UnknownTag { suggestion: None, .. } => "see `spec-engine rules list`".to_owned(),
            Self::InvalidPattern { .. } => {
                "a group is what ids start with, such as \"acme/*\"; a tag is written \"tag:security\"".to_owned()
            }
            Self::ParameterOfSeveral { .. } => "set it rule by rule".to_owned(),
            Self::FixedSeverity { .. } => "a single finding in a document can be accepted with an exception".to_owned(),
            Self::SeverityWord { .. } | Self::SeverityType { .. } => words(),
            Self::UnknownParameter { known, .. } if known.is_empty() => "it has none; `severity` can be set".to_owned(),
            Self::UnknownParameter { known, .. } => {
                format!("its parameters are {}", known.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", "))
            }
            Self::ParameterType { example, .. } | Self::ParameterValue { example, .. } => {
                format!("for example {example}")
            }
        })
    }
}
