//! A system as a graph: what renderers draw.

mod adjacency;
mod build;
mod change;
mod collapse;
mod exposure;
mod heaviest;
mod json;
mod labels;
mod marks;
mod near;
pub mod path;
mod questions;
mod remark;
mod retain;
pub mod select;
mod split;
mod stack;
mod view;

use std::borrow::Cow;

use smol_str::SmolStr;

use crate::diagnostic::Pointer;
use crate::model::{Resource, Service, System, Text};
use crate::places::KnownPlaces;

pub use adjacency::Adjacency;
pub use change::Change;
pub use collapse::{Collapse, KIND as COLLAPSED};
pub use heaviest::OmittedEdges;
pub use labels::EdgeLabels;
pub use near::{Depth, Towards};
pub use questions::{Distance, Questions};
pub use remark::SelectionRemark;
pub use split::Part;
pub use view::{GroupBy, READABLE_NODES, ViewOptions};

/// A system as nodes, edges and groups, each list in the order of the document.
///
/// Indexes are positions in these lists and always in range.
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    /// The system it was made of.
    pub system: &'a System,
    /// Services, then resources in the order of their first binding, then Helm and Terraform deployments.
    pub nodes: Vec<Node<'a>>,
    /// Connections and resources, service by service, then what deployments deploy.
    pub edges: Vec<Edge<'a>>,
    /// The texts that edges show, `protocol:port` as far as they are known, each once.
    pub labels: Vec<SmolStr>,
    /// What nodes of [`Origin::Collapsed`] stand for.
    pub collapsed: Vec<CollapsedGroup>,
    /// Every group of every kind; in a view, only those of the kind that the view groups by. A parent stands before
    /// its children.
    pub groups: Vec<Group<'a>>,
    /// The nodes that a selection was made around, by their ids.
    pub focus: Vec<SmolStr>,
    /// Which drawing of several it is, where a system is drawn in parts.
    pub part: Option<PartOf>,
    /// Where its nodes stand, where that is known of earlier drawings.
    pub places: Option<KnownPlaces>,
    /// In a view, the id of every group of the whole graph, which memberships are positions in.
    memberships_in: Option<Vec<SmolStr>>,
}

/// A service, a resource or a deployment.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// `svc:NAME`, `PREFIX:NAME`, `helm:NAME`, `terraform:NAME` or, of a group that is one node, `group:` and its id.
    /// Unique.
    pub id: SmolStr,
    /// The name, as the document gives it: any Unicode text.
    pub label: Cow<'a, str>,
    /// `service`, `helm`, `terraform`, `group` or a kind of the catalogue.
    pub kind: &'static str,
    /// `provider.key`, on resources.
    pub resource: Option<&'static str>,
    /// Where in the document it is: of a resource, its first binding.
    pub origin: Origin,
    /// The group that the node stands in, in a view that groups; a position in [`Graph::groups`].
    pub group: Option<u32>,
    /// Its change, in a graph of two versions.
    pub change: Option<Change>,
    memberships: Memberships,
}

/// A directed connection between two nodes.
#[derive(Clone, Debug)]
pub struct Edge<'a> {
    /// Where it starts, a position in [`Graph::nodes`].
    pub source: u32,
    /// Where it ends, a position in [`Graph::nodes`].
    pub target: u32,
    /// `connection`, `deploys`, else the kind of the target.
    pub kind: &'static str,
    /// The text to show, a position in [`Graph::labels`].
    pub label: Option<u32>,
    /// The protocol.
    pub protocol: Option<&'a str>,
    /// The port, 1 to 65535.
    pub port: Option<u16>,
    /// Where in the document it is; of edges that became one, the first.
    pub origin: EdgeOrigin,
    /// How many edges became this one; 1 unless one of its ends is a group.
    pub count: u32,
    /// Its change, in a graph of two versions.
    pub change: Option<Change>,
}

/// A set of nodes that belong together.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// The kind, a colon, and what names it: `provider:aws`, `owner:payments-team`. Unique.
    pub id: SmolStr,
    /// What its nodes have in common.
    pub kind: GroupKind,
    /// The name to show.
    pub label: &'a str,
    /// The group around it, an earlier position in [`Graph::groups`].
    pub parent: Option<u32>,
}

/// What the nodes of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// What they are: services, deployments, or resources of one provider.
    Provider,
    /// The owner. A resource belongs to the owner of the services that bind it, if they have the same.
    Owner,
    /// The network.
    Network,
    /// The deployment.
    Deployment,
    /// The kind of resource, inside of a provider: only in a view.
    Kind,
}

impl GroupKind {
    /// Every kind that a whole graph has.
    pub const ALL: [Self; 4] = [Self::Provider, Self::Owner, Self::Network, Self::Deployment];

    /// Reads the word for a kind that a whole graph has.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word for it: `provider`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Owner => "owner",
            Self::Network => "network",
            Self::Deployment => "deployment",
            Self::Kind => "kind",
        }
    }
}

/// The group of each kind that a node stands in, without the space that four options take.
#[derive(Clone, Copy, Debug)]
struct Memberships([u32; 4]);

impl Memberships {
    const NOT_A_GROUP: u32 = u32::MAX;

    fn get(self, kind: GroupKind) -> Option<u32> {
        self.0.get(kind as usize).copied().filter(|&group| group != Self::NOT_A_GROUP)
    }

    fn set(&mut self, kind: GroupKind, group: Option<u32>) {
        if let Some(slot) = self.0.get_mut(kind as usize) {
            *slot = group.unwrap_or(Self::NOT_A_GROUP);
        }
    }
}

/// What one node stands for that was a group of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollapsedGroup {
    /// The id of the group.
    pub group: SmolStr,
    /// What its nodes have in common.
    pub kind: GroupKind,
    /// The ids of its nodes, in the order of the graph.
    pub members: Vec<SmolStr>,
    /// Where in the document the group is.
    pub pointer: Pointer,
    /// The address of a diagram of the group, where there is one.
    pub link: Option<String>,
}

/// Which drawing of a system that is drawn in parts a graph is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartOf {
    /// The name of the part, unlike that of any other.
    pub name: String,
    /// What it shows: the name of a group, or `Overview`.
    pub label: String,
    /// The address of the overview; `None` for the overview itself.
    pub overview: Option<String>,
}

/// The part of the system that a node stands for, by positions in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A service.
    Service(u32),
    /// A resource, as a service binds it.
    Resource(ResourceOrigin),
    /// A Helm release.
    Helm(u32),
    /// A Terraform module.
    Terraform(u32),
    /// A group of nodes, a position in [`Graph::collapsed`].
    Collapsed(u32),
}

/// A binding of a resource, by positions in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceOrigin {
    /// The service.
    pub service: u32,
    /// The provider, among the bindings of the service.
    pub bindings: u32,
    /// The list, among the lists of the bindings.
    pub list: u32,
    /// The resource, in the list.
    pub index: u32,
}

/// The part of the system that an edge stands for, by positions in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeOrigin {
    /// A connection of a service: the service, and the position in its connections.
    Connection(u32, u32),
    /// A binding of a resource.
    Binding(ResourceOrigin),
    /// An entry of the services of a Helm release: the release, and the position in its list.
    Helm(u32, u32),
    /// An entry of the resources of a Terraform module: the module, and the position in its list.
    Terraform(u32, u32),
}

impl<'a> Graph<'a> {
    /// The group of a kind that a node stands in; in a view, `None`: see [`Node::group`] and [`Self::groups_of`].
    pub fn membership(&self, node: usize, kind: GroupKind) -> Option<u32> {
        if self.memberships_in.is_some() { None } else { self.nodes[node].memberships.get(kind) }
    }

    /// The ids of the groups that a node stands in, one of a kind, in a view those of the whole graph.
    pub fn groups_of(&self, node: usize) -> impl Iterator<Item = (GroupKind, &SmolStr)> {
        let memberships = self.nodes[node].memberships;
        GroupKind::ALL.into_iter().filter_map(move |kind| {
            let group = memberships.get(kind)? as usize;
            let id = match &self.memberships_in {
                Some(ids) => &ids[group],
                None => &self.groups[group].id,
            };
            Some((kind, id))
        })
    }

    /// Whether the nodes have their groups of every kind, as in the graph of a system and not in a view.
    fn is_whole(&self) -> bool {
        (0..self.nodes.len()).any(|node| self.membership(node, GroupKind::Provider).is_some())
    }

    /// The text that an edge shows: `protocol:port`, as far as they are known.
    pub fn edge_label(&self, edge: usize) -> Option<&str> {
        self.edges[edge].label.map(|label| self.labels[label as usize].as_str())
    }

    /// The service that a node stands for.
    pub fn service(&self, node: usize) -> Option<(&'a Text, &'a Service)> {
        match self.nodes[node].origin {
            Origin::Service(index) => self.system.services.get_index(index as usize),
            Origin::Resource(_) | Origin::Helm(_) | Origin::Terraform(_) | Origin::Collapsed(_) => None,
        }
    }

    /// The place of a node in the document.
    pub fn node_pointer(&self, node: usize) -> Pointer {
        match self.nodes[node].origin {
            Origin::Service(index) => Pointer::of(["services", key(&self.system.services, index)]),
            Origin::Resource(origin) => self.resource_pointer(origin),
            Origin::Helm(index) => self.deployment_pointer("helm", index),
            Origin::Terraform(index) => self.deployment_pointer("terraform", index),
            Origin::Collapsed(index) => self.collapsed[index as usize].pointer.clone(),
        }
    }

    /// The place of an edge in the document.
    pub fn edge_pointer(&self, edge: usize) -> Pointer {
        match self.edges[edge].origin {
            EdgeOrigin::Connection(service, connection) => {
                let (name, service) = self.service_at(service);
                Pointer::of(["services", name, "connections", key(&service.connections, connection)])
            }
            EdgeOrigin::Binding(origin) => self.resource_pointer(origin),
            EdgeOrigin::Helm(release, entry) => {
                self.deployment_pointer("helm", release).join("services").index(entry as usize)
            }
            EdgeOrigin::Terraform(module, entry) => {
                self.deployment_pointer("terraform", module).join("resources").index(entry as usize)
            }
        }
    }

    /// The resource that a binding names.
    pub fn resource_at(&self, origin: ResourceOrigin) -> &'a Resource {
        let (_, service) = self.service_at(origin.service);
        let list = &service.bindings.0[origin.bindings as usize].lists[origin.list as usize];
        &list.resources[origin.index as usize]
    }

    fn service_at(&self, index: u32) -> (&'a Text, &'a Service) {
        self.system.services.get_index(index as usize).expect("an origin points into its system")
    }

    fn resource_pointer(&self, origin: ResourceOrigin) -> Pointer {
        let (name, service) = self.service_at(origin.service);
        let bindings = &service.bindings.0[origin.bindings as usize];
        let list = bindings.lists[origin.list as usize].kind.key();
        Pointer::of(["services", name, bindings.provider.key, list]).index(origin.index as usize)
    }

    fn deployment_pointer(&self, tool: &str, index: u32) -> Pointer {
        let deployments = self.system.deployments.as_ref().expect("an origin points into its system");
        let name = match tool {
            "helm" => key(&deployments.helm, index),
            _ => key(&deployments.terraform, index),
        };
        Pointer::of(["deployments", tool, name])
    }
}

fn key<V>(map: &crate::model::Map<V>, index: u32) -> &str {
    map.get_index(index as usize).expect("an origin points into its system").0
}
