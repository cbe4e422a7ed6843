//! What became of each part of a document: the files show it as it is, or otherwise, or do not show it.

use std::collections::HashSet;

use super::bindings::position;
use super::combine::CombinedObservation;
use super::context::Context;
use super::renames::HeldBack;
use super::settings::MergeRemark;
use crate::catalogue::ResourceKind;
use crate::diagnostic::Pointer;
use crate::import::{Difference, Extent};
use crate::model::{Service, System, Text};

/// What became of the parts of a document.
#[derive(Clone, Debug, Default)]
pub struct States {
    /// How many parts the files show as the document has them.
    pub same: usize,
    /// How many they show otherwise.
    pub different: usize,
    /// The parts that the files cover and do not show.
    pub missing: Vec<DocumentPart>,
    /// The parts that the files cannot show, or may not.
    pub not_observable: Vec<DocumentPart>,
}

/// A part of a document that files may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentPart {
    /// The service that it belongs to.
    pub service: Text,
    /// Which part of it.
    pub part: ServicePart,
}

/// A part of a service that files may show.
#[derive(Clone, Debug)]
pub enum ServicePart {
    /// All of it.
    Whole,
    /// What it offers on a port, by its position.
    Endpoint(usize),
    /// The connection to a service.
    Connection(Text),
    /// A resource, by its kind, its position and its name.
    Resource(&'static ResourceKind, usize, Text),
}

impl PartialEq for ServicePart {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole, Self::Whole) => true,
            (Self::Endpoint(own), Self::Endpoint(other)) => own == other,
            (Self::Connection(own), Self::Connection(other)) => own == other,
            (Self::Resource(own, _, name), Self::Resource(other, _, other_name)) => {
                own.resource == other.resource && name == other_name
            }
            _ => false,
        }
    }
}

impl Eq for ServicePart {}

impl DocumentPart {
    /// The place in the document.
    pub fn pointer(&self) -> Pointer {
        let service = Pointer::of(["services", self.service.as_str()]);
        match &self.part {
            ServicePart::Whole => service,
            ServicePart::Endpoint(index) => service.join("exposes").index(*index),
            ServicePart::Connection(target) => service.join("connections").join(target),
            ServicePart::Resource(kind, index, _) => {
                let (provider, key) = kind.resource.split_once('.').unwrap_or_default();
                service.join(provider).join(key).index(*index)
            }
        }
    }
}

impl States {
    /// How many parts the files show, as they are or otherwise.
    pub fn observed(&self) -> usize {
        self.same + self.different
    }
}

/// Finds out what became of each part of a document, which `system` brings up to date.
pub(super) fn of(
    document: &System,
    system: &System,
    combined: &CombinedObservation,
    held_back: &HeldBack,
    context: &mut Context<'_>,
) -> States {
    let renamed = context.remarks.iter().filter_map(|remark| match remark {
        MergeRemark::RenamedResource { service, document, .. } => Some((service.clone(), document.clone())),
        _ => None,
    });
    let renamed: HashSet<(Text, Text)> = renamed.collect();
    let mut judge =
        StateReview { combined, held_back, renamed, context, states: States::default(), missing: HashSet::new() };
    for name in document.services.keys().filter(|name| !combined.system.services.contains_key(*name)) {
        judge.service(name);
    }
    for ((name, own), new) in document.services.iter().zip(system.services.values()) {
        if judge.missing.contains(name) {
            continue;
        }
        match combined.system.services.get(name) {
            Some(observed) => judge.observed(name, own, new, observed),
            None => judge.unobserved(name, own),
        }
        judge.resources(name, own, new);
    }
    judge.states
}

struct StateReview<'j, 's> {
    combined: &'j CombinedObservation,
    held_back: &'j HeldBack,
    /// The resources that may have been renamed, by service and name.
    renamed: HashSet<(Text, Text)>,
    context: &'j mut Context<'s>,
    states: States,
    missing: HashSet<Text>,
}

impl StateReview<'_, '_> {
    /// A service that the files do not show.
    fn service(&mut self, name: &Text) {
        let part = DocumentPart { service: name.clone(), part: ServicePart::Whole };
        if self.combined.extent("services") != Extent::Complete || self.held_back.document.contains(name) {
            self.states.not_observable.push(part);
        } else if self.context.takes(Difference::Missing, &["services", name.as_str()]) {
            self.missing.insert(name.clone());
            self.states.missing.push(part);
        }
    }

    /// A service that the files show.
    fn observed(&mut self, name: &Text, own: &Service, new: &Service, observed: &Service) {
        let (was, is) = (&own.image, &new.image);
        let is_other = was.name != is.name
            || (was.tag.is_some() && was.tag != is.tag)
            || (was.digest.is_some() && was.digest != is.digest);
        self.count(Evidence::from(is_other));
        // A service without any may be one whose ports these files do not list.
        let endpoints = if observed.exposes.is_empty() { Extent::None } else { self.combined.extent("endpoints") };
        for (index, endpoint) in own.exposes.iter().enumerate() {
            let is = &new.exposes[index];
            if endpoint != is {
                self.count(Evidence::Different);
            } else if observed.exposes.iter().any(|observed| observed.port == endpoint.port) {
                self.count(Evidence::Same);
            } else {
                let position = index.to_string();
                let place = [name.as_str(), "exposes", &position];
                self.unseen(name, ServicePart::Endpoint(index), endpoints, &place);
            }
        }
        let connections = self.combined.extent("connections");
        for (target, connection) in &own.connections {
            // With a service goes what leads to it.
            if self.missing.contains(target) {
                continue;
            }
            if observed.connections.contains_key(target) {
                let is = &new.connections[target];
                self.count(Evidence::from((connection.port, &connection.protocol) != (is.port, &is.protocol)));
            } else {
                let part = ServicePart::Connection(target.clone());
                self.unseen(name, part, connections, &[name.as_str(), "connections", target.as_str()]);
            }
        }
    }

    /// The parts of a service that the files do not show.
    fn unobserved(&mut self, name: &Text, own: &Service) {
        let endpoints = (0..own.exposes.len()).map(ServicePart::Endpoint);
        let connections = own.connections.keys().filter(|target| !self.missing.contains(*target));
        let parts = endpoints.chain(connections.map(|target| ServicePart::Connection(target.clone())));
        let parts = parts.map(|part| DocumentPart { service: name.clone(), part });
        self.states.not_observable.extend(parts);
    }

    /// The resources of a service, which the files may show whoever binds them there.
    fn resources(&mut self, name: &Text, own: &Service, new: &Service) {
        let lists = own.bindings.0.iter().flat_map(|bindings| &bindings.lists);
        for (index, resource) in lists.flat_map(|list| list.resources.iter().enumerate()) {
            let kind = resource.kind;
            let extent = self.combined.extent(kind.resource);
            let is_shown = self.combined.resources.contains(&(kind.resource, resource.name.clone()));
            if is_shown {
                let lists = new.bindings.0.iter().flat_map(|bindings| &bindings.lists);
                let is = position(&new.bindings, resource).and_then(|index| {
                    lists.into_iter().find(|list| list.kind.resource == kind.resource)?.resources.get(index)
                });
                let is_other = is
                    .is_some_and(|is| resource.fields.iter().any(|(field, value)| is.field(field.name) != Some(value)));
                self.count(Evidence::from(is_other));
                continue;
            }
            let part = ServicePart::Resource(kind, index, resource.name.clone());
            let is_renamed = self.renamed.contains(&(name.clone(), resource.name.clone()));
            if extent != Extent::Complete || is_renamed {
                self.states.not_observable.push(DocumentPart { service: name.clone(), part });
            } else if self.context.takes_resource(Difference::Missing, (name, index), resource, None) {
                self.states.missing.push(DocumentPart { service: name.clone(), part });
            }
        }
    }

    /// A part that the files do not show: it is missing where they cover it.
    fn unseen(&mut self, name: &Text, part: ServicePart, extent: Extent, place: &[&str]) {
        let part = DocumentPart { service: name.clone(), part };
        if extent != Extent::Complete {
            self.states.not_observable.push(part);
            return;
        }
        let place: Vec<&str> = ["services"].into_iter().chain(place.iter().copied()).collect();
        if self.context.takes(Difference::Missing, &place) {
            self.states.missing.push(part);
        }
    }

    fn count(&mut self, seen: Evidence) {
        match seen {
            Evidence::Same => self.states.same += 1,
            Evidence::Different => self.states.different += 1,
        }
    }
}

/// How files show a part of a document.
#[derive(Clone, Copy)]
enum Evidence {
    Same,
    Different,
}

impl From<bool> for Evidence {
    /// `Different` where a part is another one.
    fn from(is_other: bool) -> Self {
        if is_other { Self::Different } else { Self::Same }
    }
}
