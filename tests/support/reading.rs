//! What is drawn, in a form in which every reader's answer and the graph can be compared.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a reader reads in a diagram, or what it should read.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Reading {
    pub nodes: Vec<Node>,
    pub groups: Vec<Group>,
    pub edges: Vec<Edge>,
    /// The title of a drawing; no reader of text returns one.
    #[serde(default)]
    pub title: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Node {
    pub key: String,
    pub label: String,
    /// The key of the innermost group around it.
    pub group: Option<String>,
    /// The shape; in what is expected, `None` where any will do.
    pub shape: Option<String>,
    /// Where a click leads; in what is expected, `None` where anything will do.
    #[serde(default)]
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Group {
    pub key: String,
    pub label: String,
    /// The key of the group around it.
    pub parent: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Edge {
    /// The key of a node.
    pub source: String,
    /// The key of a node.
    pub target: String,
    pub label: String,
    /// Whether an arrow stands at the target, and none at the source.
    pub directed: bool,
}

impl Reading {
    /// A sentence for each thing that was read and is not expected, or is expected and was not read. The order
    /// of things does not count, their number does.
    pub fn differences(&self, read: &Self) -> Vec<String> {
        let expected: BTreeMap<_, _> = self.nodes.iter().map(|node| (&node.key, node)).collect();
        let mut nodes = read.nodes.clone();
        for node in &mut nodes {
            let Some(expected) = expected.get(&node.key) else { continue };
            node.shape = node.shape.take().filter(|_| expected.shape.is_some());
            node.link = node.link.take().filter(|_| expected.link.is_some());
        }
        let mut differences = compare("node", &self.nodes, &nodes);
        differences.extend(compare("group", &self.groups, &read.groups));
        differences.extend(compare("edge", &self.edges, &read.edges));
        differences
    }
}

/// Compares two lists as multisets.
fn compare<T: Ord + std::fmt::Debug>(what: &str, expected: &[T], read: &[T]) -> Vec<String> {
    let mut counts: BTreeMap<&T, i32> = BTreeMap::new();
    expected.iter().for_each(|item| *counts.entry(item).or_default() += 1);
    read.iter().for_each(|item| *counts.entry(item).or_default() -= 1);
    let differences = counts.into_iter().filter_map(|(item, count)| match count {
        0 => None,
        1.. => Some(format!("missing: {count} x {what} {item:?}")),
        ..0 => Some(format!("too much: {} x {what} {item:?}", -count)),
    });
    differences.collect()
}
