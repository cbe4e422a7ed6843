//! Which entry of a section of the new version an entry of the old one is.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::model::{Map, position};

/// The pairs of one section, by positions.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs<'a> {
    pub new_of: Vec<Option<u32>>,
    pub old_of: Vec<Option<u32>>,
    /// The new names by the old ones, where they differ.
    renamed: HashMap<&'a str, &'a str, RandomState>,
}

/// An entry of a section of one version.
#[derive(Debug)]
pub(super) struct SectionEntry<'a, V> {
    pub index: u32,
    pub name: &'a str,
    pub value: &'a V,
}

/// An entry of a section, in the versions that have it.
pub(super) enum Pair<'a, V> {
    /// Only the old version has it.
    Removed(SectionEntry<'a, V>),
    /// Only the new version has it.
    Added(SectionEntry<'a, V>),
    /// Both versions have it: the old one and the new one.
    Both([SectionEntry<'a, V>; 2]),
}

impl<'a, V> SectionEntry<'a, V> {
    fn of(map: &'a Map<V>, index: usize) -> Self {
        let (name, value) = map.get_index(index).expect("a pair has positions");
        Self { index: position(index), name, value }
    }
}

impl<'a> Pairs<'a> {
    /// Pairs the entries of equal names.
    pub fn by_name<V>(old: &Map<V>, new: &Map<V>) -> Self {
        let mut pairs = Self { new_of: vec![None; old.len()], old_of: vec![None; new.len()], ..Self::default() };
        for (index, name) in old.keys().enumerate() {
            // Most documents keep their order.
            let same = new.get_index(index).filter(|(other, _)| *other == name).map(|_| index);
            if let Some(other) = same.or_else(|| new.get_index_of(name)) {
                pairs.set(position(index), position(other));
            }
        }
        pairs
    }

    fn set(&mut self, old: u32, new: u32) {
        self.new_of[old as usize] = Some(new);
        self.old_of[new as usize] = Some(old);
    }

    /// Pairs what is left on both sides, where its content is there once on each.
    pub fn by_content(&self, old: impl Fn(usize) -> u64, new: impl Fn(usize) -> u64) -> Vec<(u32, u32)> {
        if self.is_complete() {
            return Vec::new();
        }
        // The position, or none where there are several.
        let once = |left: &[Option<u32>], content: &dyn Fn(usize) -> u64| {
            let mut found: HashMap<u64, Option<u32>, RandomState> = HashMap::default();
            for index in (0..left.len()).filter(|&index| left[index].is_none()) {
                found.entry(content(index)).and_modify(|found| *found = None).or_insert(Some(position(index)));
            }
            found
        };
        let (old, new) = (once(&self.new_of, &old), once(&self.old_of, &new));
        let mut pairs: Vec<(u32, u32)> =
            old.iter().filter_map(|(content, &old)| Some((old?, (*new.get(content)?)?))).collect();
        pairs.sort_unstable();
        pairs
    }

    /// Whether one of the versions has no entry left.
    pub fn is_complete(&self) -> bool {
        self.new_of.iter().all(Option::is_some) || self.old_of.iter().all(Option::is_some)
    }

    /// Takes entries that have another name as pairs.
    pub fn rename<V>(&mut self, pairs: &[(u32, u32)], old: &'a Map<V>, new: &'a Map<V>) {
        for &(from, to) in pairs {
            self.set(from, to);
            self.renamed.insert(key(old, from), key(new, to));
        }
    }

    /// The name that the new version has for a name of the old one.
    pub fn name(&self, old: &'a str) -> &'a str {
        if self.renamed.is_empty() { old } else { self.renamed.get(old).copied().unwrap_or(old) }
    }

    /// Whether no entry has another name.
    pub fn has_no_renames(&self) -> bool {
        self.renamed.is_empty()
    }

    /// Iterates over a section: over what was removed, in the order of the old version, then over the rest in the order of
    /// the new one.
    pub fn walk<'p, V>(
        &'p self,
        old: &'a Map<V>,
        new: &'a Map<V>,
    ) -> impl Iterator<Item = Pair<'a, V>> + use<'p, 'a, V> {
        let removed = (0..old.len()).filter(|&index| self.new_of[index].is_none());
        let removed = removed.map(|index| Pair::Removed(SectionEntry::of(old, index)));
        removed.chain((0..new.len()).map(|index| {
            let now = SectionEntry::of(new, index);
            match self.old_of[index] {
                Some(before) => Pair::Both([SectionEntry::of(old, before as usize), now]),
                None => Pair::Added(now),
            }
        }))
    }
}

/// The name of an entry, as long as its map lives.
pub(super) fn key<V>(map: &Map<V>, index: u32) -> &str {
    map.get_index(index as usize).expect("a pair has positions").0
}
