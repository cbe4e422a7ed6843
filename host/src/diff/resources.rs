//! The resources that services bind, service by service.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::bindings::{Binding, BindingDifference, ResourceUse, ResourceUses, bindings, field_differences, uses};
use super::changes::{Changes, kind_of, side};
use super::matching::Matching;
use super::pairs::key;
use super::service_pair::ServicePair;
use super::{At, Breaking, ChangeKind, Part, ResourcePlace, Section, Side, Usage};
use crate::model::{Bindings, FieldValue, ServiceBindings, System, Value};

/// The fields of a resource, besides its port, that decide the protocol of its users.
const PROTOCOL_FIELDS: [&str; 3] = ["engine", "databaseType", "api"];

/// What the comparison of resources needs to know of the whole system.
pub(super) struct ResourceComparison<'a, 'm> {
    old: &'a System,
    matching: &'m Matching<'a>,
    uses: ResourceUses<'a>,
    /// What each service that differs binds, by its position in the new version.
    bindings: HashMap<u32, BindingDifference<'a>, RandomState>,
}

impl<'a, 'm> ResourceComparison<'a, 'm> {
    /// `differing` are the services that differ, by their positions in both versions.
    pub fn of(old: &'a System, new: &'a System, matching: &'m Matching<'a>, differing: &[(u32, u32)]) -> Self {
        let (uses, bindings) = uses(old, new, matching, differing);
        Self { old, matching, uses, bindings }
    }

    /// Whether a service differs in anything.
    pub fn differs(&self, pair: &ServicePair<'a>) -> bool {
        self.bindings.contains_key(&pair.new)
    }

    /// Compares what a service binds.
    pub fn compare(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>) {
        let Some(difference) = self.bindings.get(&pair.new) else { return };
        for binding in &difference.removed {
            self.removed(out, pair, binding);
        }
        for (was, is) in &difference.kept {
            resource_fields(out, pair.names, was, is);
        }
        for binding in &difference.added {
            self.added(out, pair, binding);
        }
        self.plain_fields(out, pair);
    }

    /// Reports the resources of a new service that were there before.
    pub fn of_new_service(&self, out: &mut Changes<'a, '_>, service: u32, name: &'a str, all: &'a ServiceBindings) {
        for binding in bindings(all) {
            self.arrived(out, service, name, &binding);
        }
    }

    fn removed(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>, binding: &Binding<'a>) {
        let resource = &self.uses[&binding.id()];
        // Where it went to, and what it is called now, is said there.
        if resource.moved().is_some() || resource.renamed.is_some() {
            return;
        }
        let is_gone = resource.is_absent(1);
        let reason = if is_gone { self.users(resource, Some(pair.old), Usage::Binding) } else { None };
        let is_whole = is_gone && resource.is_first(0, pair.old);
        let side = if is_whole { whole(pair.names[0], binding) } else { one_of_several(pair.names[0], binding) };
        out.breaking(ChangeKind::Removed, Some(side), None, reason);
    }

    fn added(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>, binding: &Binding<'a>) {
        let name = pair.names[1];
        if !self.arrived(out, pair.new, name, binding) {
            let resource = &self.uses[&binding.id()];
            let is_whole = resource.is_absent(0) && resource.is_first(1, pair.new);
            let side = if is_whole { whole(name, binding) } else { one_of_several(name, binding) };
            out.push(ChangeKind::Added, None, Some(side));
        }
    }

    /// Reports a resource that a service binds now and that was there before: with another service, or under another
    /// name. Returns whether it was.
    fn arrived(&self, out: &mut Changes<'a, '_>, service: u32, name: &'a str, binding: &Binding<'a>) -> bool {
        let resource = &self.uses[&binding.id()];
        if let (Some(_), Some((from, was))) = (resource.moved(), resource.removed()) {
            let from = key(&self.old.services, from);
            out.push(ChangeKind::Moved, Some(whole(from, &was)), Some(whole(name, binding)));
            resource_fields(out, [from, name], &was, binding);
            return true;
        }
        let Some(old_name) = resource.renamed else { return false };
        let before = &self.uses[&(binding.resource.kind.resource, old_name)];
        if let Some((from, was)) = before.removed().filter(|_| resource.is_first(1, service)) {
            let from = key(&self.old.services, from);
            let reason = if before.has_several_users() { self.users(before, None, Usage::OldBinding) } else { None };
            let [old, new] = [(from, &was), (name, binding)].map(|(name, binding)| {
                Some(Side { at: whole(name, binding).at, value: Value::Text(&binding.resource.name) })
            });
            out.breaking(ChangeKind::Renamed, old, new, reason);
        }
        true
    }

    /// The reason that other services bound a resource.
    fn users(&self, resource: &ResourceUse<'a>, but: Option<u32>, usage: Usage) -> Option<Breaking<'a>> {
        let (users, more) = resource.others(but);
        let names: Vec<&str> = users.into_iter().map(|user| key(&self.old.services, user)).collect();
        Breaking::used(names, more, usage)
    }

    /// Compares the plain fields beside the lists of resources.
    fn plain_fields(&self, out: &mut Changes<'a, '_>, pair: &ServicePair<'a>) {
        let (before, now) = (&pair.before.bindings, &pair.now.bindings);
        let of_old = before.0.iter().map(|bindings| (bindings.provider, Some(bindings), now.of(bindings.provider)));
        let of_new = now.0.iter().filter(|bindings| before.of(bindings.provider).is_none());
        for (provider, was, is) in of_old.chain(of_new.map(|bindings| (bindings.provider, None, Some(bindings)))) {
            let fields = |bindings: Option<&'a Bindings>| bindings.map_or(&[][..], |bindings| &bindings.fields);
            for (field, was, is) in field_differences(fields(was), fields(is)) {
                let at = pair.at(Part::BindingField(provider.key, field));
                let (old, new) = (was.map(Value::from), is.map(Value::from));
                let mut kind = kind_of(old, new);
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

/// The side of a resource that was added or removed with a binding.
fn whole<'a>(name: &'a str, binding: &Binding<'a>) -> Side<'a> {
    binding_side(name, binding, ResourcePlace { is_whole: true, ..binding.place })
}

/// The side of a binding of a resource that other services bind, too.
fn one_of_several<'a>(name: &'a str, binding: &Binding<'a>) -> Side<'a> {
    binding_side(name, binding, binding.place)
}

fn binding_side<'a>(name: &'a str, binding: &Binding<'a>, place: ResourcePlace) -> Side<'a> {
    let at = At { section: Section::Service, name, part: Part::Resource(place) };
    Side { at, value: Value::Object(binding.resource.into()) }
}

/// Compares the fields of a resource.
fn resource_fields<'a>(out: &mut Changes<'a, '_>, names: [&'a str; 2], was: &Binding<'a>, is: &Binding<'a>) {
    for (field, before, now) in field_differences(&was.resource.fields, &is.resource.fields) {
        let at = [(names[0], was), (names[1], is)].map(|(name, binding)| {
            let part = Part::ResourceField(binding.place, field);
            At { section: Section::Service, name, part }
        });
        let is_protocol = PROTOCOL_FIELDS.contains(&field) || matches!(before.or(now), Some(FieldValue::Port(_)));
        let reason = is_protocol.then_some(Breaking::Protocol { resource: &is.resource.name });
        let (old, new) = (before.map(Value::from), now.map(Value::from));
        out.breaking(kind_of(old, new), side(at[0], old), side(at[1], new), reason);
    }
}
