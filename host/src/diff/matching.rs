//! Which part of the new version a part of the old one is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use super::content;
use super::pairs::{Pairs, key};
use crate::model::{Deployments, Owner, System};

/// How often pairs of renamed services are held against the pairs that they lead to. A pair that is wrong after that is
/// still compared, and its differences are reported.
const ROUNDS: usize = 8;

/// Which part of the new version each part of the old one is.
#[derive(Clone, Debug)]
pub(super) struct Matching<'a> {
    pub services: Pairs<'a>,
    pub owners: Pairs<'a>,
    pub networks: Pairs<'a>,
    pub helm: Pairs<'a>,
    pub terraform: Pairs<'a>,
}

impl<'a> Matching<'a> {
    /// Matches every part by its name, then by its content.
    pub fn of(old: &'a System, new: &'a System) -> Self {
        let (old_deployments, new_deployments) = (deployments(old), deployments(new));
        let mut matching = Self {
            services: Pairs::by_name(&old.services, &new.services),
            owners: Pairs::by_name(&old.owners, &new.owners),
            networks: Pairs::by_name(&old.networks, &new.networks),
            helm: Pairs::by_name(&old_deployments.helm, &new_deployments.helm),
            terraform: Pairs::by_name(&old_deployments.terraform, &new_deployments.terraform),
        };
        let hasher = RandomState::default();
        matching.rename_owners(old, new, &hasher);
        matching.rename_services(old, new, &hasher);

        let translate = |field: &'static str, text: &'a str| match field {
            "fromService" | "toService" | "services" => matching.services.name(text).into(),
            "resources" => matching.entry(text).id(),
            _ => Cow::Borrowed(text),
        };
        let of_old = |object| content::of(object, &hasher, &translate);
        let of_new = |object| content::of(object, &hasher, &content::same);
        let networks = matching
            .networks
            .by_content(|index| of_old((&old.networks[index]).into()), |index| of_new((&new.networks[index]).into()));
        let helm = matching.helm.by_content(
            |index| of_old((&old_deployments.helm[index]).into()),
            |index| of_new((&new_deployments.helm[index]).into()),
        );
        let terraform = matching.terraform.by_content(
            |index| of_old((&old_deployments.terraform[index]).into()),
            |index| of_new((&new_deployments.terraform[index]).into()),
        );
        matching.networks.rename(&networks, &old.networks, &new.networks);
        matching.helm.rename(&helm, &old_deployments.helm, &new_deployments.helm);
        matching.terraform.rename(&terraform, &old_deployments.terraform, &new_deployments.terraform);
        matching
    }

    /// Reads an entry of an old Terraform module as the new version has it.
    pub fn entry(&self, old: &'a str) -> Entry<'a> {
        match Entry::read(old) {
            Entry::Service(service) => Entry::Service(self.services.name(service)),
            resource @ Entry::Resource(_) => resource,
        }
    }

    /// Pairs owners with the same facts, where some of the services follow that one had.
    fn rename_owners(&mut self, old: &'a System, new: &'a System, hasher: &RandomState) {
        let facts = |owner: &'a Owner| content::of(owner.into(), hasher, &content::same);
        let mut pairs = self.owners.by_content(|index| facts(&old.owners[index]), |index| facts(&new.owners[index]));
        if pairs.is_empty() {
            return;
        }
        let to: HashMap<&str, &str, RandomState> =
            pairs.iter().map(|&(from, to)| (key(&old.owners, from), key(&new.owners, to))).collect();
        // How many services follow, and how many stay behind.
        let mut follow: HashMap<&str, (u32, u32), RandomState> = HashMap::default();
        for (index, service) in old.services.values().enumerate() {
            let (Some(owner), Some(other)) = (service.owner.as_deref(), self.services.new_of[index]) else { continue };
            let Some(to) = to.get(owner) else { continue };
            let follows = new.services[other as usize].owner.as_deref() == Some(*to);
            let (following, staying) = follow.entry(owner).or_default();
            *(if follows { following } else { staying }) += 1;
        }
        pairs.retain(|&(from, _)| {
            let (following, staying) = follow.get(key(&old.owners, from)).copied().unwrap_or_default();
            following > 0 || staying == 0
        });
        self.owners.rename(&pairs, &old.owners, &new.owners);
    }

    /// Pairs services that say the same and are used by the same.
    fn rename_services(&mut self, old: &'a System, new: &'a System, hasher: &RandomState) {
        if self.services.is_complete() {
            return;
        }
        let used = [used_by(old, &self.services.new_of, hasher), used_by(new, &self.services.old_of, hasher)];
        // A connection to a service that is left has no name.
        let target = |system: &System, pairs: &[Option<u32>], target: &'a str| {
            let is_left = system.services.get_index_of(target).is_some_and(|target| pairs[target].is_none());
            if is_left { "" } else { target }
        };
        let mut pairs = self.services.by_content(
            |index| {
                let translate = |field: &'static str, text: &'a str| match field {
                    "owner" => self.owners.name(text).into(),
                    "connections" => target(old, &self.services.new_of, text).into(),
                    _ => Cow::Borrowed(text),
                };
                content::of((&old.services[index]).into(), hasher, &translate).wrapping_add(used[0][index])
            },
            |index| {
                let translate = |field: &'static str, text: &'a str| match field {
                    "connections" => target(new, &self.services.old_of, text).into(),
                    _ => Cow::Borrowed(text),
                };
                content::of((&new.services[index]).into(), hasher, &translate).wrapping_add(used[1][index])
            },
        );
        for _ in 0..ROUNDS {
            let to: HashMap<&str, &str, RandomState> =
                pairs.iter().map(|&(from, to)| (key(&old.services, from), key(&new.services, to))).collect();
            let before = pairs.len();
            pairs.retain(|&(from, other)| {
                let new_connections = &new.services[other as usize].connections;
                old.services[from as usize].connections.iter().all(|(target, connection)| {
                    let name = to.get(target.as_str()).copied().unwrap_or(target);
                    new_connections.get(name) == Some(connection)
                })
            });
            if pairs.len() == before {
                break;
            }
        }
        self.services.rename(&pairs, &old.services, &new.services);
    }
}

/// An entry of a Terraform module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Entry<'a> {
    /// A service, by its name.
    Service(&'a str),
    /// A resource, by its id.
    Resource(&'a str),
}

impl<'a> Entry<'a> {
    /// Reads an entry of a new Terraform module.
    pub fn read(text: &'a str) -> Self {
        match text.strip_prefix("svc:") {
            Some(service) => Self::Service(service),
            None => Self::Resource(text),
        }
    }

    /// The entry as a document has it.
    fn id(self) -> Cow<'a, str> {
        match self {
            Self::Service(service) => format!("svc:{service}").into(),
            Self::Resource(id) => id.into(),
        }
    }
}

/// The deployments of a system; empty where it has none.
pub(super) fn deployments(system: &System) -> &Deployments {
    static NONE: std::sync::LazyLock<Deployments> = std::sync::LazyLock::new(Default::default);
    system.deployments.as_ref().unwrap_or(&NONE)
}

/// Sums up who uses each service: of the services that both versions have.
fn used_by(system: &System, pairs: &[Option<u32>], hasher: &RandomState) -> Vec<u64> {
    let mut sums = vec![0_u64; system.services.len()];
    for (_, (name, service)) in system.services.iter().enumerate().filter(|(index, _)| pairs[*index].is_some()) {
        let hash = hasher.hash_one(name);
        for target in service.connections.keys() {
            if let Some(target) = system.services.get_index_of(target).filter(|&target| pairs[target].is_none()) {
                sums[target] = sums[target].wrapping_add(hash);
            }
        }
    }
    sums
}
