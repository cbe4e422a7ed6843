//! Why a graph is not laid out.

use std::fmt;

/// Why a graph is not laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The deadline of the options passed.
    TimedOut,
    /// An edge, a node or a group names a node or a group that is not there.
    Missing {
        /// What names it: `edge 3`.
        what: String,
    },
    /// A group lies in itself, directly or by other groups.
    Circle {
        /// The position of the group.
        group: usize,
    },
    /// A size is negative, endless, or no number.
    Size {
        /// What has it: `node 3`.
        what: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => out.write_str("the layout took too long"),
            Self::Missing { what } => write!(out, "{what} names a node or a group that is not there"),
            Self::Circle { group } => write!(out, "group {group} lies in itself"),
            Self::Size { what } => write!(out, "the size of {what} is no length"),
        }
    }
}

impl std::error::Error for Error {}
