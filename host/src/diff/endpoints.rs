//! Endpoints of two versions of a service, paired by what they have in common.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::model::{Endpoint, Port, System, position};

/// The pairs of endpoints, by positions, and those that are left.
#[derive(Default)]
pub(super) struct EndpointDifference {
    pub kept: Vec<(u32, u32)>,
    pub removed: Vec<u32>,
    pub added: Vec<u32>,
}

/// Pairs endpoints by port and protocol, then by port, then in their order.
pub(super) fn difference(old: &[Endpoint], new: &[Endpoint]) -> EndpointDifference {
    let mut difference = EndpointDifference {
        kept: Vec::new(),
        removed: (0..position(old.len())).collect(),
        added: (0..position(new.len())).collect(),
    };
    let (of_old, of_new) = (|index: u32| &old[index as usize], |index: u32| &new[index as usize]);
    difference.pair(|index| exactly(of_old(index)), |index| exactly(of_new(index)));
    difference.pair(|index| of_old(index).port, |index| of_new(index).port);
    difference.pair(|_| (), |_| ());
    difference.kept.sort_unstable_by_key(|&(_, new)| new);
    difference
}

impl EndpointDifference {
    fn pair<K: Hash + Eq>(&mut self, old_key: impl Fn(u32) -> K, new_key: impl Fn(u32) -> K) {
        if self.removed.is_empty() || self.added.is_empty() {
            return;
        }
        let mut by_key: HashMap<K, VecDeque<u32>, RandomState> = HashMap::default();
        for &index in &self.added {
            by_key.entry(new_key(index)).or_default().push_back(index);
        }
        let mut taken = std::collections::HashSet::new();
        self.removed.retain(|&index| match by_key.get_mut(&old_key(index)).and_then(VecDeque::pop_front) {
            Some(other) => {
                self.kept.push((index, other));
                taken.insert(other);
                false
            }
            None => true,
        });
        self.added.retain(|index| !taken.contains(index));
    }
}

fn exactly(endpoint: &Endpoint) -> (Option<Port>, String) {
    (endpoint.port, endpoint.protocol.to_ascii_lowercase())
}

/// An endpoint: a service and a position in its endpoints.
pub(super) type EndpointAt = (u32, u32);

/// What endpoints say: the key by which one that moved is found.
type Content<'a> = (Option<Port>, &'a str, Option<&'a str>);

/// The endpoints that went from one service to another, from both ends.
#[derive(Default)]
pub(super) struct MovedEndpoints {
    pub to: HashMap<EndpointAt, EndpointAt, RandomState>,
    pub from: HashMap<EndpointAt, EndpointAt, RandomState>,
}

/// Finds the endpoints that moved from one service to another: those with equal content, where the whole system has one
/// that was removed and one that was added. `differing` are the services that differ, by their positions.
pub(super) fn moved<'a>(old: &'a System, new: &'a System, differing: &[(u32, u32)]) -> MovedEndpoints {
    let mut candidates: HashMap<Content<'a>, [Vec<EndpointAt>; 2], RandomState> = HashMap::default();
    let mut note = |version: usize, service: u32, index: u32, endpoint: &'a Endpoint| {
        let content = (endpoint.port, endpoint.protocol.as_str(), endpoint.description.as_deref());
        candidates.entry(content).or_default()[version].push((service, index));
    };
    for &(index, other) in differing {
        let (before, now) = (&old.services[index as usize].exposes, &new.services[other as usize].exposes);
        if before == now {
            continue;
        }
        let difference = difference(before, now);
        for at in difference.removed {
            note(0, index, at, &before[at as usize]);
        }
        for at in difference.added {
            note(1, other, at, &now[at as usize]);
        }
    }
    let mut moved = MovedEndpoints::default();
    for [went, came] in candidates.into_values() {
        if let ([went], [came]) = (went.as_slice(), came.as_slice()) {
            moved.to.insert(*went, *came);
            moved.from.insert(*came, *went);
        }
    }
    moved
}
