//! Nodes that many others use, such as a message bus or a cache, and deployments of many services. Lines to them make
//! a tangle; a badge on each user does not.

use std::collections::BTreeSet;

use super::options::Hubs;
use crate::graph::{Edge, Graph, Origin};

/// A drawing with more edges than this is large: it shows hubs as badges, unless it is told otherwise.
pub(super) const LARGE_DRAWING: usize = 40;
/// A node of a large drawing with at least so many users is a hub.
const USERS_OF_A_HUB: usize = 8;
/// A node with at least so many users is a hub where badges are asked for.
const USERS_OF_A_HUB_WHERE_ASKED: usize = 3;
/// Where one resource of a kind is a hub, so is every other with at least so many users: they look the same.
const USERS_OF_ITS_LIKE: usize = 2;

/// A node that others show as a badge.
#[derive(Debug)]
pub(super) struct Hub {
    /// The node.
    pub(super) node: u32,
    /// What its badges say: its name, with a number where another hub has the same.
    pub(super) name: String,
    /// How many edges its badges stand for.
    pub(super) users: usize,
    /// Whether it is a deployment, and its badges stand on what it deploys.
    pub(super) deploys: bool,
    /// The groups that it deploys all services of, where it deploys nothing else: there are no badges then.
    pub(super) whole_groups: Vec<u32>,
}

/// Finds the hubs of a graph, those with the most users first. A node that stands for a group is none: in an overview
/// nearly all have many users. Nor is the focus of a view: what it is connected to is what the view is for.
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
    let most = |node: usize| users[node].into_iter().max().unwrap_or_default();
    let kinds: BTreeSet<&str> = (0..graph.nodes.len())
        .filter(|&node| most(node) >= least)
        .filter_map(|node| graph.nodes[node].resource)
        .collect();
    let mut found: Vec<Hub> = (0..)
        .zip(&graph.nodes)
        .filter_map(|(index, node)| {
            let [used, deployed] = users[index as usize];
            let like = node.resource.is_some_and(|resource| kinds.contains(resource));
            let least = if like { USERS_OF_ITS_LIKE } else { least };
            let can_be = !matches!(node.origin, Origin::Collapsed(_)) && !graph.focus.contains(&node.id);
            let deploys = deployed > used;
            (can_be && used.max(deployed) >= least).then(|| Hub {
                node: index,
                name: String::new(),
                users: used.max(deployed),
                deploys,
                whole_groups: if deploys { whole_groups(graph, index) } else { Vec::new() },
            })
        })
        .collect();
    found.sort_by_key(|hub| (std::cmp::Reverse(hub.users), hub.node));
    for index in 0..found.len() {
        let wanted = graph.nodes[found[index].node as usize].label.as_ref();
        let is_taken = |name: &str| found[..index].iter().any(|hub| hub.name == name);
        let numbered = (2..).map(|number| format!("{wanted} {number}"));
        let free = std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !is_taken(name));
        found[index].name = free.unwrap_or_default();
    }
    found
}

/// The groups of what a release deploys, where it deploys every service of each of them.
fn whole_groups(graph: &Graph<'_>, release: u32) -> Vec<u32> {
    let mut deployed = vec![false; graph.nodes.len()];
    let edges = graph.edges.iter().filter(|edge| deploys(edge) && edge.source == release);
    edges.for_each(|edge| deployed[edge.target as usize] = true);
    let of = |node: usize| graph.nodes[node].group.filter(|_| deployed[node]);
    let groups: BTreeSet<u32> = (0..graph.nodes.len()).filter_map(of).collect();
    let is_whole = graph.nodes.iter().zip(&deployed).all(|(node, deployed)| match node.group {
        Some(group) if groups.contains(&group) && node.kind == "service" => *deployed,
        Some(_) => true,
        None => !deployed,
    });
    if is_whole { groups.into_iter().collect() } else { Vec::new() }
}

/// Whether an edge means that a deployment deploys something; any other means that its source uses its target.
pub(super) fn deploys(edge: &Edge<'_>) -> bool {
    edge.kind == "deploys"
}

/// The node that would bear the badge of an edge, and the node that would be the badge.
pub(super) fn ends(edge: &Edge<'_>) -> [u32; 2] {
    if deploys(edge) { [edge.target, edge.source] } else { [edge.source, edge.target] }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::graph::{GroupBy, ViewOptions};
    use crate::model::System;

    /// Two teams, each with a database, a bus that all use, and a release a team.
    fn system() -> System {
        let mut services = serde_json::Map::new();
        for index in 0..20 {
            let team = index % 2;
            // The database of the second team has fewer users.
            let has_database = team == 0 || index < 12;
            let database = json!({ "resources": { "postgresql": [{ "name": format!("db-{team}") }] } });
            let mut service = if has_database { database } else { json!({}) };
            service["owner"] = format!("team-{team}").into();
            service["connections"] =
                if index > 0 { json!({ "s0": { "port": 1, "protocol": "amqp" } }) } else { json!({}) };
            services.insert(format!("s{index}"), service);
        }
        let release = |team: usize| {
            let own: Vec<String> = (0..20).filter(|index| index % 2 == team).map(|index| format!("s{index}")).collect();
            json!({ "chart": "a", "version": "1", "services": own })
        };
        serde_json::from_value(json!({
            "name": "x", "services": services, "deployments": { "helm": { "r0": release(0), "r1": release(1) } },
        }))
        .unwrap()
    }

    fn names(graph: &Graph<'_>) -> Vec<String> {
        find(graph, Hubs::Auto).into_iter().map(|hub| hub.name).collect()
    }

    #[test]
    fn resources_of_a_kind_are_all_badges_or_none() {
        let system = system();
        let graph = Graph::of(&system).view(&ViewOptions { group_by: GroupBy::Owner, ..ViewOptions::default() });
        assert_eq!(names(&graph), ["s0", "db-0", "r0", "r1", "db-1"]);
    }

    #[test]
    fn the_focus_of_a_view_is_no_badge() {
        let system = system();
        let mut graph = Graph::of(&system).view(&ViewOptions { group_by: GroupBy::Owner, ..ViewOptions::default() });
        graph.focus = vec!["svc:s0".into()];
        assert_eq!(names(&graph), ["db-0", "r0", "r1", "db-1"]);
    }

    #[test]
    fn a_release_of_a_whole_group_says_so_once() {
        let system = system();
        let by = |group_by| Graph::of(&system).view(&ViewOptions { group_by, ..ViewOptions::default() });
        let (owner, provider) = (by(GroupBy::Owner), by(GroupBy::Provider));
        let whole = |graph: &Graph<'_>| -> Vec<usize> {
            find(graph, Hubs::Auto).iter().filter(|hub| hub.deploys).map(|hub| hub.whole_groups.len()).collect()
        };
        assert_eq!((whole(&owner), whole(&provider)), (vec![1, 1], vec![0, 0]));
    }
}
