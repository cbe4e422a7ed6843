//! The resources of a service.

use super::context::Context;
use super::settings::{MergeRemark, Renames};
use crate::catalogue::{Field, Provider, ResourceKind};
use crate::import::Difference;
use crate::model::{Bindings, FieldValue, Resource, ResourceList, Service, ServiceBindings};

/// Brings the resources of a service up to date.
pub(super) fn bring(name: &str, service: &mut Service, observed: &Service, context: &mut Context<'_>) {
    for resource in observed.bindings.resources() {
        if let Some(index) = position(&service.bindings, resource) {
            bring_resource(name, &mut service.bindings, index, resource, context);
            continue;
        }
        let id = format!("{}:{}", resource.kind.id_prefix, resource.name);
        if let Some(other) = only_other(service, observed, resource)
            && context.settings.renames == Renames::HeldBack
            && !context.settings.is_decided(&id)
        {
            let document = other.name.clone();
            context.remarks.push(MergeRemark::RenamedResource { service: name.into(), observed: id, document });
            continue;
        }
        let index = list(&service.bindings, resource.kind).map_or(0, |list| list.resources.len());
        if context.takes_resource(Difference::Unmanaged, (name, index), resource, None) {
            add_binding(&mut service.bindings, resource);
        }
    }
    for bindings in observed.bindings.0.iter().filter(|bindings| !bindings.fields.is_empty()) {
        let own = bindings_of(&mut service.bindings, bindings.provider);
        bring_fields(&mut own.fields, &bindings.fields, |field| {
            context.takes(Difference::Different, &["services", name, bindings.provider.key, field])
        });
    }
}

/// Brings the fields of a resource up to date, as a service binds it at a position.
pub(super) fn bring_resource(
    service: &str,
    bindings: &mut ServiceBindings,
    index: usize,
    observed: &Resource,
    context: &mut Context<'_>,
) {
    let lists = bindings.0.iter_mut().flat_map(|bindings| &mut bindings.lists);
    let Some(list) = lists.into_iter().find(|list| list.kind.resource == observed.kind.resource) else { return };
    bring_fields(&mut list.resources[index].fields, &observed.fields, |field| {
        context.takes_resource(Difference::Different, (service, index), observed, Some(field))
    });
}

fn bring_fields(
    own: &mut Vec<(&'static Field, FieldValue)>,
    observed: &[(&'static Field, FieldValue)],
    mut takes: impl FnMut(&str) -> bool,
) {
    for (field, value) in observed {
        match own.iter_mut().find(|(own, _)| own.name == field.name) {
            None => own.push((*field, value.clone())),
            Some((_, own)) if is_same(own, value) => {}
            Some((_, own)) => {
                if takes(field.name) {
                    *own = value.clone();
                }
            }
        }
    }
}

/// Whether two values are the same; the order of a list has no meaning.
fn is_same(own: &FieldValue, observed: &FieldValue) -> bool {
    match (own, observed) {
        (FieldValue::List(own), FieldValue::List(observed)) => {
            own.len() == observed.len() && own.iter().all(|text| observed.contains(text))
        }
        (FieldValue::Text(own), FieldValue::Text(observed)) => own.eq_ignore_ascii_case(observed),
        _ => own == observed,
    }
}

/// The resource of the document that one of the files may be under another name: each is the only one of its kind that
/// the other side does not have.
fn only_other<'s>(service: &'s Service, observed: &Service, resource: &Resource) -> Option<&'s Resource> {
    let is_left = |others: &ServiceBindings, one: &Resource| {
        one.kind.resource == resource.kind.resource && position(others, one).is_none()
    };
    let mut new = observed.bindings.resources().filter(|one| is_left(&service.bindings, one));
    let mut old = service.bindings.resources().filter(|one| is_left(&observed.bindings, one));
    let (Some(_), None, Some(other), None) = (new.next(), new.next(), old.next(), old.next()) else { return None };
    Some(other)
}

/// The position of a resource in the list of its kind.
pub(super) fn position(bindings: &ServiceBindings, resource: &Resource) -> Option<usize> {
    list(bindings, resource.kind)?.resources.iter().position(|own| own.name == resource.name)
}

fn list<'s>(bindings: &'s ServiceBindings, kind: &ResourceKind) -> Option<&'s ResourceList> {
    let mut lists = bindings.0.iter().flat_map(|bindings| &bindings.lists);
    lists.find(|list| list.kind.resource == kind.resource)
}

/// Adds a resource to those of a service.
pub(super) fn add_binding(bindings: &mut ServiceBindings, resource: &Resource) {
    let Some(provider) = resource.kind.resource.split_once('.').and_then(|(key, _)| Provider::find(key)) else {
        return;
    };
    let lists = &mut bindings_of(bindings, provider).lists;
    let place = lists.iter().position(|list| list.kind.resource == resource.kind.resource).unwrap_or_else(|| {
        lists.push(ResourceList { kind: resource.kind, resources: Vec::new() });
        lists.len() - 1
    });
    lists[place].resources.push(resource.clone());
}

fn bindings_of<'s>(all: &'s mut ServiceBindings, provider: &'static Provider) -> &'s mut Bindings {
    let place = all.0.iter().position(|own| own.provider.key == provider.key).unwrap_or_else(|| {
        all.0.push(Bindings { provider, lists: Vec::new(), fields: Vec::new() });
        all.0.len() - 1
    });
    &mut all.0[place]
}
