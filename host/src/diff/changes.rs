//! Collects changes.

use super::matching::Matching;
use super::pairs::{Pair, Pairs, SectionEntry};
use super::users::Users;
use super::{At, Breaking, Change, ChangeKind, Part, Section, Side};
use crate::model::{Map, Object, System, Value};

/// The changes that were found.
pub(super) struct Changes<'a, 'm> {
    pub all: Vec<Change<'a>>,
    pub users: Users<'a, 'm>,
}

impl<'a, 'm> Changes<'a, 'm> {
    pub fn new(old: &'a System, matching: &'m Matching<'a>) -> Self {
        Self { all: Vec::new(), users: Users::new(old, matching) }
    }

    pub fn push(&mut self, kind: ChangeKind, old: Option<Side<'a>>, new: Option<Side<'a>>) {
        self.breaking(kind, old, new, None);
    }

    pub fn breaking(
        &mut self,
        kind: ChangeKind,
        old: Option<Side<'a>>,
        new: Option<Side<'a>>,
        reason: Option<Breaking<'a>>,
    ) {
        self.all.push(Change { kind, old, new, breaking: reason.map(Box::new) });
    }

    /// Compares a part that one of the versions may not have.
    pub fn value(&mut self, at: [At<'a>; 2], old: Option<Value<'a>>, new: Option<Value<'a>>) {
        if old != new {
            self.push(kind_of(old, new), side(at[0], old), side(at[1], new));
        }
    }

    /// Compares the strings and ports of an object. What else it has is compared one by one.
    pub fn plain_fields(&mut self, section: Section, names: [&'a str; 2], old: Object<'a>, new: Object<'a>) {
        for (old, new) in old.fields().zip(new.fields()) {
            if let Some(Value::Text(_) | Value::Port(_)) = old.value.or(new.value) {
                let at = names.map(|name| At { section, name, part: Part::Field(old.name) });
                self.value(at, old.value, new.value);
            }
        }
    }

    /// Reports the entries of a section that were added, removed or renamed, and calls `compare` for each.
    pub fn section<V>(
        &mut self,
        section: Section,
        pairs: &Pairs<'a>,
        [old, new]: [&'a Map<V>; 2],
        mut compare: impl FnMut(&mut Self, Pair<'a, V>),
    ) where
        Object<'a>: From<&'a V>,
    {
        let whole = |of: &SectionEntry<'a, V>| {
            let at = At { section, name: of.name, part: Part::Whole };
            Some(Side { at, value: Value::Object(of.value.into()) })
        };
        for pair in pairs.walk(old, new) {
            match &pair {
                Pair::Removed(before) => self.push(ChangeKind::Removed, whole(before), None),
                Pair::Added(now) => self.push(ChangeKind::Added, None, whole(now)),
                Pair::Both([before, now]) if before.name != now.name => {
                    let [old, new] = renamed(section, [before.name, now.name]);
                    self.push(ChangeKind::Renamed, old, new);
                }
                Pair::Both(_) => {}
            }
            compare(self, pair);
        }
    }
}

/// The side of a value; `None` where its version does not have the part.
pub(super) fn side<'a>(at: At<'a>, value: Option<Value<'a>>) -> Option<Side<'a>> {
    value.map(|value| Side { at, value })
}

/// The kind of change between two values of a part.
pub(super) fn kind_of<V>(old: Option<V>, new: Option<V>) -> ChangeKind {
    match (old, new) {
        (Some(_), None) => ChangeKind::Removed,
        (None, Some(_)) => ChangeKind::Added,
        _ => ChangeKind::Changed,
    }
}

/// Both sides of a part with another name.
pub(super) fn renamed<'a>(section: Section, names: [&'a str; 2]) -> [Option<Side<'a>>; 2] {
    names.map(|name| Some(Side { at: At { section, name, part: Part::Whole }, value: Value::Text(name) }))
}
