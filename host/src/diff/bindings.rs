//! The resources that services bind: which were added, removed, moved to another service or renamed.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use super::ResourcePlace;
use super::content::of_fields;
use super::matching::Matching;
use crate::catalogue::Field;
use crate::model::{FieldValue, Resource, ServiceBindings, System, Text, position};

/// The identity of a resource in the whole system: `aws.rds` and its name.
pub(super) type ResourceId<'a> = (&'static str, &'a str);

/// A resource as a service binds it, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding<'a> {
    pub place: ResourcePlace,
    pub resource: &'a Resource,
}

impl<'a> Binding<'a> {
    pub fn id(&self) -> ResourceId<'a> {
        (self.resource.kind.resource, &self.resource.name)
    }
}

/// Iterates over the named resources of a service.
pub(super) fn bindings(bindings: &ServiceBindings) -> impl Iterator<Item = Binding<'_>> {
    bindings.0.iter().flat_map(|bindings| {
        bindings.lists.iter().flat_map(|list| {
            list.resources.iter().enumerate().filter(|(_, resource)| !resource.name.is_empty()).map(
                |(index, resource)| {
                    let place = ResourcePlace { kind: list.kind, index: position(index), is_whole: false };
                    Binding { place, resource }
                },
            )
        })
    })
}

/// The bindings of one pair of services: removed, added and kept.
#[derive(Default)]
pub(super) struct BindingDifference<'a> {
    pub removed: Vec<Binding<'a>>,
    pub added: Vec<Binding<'a>>,
    pub kept: Vec<(Binding<'a>, Binding<'a>)>,
}

/// The number of bindings up to which they are looked through instead of hashed.
const FEW: usize = 16;

/// Compares what one service binds. Of a resource that stands there twice, the first counts, as in the graph.
pub(super) fn difference<'a>(old: &'a ServiceBindings, new: &'a ServiceBindings) -> BindingDifference<'a> {
    let (old, new): (Vec<Binding<'a>>, Vec<Binding<'a>>) = (bindings(old).collect(), bindings(new).collect());
    let mut difference = BindingDifference::default();
    let (in_old, in_new) = (Index::of(&old), Index::of(&new));
    for (index, one) in old.iter().enumerate() {
        if in_old.find(one.id()) == Some(index) {
            match in_new.find(one.id()) {
                Some(other) => difference.kept.push((*one, new[other])),
                None => difference.removed.push(*one),
            }
        }
    }
    for (index, one) in new.iter().enumerate() {
        if in_new.find(one.id()) == Some(index) && in_old.find(one.id()).is_none() {
            difference.added.push(*one);
        }
    }
    difference
}

/// Finds the first binding of a resource.
enum Index<'b, 'a> {
    Few(&'b [Binding<'a>]),
    Many(HashMap<ResourceId<'a>, usize, RandomState>),
}

impl<'b, 'a> Index<'b, 'a> {
    fn of(all: &'b [Binding<'a>]) -> Self {
        if all.len() <= FEW {
            return Self::Few(all);
        }
        let mut first = HashMap::default();
        for (index, one) in all.iter().enumerate() {
            first.entry(one.id()).or_insert(index);
        }
        Self::Many(first)
    }

    fn find(&self, id: ResourceId<'_>) -> Option<usize> {
        match self {
            Self::Few(all) => all.iter().position(|one| one.id() == id),
            Self::Many(first) => first.get(&id).copied(),
        }
    }
}

/// Compares fields by their names: those of the old version in its order, then those that are new. A list is compared as
/// a set.
pub(super) fn field_differences<'a>(
    old: &'a [(&'static Field, FieldValue)],
    new: &'a [(&'static Field, FieldValue)],
) -> Vec<(&'static str, Option<&'a FieldValue>, Option<&'a FieldValue>)> {
    let find = |fields: &'a [(&'static Field, FieldValue)], name: &str| {
        fields.iter().find(|(field, _)| field.name == name).map(|(_, value)| value)
    };
    let mut differences = Vec::new();
    for (field, value) in old {
        let other = find(new, field.name);
        if !other.is_some_and(|other| is_same(value, other)) {
            differences.push((field.name, Some(value), other));
        }
    }
    for (field, value) in new {
        if find(old, field.name).is_none() {
            differences.push((field.name, None, Some(value)));
        }
    }
    differences
}

fn is_same(old: &FieldValue, new: &FieldValue) -> bool {
    match (old, new) {
        (FieldValue::List(old), FieldValue::List(new)) if old.len() == new.len() && old != new => {
            let sorted = |list: &[Text]| {
                let mut sorted: Vec<Text> = list.to_vec();
                sorted.sort_unstable();
                sorted
            };
            sorted(old) == sorted(new)
        }
        (old, new) => old == new,
    }
}

/// The use of a resource that a service no longer binds or newly binds.
#[derive(Clone, Debug, Default)]
pub(super) struct ResourceUse<'a> {
    /// How many bindings were removed, and the last one of them with its old service.
    removed: (u32, Option<(u32, Binding<'a>)>),
    /// How many bindings were added, and the last one of them with its new service.
    added: (u32, Option<(u32, Binding<'a>)>),
    /// How many services bind it in the old version and in the new one.
    total: [u32; 2],
    /// The first service that binds it in the old version and in the new one.
    first: [u32; 2],
    /// The services of the old version that bound it and that the new one still has: the first, and the others.
    users: (Option<u32>, Vec<u32>),
    /// What each of the services has to do with it, as a sum.
    usage: [u64; 2],
    /// The name that it had or has, where all else is the same.
    pub renamed: Option<&'a str>,
}

impl<'a> ResourceUse<'a> {
    /// The binding that went last, and its old service.
    pub fn removed(&self) -> Option<(u32, Binding<'a>)> {
        self.removed.1
    }

    /// Whether nothing binds it in a version.
    pub fn is_absent(&self, version: usize) -> bool {
        self.total[version] == 0
    }

    /// Whether a service is the first that binds it.
    pub fn is_first(&self, version: usize, service: u32) -> bool {
        self.first[version] == service
    }

    /// The services that bound it and still exist, except one; where there are many, the first of them, and how
    /// many more there are.
    pub fn others(&self, service: Option<u32>) -> (Vec<u32>, usize) {
        const ENOUGH: usize = 4;
        let (first, rest) = &self.users;
        let is_other = |user: &&u32| Some(**user) != service;
        let named: Vec<u32> = first.iter().chain(rest).filter(is_other).take(ENOUGH).copied().collect();
        let is_user = |service| *first == Some(service) || rest.binary_search(&service).is_ok();
        let own = usize::from(service.is_some_and(is_user));
        let more = usize::from(first.is_some()) + rest.len() - own - named.len();
        (named, more)
    }

    /// Whether several services that are still there bound it.
    pub fn has_several_users(&self) -> bool {
        !self.users.1.is_empty()
    }

    /// The old and the new service, where a resource that only one binds went from one to another.
    pub fn moved(&self) -> Option<(u32, u32)> {
        let (Some((from, _)), Some((to, _))) = (self.removed.1, self.added.1) else { return None };
        (self.total == [1, 1] && self.removed.0 == 1 && self.added.0 == 1).then_some((from, to))
    }
}

/// The use of each resource that a service no longer binds or newly binds.
pub(super) type ResourceUses<'a> = HashMap<ResourceId<'a>, ResourceUse<'a>, RandomState>;

/// Collects the use of each resource that a service no longer binds or newly binds. `differing` are the
/// services that differ, by their positions; what they bind is returned by the position in the new version.
pub(super) fn uses<'a>(
    old: &'a System,
    new: &'a System,
    matching: &Matching<'a>,
    differing: &[(u32, u32)],
) -> (ResourceUses<'a>, HashMap<u32, BindingDifference<'a>, RandomState>) {
    let mut differences = Vec::with_capacity(differing.len());
    let mut count = 0;
    for &(before, now) in differing {
        let difference = difference(&old.services[before as usize].bindings, &new.services[now as usize].bindings);
        count += difference.removed.len() + difference.added.len();
        differences.push(difference);
    }
    let mut uses = ResourceUses::with_capacity_and_hasher(count, RandomState::default());
    let went = |service: u32, one: Binding<'a>, uses: &mut ResourceUses<'a>| {
        let removed = &mut uses.entry(one.id()).or_default().removed;
        *removed = (removed.0 + 1, Some((service, one)));
    };
    let came = |service: u32, one: Binding<'a>, uses: &mut ResourceUses<'a>| {
        let added = &mut uses.entry(one.id()).or_default().added;
        *added = (added.0 + 1, Some((service, one)));
    };
    for (&(before, now), difference) in differing.iter().zip(&differences) {
        difference.removed.iter().for_each(|one| went(before, *one, &mut uses));
        difference.added.iter().for_each(|one| came(now, *one, &mut uses));
    }
    let differences = differing.iter().map(|&(_, now)| now).zip(differences).collect();
    let left =
        |pairs: &[Option<u32>]| -> Vec<usize> { (0..pairs.len()).filter(|&index| pairs[index].is_none()).collect() };
    for index in left(&matching.services.new_of) {
        bindings(&old.services[index].bindings).for_each(|one| went(position(index), one, &mut uses));
    }
    for index in left(&matching.services.old_of) {
        bindings(&new.services[index].bindings).for_each(|one| came(position(index), one, &mut uses));
    }
    if uses.is_empty() {
        return (uses, differences);
    }
    count_users(old, new, matching, &mut uses);
    find_renames(&mut uses);
    (uses, differences)
}

fn count_users<'a>(old: &'a System, new: &'a System, matching: &Matching<'a>, uses: &mut ResourceUses<'a>) {
    let hasher = RandomState::default();
    for (version, system) in [old, new].into_iter().enumerate() {
        for (index, service) in system.services.values().enumerate() {
            // The position in the new version tells who it is; a service that went is nobody else.
            let user = if version == 0 { matching.services.new_of[index] } else { Some(position(index)) };
            let mut last: Option<ResourceId<'_>> = None;
            for one in bindings(&service.bindings).filter(|one| last.replace(one.id()) != Some(one.id())) {
                let Some(uses) = uses.get_mut(&one.id()) else { continue };
                let how = hasher.hash_one((user, one.resource.kind.resource, of_fields(&one.resource.fields, &hasher)));
                if uses.total[version] == 0 {
                    uses.first[version] = position(index);
                }
                uses.total[version] += 1;
                uses.usage[version] = uses.usage[version].wrapping_add(how);
                if version == 0 && user.is_some() {
                    match uses.users.0 {
                        Some(_) => uses.users.1.push(position(index)),
                        None => uses.users.0 = Some(position(index)),
                    }
                }
            }
        }
    }
}

/// The resources of one version that match.
#[derive(Clone, Copy, Default)]
enum Candidate<'a> {
    #[default]
    None,
    One(&'a str),
    Several,
}

/// Pairs a removed resource with an added one, where the same services bind both in the same way, and where no other
/// two match.
fn find_renames<'a>(uses: &mut ResourceUses<'a>) {
    let mut candidates: HashMap<(&'static str, u64), [Candidate<'a>; 2], RandomState> = HashMap::default();
    for (&(resource, name), of) in uses.iter() {
        let (version, usage) = match of.total {
            [_, 0] => (0, of.usage[0]),
            [0, _] => (1, of.usage[1]),
            _ => continue,
        };
        let candidate = &mut candidates.entry((resource, usage)).or_default()[version];
        *candidate = match candidate {
            Candidate::None => Candidate::One(name),
            Candidate::One(_) | Candidate::Several => Candidate::Several,
        };
    }
    for ((resource, _), names) in candidates {
        if let [Candidate::One(old), Candidate::One(new)] = names {
            if let Some(uses) = uses.get_mut(&(resource, old)) {
                uses.renamed = Some(new);
            }
            if let Some(uses) = uses.get_mut(&(resource, new)) {
                uses.renamed = Some(old);
            }
        }
    }
}
