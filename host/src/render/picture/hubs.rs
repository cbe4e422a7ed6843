//! Nodes that many others use, such as a message bus or a cache, and deployments of many services. Lines to them make
//! a tangle; a badge on each user does not.

use super::options::Hubs;
use crate::graph::{Edge, Graph, Origin};

/// A drawing with more edges than this shows hubs as badges, unless it is told otherwise.
const LARGE_DRAWING: usize = 40;
/// A node of a large drawing with at least so many users is a hub.
const USERS_OF_A_HUB: usize = 8;
/// A node with at least so many users is a hub where badges are asked for.
const USERS_OF_A_HUB_WHERE_ASKED: usize = 3;

/// A node that others show as a badge.
#[derive(Debug)]
pub(super) struct Hub {
    /// The node.
    pub(super) node: u32,
    /// The one to four characters that stand for it.
    pub(super) mark: String,
    /// How many edges its badges stand for.
    pub(super) users: usize,
    /// Whether it is a deployment, and its badges stand on what it deploys.
    pub(super) deploys: bool,
}

/// Finds the hubs of a graph, those with the most users first. A node that stands for a group is none: in an overview
/// nearly all have many users.
pub(super) fn find(graph: &Graph<'_>, hubs: Hubs) -> Vec<Hub> {
    let least = match hubs {
        Hubs::Lines => return Vec::new(),
        Hubs::Auto if graph.edges.len() <= LARGE_DRAWING => return Vec::new(),
        Hubs::Auto => USERS_OF_A_HUB,
        Hubs::Badges => USERS_OF_A_HUB_WHERE_ASKED,
    };
    let mut users = vec![[0; 2]; graph.nodes.len()];
    for edge in graph.edges.iter().filter(|edge| edge.source != edge.target) {
        let [_, hub] = ends(edge);
        users[hub as usize][usize::from(deploys(edge))] += 1;
    }
    let mut found: Vec<Hub> = (0..)
        .zip(users)
        .filter_map(|(node, [users, deployed])| {
            let deploys = deployed > users;
            let users = users.max(deployed);
            let is_group = matches!(graph.nodes[node as usize].origin, Origin::Collapsed(_));
            (users >= least && !is_group).then(|| Hub { node, mark: String::new(), users, deploys })
        })
        .collect();
    found.sort_by_key(|hub| (std::cmp::Reverse(hub.users), hub.node));
    for index in 0..found.len() {
        let wanted = mark(&graph.nodes[found[index].node as usize].label);
        let is_taken = |mark: &str| found[..index].iter().any(|hub| hub.mark == mark);
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|mark| !is_taken(mark));
        found[index].mark = free.unwrap_or(wanted);
    }
    found
}

/// Whether an edge means that a deployment deploys something; any other means that its source uses its target.
pub(super) fn deploys(edge: &Edge<'_>) -> bool {
    edge.kind == "deploys"
}

/// The node that would bear the badge of an edge, and the node that would be the badge.
pub(super) fn ends(edge: &Edge<'_>) -> [u32; 2] {
    if deploys(edge) { [edge.target, edge.source] } else { [edge.source, edge.target] }
}

/// The first letters of up to three words of a name; of a single word, its first two letters.
fn mark(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let letters: String = match words.as_slice() {
        [] => "?".to_owned(),
        [word] => word.chars().take(2).collect(),
        words => words.iter().take(3).filter_map(|word| word.chars().next()).collect(),
    };
    letters.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_made_of_the_first_letters() {
        for (name, expected) in [("event-bus", "EB"), ("kafka", "KA"), ("a.b.c.d", "ABC"), ("***", "?"), ("", "?")] {
            assert_eq!(mark(name), expected, "{name}");
        }
    }
}
