//! The part of a document that a change is about.

use serde::Serialize;

use crate::catalogue::ResourceKind;
use crate::diagnostic::Pointer;

/// A part of one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At<'a> {
    /// Where it stands.
    pub section: Section,
    /// The name of the service, owner, network or deployment; empty for the system itself.
    pub name: &'a str,
    /// The part of it.
    pub part: Part<'a>,
}

/// A section of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// The system itself.
    System,
    /// An owner.
    Owner,
    /// A service.
    Service,
    /// A network.
    Network,
    /// A Helm release.
    Helm,
    /// A Terraform module.
    Terraform,
}

impl Section {
    /// The word for it: `service`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Owner => "owner",
            Self::Service => "service",
            Self::Network => "network",
            Self::Helm => "helm",
            Self::Terraform => "terraform",
        }
    }
}

/// A part of a service, an owner, a network, a deployment or the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// A field.
    Field(&'static str),
    /// A field of an object in a field: `image`, `tag`.
    Nested(&'static str, &'static str),
    /// The connection to a service.
    Connection(&'a str),
    /// A field of the connection to a service.
    ConnectionField(&'a str, &'static str),
    /// What is offered on a port, by its position.
    Endpoint(u32),
    /// A field of what is offered on a port.
    EndpointField(u32, &'static str),
    /// A resource as the service binds it.
    Resource(ResourcePlace),
    /// A field of a resource as the service binds it.
    ResourceField(ResourcePlace, &'static str),
    /// A plain field of the bindings of a provider.
    BindingField(&'static str, &'static str),
    /// A rule of a network, by its position.
    Rule(u32),
    /// An entry in the list of what a deployment deploys, by its position.
    Entry(u32),
    /// The network that a service is in by the rules of the networks.
    NetworkByRules(&'a str),
}

/// A resource in the bindings of a service.
#[derive(Clone, Copy, Debug)]
pub struct ResourcePlace {
    /// What it is, which names the provider and the list.
    pub kind: &'static ResourceKind,
    /// The position in the list.
    pub index: u32,
    /// Whether the resource itself was added or removed with this binding; else other services bind it, too.
    pub is_whole: bool,
}

impl PartialEq for ResourcePlace {
    fn eq(&self, other: &Self) -> bool {
        (self.kind.resource, self.index, self.is_whole) == (other.kind.resource, other.index, other.is_whole)
    }
}

impl ResourcePlace {
    /// The key of the provider: `aws`.
    pub fn provider(&self) -> &'static str {
        self.kind.resource.split_once('.').map_or("", |(provider, _)| provider)
    }
}

impl At<'_> {
    /// A stable word for it: `service`, `connection`, `image`, `network-rule`.
    pub fn what(&self) -> &'static str {
        match self.part {
            Part::Whole if matches!(self.section, Section::Helm | Section::Terraform) => "deployment",
            Part::Whole => self.section.as_str(),
            Part::Field(field) => match self.section {
                Section::Service => field,
                Section::System => "system-field",
                Section::Owner => "owner-field",
                Section::Network => "network-field",
                Section::Helm | Section::Terraform => "deployment-field",
            },
            Part::Nested("repo", _) => "repository",
            Part::Nested("envVars", _) => "environment-variable",
            Part::Nested(field, _) => field,
            Part::Connection(_) | Part::ConnectionField(..) => "connection",
            Part::Endpoint(_) | Part::EndpointField(..) => "endpoint",
            Part::Resource(place) if !place.is_whole => "binding",
            Part::Resource(_) | Part::ResourceField(..) => "resource",
            Part::BindingField(..) => "binding-field",
            Part::Rule(_) => "network-rule",
            Part::Entry(_) => "deployment-entry",
            Part::NetworkByRules(_) => "network",
        }
    }

    /// The field that it is, where it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self.part {
            Part::Field(field)
            | Part::Nested(_, field)
            | Part::ConnectionField(_, field)
            | Part::EndpointField(_, field)
            | Part::ResourceField(_, field)
            | Part::BindingField(_, field) => Some(field),
            Part::Whole
            | Part::Connection(_)
            | Part::Endpoint(_)
            | Part::Resource(_)
            | Part::Rule(_)
            | Part::Entry(_)
            | Part::NetworkByRules(_) => None,
        }
    }

    /// The place in the document.
    pub fn pointer(&self) -> Pointer {
        let whole = match self.section {
            Section::System => Pointer::root(),
            Section::Owner => Pointer::of(["owners", self.name]),
            Section::Service => Pointer::of(["services", self.name]),
            Section::Network => Pointer::of(["networks", self.name]),
            Section::Helm => Pointer::of(["deployments", "helm", self.name]),
            Section::Terraform => Pointer::of(["deployments", "terraform", self.name]),
        };
        let at = |index: u32| index as usize;
        let resource =
            |place: ResourcePlace| whole.join(place.provider()).join(place.kind.key()).index(at(place.index));
        match self.part {
            Part::Whole => whole,
            Part::Field(field) => whole.join(field),
            Part::Nested(object, field) => whole.join(object).join(field),
            Part::Connection(target) => whole.join("connections").join(target),
            Part::ConnectionField(target, field) => whole.join("connections").join(target).join(field),
            Part::Endpoint(index) => whole.join("exposes").index(at(index)),
            Part::EndpointField(index, field) => whole.join("exposes").index(at(index)).join(field),
            Part::Resource(place) => resource(place),
            Part::ResourceField(place, field) => resource(place).join(field),
            Part::BindingField(provider, field) => whole.join(provider).join(field),
            Part::Rule(index) => whole.join("rules").index(at(index)),
            Part::Entry(index) => {
                let list = if self.section == Section::Helm { "services" } else { "resources" };
                whole.join(list).index(at(index))
            }
            Part::NetworkByRules(network) => Pointer::of(["networks", network]),
        }
    }
}
