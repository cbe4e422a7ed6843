//! How a document and what runs may differ.

use serde::Serialize;

/// How a part of a document and what files show of it differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Difference {
    /// Only the document has it.
    Missing,
    /// Only what runs has it.
    Unmanaged,
    /// Both have it, and it is not the same.
    Different,
}

impl Difference {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Missing, Self::Unmanaged, Self::Different];

    /// The word for it that settings have: `missing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unmanaged => "unmanaged",
            Self::Different => "different",
        }
    }

    /// What it means: `only in the document`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Missing => "only in the document",
            Self::Unmanaged => "only in reality",
            Self::Different => "different",
        }
    }

    /// Reads the word that settings have.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|difference| difference.as_str() == word)
    }
}
