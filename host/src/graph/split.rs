//! Divides a graph into one for each group, and an overview of them.

use std::collections::HashSet;

use super::{Collapse, Graph, GroupKind, Origin, PartOf};

/// The name of the overview.
const OVERVIEW: &str = "overview";

/// A part of a graph that is drawn by itself.
pub struct Part<'a> {
    /// Its name: lower-case letters, digits and `-`, unlike that of any other part. It can be the name of a file.
    pub name: String,
    /// What to call it.
    pub label: String,
    /// The part.
    pub graph: Graph<'a>,
}

impl<'a> Graph<'a> {
    /// Divides a whole graph by a kind of groups: an overview, in which each group is a node, then each group with its
    /// neighbours, in which each other group is a node. `link` makes the address of a part of its name: what nodes that
    /// stand for a group lead to.
    pub fn split(&self, kind: GroupKind, link: impl Fn(&str) -> String) -> Vec<Part<'a>> {
        let used = |group: u32| (0..self.nodes.len()).any(|node| self.membership(node, kind) == Some(group));
        let groups: Vec<u32> = (0..u32::try_from(self.groups.len()).unwrap_or(u32::MAX))
            .filter(|&group| self.groups[group as usize].kind == kind && used(group))
            .collect();
        let mut taken = HashSet::from([OVERVIEW.to_owned()]);
        let names: Vec<String> =
            groups.iter().map(|&group| name(&self.groups[group as usize].id, &mut taken)).collect();
        let linked = |mut graph: Graph<'a>| {
            for collapsed in &mut graph.collapsed {
                let of = groups.iter().position(|&group| self.groups[group as usize].id == collapsed.group);
                collapsed.link = of.map(|at| link(&names[at]));
            }
            graph
        };
        let overview_label = "Overview".to_owned();
        let mut overview = self.clone();
        overview.part = Some(PartOf { name: OVERVIEW.to_owned(), label: overview_label.clone(), overview: None });
        overview.collapse(&[Collapse { kind, groups: Vec::new() }], &mut Vec::new());
        let mut parts = vec![Part { name: OVERVIEW.to_owned(), label: overview_label, graph: linked(overview) }];
        for (&group, name) in groups.iter().zip(&names) {
            let mut graph = self.clone();
            let into: Vec<Option<u32>> =
                (0..self.nodes.len()).map(|node| self.membership(node, kind).filter(|&other| other != group)).collect();
            graph.merge(&into);
            let inside: Vec<bool> =
                (0..graph.nodes.len()).map(|node| graph.membership(node, kind) == Some(group)).collect();
            let mut keep = inside.clone();
            for edge in &graph.edges {
                let (source, target) = (edge.source as usize, edge.target as usize);
                if inside[source] || inside[target] {
                    (keep[source], keep[target]) = (true, true);
                }
            }
            graph.retain(&keep);
            let is_outside = |node: &super::Node<'_>| matches!(node.origin, Origin::Collapsed(_));
            let named: Vec<bool> = graph.nodes.iter().map(is_outside).collect();
            // What two neighbours have with each other is for their own diagrams.
            graph.edges.retain(|edge| !(named[edge.source as usize] && named[edge.target as usize]));
            let label = self.groups[group as usize].label.to_owned();
            graph.part = Some(PartOf { name: name.clone(), label: label.clone(), overview: Some(link(OVERVIEW)) });
            parts.push(Part { name: name.clone(), label, graph: linked(graph) });
        }
        parts
    }
}

/// Picks the name of a part that no other part has.
fn name(id: &str, taken: &mut HashSet<String>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    let words: Vec<&str> = id.split(|c| !is_plain(c)).filter(|word| !word.is_empty()).collect();
    let plain: String = words.join("-").to_ascii_lowercase().chars().take(80).collect();
    let mut name = plain.clone();
    let mut number = 1;
    while !taken.insert(name.clone()) {
        number += 1;
        name = format!("{plain}-{number}");
    }
    name
}
