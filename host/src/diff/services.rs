//! Services of two versions, pair by pair.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::changes::{Changes, kind_of, renamed, side};
use super::endpoints::{self, MovedEndpoints};
use super::matching::Matching;
use super::pairs::{Pair, key};
use super::resources::ResourceComparison;
use super::service_pair::ServicePair;
use super::{At, Breaking, ChangeKind, Part, Section, Side, Usage};
use crate::model::{Connection, Endpoint, Field, Object, Service, System, Value, position};

/// What the comparison of services needs to know of the whole system.
pub(super) struct ServiceComparison<'a, 'm> {
    old: &'a System,
    new: &'a System,
    matching: &'m Matching<'a>,
    resources: ResourceComparison<'a, 'm>,
    endpoints: MovedEndpoints,
    /// The networks that the rules place services in, in the old version and in the new one.
    networks: [HashMap<&'a str, &'a str, RandomState>; 2],
}

impl<'a, 'm> ServiceComparison<'a, 'm> {
    pub fn of(old: &'a System, new: &'a System, matching: &'m Matching<'a>) -> Self {
        let networks = if old.networks == new.networks && matching.services.has_no_renames() {
            Default::default()
        } else {
            [old.networks_by_rules(), new.networks_by_rules()]
        };
        let mut differing = Vec::new();
        for (index, other) in matching.services.new_of.iter().enumerate() {
            if let Some(other) = *other
                && old.services[index] != new.services[other as usize]
            {
                differing.push((position(index), other));
            }
        }
        let resources = ResourceComparison::of(old, new, matching, &differing);
        let endpoints = endpoints::moved(old, new, &differing);
        Self { old, new, matching, resources, endpoints, networks }
    }

    pub fn compare(&self, out: &mut Changes<'a, '_>) {
        let whole = |name, service: &'a Service| {
            let at = At { section: Section::Service, name, part: Part::Whole };
            Some(Side { at, value: Value::Object(service.into()) })
        };
        for pair in self.matching.services.walk(&self.old.services, &self.new.services) {
            match pair {
                Pair::Removed(before) => {
                    let reason = Breaking::used(out.users.of(before.index, |_| true), 0, Usage::Connection);
                    out.breaking(ChangeKind::Removed, whole(before.name, before.value), None, reason);
                }
                Pair::Added(now) => {
                    out.push(ChangeKind::Added, None, whole(now.name, now.value));
                    self.resources.of_new_service(out, now.index, now.name, &now.value.bindings);
                }
                Pair::Both([before, now]) => {
                    let (names, old, new) = ([before.name, now.name], before.index, now.index);
                    self.pair(out, &ServicePair { old, new, names, before: before.value, now: now.value });
                }
            }
        }
    }

    fn pair(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>) {
        if pair.names[0] != pair.names[1] {
            let [old, new] = renamed(Section::Service, pair.names);
            let users = out.users.of(pair.old, |_| true);
            out.breaking(ChangeKind::Renamed, old, new, Breaking::used(users, 0, Usage::OldName));
        }
        self.network(out, pair);
        if self.resources.differs(pair) {
            for (old, new) in Object::from(pair.before).fields().zip(Object::from(pair.now).fields()) {
                self.field(out, pair, old, new);
            }
            self.resources.compare(out, pair);
        }
    }

    /// Compares the networks that the rules of the networks place a service in.
    fn network(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>) {
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

    fn field(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>, old: Field<'a>, new: Field<'a>) {
        match (old.name, old.value.or(new.value)) {
            ("connections", _) => self.connections(out, pair),
            ("exposes", _) => self.endpoints(out, pair),
            // What a service binds is compared with what others bind.
            (_, Some(Value::Object(Object::Bindings(_)))) => {}
            (name, Some(Value::Object(_))) => nested_fields(out, pair, name, old.value, new.value),
            ("owner", _) => {
                let at = pair.at(Part::Field(old.name));
                match (old.value, new.value) {
                    (Some(Value::Text(was)), Some(Value::Text(is))) => {
                        if self.matching.owners.name(was) != is {
                            out.push(ChangeKind::Moved, side(at[0], old.value), side(at[1], new.value));
                        }
                    }
                    (was, is) => out.value(at, was, is),
                }
            }
            (name, _) => out.value(pair.at(Part::Field(name)), old.value, new.value),
        }
    }

    fn connections(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>) {
        let (before, now) = (&pair.before.connections, &pair.now.connections);
        let names = &self.matching.services;
        let side = |version: usize, target: &'a str, connection: &'a Connection| {
            let at = pair.at(Part::Connection(target))[version];
            Some(Side { at, value: Value::Object(connection.into()) })
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
            let at = |field| {
                [(0, old_target), (1, target.as_str())]
                    .map(|(version, target)| pair.at(Part::ConnectionField(target, field))[version])
            };
            rest_of_fields(out, [was.into(), connection.into()], at);
        }
    }

    /// The reason why a connection had to change: its target no longer offers what it used.
    fn target_changed(&self, target: &'a str, was: &'a Connection) -> Option<Breaking<'a>> {
        let offered =
            |endpoint: &Endpoint| endpoint.port == was.port && endpoint.protocol.eq_ignore_ascii_case(&was.protocol);
        if self.new.services.get(target).is_some_and(|target| target.exposes.iter().any(offered)) {
            return None;
        }
        Some(Breaking::NotOffered { target, was })
    }

    fn endpoints(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>) {
        let (before, now) = (&pair.before.exposes, &pair.now.exposes);
        if before == now {
            return;
        }
        let difference = endpoints::difference(before, now);
        let side = |version: usize, index: u32| {
            let endpoint = &[before, now][version][index as usize];
            let at = pair.at(Part::Endpoint(index))[version];
            Some(Side { at, value: Value::Object(endpoint.into()) })
        };
        let users = |out: &Changes<'a, '_>, endpoint| {
            Breaking::used(out.users.of_endpoint(pair.old, endpoint), 0, Usage::Connection)
        };
        for &index in &difference.removed {
            // Where it went to says so.
            if !self.endpoints.to.contains_key(&(pair.old, index)) {
                let reason = users(out, &before[index as usize]);
                out.breaking(ChangeKind::Removed, side(0, index), None, reason);
            }
        }
        for &(index, other) in &difference.kept {
            let (was, is) = (&before[index as usize], &now[other as usize]);
            if (was.port, &was.protocol) != (is.port, &is.protocol) {
                let same = was.port == is.port && was.protocol.eq_ignore_ascii_case(&is.protocol);
                let reason = if same { None } else { users(out, was) };
                out.breaking(ChangeKind::Changed, side(0, index), side(1, other), reason);
            }
            let at = |field| {
                [(0, index), (1, other)].map(|(version, index)| pair.at(Part::EndpointField(index, field))[version])
            };
            rest_of_fields(out, [was.into(), is.into()], at);
        }
        for &index in &difference.added {
            let Some(&(service, at)) = self.endpoints.from.get(&(pair.new, index)) else {
                out.push(ChangeKind::Added, None, side(1, index));
                continue;
            };
            let endpoint = &self.old.services[service as usize].exposes[at as usize];
            let users = out.users.of_endpoint(service, endpoint);
            let at = At { section: Section::Service, name: key(&self.old.services, service), part: Part::Endpoint(at) };
            let old = Some(Side { at, value: Value::Object(endpoint.into()) });
            out.breaking(ChangeKind::Moved, old, side(1, index), Breaking::used(users, 0, Usage::OldPlace));
        }
    }
}

/// Compares what a connection or an endpoint has beside its port and protocol, which are compared as one.
fn rest_of_fields<'a>(
    out: &mut Changes<'a, '_>,
    [old, new]: [Object<'a>; 2],
    at: impl Fn(&'static str) -> [At<'a>; 2],
) {
    for (old, new) in old.fields().zip(new.fields()).filter(|(old, _)| !["port", "protocol"].contains(&old.name)) {
        out.value(at(old.name), old.value, new.value);
    }
}

/// Compares the fields of an object in a field of a service.
fn nested_fields<'a>(
    out: &mut Changes<'a, '_>,
    pair: &ServicePair<'a>,
    object: &'static str,
    old: Option<Value<'a>>,
    new: Option<Value<'a>>,
) {
    let fields = |value: Option<Value<'a>>| match value {
        Some(Value::Object(object)) => object.fields().collect(),
        _ => Vec::new(),
    };
    let (old, new) = (fields(old), fields(new));
    for index in 0..old.len().max(new.len()) {
        let (was, is) = (old.get(index), new.get(index));
        let Some(name) = was.or(is).map(|field| field.name) else { continue };
        let (was, is) = (was.and_then(|field| field.value), is.and_then(|field| field.value));
        let at = pair.at(Part::Nested(object, name));
        if object != "envVars" {
            out.value(at, was, is);
        } else if was != is {
            let users = if was.is_some() { out.users.of(pair.old, |_| true) } else { Vec::new() };
            let reason = Breaking::used(users, 0, Usage::Variable);
            out.breaking(kind_of(was, is), side(at[0], was), side(at[1], is), reason);
        }
    }
}
