//! Networks and their rules.

use std::collections::{HashMap, HashSet};

use super::combine::CombinedObservation;
use super::context::Context;
use crate::import::Difference;
use crate::model::{NetworkRule, System};

/// Brings the networks up to date. The first rule that applies decides, so that a new one stands where the files have it:
/// behind the one before it.
pub(super) fn bring(system: &mut System, combined: &CombinedObservation, context: &mut Context<'_>) {
    let System { services, networks, .. } = system;
    let is_known = |rule: &&NetworkRule| {
        [&rule.from_service, &rule.to_service].into_iter().flatten().all(|service| services.contains_key(service))
    };
    for (name, observed) in &combined.system.networks {
        let rules: Vec<&NetworkRule> = observed.rules.iter().filter(is_known).collect();
        let Some(own) = networks.get_mut(name) else {
            if context.takes(Difference::Unmanaged, &["networks", name.as_str()]) {
                let mut own = observed.clone();
                own.rules = rules.into_iter().cloned().collect();
                networks.insert(name.clone(), own);
            }
            continue;
        };
        if own.description.is_none() {
            own.description.clone_from(&observed.description);
        }
        let is_other = observed.cidr.is_some() && observed.cidr != own.cidr;
        if is_other
            && (own.cidr.is_none() || context.takes(Difference::Different, &["networks", name.as_str(), "cidr"]))
        {
            own.cidr.clone_from(&observed.cidr);
        }
        if own.rules != observed.rules {
            own.rules = laid_over(std::mem::take(&mut own.rules), &rules, || {
                context.takes(Difference::Unmanaged, &["networks", name.as_str(), "rules"])
            });
        }
    }
}

/// The rules of the document with those that only the files have, each behind the one that the files have before it.
fn laid_over(own: Vec<NetworkRule>, observed: &[&NetworkRule], mut takes: impl FnMut() -> bool) -> Vec<NetworkRule> {
    let known: HashMap<String, usize> = own.iter().enumerate().rev().map(|(place, rule)| (key(rule), place)).collect();
    let mut behind: Vec<Vec<&NetworkRule>> = vec![Vec::new(); own.len() + 1];
    let first = observed.iter().find_map(|rule| known.get(&key(rule)).copied());
    let mut slot = first.unwrap_or(own.len());
    let mut is_new = HashSet::new();
    for &rule in observed {
        match known.get(&key(rule)) {
            Some(place) => slot = place + 1,
            None if is_new.insert(key(rule)) && takes() => behind[slot].push(rule),
            None => {}
        }
    }
    let mut rules: Vec<NetworkRule> = behind[0].iter().copied().cloned().collect();
    for (place, rule) in own.into_iter().enumerate() {
        rules.push(rule);
        rules.extend(behind[place + 1].iter().copied().cloned());
    }
    rules
}

/// What tells a rule from others.
fn key(rule: &NetworkRule) -> String {
    format!("{rule:?}")
}
