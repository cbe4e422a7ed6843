//! What changed between two versions of a system.
//!
//! Parts are matched first (`diff/matching.rs`): by name, then, of those that are left, by content, so that a renamed part
//! is not reported as one that was removed and another that was added. Then each pair is compared, field by field. Names
//! of the old version are translated into those of the new one, so that a rename is reported once and not at every use.

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
    /// The changes, in the order of the documents: in each section and each part of it, first what was removed, in the
    /// order of the old version, then the rest in the order of the new one.
    pub changes: Vec<Change<'a>>,
    matching: Matching<'a>,
}

impl<'a> Diff<'a> {
    /// Compares two versions of a system. The order of keys is no change, nor is that of lists whose order has no meaning.
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
