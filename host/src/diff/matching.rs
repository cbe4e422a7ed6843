//! Which part of the new version a part of the old one is.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::RandomState;

use crate::model::{HelmDeployment, Map, Network, Owner, Service, System, TerraformDeployment, Text};

/// How often pairs of renamed services are held against the pairs that they lead to. A pair that is wrong after that is
/// still compared, and its differences are told.
const ROUNDS: usize = 8;

/// Holds which part of the new version each part of the old one is.
#[derive(Clone, Debug)]
pub(super) struct Matching<'a> {
    pub services: Pairs<'a>,
    pub owners: Pairs<'a>,
    pub networks: Pairs<'a>,
    pub helm: Pairs<'a>,
    pub terraform: Pairs<'a>,
}

/// Holds the pairs of one section, by positions.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs<'a> {
    pub new_of: Vec<Option<u32>>,
    pub old_of: Vec<Option<u32>>,
    /// The new names by the old ones, where they differ.
    renamed: HashMap<&'a str, &'a str, RandomState>,
}

impl<'a> Pairs<'a> {
    fn by_name<V>(old: &Map<V>, new: &Map<V>) -> Self {
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

    /// Pairs what is left on both sides, where what it says is there once on each.
    fn by_content(&self, old: impl Fn(usize) -> u64, new: impl Fn(usize) -> u64) -> Vec<(u32, u32)> {
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

    fn is_complete(&self) -> bool {
        self.new_of.iter().all(Option::is_some) || self.old_of.iter().all(Option::is_some)
    }

    fn rename<V>(&mut self, pairs: &[(u32, u32)], old: &'a Map<V>, new: &'a Map<V>) {
        for &(from, to) in pairs {
            self.set(from, to);
            self.renamed.insert(key(old, from), key(new, to));
        }
    }

    /// Returns the name that the new version has for a name of the old one.
    pub fn name(&self, old: &'a str) -> &'a str {
        if self.renamed.is_empty() { old } else { self.renamed.get(old).copied().unwrap_or(old) }
    }

    /// Says whether nothing has another name.
    pub fn has_no_renames(&self) -> bool {
        self.renamed.is_empty()
    }
}

impl<'a> Matching<'a> {
    /// Matches every part by its name, then by what it says.
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
        let same = |name: &'a str| name;
        let service = |name: &'a str| matching.services.name(name);

        let networks = matching.networks.by_content(
            |index| network(&old.networks[index], &hasher, service),
            |index| network(&new.networks[index], &hasher, same),
        );
        let helm = matching.helm.by_content(
            |index| helm(&old_deployments.helm[index], &hasher, service),
            |index| helm(&new_deployments.helm[index], &hasher, same),
        );
        let entry = |name: &'a str| matching.entry(name);
        let terraform = matching.terraform.by_content(
            |index| terraform(&old_deployments.terraform[index], &hasher, entry),
            |index| terraform(&new_deployments.terraform[index], &hasher, Entry::read),
        );
        matching.networks.rename(&networks, &old.networks, &new.networks);
        matching.helm.rename(&helm, &old_deployments.helm, &new_deployments.helm);
        matching.terraform.rename(&terraform, &old_deployments.terraform, &new_deployments.terraform);
        matching
    }

    /// Reads an entry of an old Terraform module as the new version has it.
    pub fn entry(&self, old: &'a str) -> Entry<'a> {
        match old.strip_prefix("svc:") {
            Some(service) => Entry::Service(self.services.name(service)),
            None => Entry::Resource(old),
        }
    }

    /// Pairs owners with the same facts, where some of the services follow that one had.
    fn rename_owners(&mut self, old: &'a System, new: &'a System, hasher: &RandomState) {
        let facts = |owner: &Owner| hasher.hash_one((&owner.name, &owner.email, &owner.slack, &owner.pager));
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
        let same = |name: &'a str| name;
        let owner = |name: &'a str| self.owners.name(name);
        let used = [used_by(old, &self.services.new_of, hasher), used_by(new, &self.services.old_of, hasher)];
        let is_left = |system: &System, pairs: &[Option<u32>], target: &str| {
            system.services.get_index_of(target).is_some_and(|target| pairs[target].is_none())
        };
        let mut pairs = self.services.by_content(
            |index| {
                let is_left = |target: &str| is_left(old, &self.services.new_of, target);
                service(&old.services[index], hasher, owner, is_left).wrapping_add(used[0][index])
            },
            |index| {
                let is_left = |target: &str| is_left(new, &self.services.old_of, target);
                service(&new.services[index], hasher, same, is_left).wrapping_add(used[1][index])
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
}

/// Returns the deployments of a system, or none at all.
pub(super) fn deployments(system: &System) -> &crate::model::Deployments {
    static NONE: std::sync::LazyLock<crate::model::Deployments> = std::sync::LazyLock::new(Default::default);
    system.deployments.as_ref().unwrap_or(&NONE)
}

/// Returns the name of a part, as long as its map lives.
pub(super) fn key<V>(map: &Map<V>, index: u32) -> &str {
    map.get_index(index as usize).expect("a pair has positions").0
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

/// Sums up what a service says, whatever the order. A connection to a service that is left has no name.
fn service<'a>(
    service: &'a Service,
    hasher: &RandomState,
    owner: impl Fn(&'a str) -> &'a str,
    is_left: impl Fn(&str) -> bool,
) -> u64 {
    let repo = service.repo.as_ref().map(|repo| (&repo.url, &repo.path, &repo.reference, &repo.commit));
    let env_vars = service.env_vars.as_ref().map(|names| (&names.url, &names.host, &names.port));
    let image = (&service.image.name, &service.image.tag, &service.image.digest);
    let owner = service.owner.as_deref().map(owner);
    let mut sum = Sum(hasher, 0);
    sum.add((&service.description, owner, repo, image, &service.registry, env_vars));
    for (target, connection) in &service.connections {
        let target = (!is_left(target)).then_some(target);
        sum.add(("connection", target, connection.port, &connection.protocol, &connection.description));
    }
    for endpoint in &service.exposes {
        sum.add(("endpoint", endpoint.port, &endpoint.protocol, &endpoint.description));
    }
    for bindings in &service.bindings.0 {
        for resource in bindings.lists.iter().flat_map(|list| &list.resources) {
            sum.add(("resource", resource.kind.resource, &resource.name, fields(&resource.fields, hasher)));
        }
        sum.add(("bindings", bindings.provider.key, fields(&bindings.fields, hasher)));
    }
    sum.1
}

/// Sums up fields, whatever their order.
pub(super) fn fields(
    fields: &[(&'static crate::catalogue::Field, crate::model::FieldValue)],
    hasher: &RandomState,
) -> u64 {
    use crate::model::FieldValue;

    let mut sum = Sum(hasher, 0);
    for (field, value) in fields {
        match value {
            FieldValue::Text(text) => sum.add((field.name, text)),
            FieldValue::Port(port) => sum.add((field.name, port)),
            FieldValue::List(list) => list.iter().for_each(|text| sum.add((field.name, "element", text))),
        }
    }
    sum.1
}

fn network<'a>(network: &'a Network, hasher: &RandomState, service: impl Fn(&'a str) -> &'a str) -> u64 {
    let mut sum = Sum(hasher, 0);
    sum.add((&network.description, &network.cidr));
    for rule in &network.rules {
        sum.add(super::network::Content::of(rule, &service));
    }
    sum.1
}

fn helm<'a>(release: &'a HelmDeployment, hasher: &RandomState, service: impl Fn(&'a str) -> &'a str) -> u64 {
    let mut sum = Sum(hasher, 0);
    sum.add((&release.chart, &release.version, &release.repo, &release.values_file));
    release.services.iter().for_each(|name: &Text| sum.add(service(name)));
    sum.1
}

fn terraform<'a>(module: &'a TerraformDeployment, hasher: &RandomState, entry: impl Fn(&'a str) -> Entry<'a>) -> u64 {
    let mut sum = Sum(hasher, 0);
    sum.add((&module.source, &module.version, &module.path));
    module.resources.iter().for_each(|name: &Text| sum.add(entry(name)));
    sum.1
}

/// A hash of a set of values with duplicates.
struct Sum<'h>(&'h RandomState, u64);

impl Sum<'_> {
    fn add(&mut self, value: impl Hash) {
        self.1 = self.1.wrapping_add(self.0.hash_one(value));
    }
}

pub(super) fn position(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 parts")
}
