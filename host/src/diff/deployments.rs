//! What Helm releases and Terraform modules deploy.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::changes::Changes;
use super::matching::{Entry, Matching, deployments};
use super::pairs::{Pair, Pairs};
use super::{At, ChangeKind, Part, Section, Side};
use crate::model::{Map, Object, System, Text, Value, position};

/// The number of deployments that have each entry, and the last of them.
type Deployers<'a> = HashMap<Entry<'a>, (u32, Side<'a>), RandomState>;

/// What the comparison of deployments needs to know of the whole system.
pub(super) struct DeploymentComparison<'a, 'm> {
    old: &'a System,
    new: &'a System,
    matching: &'m Matching<'a>,
    deployers: [Deployers<'a>; 2],
}

impl<'a, 'm> DeploymentComparison<'a, 'm> {
    pub fn of(old: &'a System, new: &'a System, matching: &'m Matching<'a>) -> Self {
        let mut deployers: [Deployers<'a>; 2] = Default::default();
        if old.deployments != new.deployments {
            for (version, system) in [old, new].into_iter().enumerate() {
                let mut note = |section: Section, name: &'a str, list: &'a [Text]| {
                    for (index, text) in list.iter().enumerate() {
                        let side = entry_side(section, name, index, text);
                        let known = deployers[version].entry(entry(matching, version, section, text));
                        let known = known.or_insert((0, side));
                        *known = (known.0 + 1, side);
                    }
                };
                system.helm().for_each(|(name, release)| note(Section::Helm, name, &release.services));
                system.terraform().for_each(|(name, module)| note(Section::Terraform, name, &module.resources));
            }
        }
        Self { old, new, matching, deployers }
    }

    pub fn compare(&self, out: &mut Changes<'a, '_>) {
        if self.old.deployments == self.new.deployments {
            return;
        }
        let (old, new) = (deployments(self.old), deployments(self.new));
        let (helm, terraform) = ([&old.helm, &new.helm], [&old.terraform, &new.terraform]);
        self.section(out, Section::Helm, &self.matching.helm, helm, |release| &release.services);
        self.section(out, Section::Terraform, &self.matching.terraform, terraform, |module| &module.resources);
    }

    fn section<V>(
        &self,
        out: &mut Changes<'a, '_>,
        section: Section,
        pairs: &Pairs<'a>,
        versions: [&'a Map<V>; 2],
        entries: fn(&'a V) -> &'a [Text],
    ) where
        Object<'a>: From<&'a V>,
    {
        out.section(section, pairs, versions, |out, pair| match pair {
            Pair::Removed(_) => {}
            // Of a deployment that is new as a whole, only what moved there is told.
            Pair::Added(now) => {
                for (index, text) in entries(now.value).iter().enumerate() {
                    if let Some(from) = self.moved(&entry(self.matching, 1, section, text)) {
                        out.push(ChangeKind::Moved, Some(from), Some(entry_side(section, now.name, index, text)));
                    }
                }
            }
            Pair::Both([before, now]) => {
                let names = [before.name, now.name];
                out.plain_fields(section, names, before.value.into(), now.value.into());
                self.entries(out, section, names, [entries(before.value), entries(now.value)]);
            }
        });
    }

    /// Compares what a deployment deploys.
    fn entries(&self, out: &mut Changes<'a, '_>, section: Section, names: [&'a str; 2], lists: [&'a [Text]; 2]) {
        let read = |version: usize| -> Vec<Entry<'a>> {
            lists[version].iter().map(|text| entry(self.matching, version, section, text)).collect()
        };
        let entries = [read(0), read(1)];
        let sets: [HashSet<Entry<'a>, RandomState>; 2] =
            [0, 1].map(|version| entries[version].iter().copied().collect());
        let only = |version: usize| {
            let other = &sets[1 - version];
            let left = entries[version].iter().enumerate().filter(|(_, entry)| !other.contains(entry));
            left.map(move |(index, entry)| (entry, entry_side(section, names[version], index, &lists[version][index])))
        };
        for (entry, side) in only(0) {
            // Where it went to says so.
            if self.moved(entry).is_none() {
                out.push(ChangeKind::Removed, Some(side), None);
            }
        }
        for (entry, side) in only(1) {
            match self.moved(entry) {
                Some(from) => out.push(ChangeKind::Moved, Some(from), Some(side)),
                None => out.push(ChangeKind::Added, None, Some(side)),
            }
        }
    }

    /// Finds the old place of an entry that exactly one deployment had and another one has now.
    fn moved(&self, entry: &Entry<'a>) -> Option<Side<'a>> {
        match (self.deployers[0].get(entry), self.deployers[1].get(entry)) {
            (Some((1, side)), Some((1, _))) => Some(*side),
            _ => None,
        }
    }
}

fn entry_side<'a>(section: Section, name: &'a str, index: usize, text: &'a str) -> Side<'a> {
    Side { at: At { section, name, part: Part::Entry(position(index)) }, value: Value::Text(text) }
}

/// Reads an entry of a deployment as the new version has it.
fn entry<'a>(matching: &Matching<'a>, version: usize, section: Section, text: &'a str) -> Entry<'a> {
    match (version, section) {
        (0, Section::Helm) => Entry::Service(matching.services.name(text)),
        (0, _) => matching.entry(text),
        (_, Section::Helm) => Entry::Service(text),
        _ => Entry::read(text),
    }
}
