//! Remarks on a selection.

use std::fmt;

use super::GroupKind;
use super::select::expression::Field;
use crate::text::quote;

/// What a user should know about a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectionRemark {
    /// No node has a value of an expression.
    UnmatchedValue {
        /// The field.
        field: Field,
        /// The value.
        value: String,
        /// The value that may be meant.
        suggestion: Option<String>,
    },
    /// No group has a name that is to be collapsed.
    UnknownGroup {
        /// The kind of the group.
        kind: GroupKind,
        /// The name.
        name: String,
        /// The name that may be meant.
        suggestion: Option<String>,
    },
    /// Several nodes have the name of a focus; all of them are taken.
    AmbiguousFocus {
        /// The name.
        focus: String,
        /// The ids of the nodes.
        ids: Vec<String>,
    },
    /// The selection leaves no node.
    Empty,
}

impl fmt::Display for SelectionRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suggestion = match self {
            Self::UnmatchedValue { field, value, suggestion } => {
                write!(f, "no node has the {} {}", field.as_str(), quote(value))?;
                suggestion
            }
            Self::UnknownGroup { kind, name, suggestion } => {
                write!(f, "there is no {} {}", kind.as_str(), quote(name))?;
                suggestion
            }
            Self::AmbiguousFocus { focus, ids } => {
                let all: Vec<String> = ids.iter().map(|id| quote(id)).collect();
                write!(
                    f,
                    "{} nodes are named {}: {}; an id takes one of them",
                    ids.len(),
                    quote(focus),
                    all.join(", ")
                )?;
                &None
            }
            Self::Empty => {
                f.write_str("the view contains no nodes: the diagram is empty")?;
                &None
            }
        };
        suggestion.as_ref().map_or(Ok(()), |meant| write!(f, "; did you mean {}?", quote(meant)))
    }
}
