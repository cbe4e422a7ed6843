//! Compares pair by pair, in the order of the format.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::bindings::{self, BindingDifference, Bound, ResourceId, Touched, field_differences, touched};
use super::breaking::{Breaking, Users};
use super::endpoints::{self, MovedEndpoints};
use super::matching::{Entry, Matching, Pairs, deployments, key, position};
use super::{At, Change, ChangeKind, Part, ResourcePlace, Section, Side, Value, network};
use crate::model::{
    Bindings, Connection, Endpoint, FieldValue, HelmDeployment, Map, Service, System, TerraformDeployment, Text,
};

/// The fields of a resource, besides its port, that decide what its users have to speak.
const SPOKEN: [&str; 3] = ["engine", "databaseType", "api"];

/// Finds every change.
pub(super) fn changes<'a>(old: &'a System, new: &'a System, matching: &Matching<'a>) -> Vec<Change<'a>> {
    let mut out = Changes { all: Vec::new(), users: Users::new(old, matching) };
    let at = |field| At { section: Section::System, name: "", part: Part::Field(field) };
    out.text([at("name"), at("name")], Some(&old.name), Some(&new.name));
    out.text([at("description"), at("description")], old.description.as_ref(), new.description.as_ref());
    out.text([at("version"), at("version")], old.version.as_ref(), new.version.as_ref());
    owners(&mut out, old, new, matching);
    Services::of(old, new, matching).compare(&mut out);
    networks(&mut out, old, new, matching);
    Deployed::of(old, new, matching).compare(&mut out);
    out.all
}

/// Collects changes.
pub(super) struct Changes<'a, 'm> {
    all: Vec<Change<'a>>,
    users: Users<'a, 'm>,
}

impl<'a> Changes<'a, '_> {
    pub fn push(&mut self, kind: ChangeKind, old: Option<Side<'a>>, new: Option<Side<'a>>) {
        self.breaking(kind, old, new, None);
    }

    fn breaking(
        &mut self,
        kind: ChangeKind,
        old: Option<Side<'a>>,
        new: Option<Side<'a>>,
        reason: Option<Breaking<'a>>,
    ) {
        self.all.push(Change { kind, old, new, breaking: reason.map(Box::new) });
    }

    /// Compares a part that one of the versions may not have.
    fn value(&mut self, at: [At<'a>; 2], old: Option<Value<'a>>, new: Option<Value<'a>>) {
        if old != new {
            self.push(kind_of(old.is_some(), new.is_some()), side(at[0], old), side(at[1], new));
        }
    }

    fn text(&mut self, at: [At<'a>; 2], old: Option<&'a Text>, new: Option<&'a Text>) {
        if old != new {
            self.value(at, old.map(Value::from), new.map(Value::from));
        }
    }
}

fn side<'a>(at: At<'a>, value: Option<Value<'a>>) -> Option<Side<'a>> {
    value.map(|value| Side { at, value })
}

fn kind_of(was: bool, is: bool) -> ChangeKind {
    match (was, is) {
        (true, false) => ChangeKind::Removed,
        (false, true) => ChangeKind::Added,
        _ => ChangeKind::Changed,
    }
}

/// Walks a section: calls `removed` for what went, in the order of the old version, then `pair` for the rest in the order
/// of the new one.
fn walk<'a, V>(
    pairs: &Pairs<'a>,
    old: &'a Map<V>,
    new: &'a Map<V>,
    mut removed: impl FnMut(u32, &'a str, &'a V),
    mut pair: impl FnMut(Option<(u32, &'a str, &'a V)>, (u32, &'a str, &'a V)),
) {
    for (index, (name, value)) in old.iter().enumerate() {
        if pairs.new_of[index].is_none() {
            removed(position(index), name, value);
        }
    }
    for (index, (name, value)) in new.iter().enumerate() {
        let before = pairs.old_of[index].map(|before| (before, key(old, before), &old[before as usize]));
        pair(before, (position(index), name, value));
    }
}

fn renamed<'a>(section: Section, old: &'a str, new: &'a str) -> [Option<Side<'a>>; 2] {
    [old, new].map(|name| Some(Side { at: At { section, name, part: Part::Whole }, value: Value::Text(name) }))
}

fn owners<'a>(out: &mut Changes<'a, '_>, old: &'a System, new: &'a System, matching: &Matching<'a>) {
    let section = Section::Owner;
    let mut found = Vec::new();
    let at = |name, part| At { section, name, part };
    walk(
        &matching.owners,
        &old.owners,
        &new.owners,
        |_, name, owner| {
            let side = Side { at: at(name, Part::Whole), value: Value::Owner(owner) };
            out.push(ChangeKind::Removed, Some(side), None);
        },
        |before, now| found.push((before, now)),
    );
    for (before, (_, name, now)) in found {
        let Some((_, was, before)) = before else {
            let side = Side { at: at(name, Part::Whole), value: Value::Owner(now) };
            out.push(ChangeKind::Added, None, Some(side));
            continue;
        };
        if was != name {
            let [old, new] = renamed(section, was, name);
            out.push(ChangeKind::Renamed, old, new);
        }
        for (field, before, now) in [
            ("name", &before.name, &now.name),
            ("email", &before.email, &now.email),
            ("slack", &before.slack, &now.slack),
            ("pager", &before.pager, &now.pager),
        ] {
            out.text([was, name].map(|name| at(name, Part::Field(field))), before.as_ref(), now.as_ref());
        }
    }
}

fn networks<'a>(out: &mut Changes<'a, '_>, old: &'a System, new: &'a System, matching: &Matching<'a>) {
    let section = Section::Network;
    let mut found = Vec::new();
    let at = |name, part| At { section, name, part };
    walk(
        &matching.networks,
        &old.networks,
        &new.networks,
        |_, name, network| {
            let side = Side { at: at(name, Part::Whole), value: Value::Network(network) };
            out.push(ChangeKind::Removed, Some(side), None);
        },
        |before, now| found.push((before, now)),
    );
    for (before, (_, name, now)) in found {
        let Some((_, was, before)) = before else {
            let side = Side { at: at(name, Part::Whole), value: Value::Network(now) };
            out.push(ChangeKind::Added, None, Some(side));
            continue;
        };
        if was != name {
            let [old, new] = renamed(section, was, name);
            out.push(ChangeKind::Renamed, old, new);
        }
        let fields = |field| [was, name].map(|name| at(name, Part::Field(field)));
        out.text(fields("description"), before.description.as_ref(), now.description.as_ref());
        out.text(fields("cidr"), before.cidr.as_ref(), now.cidr.as_ref());
        network::rules(out, [was, name], &before.rules, &now.rules, &matching.services);
    }
}

/// What the comparison of services needs to know of the whole system.
struct Services<'a, 'm> {
    old: &'a System,
    new: &'a System,
    matching: &'m Matching<'a>,
    touched: HashMap<ResourceId<'a>, Touched<'a>, RandomState>,
    /// What each service that differs binds, by its position in the new version.
    bindings: HashMap<u32, BindingDifference<'a>, RandomState>,
    endpoints: MovedEndpoints,
    /// The networks that the rules place services in, in the old version and in the new one.
    networks: [HashMap<&'a str, &'a str, RandomState>; 2],
}

/// One service in both versions.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: u32,
    new: u32,
    names: [&'a str; 2],
    before: &'a Service,
    now: &'a Service,
}

impl<'a> Pair<'a> {
    fn at(&self, part: Part<'a>) -> [At<'a>; 2] {
        self.names.map(|name| At { section: Section::Service, name, part })
    }
}

impl<'a, 'm> Services<'a, 'm> {
    fn of(old: &'a System, new: &'a System, matching: &'m Matching<'a>) -> Self {
        let networks = if old.networks == new.networks && matching.services.has_no_renames() {
            Default::default()
        } else {
            [network::membership(old), network::membership(new)]
        };
        let mut differing = Vec::new();
        for (index, other) in matching.services.new_of.iter().enumerate() {
            if let Some(other) = *other
                && old.services[index] != new.services[other as usize]
            {
                differing.push((position(index), other));
            }
        }
        let (touched, bindings) = touched(old, new, matching, &differing);
        let endpoints = endpoints::moved(old, new, &differing);
        Self { old, new, matching, touched, bindings, endpoints, networks }
    }

    fn compare(&self, out: &mut Changes<'a, '_>) {
        let mut found = Vec::with_capacity(self.new.services.len());
        walk(
            &self.matching.services,
            &self.old.services,
            &self.new.services,
            |index, name, service| {
                let users = out.users.of(index, |_| true);
                let at = At { section: Section::Service, name, part: Part::Whole };
                let side = Side { at, value: Value::Service(service) };
                out.breaking(ChangeKind::Removed, Some(side), None, Breaking::used(users, 0, "used it"));
            },
            |before, now| found.push((before, now)),
        );
        for (before, (new, name, now)) in found {
            match before {
                Some((old, was, before)) => {
                    let pair = Pair { old, new, names: [was, name], before, now };
                    self.pair(out, &pair);
                }
                None => {
                    let at = At { section: Section::Service, name, part: Part::Whole };
                    out.push(ChangeKind::Added, None, Some(Side { at, value: Value::Service(now) }));
                    for one in bindings::bound(&now.bindings) {
                        self.arrived(out, new, name, &one);
                    }
                }
            }
        }
    }

    fn pair(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>) {
        if pair.names[0] != pair.names[1] {
            let [old, new] = renamed(Section::Service, pair.names[0], pair.names[1]);
            let users = out.users.of(pair.old, |_| true);
            out.breaking(ChangeKind::Renamed, old, new, Breaking::used(users, 0, "called it by its old name"));
        }
        self.network(out, pair);
        let Some(bindings) = self.bindings.get(&pair.new) else { return };
        fields(out, pair, self.matching);
        self.connections(out, pair);
        if pair.before.exposes != pair.now.exposes {
            self.endpoints(out, pair);
        }
        self.bindings(out, pair, bindings);
    }

    /// Compares the networks that the rules of the networks place a service in.
    fn network(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>) {
        let [before, now] = [0, 1].map(|version| self.networks[version].get(pair.names[version]).copied());
        let (Some(before), Some(now)) = (before, now) else { return };
        if self.matching.networks.name(before) != now {
            let [old, new] = [(0, before), (1, now)].map(|(version, network)| {
                let at =
                    At { section: Section::Service, name: pair.names[version], part: Part::NetworkByRules(network) };
                Some(Side { at, value: Value::Text(network) })
            });
            out.push(ChangeKind::Moved, old, new);
        }
    }

    fn connections(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>) {
        let (before, now) = (&pair.before.connections, &pair.now.connections);
        let names = &self.matching.services;
        let side = |version: usize, target: &'a str, connection: &'a Connection| {
            let at = pair.at(Part::Connection(target))[version];
            Some(Side { at, value: Value::Connection(connection) })
        };
        let mut kept = 0;
        for (target, connection) in before {
            if now.contains_key(names.name(target)) {
                kept += 1;
            } else {
                out.push(ChangeKind::Removed, side(0, target, connection), None);
            }
        }
        if kept == 0 {
            for (target, connection) in now {
                out.push(ChangeKind::Added, None, side(1, target, connection));
            }
            return;
        }
        // The old connections by the names that the new version has for their targets.
        let by_name: Option<HashMap<&str, (&'a str, &'a Connection), RandomState>> =
            (!names.has_no_renames()).then(|| {
                before.iter().map(|(target, connection)| (names.name(target), (target.as_str(), connection))).collect()
            });
        for (target, connection) in now {
            let was = match &by_name {
                Some(by_name) => by_name.get(target.as_str()).copied(),
                None => before.get_key_value(target).map(|(target, connection)| (target.as_str(), connection)),
            };
            let Some((old_target, was)) = was else {
                out.push(ChangeKind::Added, None, side(1, target, connection));
                continue;
            };
            if (was.port, &was.protocol) != (connection.port, &connection.protocol) {
                let reason = self.target_changed(target, was);
                let (old, new) = (side(0, old_target, was), side(1, target, connection));
                out.breaking(ChangeKind::Changed, old, new, reason);
            }
            let at = [(0, old_target), (1, target)]
                .map(|(version, target)| pair.at(Part::ConnectionField(target, "description"))[version]);
            out.text(at, was.description.as_ref(), connection.description.as_ref());
        }
    }

    /// Says why a connection had to change: its target does not offer any more what it used.
    fn target_changed(&self, target: &'a str, was: &'a Connection) -> Option<Breaking<'a>> {
        let offered =
            |endpoint: &Endpoint| endpoint.port == was.port && endpoint.protocol.eq_ignore_ascii_case(&was.protocol);
        if self.new.services.get(target).is_some_and(|target| target.exposes.iter().any(offered)) {
            return None;
        }
        Some(Breaking::Unreached { target, was })
    }

    fn endpoints(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>) {
        let (before, now) = (&pair.before.exposes, &pair.now.exposes);
        let difference = endpoints::difference(before, now);
        let side = |version: usize, index: u32| {
            let endpoint = &[before, now][version][index as usize];
            let at = pair.at(Part::Endpoint(index))[version];
            Some(Side { at, value: Value::Endpoint(endpoint) })
        };
        for &index in &difference.removed {
            // Where it went to says so.
            if !self.endpoints.to.contains_key(&(pair.old, index)) {
                let reason = endpoint_users(out, pair, &before[index as usize]);
                out.breaking(ChangeKind::Removed, side(0, index), None, reason);
            }
        }
        for &(index, other) in &difference.kept {
            let (was, is) = (&before[index as usize], &now[other as usize]);
            if (was.port, &was.protocol) != (is.port, &is.protocol) {
                let same = was.port == is.port && was.protocol.eq_ignore_ascii_case(&is.protocol);
                let reason = if same { None } else { endpoint_users(out, pair, was) };
                out.breaking(ChangeKind::Changed, side(0, index), side(1, other), reason);
            }
            let at = [(0, index), (1, other)]
                .map(|(version, index)| pair.at(Part::EndpointField(index, "description"))[version]);
            out.text(at, was.description.as_ref(), is.description.as_ref());
        }
        for &index in &difference.added {
            let Some(&(service, at)) = self.endpoints.from.get(&(pair.new, index)) else {
                out.push(ChangeKind::Added, None, side(1, index));
                continue;
            };
            let endpoint = &self.old.services[service as usize].exposes[at as usize];
            let users = out.users.of_endpoint(service, endpoint);
            let at = At { section: Section::Service, name: key(&self.old.services, service), part: Part::Endpoint(at) };
            let old = Some(Side { at, value: Value::Endpoint(endpoint) });
            out.breaking(ChangeKind::Moved, old, side(1, index), Breaking::used(users, 0, "used it where it was"));
        }
    }

    fn bindings(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>, difference: &BindingDifference<'a>) {
        for one in &difference.removed {
            self.unbound(out, pair, one);
        }
        for (was, is) in &difference.kept {
            resource_fields(out, pair.names, was, is);
        }
        for one in &difference.added {
            self.bound(out, pair.new, pair.names[1], one);
        }
        self.binding_fields(out, pair);
    }

    /// Tells of a resource that a service binds no longer.
    fn unbound(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>, one: &Bound<'a>) {
        let touched = &self.touched[&one.id()];
        // Where it went to, and what it is called now, is said there.
        if touched.moved().is_some() || touched.renamed.is_some() {
            return;
        }
        let is_gone = touched.is_absent(1);
        let reason = if is_gone { self.users(touched, Some(pair.old), "bound it, too") } else { None };
        let side = bound_side(pair.names[0], one, is_gone && touched.is_first(0, pair.old));
        out.breaking(ChangeKind::Removed, Some(side), None, reason);
    }

    /// Tells of a resource that a service binds now.
    fn bound(&self, out: &mut Changes<'a, '_>, service: u32, name: &'a str, one: &Bound<'a>) {
        if !self.arrived(out, service, name, one) {
            let touched = &self.touched[&one.id()];
            let is_whole = touched.is_absent(0) && touched.is_first(1, service);
            out.push(ChangeKind::Added, None, Some(bound_side(name, one, is_whole)));
        }
    }

    /// Tells of a resource that a service binds now and that was there before: with another service, or under another
    /// name. Returns whether it was.
    fn arrived(&self, out: &mut Changes<'a, '_>, service: u32, name: &'a str, one: &Bound<'a>) -> bool {
        let touched = &self.touched[&one.id()];
        if let (Some(_), Some((from, was))) = (touched.moved(), touched.removed()) {
            let from = key(&self.old.services, from);
            let sides = [(from, &was), (name, one)].map(|(name, one)| Some(bound_side(name, one, true)));
            out.push(ChangeKind::Moved, sides[0], sides[1]);
            resource_fields(out, [from, name], &was, one);
            return true;
        }
        let Some(old_name) = touched.renamed else { return false };
        let before = &self.touched[&(one.resource.kind.resource, old_name)];
        if let Some((from, was)) = before.removed().filter(|_| touched.is_first(1, service)) {
            let from = key(&self.old.services, from);
            let reason =
                if before.has_several_users() { self.users(before, None, "bound it by its old name") } else { None };
            let sides = [(from, &was), (name, one)].map(|(name, one)| {
                let at = bound_side(name, one, true).at;
                Some(Side { at, value: Value::Text(&one.resource.name) })
            });
            out.breaking(ChangeKind::Renamed, sides[0], sides[1], reason);
        }
        true
    }

    /// Names the services that bound a resource, but one.
    fn users(&self, touched: &Touched<'a>, but: Option<u32>, did: &'static str) -> Option<Breaking<'a>> {
        let (users, more) = touched.others(but);
        let names: Vec<&str> = users.into_iter().map(|user| key(&self.old.services, user)).collect();
        Breaking::used(names, more, did)
    }

    /// Compares the plain fields beside the lists of resources.
    fn binding_fields(&self, out: &mut Changes<'a, '_>, pair: &Pair<'a>) {
        let (before, now) = (&pair.before.bindings, &pair.now.bindings);
        let of_old = before.0.iter().map(|bindings| (bindings.provider, Some(bindings), now.of(bindings.provider)));
        let of_new = now.0.iter().filter(|bindings| before.of(bindings.provider).is_none());
        for (provider, was, is) in of_old.chain(of_new.map(|bindings| (bindings.provider, None, Some(bindings)))) {
            let fields = |bindings: Option<&'a Bindings>| bindings.map_or(&[][..], |bindings| &bindings.fields);
            for (field, was, is) in field_differences(fields(was), fields(is)) {
                let at = pair.at(Part::BindingField(provider.key, field));
                let (old, new) = (was.map(Value::from), is.map(Value::from));
                let mut kind = kind_of(old.is_some(), new.is_some());
                if provider.network_field == Some(field)
                    && let (Some(Value::Text(old)), Some(Value::Text(new))) = (old, new)
                {
                    if self.matching.networks.name(old) == new {
                        continue;
                    }
                    kind = ChangeKind::Moved;
                }
                out.push(kind, side(at[0], old), side(at[1], new));
            }
        }
    }
}

fn bound_side<'a>(name: &'a str, one: &Bound<'a>, is_whole: bool) -> Side<'a> {
    let place = ResourcePlace { is_whole, ..one.place };
    let at = At { section: Section::Service, name, part: Part::Resource(place) };
    Side { at, value: Value::Resource(one.resource) }
}

/// Compares the fields of a resource.
fn resource_fields<'a>(out: &mut Changes<'a, '_>, names: [&'a str; 2], was: &Bound<'a>, is: &Bound<'a>) {
    for (field, before, now) in field_differences(&was.resource.fields, &is.resource.fields) {
        let at = [(names[0], was), (names[1], is)].map(|(name, one)| {
            let part = Part::ResourceField(one.place, field);
            At { section: Section::Service, name, part }
        });
        let is_spoken = SPOKEN.contains(&field) || matches!(before.or(now), Some(FieldValue::Port(_)));
        let reason = is_spoken.then_some(Breaking::Spoken { resource: &is.resource.name });
        let (old, new) = (before.map(Value::from), now.map(Value::from));
        out.breaking(kind_of(old.is_some(), new.is_some()), side(at[0], old), side(at[1], new), reason);
    }
}

fn endpoint_users<'a>(out: &Changes<'a, '_>, pair: &Pair<'a>, endpoint: &Endpoint) -> Option<Breaking<'a>> {
    Breaking::used(out.users.of_endpoint(pair.old, endpoint), 0, "used it")
}

/// Compares the fields of a service.
fn fields<'a>(out: &mut Changes<'a, '_>, pair: &Pair<'a>, matching: &Matching<'a>) {
    let (before, now) = (pair.before, pair.now);
    out.text(pair.at(Part::Field("description")), before.description.as_ref(), now.description.as_ref());
    let at = pair.at(Part::Field("owner"));
    match (&before.owner, &now.owner) {
        (Some(was), Some(is)) => {
            if matching.owners.name(was) != is.as_str() {
                out.push(ChangeKind::Moved, side(at[0], Some(was.into())), side(at[1], Some(is.into())));
            }
        }
        (was, is) => out.text(at, was.as_ref(), is.as_ref()),
    }

    let name = |name: &'a Text| Some(name).filter(|name| !name.is_empty());
    let (was, is) = (before.repo.as_ref(), now.repo.as_ref());
    for (field, was, is) in [
        ("url", was.and_then(|repo| name(&repo.url)), is.and_then(|repo| name(&repo.url))),
        ("path", was.and_then(|repo| repo.path.as_ref()), is.and_then(|repo| repo.path.as_ref())),
        ("ref", was.and_then(|repo| repo.reference.as_ref()), is.and_then(|repo| repo.reference.as_ref())),
        ("commit", was.and_then(|repo| repo.commit.as_ref()), is.and_then(|repo| repo.commit.as_ref())),
    ] {
        out.text(pair.at(Part::Nested("repo", field)), was, is);
    }
    let (was, is) = (&before.image, &now.image);
    for (field, was, is) in [
        ("name", name(&was.name), name(&is.name)),
        ("tag", was.tag.as_ref(), is.tag.as_ref()),
        ("digest", was.digest.as_ref(), is.digest.as_ref()),
    ] {
        out.text(pair.at(Part::Nested("image", field)), was, is);
    }
    out.text(pair.at(Part::Field("registry")), before.registry.as_ref(), now.registry.as_ref());

    let (was, is) = (before.env_vars.as_ref(), now.env_vars.as_ref());
    for (field, was, is) in [
        ("url", was.and_then(|names| names.url.as_ref()), is.and_then(|names| names.url.as_ref())),
        ("host", was.and_then(|names| names.host.as_ref()), is.and_then(|names| names.host.as_ref())),
        ("port", was.and_then(|names| names.port.as_ref()), is.and_then(|names| names.port.as_ref())),
    ] {
        if was != is {
            let at = pair.at(Part::Nested("envVars", field));
            let users = if was.is_some() { out.users.of(pair.old, |_| true) } else { Vec::new() };
            let (old, new) = (side(at[0], was.map(Value::from)), side(at[1], is.map(Value::from)));
            out.breaking(
                kind_of(old.is_some(), new.is_some()),
                old,
                new,
                Breaking::used(users, 0, "found it by this variable"),
            );
        }
    }
}

/// Where something is deployed: by how many deployments, and the last entry.
type Deployments<'a> = HashMap<Entry<'a>, (u32, At<'a>, &'a Text), RandomState>;

/// What the comparison of deployments needs to know of the whole system.
struct Deployed<'a, 'm> {
    old: &'a System,
    new: &'a System,
    matching: &'m Matching<'a>,
    entries: [Deployments<'a>; 2],
}

/// A deployment, of whichever tool.
struct Deployment<'a> {
    fields: [(&'static str, Option<&'a Text>); 4],
    entries: &'a [Text],
    value: Value<'a>,
}

fn helm(release: &HelmDeployment) -> Deployment<'_> {
    Deployment {
        fields: [
            ("chart", release.chart.as_ref()),
            ("version", release.version.as_ref()),
            ("repo", release.repo.as_ref()),
            ("valuesFile", release.values_file.as_ref()),
        ],
        entries: &release.services,
        value: Value::Helm(release),
    }
}

fn terraform(module: &TerraformDeployment) -> Deployment<'_> {
    Deployment {
        fields: [
            ("source", module.source.as_ref()),
            ("version", module.version.as_ref()),
            ("path", module.path.as_ref()),
            ("", None),
        ],
        entries: &module.resources,
        value: Value::Terraform(module),
    }
}

impl<'a, 'm> Deployed<'a, 'm> {
    fn of(old: &'a System, new: &'a System, matching: &'m Matching<'a>) -> Self {
        let mut entries: [Deployments<'a>; 2] = Default::default();
        if old.deployments != new.deployments {
            for (version, system) in [old, new].into_iter().enumerate() {
                let mut note = |section: Section, name: &'a str, list: &'a [Text]| {
                    for (index, text) in list.iter().enumerate() {
                        let at = At { section, name, part: Part::Entry(position(index)) };
                        let entry = entry(matching, version, section, text);
                        let known = entries[version].entry(entry).or_insert((0, at, text));
                        *known = (known.0 + 1, at, text);
                    }
                };
                system.helm().for_each(|(name, release)| note(Section::Helm, name, &release.services));
                system.terraform().for_each(|(name, module)| note(Section::Terraform, name, &module.resources));
            }
        }
        Self { old, new, matching, entries }
    }

    fn compare(&self, out: &mut Changes<'a, '_>) {
        if self.old.deployments == self.new.deployments {
            return;
        }
        let (old, new) = (deployments(self.old), deployments(self.new));
        self.section(out, Section::Helm, &self.matching.helm, [&old.helm, &new.helm], helm);
        self.section(out, Section::Terraform, &self.matching.terraform, [&old.terraform, &new.terraform], terraform);
    }

    fn section<V>(
        &self,
        out: &mut Changes<'a, '_>,
        section: Section,
        pairs: &Pairs<'a>,
        [old, new]: [&'a Map<V>; 2],
        read: fn(&'a V) -> Deployment<'a>,
    ) {
        let at = |name, part| At { section, name, part };
        let mut found = Vec::new();
        walk(
            pairs,
            old,
            new,
            |_, name, value| {
                let side = Side { at: at(name, Part::Whole), value: read(value).value };
                out.push(ChangeKind::Removed, Some(side), None);
            },
            |before, now| found.push((before, now)),
        );
        for (before, (_, name, now)) in found {
            let now = read(now);
            let Some((_, was, before)) = before else {
                out.push(ChangeKind::Added, None, Some(Side { at: at(name, Part::Whole), value: now.value }));
                self.entries(out, section, [name, name], &[], now.entries, true);
                continue;
            };
            let before = read(before);
            if was != name {
                let [old, new] = renamed(section, was, name);
                out.push(ChangeKind::Renamed, old, new);
            }
            for ((field, before), (_, now)) in before.fields.into_iter().zip(now.fields) {
                out.text([was, name].map(|name| at(name, Part::Field(field))), before, now);
            }
            self.entries(out, section, [was, name], before.entries, now.entries, false);
        }
    }

    /// Compares what a deployment deploys. Of one that is new as a whole, only what moved there is told.
    fn entries(
        &self,
        out: &mut Changes<'a, '_>,
        section: Section,
        names: [&'a str; 2],
        old: &'a [Text],
        new: &'a [Text],
        is_new: bool,
    ) {
        let read = |version: usize, list: &'a [Text]| -> Vec<Entry<'a>> {
            list.iter().map(|text| entry(self.matching, version, section, text)).collect()
        };
        let (of_old, of_new) = (read(0, old), read(1, new));
        let in_old: HashSet<Entry<'a>, RandomState> = of_old.iter().copied().collect();
        let in_new: HashSet<Entry<'a>, RandomState> = of_new.iter().copied().collect();
        let side = |version: usize, index: usize, text: &'a Text| {
            let at = At { section, name: names[version], part: Part::Entry(position(index)) };
            Some(Side { at, value: Value::Text(text) })
        };
        for (index, entry) in of_old.iter().enumerate().filter(|(_, entry)| !in_new.contains(entry)) {
            // Where it went to says so.
            if self.moved(entry).is_none() {
                out.push(ChangeKind::Removed, side(0, index, &old[index]), None);
            }
        }
        for (index, entry) in of_new.iter().enumerate().filter(|(_, entry)| !in_old.contains(entry)) {
            match self.moved(entry) {
                Some(from) => out.push(ChangeKind::Moved, Some(from), side(1, index, &new[index])),
                None if is_new => {}
                None => out.push(ChangeKind::Added, None, side(1, index, &new[index])),
            }
        }
    }

    /// Returns where something was that one deployment deployed, and that another one deploys now.
    fn moved(&self, entry: &Entry<'a>) -> Option<Side<'a>> {
        match (self.entries[0].get(entry), self.entries[1].get(entry)) {
            (Some((1, at, text)), Some((1, ..))) => Some(Side { at: *at, value: Value::Text(text) }),
            _ => None,
        }
    }
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
