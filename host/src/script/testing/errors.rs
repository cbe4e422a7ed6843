//! Errors in tests of scripted rules.

use crate::diagnostic::Pointer;
use crate::text::quote;

/// An error in a file with tests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestFileError {
    /// The text is not JSON.
    #[error("invalid JSON: {0}")]
    Json(String),
    /// A value is missing or of another type.
    #[error("expected {expected} in {place}")]
    Expected {
        /// Where it is.
        place: String,
        /// The value, in words.
        expected: &'static str,
    },
    /// There is no such key or word.
    #[error("unknown {what} {} in {place}", quote(.name))]
    Unknown {
        /// Where it is.
        place: String,
        /// What it should be: `key`.
        what: &'static str,
        /// The key or word.
        name: String,
        /// The one that may be meant.
        suggestion: Option<&'static str>,
        /// Every one that there is.
        known: Vec<&'static str>,
    },
    /// The file has no cases.
    #[error("`cases` is empty")]
    NoCases,
    /// Two cases have the same name.
    #[error("two cases are named {}", quote(.0))]
    DuplicateCase(String),
    /// A case has both a patch and a document.
    #[error("{place} has both `patch` and `document`")]
    TwoDocuments {
        /// The case.
        place: String,
    },
    /// The place of a finding is not a pointer.
    #[error("{} in {place} is not a JSON Pointer such as `/services/api/image`", quote(.text))]
    InvalidPointer {
        /// The case.
        place: String,
        /// The text.
        text: String,
    },
}

/// An error because of which a case cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// The document cannot be read.
    #[error("cannot read {}: {reason}", quote(.file))]
    Unreadable {
        /// The file.
        file: String,
        /// Why it cannot be read.
        reason: String,
    },
    /// The patch is not a JSON Patch.
    #[error("`patch` is not a JSON Patch: {0}")]
    InvalidPatch(String),
    /// The patch cannot be applied to the minimal document.
    #[error("`patch` does not apply to the minimal document: {0}")]
    PatchFailed(String),
    /// The document has an error of shape.
    #[error("the document has an error at {}: {message}", quote(.pointer.as_str()))]
    InvalidDocument {
        /// Where it is.
        pointer: Pointer,
        /// What it is.
        message: String,
    },
    /// The document is not JSON.
    #[error("the document has an error: {0}")]
    NotJson(String),
    /// The rule has no such parameter.
    #[error("unknown parameter {} in `params`", quote(.name))]
    UnknownParameter {
        /// The name.
        name: String,
        /// The parameter that may be meant.
        suggestion: Option<String>,
    },
    /// The value of a parameter has another type.
    #[error("expected {expected} for the parameter {}", quote(.name))]
    ParameterType {
        /// The name of the parameter.
        name: String,
        /// Its type.
        expected: &'static str,
    },
}

impl TestFileError {
    /// The next step, if there is a useful one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { suggestion: Some(meant), .. } => Some(format!("did you mean {}?", quote(meant))),
            Self::Unknown { known, .. } => Some(format!(
                "expected one of {}",
                known.iter().map(|known| quote(known)).collect::<Vec<_>>().join(", ")
            )),
            Self::Json(_)
            | Self::Expected { .. }
            | Self::NoCases
            | Self::DuplicateCase(_)
            | Self::TwoDocuments { .. }
            | Self::InvalidPointer { .. } => None,
        }
    }
}

impl CaseError {
    /// The next step, if there is a useful one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownParameter { suggestion: Some(meant), .. } => Some(format!("did you mean {}?", quote(meant))),
            Self::UnknownParameter { suggestion: None, .. }
            | Self::Unreadable { .. }
            | Self::InvalidPatch(_)
            | Self::PatchFailed(_)
            | Self::InvalidDocument { .. }
            | Self::NotJson(_)
            | Self::ParameterType { .. } => None,
        }
    }
}
