//! A change of one part.

use serde::Serialize;

use super::{At, Breaking};
use crate::model::Value;

/// A difference in one part of a system.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// What happened to it.
    pub kind: ChangeKind,
    /// What it was; `None` where it was added.
    pub old: Option<Side<'a>>,
    /// What it is; `None` where it was removed.
    pub new: Option<Side<'a>>,
    /// Why it is breaking; `None` where it is not.
    pub breaking: Option<Box<Breaking<'a>>>,
}

impl<'a> Change<'a> {
    /// The part that changed, in the new version, else in the old one.
    pub fn at(&self) -> At<'a> {
        self.new.or(self.old).expect("a change has a side").at
    }
}

/// What happened to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
    /// It belongs to another service, owner, network or deployment, or a network rule now decides before another one.
    Moved,
    /// It has another name, and everything else is the same.
    Renamed,
}

impl ChangeKind {
    /// The word for it: `added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Renamed => "renamed",
        }
    }
}

/// A part in one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side<'a> {
    /// Which part it is.
    pub at: At<'a>,
    /// Its value.
    pub value: Value<'a>,
}

/// The number of changes of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// New parts.
    pub added: usize,
    /// Parts that are gone.
    pub removed: usize,
    /// Parts with another value.
    pub changed: usize,
    /// Parts that belong somewhere else.
    pub moved: usize,
    /// Parts with another name.
    pub renamed: usize,
    /// The breaking ones among all of these.
    pub breaking: usize,
}
