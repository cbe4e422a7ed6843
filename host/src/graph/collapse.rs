//! Makes one node of a group.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use smol_str::format_smolstr;

use super::select::expression::Value;
use super::{Change, CollapsedGroup, Edge, Graph, GroupKind, Memberships, Node, Origin, SelectionRemark};
use crate::diagnostic::Pointer;
use crate::model::position;
use crate::text::nearest;

/// The kind of a node that stands for a group.
pub const KIND: &str = "group";

/// Groups that become one node each.
#[derive(Clone, Debug)]
pub struct Collapse {
    /// The kind of the groups.
    pub kind: GroupKind,
    /// The groups, by what names them or by their label; empty for all of the kind.
    pub groups: Vec<Value>,
}

impl Graph<'_> {
    /// Makes one node of each group that is named, in the place of its first member. Edges between the same two nodes
    /// become one, whose label counts them.
    pub(super) fn collapse(&mut self, wanted: &[Collapse], remarks: &mut Vec<SelectionRemark>) {
        // The group that each node goes into; the first that names one of its groups wins.
        let mut into: Vec<Option<u32>> = vec![None; self.nodes.len()];
        for collapse in wanted {
            let key = |id: &str| id.split_once(':').map_or(id, |(_, key)| key).to_owned();
            let is_named = |group: &super::Group<'_>| {
                let named = |value: &Value| value.matches(&key(&group.id)) || value.matches(group.label);
                group.kind == collapse.kind && (collapse.groups.is_empty() || collapse.groups.iter().any(named))
            };
            let named: Vec<bool> = self.groups.iter().map(is_named).collect();
            for value in &collapse.groups {
                let groups = || self.groups.iter().filter(|group| group.kind == collapse.kind);
                if !groups().any(|group| value.matches(&key(&group.id)) || value.matches(group.label)) {
                    let suggestion = nearest(value.as_str(), groups().map(|group| group.label)).map(str::to_owned);
                    let name = value.as_str().to_owned();
                    remarks.push(SelectionRemark::UnknownGroup { kind: collapse.kind, name, suggestion });
                }
            }
            for (node, into) in into.iter_mut().enumerate() {
                let group = self.nodes[node].memberships.get(collapse.kind).filter(|&group| named[group as usize]);
                *into = into.or(group);
            }
        }
        self.merge(&into);
    }

    /// The overview of a view: each of its groups is one node.
    #[must_use]
    pub fn overview(&self) -> Self {
        let mut overview = self.clone();
        let into: Vec<Option<u32>> = self.nodes.iter().map(|node| node.group).collect();
        overview.merge(&into);
        overview.groups.clear();
        overview
    }

    /// Makes one node of the nodes that go into the same group.
    pub(super) fn merge(&mut self, into: &[Option<u32>]) {
        let mut nodes: Vec<Node<'_>> = Vec::new();
        let mut made: HashMap<u32, u32, RandomState> = HashMap::default();
        let pointers = self.group_pointers(into);
        let mut moved = Vec::with_capacity(self.nodes.len());
        for (node, group) in std::mem::take(&mut self.nodes).into_iter().zip(into) {
            let Some(group) = *group else {
                moved.push(position(nodes.len()));
                nodes.push(node);
                continue;
            };
            let at = *made.entry(group).or_insert_with(|| {
                let Some(of) = self.groups.get(group as usize) else { unreachable!("a membership is a group") };
                let collapsed = CollapsedGroup {
                    group: of.id.clone(),
                    kind: of.kind,
                    members: Vec::new(),
                    pointer: pointers[group as usize].clone(),
                    link: None,
                };
                self.collapsed.push(collapsed);
                let mut memberships = node.memberships;
                memberships.set(of.kind, None);
                nodes.push(Node {
                    id: format_smolstr!("{KIND}:{}", of.id),
                    label: Cow::Borrowed(of.label),
                    kind: KIND,
                    resource: None,
                    origin: Origin::Collapsed(position(self.collapsed.len() - 1)),
                    group: None,
                    change: node.change,
                    memberships,
                });
                position(nodes.len() - 1)
            });
            let merged = &mut nodes[at as usize];
            merged.memberships = common(merged.memberships, node.memberships);
            merged.change = Change::of_both(merged.change, node.change);
            let Origin::Collapsed(collapsed) = merged.origin else { unreachable!("it was made here") };
            self.collapsed[collapsed as usize].members.push(node.id);
            moved.push(at);
        }
        for &at in made.values() {
            let node = &mut nodes[at as usize];
            let Origin::Collapsed(collapsed) = node.origin else { unreachable!("it was made here") };
            let members = self.collapsed[collapsed as usize].members.len();
            node.label = Cow::Owned(format!("{} ({members})", node.label));
        }
        self.nodes = nodes;
        self.merge_edges(&moved);
    }

    /// The place of each group in the document: an owner, a network and a deployment by their key, the rest where the
    /// first member is.
    fn group_pointers(&self, into: &[Option<u32>]) -> Vec<Pointer> {
        let mut pointers = vec![Pointer::root(); self.groups.len()];
        for (node, group) in into.iter().enumerate().rev() {
            let Some(group) = *group else { continue };
            let of = &self.groups[group as usize];
            let (_, key) = of.id.split_once(':').unwrap_or_default();
            pointers[group as usize] = match of.kind {
                GroupKind::Owner if self.system.owners.contains_key(key) => Pointer::of(["owners", key]),
                GroupKind::Network if self.system.networks.contains_key(key) => Pointer::of(["networks", key]),
                GroupKind::Deployment => {
                    let (tool, name) = key.split_once(':').unwrap_or_default();
                    Pointer::of(["deployments", tool, name])
                }
                GroupKind::Owner | GroupKind::Network | GroupKind::Provider | GroupKind::Kind => {
                    self.node_pointer(node)
                }
            };
        }
        pointers
    }

    fn merge_edges(&mut self, moved: &[u32]) {
        let is_group: Vec<bool> = self.nodes.iter().map(|node| matches!(node.origin, Origin::Collapsed(_))).collect();
        let mut edges: Vec<(Edge<'_>, usize)> = Vec::with_capacity(self.edges.len());
        let mut merged: HashMap<(u32, u32), usize, RandomState> = HashMap::default();
        for mut edge in std::mem::take(&mut self.edges) {
            (edge.source, edge.target) = (moved[edge.source as usize], moved[edge.target as usize]);
            let ends = (edge.source, edge.target);
            if !is_group[ends.0 as usize] && !is_group[ends.1 as usize] {
                edges.push((edge, 1));
                continue;
            }
            if ends.0 == ends.1 {
                continue;
            }
            let change = edge.change;
            let at = *merged.entry(ends).or_insert(edges.len());
            if at == edges.len() {
                edges.push((edge, 0));
            }
            edges[at].0.change = Change::of_both(edges[at].0.change, change);
            edges[at].1 += 1;
        }
        let mut labels: HashMap<usize, u32, RandomState> = HashMap::default();
        self.edges = edges
            .into_iter()
            .map(|(mut edge, count)| {
                edge.count = position(count);
                if count > 1 {
                    edge.label = Some(*labels.entry(count).or_insert_with(|| {
                        self.labels.push(format_smolstr!("{count} edges"));
                        position(self.labels.len() - 1)
                    }));
                    (edge.kind, edge.protocol, edge.port) = ("connection", None, None);
                }
                edge
            })
            .collect();
    }
}

/// Keeps the groups that two nodes have in common.
fn common(mut one: Memberships, other: Memberships) -> Memberships {
    for kind in GroupKind::ALL {
        if one.get(kind) != other.get(kind) {
            one.set(kind, None);
        }
    }
    one
}
