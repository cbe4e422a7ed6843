//! The change of a node or an edge, in a graph of two versions of a system.

use serde::Serialize;

/// What happened to a node or an edge between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both versions have it, with differences.
    Changed,
}

impl Change {
    /// The word for it: `added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    /// The change of two things that are drawn as one.
    pub(super) fn of_both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        if one == other { one } else { Some(Self::Changed) }
    }
}
