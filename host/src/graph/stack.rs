//! Makes one node of nodes that are alike: of one kind and group, with the same connections.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::{Change, Graph, Group, GroupKind, Node, Origin};
use crate::model::position;

/// So many nodes that are alike become one.
const LEAST_MEMBERS: usize = 4;

/// The other end of an edge, whether it leads there, its kind, its label and its change.
type End = (u32, bool, &'static str, Option<u32>, Option<&'static str>);

/// What nodes that are alike have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct StackKey {
    group: Option<u32>,
    kind: &'static str,
    resource: Option<&'static str>,
    change: Option<&'static str>,
    edges: Vec<End>,
}

impl Graph<'_> {
    /// Makes one node of each set of at least four nodes that have the same kind, group and connections;
    /// the focus of a view stays. Its origin is [`Origin::Collapsed`], its kind that of its members, and its label
    /// says what their names have in common and counts them: `…-consumer × 20`.
    #[must_use]
    pub fn stacked(&self) -> Self {
        let sets: Vec<Vec<usize>> =
            self.alike().into_values().filter(|members| members.len() >= LEAST_MEMBERS).collect();
        let mut stacked = self.clone();
        if sets.is_empty() {
            return stacked;
        }
        let groups = self.groups.len();
        let mut into: Vec<Option<u32>> = vec![None; self.nodes.len()];
        for (index, members) in sets.iter().enumerate() {
            let group = position(groups + index);
            members.iter().for_each(|&member| into[member] = Some(group));
            let id = format_smolstr!("stack:{index}");
            stacked.groups.push(Group { id, kind: GroupKind::Kind, label: "", parent: None });
        }
        // What the edges of the members say is the same for all of them.
        let said = |graph: &Self| -> Vec<_> {
            graph.edges.iter().map(|edge| (edge.origin, edge.kind, edge.label, edge.protocol, edge.port)).collect()
        };
        let before = said(self);
        stacked.merge(&into);
        stacked.groups.truncate(groups);
        for edge in stacked.edges.iter_mut().filter(|edge| edge.count > 1) {
            if let Some(first) = before.iter().find(|first| first.0 == edge.origin) {
                (_, edge.kind, edge.label, edge.protocol, edge.port) = *first;
            }
        }
        for node in &mut stacked.nodes {
            let Origin::Collapsed(collapsed) = node.origin else { continue };
            let group = &stacked.collapsed[collapsed as usize].group;
            let Some(members) = stack_number(group).and_then(|index| sets.get(index)) else { continue };
            let first = &self.nodes[members[0]];
            (node.kind, node.resource, node.group) = (first.kind, first.resource, first.group);
            node.label = label(members.iter().map(|&member| &self.nodes[member])).into();
        }
        stacked
    }

    /// The nodes that have connections, by their likeness.
    fn alike(&self) -> BTreeMap<StackKey, Vec<usize>> {
        let mut edges: Vec<Vec<_>> = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            let change = edge.change.map(Change::as_str);
            edges[edge.source as usize].push((edge.target, true, edge.kind, edge.label, change));
            edges[edge.target as usize].push((edge.source, false, edge.kind, edge.label, change));
        }
        let mut alike: BTreeMap<StackKey, Vec<usize>> = BTreeMap::new();
        for (index, (node, mut edges)) in self.nodes.iter().zip(edges).enumerate() {
            let is_plain = !matches!(node.origin, Origin::Collapsed(_)) && !self.focus.contains(&node.id);
            if edges.is_empty() || !is_plain {
                continue;
            }
            edges.sort_unstable();
            let change = node.change.map(Change::as_str);
            let likeness = StackKey { group: node.group, kind: node.kind, resource: node.resource, change, edges };
            alike.entry(likeness).or_default().push(index);
        }
        alike
    }
}

/// The number of the stack that a group of this id was made for.
fn stack_number(group: &SmolStr) -> Option<usize> {
    group.strip_prefix("stack:")?.parse().ok()
}

/// What the names of some nodes have in common, at their start or end, and how many they are.
fn label<'n>(nodes: impl Iterator<Item = &'n Node<'n>>) -> String {
    let names: Vec<Vec<&str>> = nodes.map(|node| node.label.split('-').collect()).collect();
    let shortest = names.iter().map(Vec::len).min().unwrap_or_default();
    let common = |word: &dyn Fn(&Vec<&str>, usize) -> String| {
        (0..shortest).take_while(|&at| names.iter().all(|name| word(name, at) == word(&names[0], at))).count()
    };
    let first = common(&|name, at| name[at].to_owned());
    let last = common(&|name, at| name[name.len() - 1 - at].to_owned());
    let count = names.len();
    match (first, last) {
        (0, 0) => format!("{} … × {count}", names[0].join("-")),
        (first, last) if first >= last => format!("{}-… × {count}", names[0][..first].join("-")),
        (_, last) => format!("…-{} × {count}", names[0][names[0].len() - last..].join("-")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::System;

    #[test]
    fn nodes_with_the_same_connections_are_one() {
        let mut services = serde_json::Map::new();
        for name in ["events", "errors", "spans", "replays", "issues"] {
            let connections = json!({ "kafka": { "port": 9092, "protocol": "kafka" } });
            services.insert(format!("{name}-consumer"), json!({ "connections": connections }));
        }
        services.insert("api".to_owned(), json!({ "connections": { "kafka": { "port": 9093, "protocol": "kafka" } } }));
        services.insert("kafka".to_owned(), json!({}));
        let system: System = serde_json::from_value(json!({ "name": "x", "services": services })).unwrap();
        let mut graph = Graph::of(&system);
        let stacked = graph.stacked();
        let labels: Vec<&str> = stacked.nodes.iter().map(|node| node.label.as_ref()).collect();
        assert_eq!(labels, ["api", "…-consumer × 5", "kafka"]);
        assert_eq!(stacked.edges.len(), 2);
        let of_stack = stacked.edges.iter().position(|edge| edge.source == 1).unwrap();
        assert_eq!((stacked.edges[of_stack].count, stacked.edge_label(of_stack)), (5, Some("kafka:9092")));
        assert_eq!((stacked.nodes[1].kind, stacked.groups.len()), ("service", graph.groups.len()));
        assert_eq!(stacked.collapsed[0].members.len(), 5);
        graph.focus = vec!["svc:spans-consumer".into(), "svc:issues-consumer".into()];
        assert_eq!(graph.stacked().nodes.len(), graph.nodes.len(), "three are too few");
    }

    #[test]
    fn a_label_says_what_names_have_in_common() {
        let system: System =
            serde_json::from_value(json!({ "name": "x", "services": { "a-b-c": {}, "a-b-d": {}, "e": {} } })).unwrap();
        let graph = Graph::of(&system);
        assert_eq!(label(graph.nodes[..2].iter()), "a-b-… × 2");
        assert_eq!(label(graph.nodes.iter()), "a-b-c … × 3");
    }
}
