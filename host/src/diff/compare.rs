//! Compares pair by pair, in the order of the format.

use super::changes::Changes;
use super::deployments::DeploymentComparison;
use super::matching::Matching;
use super::pairs::Pair;
use super::services::ServiceComparison;
use super::{Change, Section, networks};
use crate::model::System;

/// Finds every change.
pub(super) fn changes<'a>(old: &'a System, new: &'a System, matching: &Matching<'a>) -> Vec<Change<'a>> {
    let mut out = Changes::new(old, matching);
    out.plain_fields(Section::System, ["", ""], old.into(), new.into());
    out.section(Section::Owner, &matching.owners, [&old.owners, &new.owners], |out, pair| {
        if let Pair::Both([before, now]) = pair {
            out.plain_fields(Section::Owner, [before.name, now.name], before.value.into(), now.value.into());
        }
    });
    ServiceComparison::of(old, new, matching).compare(&mut out);
    out.section(Section::Network, &matching.networks, [&old.networks, &new.networks], |out, pair| {
        if let Pair::Both([before, now]) = pair {
            let names = [before.name, now.name];
            out.plain_fields(Section::Network, names, before.value.into(), now.value.into());
            networks::compare_rules(out, names, &before.value.rules, &now.value.rules, &matching.services);
        }
    });
    DeploymentComparison::of(old, new, matching).compare(&mut out);
    out.all
}
