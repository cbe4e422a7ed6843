//! What changed between two versions of a system.
//!
//! Parts are matched first (`diff/matching.rs`): by name, then, of those that are left, by what they say, so that a part
//! with a new name is told from one that went and another that came. Then each pair is compared, part by part. Names of
//! the old version are read as the new version has them, so that a rename is said once and not at every use.

mod bindings;
mod breaking;
mod compare;
mod endpoints;
mod matching;
mod network;
mod union;
mod value;

use serde::Serialize;

use crate::catalogue::ResourceKind;
use crate::diagnostic::Pointer;
use crate::model::System;

pub use breaking::Breaking;
pub use value::Value;

use matching::Matching;

/// Holds what changed between two versions of a system.
#[derive(Clone, Debug)]
pub struct Diff<'a> {
    /// The old version.
    pub old: &'a System,
    /// The new version.
    pub new: &'a System,
    /// The changes, in the order of the documents: in each section and each part of it, first what went, in the order
    /// of the old version, then the rest in the order of the new one.
    pub changes: Vec<Change<'a>>,
    matching: Matching<'a>,
}

impl<'a> Diff<'a> {
    /// Compares two versions of a system. The order of keys is no change, nor is that of lists whose order says nothing.
    pub fn of(old: &'a System, new: &'a System) -> Self {
        let matching = Matching::of(old, new);
        let changes = compare::changes(old, new, &matching);
        Self { old, new, changes, matching }
    }

    /// Counts the changes.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for change in &self.changes {
            match change.kind {
                ChangeKind::Added => summary.added += 1,
                ChangeKind::Removed => summary.removed += 1,
                ChangeKind::Changed => summary.changed += 1,
                ChangeKind::Moved => summary.moved += 1,
                ChangeKind::Renamed => summary.renamed += 1,
            }
            summary.breaking += usize::from(change.breaking.is_some());
        }
        summary
    }
}

/// Says that one part of a system is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// What happened to it.
    pub kind: ChangeKind,
    /// What it was; `None` where it was added.
    pub old: Option<Side<'a>>,
    /// What it is; `None` where it was removed.
    pub new: Option<Side<'a>>,
    /// Why somebody would notice; `None` where nobody would.
    pub breaking: Option<Box<Breaking<'a>>>,
}

impl<'a> Change<'a> {
    /// Returns where the change belongs: in the new version, else in the old one.
    pub fn at(&self) -> At<'a> {
        self.new.or(self.old).expect("a change has a side").at
    }
}

/// Says what happened to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// It says something else.
    Changed,
    /// It belongs to another service, owner, network or deployment, or a network rule now decides before another one.
    Moved,
    /// It has another name, and everything else is the same.
    Renamed,
}

impl ChangeKind {
    /// Returns the word for it: `added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Renamed => "renamed",
        }
    }
}

/// Holds what one version says of a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side<'a> {
    /// Which part it is.
    pub at: At<'a>,
    /// What it says.
    pub value: Value<'a>,
}

/// Names a part of one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At<'a> {
    /// Where it stands.
    pub section: Section,
    /// The name of the service, owner, network or deployment; empty for the system itself.
    pub name: &'a str,
    /// The part of it.
    pub part: Part<'a>,
}

/// Names a section of the document.
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
    /// Returns the word for it: `service`.
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

/// Names a part of a service, an owner, a network, a deployment or the system.
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

/// Names a resource in the bindings of a service.
#[derive(Clone, Copy, Debug)]
pub struct ResourcePlace {
    /// What it is, which names the provider and the list.
    pub kind: &'static ResourceKind,
    /// The position in the list.
    pub index: u32,
    /// Whether the resource itself came or went with this binding; else other services bind it, too.
    pub is_whole: bool,
}

impl PartialEq for ResourcePlace {
    fn eq(&self, other: &Self) -> bool {
        (self.kind.resource, self.index, self.is_whole) == (other.kind.resource, other.index, other.is_whole)
    }
}

impl ResourcePlace {
    /// Returns the key of the provider: `aws`.
    pub fn provider(&self) -> &'static str {
        self.kind.resource.split_once('.').map_or("", |(provider, _)| provider)
    }
}

impl At<'_> {
    /// Returns what it is, in a word that stays the same: `service`, `connection`, `image`, `network-rule`.
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

    /// Returns the field that it is, where it is one.
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

    /// Returns the place in the document.
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

/// Holds how many changes there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What came.
    pub added: usize,
    /// What went.
    pub removed: usize,
    /// What says something else.
    pub changed: usize,
    /// What belongs somewhere else.
    pub moved: usize,
    /// What has another name.
    pub renamed: usize,
    /// Those of all of these that somebody would notice.
    pub breaking: usize,
}
