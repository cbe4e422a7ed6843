//! Makes the graph of a system.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use smol_str::{SmolStr, SmolStrBuilder, format_smolstr};

use super::{Edge, EdgeOrigin, Graph, Group, GroupKind, Memberships, Node, Origin, ResourceOrigin};
use crate::model::{Bindings, Port, Resource, Service, System, Text, position};

impl<'a> Graph<'a> {
    /// Makes the graph of a system. What the document names but does not define (an unknown service, a resource
    /// without a name) is left out: the rules report it.
    pub fn of(system: &'a System) -> Self {
        let mut builder = Builder::new(system);
        builder.services();
        for (index, service) in system.services.values().enumerate() {
            builder.connections(position(index), service);
            builder.resources(position(index), service);
        }
        builder.deployments();
        builder.graph
    }
}

struct Builder<'a> {
    graph: Graph<'a>,
    /// Positions of resources and deployments, found by their id, which stands in the node.
    by_id: HashTable<u32>,
    hasher: RandomState,
    /// Positions of labels by protocol and port.
    labels: HashMap<(&'a str, u16), u32, RandomState>,
    /// Positions of groups, one map a kind.
    groups: [HashMap<&'a str, u32, RandomState>; 4],
    /// The network that the rules of the networks place a service in.
    networks: HashMap<&'a str, &'a str, RandomState>,
    /// The last source that has an edge to each node: an edge is drawn once.
    last_source: Vec<Option<u32>>,
}

impl<'a> Builder<'a> {
    fn new(system: &'a System) -> Self {
        let services = system.services.len();
        let graph = Graph {
            system,
            nodes: Vec::with_capacity(services * 4),
            edges: Vec::with_capacity(services * 6),
            labels: Vec::new(),
            collapsed: Vec::new(),
            groups: Vec::new(),
            focus: Vec::new(),
            part: None,
            places: None,
            memberships_in: None,
        };
        let mut builder = Self {
            graph,
            by_id: HashTable::with_capacity(services * 3),
            hasher: RandomState::default(),
            labels: HashMap::default(),
            groups: Default::default(),
            networks: system.networks_by_rules(),
            last_source: Vec::with_capacity(services * 4),
        };
        for (id, owner) in &system.owners {
            let label = owner.name.as_ref().map_or(id.as_str(), Text::as_str);
            builder.group(GroupKind::Owner, id, label);
        }
        for network in system.networks.keys() {
            builder.group(GroupKind::Network, network, network);
        }
        builder
    }

    fn services(&mut self) {
        let provider = self.group(GroupKind::Provider, "services", "Services");
        for (index, (name, service)) in self.graph.system.services.iter().enumerate() {
            let owner = service.owner.as_ref().map(|owner| self.group(GroupKind::Owner, owner, owner));
            let network = self
                .networks
                .get(name.as_str())
                .copied()
                .or_else(|| service.bindings.0.iter().find_map(Bindings::network).map(Text::as_str));
            let network = network.map(|network| self.group(GroupKind::Network, network, network));
            let node = Node {
                id: id("svc", name),
                label: name.as_str().into(),
                kind: "service",
                resource: None,
                origin: Origin::Service(position(index)),
                group: None,
                change: None,
                memberships: memberships([Some(provider), owner, network, None]),
            };
            self.node(node);
        }
    }

    fn connections(&mut self, source: u32, service: &'a Service) {
        for (index, (target, connection)) in service.connections.iter().enumerate() {
            let Some(target) = self.graph.system.services.get_index_of(target) else { continue };
            let protocol = (!connection.protocol.is_empty()).then_some(connection.protocol.as_str());
            let port = connection.port.map(Port::get);
            let edge = Edge {
                source,
                target: position(target),
                kind: "connection",
                label: self.label(protocol, port),
                protocol,
                port,
                origin: EdgeOrigin::Connection(source, position(index)),
                count: 1,
                change: None,
            };
            self.graph.edges.push(edge);
        }
    }

    fn resources(&mut self, source: u32, service: &'a Service) {
        for (bindings_index, bindings) in service.bindings.0.iter().enumerate() {
            for (list_index, list) in bindings.lists.iter().enumerate() {
                for (index, resource) in list.resources.iter().enumerate() {
                    if resource.name.is_empty() {
                        continue;
                    }
                    let origin = ResourceOrigin {
                        service: source,
                        bindings: position(bindings_index),
                        list: position(list_index),
                        index: position(index),
                    };
                    let target = self.resource(bindings, resource, origin);
                    let (protocol, port) = resource.protocol();
                    let label = self.label(Some(protocol), Some(port));
                    self.edge(Edge {
                        source,
                        target,
                        kind: resource.kind.kind,
                        label,
                        protocol: Some(protocol),
                        port: Some(port),
                        origin: EdgeOrigin::Binding(origin),
                        count: 1,
                        change: None,
                    });
                }
            }
        }
    }

    /// Finds the node of a resource, or adds it at its first binding.
    fn resource(&mut self, bindings: &'a Bindings, resource: &'a Resource, origin: ResourceOrigin) -> u32 {
        let owner = self.graph.nodes[origin.service as usize].memberships.get(GroupKind::Owner);
        let network = bindings.network().map(|network| self.group(GroupKind::Network, network, network));
        let provider = self.group(GroupKind::Provider, bindings.provider.key, bindings.provider.title);
        let (node, first) = self.named(Node {
            id: id(resource.kind.id_prefix, &resource.name),
            label: resource.name.as_str().into(),
            kind: resource.kind.kind,
            resource: Some(resource.kind.resource),
            origin: Origin::Resource(origin),
            group: None,
            change: None,
            memberships: memberships([Some(provider), owner, network, None]),
        });
        if !first {
            let memberships = &mut self.graph.nodes[node as usize].memberships;
            for (kind, group) in [(GroupKind::Owner, owner), (GroupKind::Network, network)] {
                if memberships.get(kind) != group {
                    memberships.set(kind, None);
                }
            }
        }
        node
    }

    fn deployments(&mut self) {
        for (index, name) in self.graph.system.helm().map(|(name, _)| name).enumerate() {
            self.deployment("helm", name, Origin::Helm(position(index)));
        }
        for (index, name) in self.graph.system.terraform().map(|(name, _)| name).enumerate() {
            self.deployment("terraform", name, Origin::Terraform(position(index)));
        }
        for (index, (name, release)) in self.graph.system.helm().enumerate() {
            for (entry, service) in release.services.iter().enumerate() {
                if let Some(target) = self.graph.system.services.get_index_of(service) {
                    self.deploys(
                        id("helm", name),
                        position(target),
                        EdgeOrigin::Helm(position(index), position(entry)),
                    );
                }
            }
        }
        for (index, (name, module)) in self.graph.system.terraform().enumerate() {
            for (entry, target) in module.resources.iter().enumerate() {
                let target = match target.strip_prefix("svc:") {
                    Some(service) => self.graph.system.services.get_index_of(service).map(position),
                    None => self.find(target),
                };
                if let Some(target) = target {
                    self.deploys(
                        id("terraform", name),
                        target,
                        EdgeOrigin::Terraform(position(index), position(entry)),
                    );
                }
            }
        }
    }

    fn deployment(&mut self, tool: &'static str, name: &'a str, origin: Origin) {
        let provider = self.group(GroupKind::Provider, "deployments", "Deployments");
        let group = position(self.graph.groups.len());
        let group_id = format_smolstr!("{}:{tool}:{name}", GroupKind::Deployment.as_str());
        self.graph.groups.push(Group { id: group_id, kind: GroupKind::Deployment, label: name, parent: None });
        self.named(Node {
            id: id(tool, name),
            label: name.into(),
            kind: tool,
            resource: None,
            origin,
            group: None,
            change: None,
            memberships: memberships([Some(provider), None, None, Some(group)]),
        });
    }

    /// Adds an edge from a deployment, which is then the target's, unless it has one.
    fn deploys(&mut self, deployment: SmolStr, target: u32, origin: EdgeOrigin) {
        let source = self.find(&deployment).expect("deployments are added before their edges");
        let group = self.graph.nodes[source as usize].memberships.get(GroupKind::Deployment);
        let memberships = &mut self.graph.nodes[target as usize].memberships;
        memberships.set(GroupKind::Deployment, memberships.get(GroupKind::Deployment).or(group));
        self.edge(Edge {
            source,
            target,
            kind: "deploys",
            label: None,
            protocol: None,
            port: None,
            origin,
            count: 1,
            change: None,
        });
    }

    /// Finds or adds the node of an id that may occur twice.
    fn named(&mut self, node: Node<'a>) -> (u32, bool) {
        let nodes = &mut self.graph.nodes;
        let hash = self.hasher.hash_one(&node.id);
        let same = |&other: &u32| nodes[other as usize].id == node.id;
        match self.by_id.entry(hash, same, |&other| self.hasher.hash_one(&nodes[other as usize].id)) {
            Entry::Occupied(entry) => (*entry.get(), false),
            Entry::Vacant(entry) => {
                let index = position(nodes.len());
                entry.insert(index);
                (self.node(node), true)
            }
        }
    }

    fn find(&self, id: &SmolStr) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        self.by_id.find(hash, |&other| self.graph.nodes[other as usize].id == *id).copied()
    }

    fn node(&mut self, node: Node<'a>) -> u32 {
        self.graph.nodes.push(node);
        self.last_source.push(None);
        position(self.graph.nodes.len() - 1)
    }

    /// Adds an edge, unless its source has one to the target already: a resource that a service binds twice.
    fn edge(&mut self, edge: Edge<'a>) {
        if self.last_source[edge.target as usize].replace(edge.source) != Some(edge.source) {
            self.graph.edges.push(edge);
        }
    }

    /// Finds or adds the label `protocol:port`, as far as they are known.
    fn label(&mut self, protocol: Option<&'a str>, port: Option<u16>) -> Option<u32> {
        if protocol.is_none() && port.is_none() {
            return None;
        }
        let labels = &mut self.graph.labels;
        // No protocol is empty and no port is 0.
        Some(*self.labels.entry((protocol.unwrap_or_default(), port.unwrap_or_default())).or_insert_with(|| {
            labels.push(match (protocol, port) {
                (Some(protocol), Some(port)) => format_smolstr!("{protocol}:{port}"),
                (Some(protocol), None) => protocol.into(),
                (None, port) => format_smolstr!("{}", port.unwrap_or_default()),
            });
            position(labels.len() - 1)
        }))
    }

    /// Finds or adds the group of a kind with a key.
    fn group(&mut self, kind: GroupKind, key: &'a str, label: &'a str) -> u32 {
        let groups = &mut self.graph.groups;
        *self.groups[kind as usize].entry(key).or_insert_with(|| {
            let id = format_smolstr!("{}:{key}", kind.as_str());
            groups.push(Group { id, kind, label, parent: None });
            position(groups.len() - 1)
        })
    }
}

/// The id of a node.
fn id(prefix: &str, name: &str) -> SmolStr {
    let mut id = SmolStrBuilder::new();
    id.push_str(prefix);
    id.push(':');
    id.push_str(name);
    id.finish()
}

fn memberships(groups: [Option<u32>; 4]) -> Memberships {
    Memberships(groups.map(|group| group.unwrap_or(Memberships::NOT_A_GROUP)))
}
