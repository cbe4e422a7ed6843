//! What rules, templates and guests ask of a graph: who leads to whom, over how many edges, who belongs to what.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use smol_str::SmolStr;

use super::exposure::public;
use super::{Adjacency, Graph, GroupKind, Origin};
use crate::model::position;

/// The answers to questions about a graph, each worked out at the first question. Every node, edge and group is a
/// position in the graph that this was made of.
pub struct Questions {
    outgoing: Edges,
    incoming: Edges,
    ids: OnceLock<HashMap<SmolStr, u32, RandomState>>,
    group_ids: OnceLock<HashMap<SmolStr, u32, RandomState>>,
    groups: OnceLock<Vec<Vec<SmolStr>>>,
    members: OnceLock<HashMap<SmolStr, Vec<u32>, RandomState>>,
    public: OnceLock<Adjacency>,
}

/// The edges of each node in one direction, and the nodes at their other ends, at the same positions.
struct Edges {
    edges: Adjacency,
    nodes: Adjacency,
}

/// A node, and the number of edges that lead to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distance {
    /// The node.
    pub node: u32,
    /// The edges on a shortest way to it; at least 1.
    pub hops: u32,
}

impl Questions {
    /// Prepares a graph.
    pub fn of(graph: &Graph<'_>) -> Self {
        let nodes = graph.nodes.len();
        let outgoing = (0..).zip(&graph.edges).map(|(index, edge)| (edge.source, edge.target, index));
        let incoming = (0..).zip(&graph.edges).map(|(index, edge)| (edge.target, edge.source, index));
        Self {
            outgoing: Edges::of(nodes, outgoing),
            incoming: Edges::of(nodes, incoming),
            ids: OnceLock::new(),
            group_ids: OnceLock::new(),
            groups: OnceLock::new(),
            members: OnceLock::new(),
            public: OnceLock::new(),
        }
    }

    /// Finds a node by its id.
    pub fn find(&self, graph: &Graph<'_>, id: &str) -> Option<u32> {
        let ids = || (0..).zip(&graph.nodes).map(|(index, node)| (node.id.clone(), index)).collect();
        self.ids.get_or_init(ids).get(id).copied()
    }

    /// Finds a group by its id: `network:prod`.
    pub fn find_group(&self, graph: &Graph<'_>, id: &str) -> Option<u32> {
        let ids = || (0..).zip(&graph.groups).map(|(index, group)| (group.id.clone(), index)).collect();
        self.group_ids.get_or_init(ids).get(id).copied()
    }

    /// The ids of the groups that a node stands in, one of each kind that it has: those of the whole system, in a view,
    /// too.
    pub fn groups(&self, graph: &Graph<'_>, node: u32) -> &[SmolStr] {
        &self.groups.get_or_init(|| all_groups(graph))[node as usize]
    }

    /// The nodes that stand in a group of the whole system, by its id.
    pub fn members(&self, graph: &Graph<'_>, group: &str) -> &[u32] {
        let members = self.members.get_or_init(|| {
            let mut members: HashMap<SmolStr, Vec<u32>, RandomState> = HashMap::default();
            for node in 0..position(graph.nodes.len()) {
                for group in self.groups(graph, node) {
                    members.entry(group.clone()).or_default().push(node);
                }
            }
            members
        });
        members.get(group).map_or(&[], Vec::as_slice)
    }

    /// The edges that start at a node.
    pub fn outgoing(&self, node: u32) -> &[u32] {
        self.outgoing.edges.of_node(node)
    }

    /// The edges that end at a node.
    pub fn incoming(&self, node: u32) -> &[u32] {
        self.incoming.edges.of_node(node)
    }

    /// The nodes that a node leads to.
    pub fn dependencies(&self, node: u32) -> &[u32] {
        self.outgoing.nodes.of_node(node)
    }

    /// The nodes that lead to a node.
    pub fn dependents(&self, node: u32) -> &[u32] {
        self.incoming.nodes.of_node(node)
    }

    /// The nodes without an edge.
    pub fn orphans(&self) -> Vec<u32> {
        let is_alone = |&node: &u32| self.dependencies(node).is_empty() && self.dependents(node).is_empty();
        (0..position(self.outgoing.nodes.nodes())).filter(is_alone).collect()
    }

    /// Finds what some nodes lead to within `most` edges, the nearest first; one of themselves only where a way leads
    /// to it.
    pub fn distances(&self, from: &[u32], most: u32) -> Vec<Distance> {
        never_stopped(self.distances_within(from, most, &mut |_| Ok(())))
    }

    /// Finds distances as [`Self::distances`] does. `visit` is told how many edges are looked at next, and may stop it.
    ///
    /// # Errors
    /// What `visit` returns.
    pub fn distances_within<E>(
        &self,
        from: &[u32],
        most: u32,
        visit: &mut (impl FnMut(usize) -> Result<(), E> + ?Sized),
    ) -> Result<Vec<Distance>, E> {
        let nodes = self.outgoing.nodes.nodes();
        let (mut is_found, mut is_queued) = (vec![false; nodes], vec![false; nodes]);
        let (mut found, mut next) = (Vec::new(), VecDeque::new());
        for &node in from {
            if !std::mem::replace(&mut is_queued[node as usize], true) {
                next.push_back((node, 0));
            }
        }
        while let Some((node, hops)) = next.pop_front() {
            if hops == most {
                break;
            }
            let targets = self.dependencies(node);
            visit(targets.len())?;
            for &target in targets {
                if !std::mem::replace(&mut is_found[target as usize], true) {
                    found.push(Distance { node: target, hops: hops + 1 });
                }
                if !std::mem::replace(&mut is_queued[target as usize], true) {
                    next.push_back((target, hops + 1));
                }
            }
        }
        Ok(found)
    }

    /// Finds the nodes of a shortest way, both ends included; none where there is no way.
    pub fn path(&self, from: u32, to: u32) -> Vec<u32> {
        never_stopped(self.path_within(from, to, &mut |_| Ok(())))
    }

    /// Finds a path as [`Self::path`] does. `visit` is told how many edges are looked at next, and may stop it.
    ///
    /// # Errors
    /// What `visit` returns.
    pub fn path_within<E>(
        &self,
        from: u32,
        to: u32,
        visit: &mut (impl FnMut(usize) -> Result<(), E> + ?Sized),
    ) -> Result<Vec<u32>, E> {
        let mut before: HashMap<u32, u32, RandomState> = HashMap::default();
        let mut next = VecDeque::from([from]);
        while let Some(node) = next.pop_front() {
            let targets = self.dependencies(node);
            visit(targets.len())?;
            for &target in targets {
                if before.contains_key(&target) {
                    continue;
                }
                before.insert(target, node);
                if target == to {
                    let mut way = vec![to];
                    let back = std::iter::successors(Some(node), |node| (*node != from).then(|| before[node]));
                    way.extend(back);
                    way.reverse();
                    return Ok(way);
                }
                next.push_back(target);
            }
        }
        Ok(Vec::new())
    }

    /// Finds a shortest cycle through the first node of each set of nodes that all lead to each other.
    pub fn cycles(&self) -> Vec<Vec<u32>> {
        self.outgoing.nodes.cycles()
    }

    /// Finds the owners of a node, each once: of a service its own, of a resource those of the services that bind it, in
    /// the order of the document.
    pub fn owners<'a>(&self, graph: &Graph<'a>, node: u32) -> Vec<&'a str> {
        let mut owners = Vec::new();
        for owner in self.all_owners(graph, node).flatten() {
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
        owners
    }

    /// Finds the owner of a node: of a service its own, of a resource that which all of its services have.
    pub fn owner<'a>(&self, graph: &Graph<'a>, node: u32) -> Option<&'a str> {
        let mut owners = self.all_owners(graph, node);
        let first = owners.next()?;
        if owners.all(|owner| owner == first) { first } else { None }
    }

    /// The owner of each service that a node stands for or that binds it.
    fn all_owners<'a>(&self, graph: &Graph<'a>, node: u32) -> impl Iterator<Item = Option<&'a str>> {
        let users: &[u32] = match graph.nodes[node as usize].origin {
            Origin::Resource(_) => self.dependents(node),
            Origin::Service(_) | Origin::Helm(_) | Origin::Terraform(_) | Origin::Collapsed(_) => &[],
        };
        let services = std::iter::once(node).chain(users.iter().copied());
        let services = services.filter_map(|node| graph.service(node as usize));
        services.map(|(_, service)| service.owner.as_deref())
    }

    /// The endpoints of a service that can be reached from outside, as far as a document tells: positions in its
    /// `exposes`; none of another node.
    ///
    /// The first network rule decides that is about inbound traffic from anywhere to the port. Where there is none, an
    /// HTTP endpoint is public if the service is behind Cloudflare, CloudFront or an API gateway, or if its port is 80
    /// or 443 and no service of the system connects to it there.
    pub fn public_endpoints(&self, graph: &Graph<'_>, node: u32) -> &[u32] {
        let public = || Adjacency::of(graph.nodes.len(), public(graph, &self.incoming.edges).into_iter());
        self.public.get_or_init(public).of_node(node)
    }

    /// Counts the nodes and the edges.
    pub fn size(&self) -> usize {
        self.outgoing.nodes.nodes() + self.outgoing.nodes.edges()
    }
}

impl Edges {
    /// Sorts edges by the node that they are seen from: that node, the other end, and the edge.
    fn of(nodes: usize, edges: impl Iterator<Item = (u32, u32, u32)> + Clone) -> Self {
        Self {
            nodes: Adjacency::of(nodes, edges.clone().map(|(node, other, _)| (node, other))),
            edges: Adjacency::of(nodes, edges.map(|(node, _, edge)| (node, edge))),
        }
    }
}

/// The groups of each node in the whole system, which a view forgets; of a node that stands for a group, none.
fn all_groups(graph: &Graph<'_>) -> Vec<Vec<SmolStr>> {
    let of = |whole: &Graph<'_>, node: usize| -> Vec<SmolStr> {
        let groups = GroupKind::ALL.into_iter().filter_map(|kind| whole.membership(node, kind));
        groups.map(|group| whole.groups[group as usize].id.clone()).collect()
    };
    if graph.is_whole() {
        return (0..graph.nodes.len()).map(|node| of(graph, node)).collect();
    }
    let whole = Graph::of(graph.system);
    let positions: HashMap<&str, usize, RandomState> =
        whole.nodes.iter().enumerate().map(|(index, node)| (node.id.as_str(), index)).collect();
    let nodes = graph.nodes.iter().map(|node| positions.get(node.id.as_str()));
    nodes.map(|node| node.map(|&node| of(&whole, node)).unwrap_or_default()).collect()
}

fn never_stopped<T>(result: Result<T, Infallible>) -> T {
    result.unwrap_or_else(|never| match never {})
}
