//! Brings two rules: a service that connects to too many others, and a database that several owners share.

use std::collections::BTreeSet;

use spec_engine_plugin::{About, AboutRule, Finding, Graph, NoOptions, Place, Rule, Severity, options, rules};

rules! {
    about: About::of("house-rules", env!("CARGO_PKG_VERSION"), "Rules of a house: few connections, no shared databases"),
    rules: [TooManyConnections, SharedDatabase],
}

options! {
    /// What a project can decide of `too-many-connections`.
    pub struct Most {
        /// The most nodes that a service may connect to.
        pub most: u32 = 10,
    }
}

/// A service connects to more nodes than the house allows.
pub struct TooManyConnections;

impl Rule for TooManyConnections {
    type Options = Most;

    fn about() -> AboutRule {
        AboutRule {
            name: "too-many-connections",
            severity: Severity::Warning,
            summary: "A service connects to more nodes than the house allows.",
            docs: "## What it does\nCounts what a service connects to, services and resources.\n\n\
                   ## Why is this bad\nEach of them can break it, and whoever changes one has to know it.\n\n\
                   ## Use instead\nA service for each of its tasks, or a queue between them.",
        }
    }

    fn check(graph: &Graph, options: &Most) -> Result<Vec<Finding>, String> {
        let mut counts = vec![0; graph.nodes.len()];
        for edge in &graph.edges {
            counts[edge.source as usize] += 1;
        }
        let too_many = (0..)
            .zip(&graph.nodes)
            .zip(counts)
            .filter(|((_, node), count)| graph.kind(node) == "service" && *count > options.most);
        Ok(too_many
            .map(|((position, node), count)| {
                let message = format!("`{}` connects to {count} nodes, {} are allowed", node.label, options.most);
                Finding::new(message).at(Place::Node(position)).with_help("Split it, or put a queue between them")
            })
            .collect())
    }
}

/// Services of several owners use one database.
pub struct SharedDatabase;

impl Rule for SharedDatabase {
    type Options = NoOptions;

    fn about() -> AboutRule {
        AboutRule {
            name: "shared-database",
            severity: Severity::Warning,
            summary: "Services of several owners use one database.",
            docs: "",
        }
    }

    fn check(graph: &Graph, _: &NoOptions) -> Result<Vec<Finding>, String> {
        // The graph is grouped by owner: the group of a node is its owner's.
        let mut owners: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); graph.nodes.len()];
        for edge in &graph.edges {
            owners[edge.target as usize].extend(graph.nodes[edge.source as usize].group);
        }
        let shared = (0..)
            .zip(&graph.nodes)
            .zip(owners)
            .filter(|((_, node), owners)| graph.kind(node) == "database" && owners.len() > 1);
        Ok(shared
            .map(|((position, node), owners)| {
                let names: Vec<&str> =
                    owners.iter().map(|&owner| graph.groups[owner as usize].label.as_str()).collect();
                let message = format!("`{}` is a database of {}", node.label, names.join(" and of "));
                Finding::new(message)
                    .at(Place::Node(position))
                    .with_help("Let one of them own it, and the others ask it")
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Edge, Graph, Group, Node, Rule as _};

    use super::{Most, NoOptions, Place, SharedDatabase, TooManyConnections};

    /// Two services of two owners, and the database of both.
    fn graph() -> Graph {
        let node = |id: &str, kind, group| Node { id: id.into(), kind, resource: None, label: id.into(), group };
        let edge = |source| Edge { source, target: 2, kind: 1, label: None };
        let group = |id: &str| Group { id: id.into(), kind: "owner".into(), label: id.into(), parent: None };
        Graph {
            name: "shop".into(),
            description: None,
            version: None,
            words: vec!["service".into(), "database".into()],
            nodes: vec![node("orders", 0, Some(0)), node("stock", 0, Some(1)), node("goods", 1, None)],
            edges: vec![edge(0), edge(1)],
            groups: vec![group("sales"), group("store")],
        }
    }

    #[test]
    fn a_database_of_two_owners_is_found() {
        let found = SharedDatabase::check(&graph(), &NoOptions::default()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "`goods` is a database of sales and of store");
        assert_eq!(found[0].place, Some(Place::Node(2)));
    }

    #[test]
    fn connections_are_counted_against_what_the_project_allows() {
        assert_eq!(TooManyConnections::check(&graph(), &Most { most: 1 }).unwrap(), []);
        assert_eq!(TooManyConnections::check(&graph(), &Most { most: 0 }).unwrap().len(), 2);
    }
}
