//! What changed between two versions of a system.
//!
//! Parts are matched first (`diff/matching.rs`): by name, then, of those that are left, by what they say, so that a part
//! with a new name is told from one that went and another that came. Then each pair is compared, part by part. Names of
//! the old version are read as the new version has them, so that a rename is said once and not at every use.

mod bindings;
mod breaking;
mod change;
mod changes;
mod compare;
mod content;
mod deployments;
mod endpoints;
mod matching;
mod networks;
mod pairs;
mod place;
mod resources;
mod service_pair;
mod services;
mod union;
mod users;

use crate::model::System;
use matching::Matching;

pub use breaking::{Breaking, Usage};
pub use change::{Change, ChangeKind, Side, Summary};
pub use place::{At, Part, ResourcePlace, Section};

/// The changes between two versions of a system.
#[derive(Clone, Debug)]
pub struct Diff<'a> {
    /// The old version.
    pub old: &'a System,
    /// The new version.
    pub new: &'a System,
    /// The changes, in the order of the documents: in each section and each part of it, first what went, in the order
    /// of the old version, then the rest in the order of the new one.
    pub changes: Vec<Change<'a>>,
    matching: Matching<'a>,
}

impl<'a> Diff<'a> {
    /// Compares two versions of a system. The order of keys is no change, nor is that of lists whose order says nothing.
    pub fn of(old: &'a System, new: &'a System) -> Self {
        let matching = Matching::of(old, new);
        let changes = compare::changes(old, new, &matching);
        Self { old, new, changes, matching }
    }

    /// Counts the changes.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for change in &self.changes {
            match change.kind {
                ChangeKind::Added => summary.added += 1,
                ChangeKind::Removed => summary.removed += 1,
                ChangeKind::Changed => summary.changed += 1,
                ChangeKind::Moved => summary.moved += 1,
                ChangeKind::Renamed => summary.renamed += 1,
            }
            summary.breaking += usize::from(change.breaking.is_some());
        }
        summary
    }
}
