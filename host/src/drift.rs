//! Whether a document still agrees with what runs: it is held against itself, brought up to date by what importers found.

use crate::diagnostic::Pointer;
use crate::diff::{Change, ChangeKind, Diff, Part, Section, Side};
use crate::import::Difference;
use crate::merge::MergeResult;
use crate::model::{System, Value};

/// The differences between a document and what runs.
#[derive(Debug)]
pub struct Drift<'a> {
    /// The document, and what it would be if it were up to date.
    pub diff: Diff<'a>,
    /// The differences, by their positions in the changes of the diff.
    differences: Vec<(Difference, usize)>,
}

impl<'a> Drift<'a> {
    /// Compares a document with what became of it, with all that is gone removed.
    pub fn of(document: &'a System, merged: &'a MergeResult) -> Self {
        let diff = Diff::of(document, &merged.system);
        let differences = diff.changes.iter().enumerate();
        let differences =
            differences.filter_map(|(index, change)| Some((difference(document, &merged.system, change)?, index)));
        let differences = differences.collect();
        Self { diff, differences }
    }

    /// The differences, in the order of the diff.
    pub fn differences(&self) -> impl Iterator<Item = (Difference, &Change<'a>)> {
        self.differences.iter().map(|&(difference, index)| (difference, &self.diff.changes[index]))
    }

    /// How many differences there are of a kind.
    pub fn count(&self, kind: Difference) -> usize {
        self.differences.iter().filter(|(difference, _)| *difference == kind).count()
    }
}

/// The place of a difference in the document; of what only runs, where it would stand.
pub fn place(change: &Change<'_>) -> Pointer {
    change.old.or(change.new).map(|side| side.at.pointer()).unwrap_or_default()
}

/// What a change means; `None` for one that follows from another, and for what a document need not say.
fn difference(document: &System, system: &System, change: &Change<'_>) -> Option<Difference> {
    let at = change.at();
    match change.kind {
        ChangeKind::Added => match at.part {
            Part::Whole if !has_section(document, at.section) => None,
            Part::Whole if at.section == Section::Owner => None,
            Part::Whole
            | Part::Connection(_)
            | Part::Endpoint(_)
            | Part::Resource(_)
            | Part::Rule(_)
            | Part::Entry(_) => Some(Difference::Unmanaged),
            _ => None,
        },
        ChangeKind::Removed => match at.part {
            Part::Connection(target) if !system.services.contains_key(target) => None,
            Part::Whole | Part::Connection(_) | Part::Endpoint(_) | Part::Resource(_) => Some(Difference::Missing),
            // With a service goes what names it.
            _ => None,
        },
        ChangeKind::Changed => {
            let empty = |side: Option<Side<'_>>| side.is_none_or(|side| side.value == Value::Text(""));
            (!empty(change.old)).then_some(Difference::Different)
        }
        ChangeKind::Moved if matches!(at.part, Part::Rule(_)) => None,
        ChangeKind::Moved | ChangeKind::Renamed => Some(Difference::Different),
    }
}

/// Whether a document has anything in a section. What it does not have at all is not compared.
fn has_section(document: &System, section: Section) -> bool {
    match section {
        Section::System | Section::Service => true,
        Section::Owner => !document.owners.is_empty(),
        Section::Network => !document.networks.is_empty(),
        Section::Helm => document.helm().next().is_some(),
        Section::Terraform => document.terraform().next().is_some(),
    }
}
