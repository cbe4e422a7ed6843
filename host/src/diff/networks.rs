//! The rules of a network: a set, in which the order matters only where one rule allows what another denies.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::changes::Changes;
use super::pairs::Pairs;
use super::{At, ChangeKind, Part, Section, Side};
use crate::model::{Action, NetworkRule, Port, Value, position};

/// The content of a rule, with the names of the new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Content<'a> {
    traffic: Traffic<'a>,
    action: Option<u8>,
}

/// The traffic that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Traffic<'a> {
    direction: Option<u8>,
    from: Option<&'a str>,
    to: Option<&'a str>,
    port: Option<Port>,
    protocol: Option<u8>,
}

impl<'a> Content<'a> {
    /// Reads a rule, with names as `service` gives them.
    fn of(rule: &'a NetworkRule, service: impl Fn(&'a str) -> &'a str) -> Self {
        let NetworkRule { direction, from_service, to_service, port, protocol, action } = rule;
        Self {
            traffic: Traffic {
                direction: direction.map(|direction| direction as u8),
                from: from_service.as_deref().map(&service),
                to: to_service.as_deref().map(&service),
                port: *port,
                protocol: protocol.map(|protocol| protocol as u8),
            },
            action: action.map(|action| action as u8),
        }
    }
}

/// Compares the rules of the two versions of a network.
pub(super) fn compare_rules<'a>(
    out: &mut Changes<'a, '_>,
    names: [&'a str; 2],
    old: &'a [NetworkRule],
    new: &'a [NetworkRule],
    services: &Pairs<'a>,
) {
    if old == new && services.has_no_renames() {
        return;
    }
    let read_old: Vec<Content<'a>> = old.iter().map(|rule| Content::of(rule, |name| services.name(name))).collect();
    let read_new: Vec<Content<'a>> = new.iter().map(|rule| Content::of(rule, |name| name)).collect();
    let side = |version: usize, index: usize| {
        let (name, rules) = (names[version], [old, new][version]);
        let at = At { section: Section::Network, name, part: Part::Rule(position(index)) };
        Side { at, value: Value::Object((&rules[index]).into()) }
    };

    let mut kept: HashSet<Content<'a>, RandomState> = HashSet::default();
    for index in left(&read_old, &read_new, &mut kept) {
        out.push(ChangeKind::Removed, Some(side(0, index)), None);
    }
    for index in left(&read_new, &read_old, &mut kept) {
        out.push(ChangeKind::Added, None, Some(side(1, index)));
    }

    let (first_old, first_new) = (first(&read_old, &kept), first(&read_new, &kept));
    let mut seen: HashSet<Traffic<'a>, RandomState> = HashSet::default();
    for content in read_new.iter().filter(|content| kept.contains(content) && seen.insert(content.traffic)) {
        let (before, now) = (decides(&first_old, content.traffic), decides(&first_new, content.traffic));
        let (Some((_, before)), Some((index, now))) = (before, now) else { continue };
        if before.action != now.action {
            let was = first_old.get(&now).map(|&was| side(0, was));
            out.push(ChangeKind::Moved, was, Some(side(1, index)));
        }
    }
}

/// Finds the rules that the other version does not have, or not as often, and collects those that it has.
fn left<'a>(rules: &[Content<'a>], other: &[Content<'a>], kept: &mut HashSet<Content<'a>, RandomState>) -> Vec<usize> {
    let mut count: HashMap<Content<'a>, usize, RandomState> = HashMap::default();
    other.iter().for_each(|content| *count.entry(*content).or_default() += 1);
    let mut left = Vec::new();
    for (index, content) in rules.iter().enumerate() {
        match count.get_mut(content).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                kept.insert(*content);
            }
            None => left.push(index),
        }
    }
    left
}

/// The first position of each rule that both versions have.
fn first<'a>(
    rules: &[Content<'a>],
    kept: &HashSet<Content<'a>, RandomState>,
) -> HashMap<Content<'a>, usize, RandomState> {
    let mut first = HashMap::default();
    for (index, content) in rules.iter().enumerate().filter(|(_, content)| kept.contains(content)) {
        first.entry(*content).or_insert(index);
    }
    first
}

/// Finds the rule that decides on some traffic: the first for it, or for that of every service.
fn decides<'a>(first: &HashMap<Content<'a>, usize, RandomState>, traffic: Traffic<'a>) -> Option<(usize, Content<'a>)> {
    let any = Traffic { from: None, to: None, ..traffic };
    let rules = [traffic, any].into_iter().flat_map(|traffic| {
        [Action::Allow, Action::Deny].map(|action| Content { traffic, action: Some(action as u8) })
    });
    rules.filter_map(|content| Some((*first.get(&content)?, content))).min_by_key(|(index, _)| *index)
}
