//! Finds services that connect to too many others.

use spec_engine_plugin::{About, AboutRule, Finding, Graph, Place, Rule, Severity, options, rules};

rules! {
    about: About::of("NAME", env!("CARGO_PKG_VERSION"), "Finds services that connect to too many others"),
    rules: [TooManyConnections],
}

options! {
    /// What a project can decide.
    pub struct Options {
        /// The most connections that a service may have.
        pub most: u32 = 10,
    }
}

/// A service has more connections than it may have.
pub struct TooManyConnections;

impl Rule for TooManyConnections {
    type Options = Options;

    fn about() -> AboutRule {
        AboutRule {
            name: "too-many-connections",
            severity: Severity::Warning,
            summary: "A service has more connections than it may have.",
            docs: "## Why is this bad\nWhoever changes it has to know all that it talks to.",
        }
    }

    // A rule that cannot do its work returns one sentence as its error. A panic ends the call as a fault of the plugin.
    fn check(graph: &Graph, options: &Options) -> Result<Vec<Finding>, String> {
        let mut counts = vec![0; graph.nodes.len()];
        for edge in &graph.edges {
            counts[edge.source as usize] += 1;
        }
        let too_many = (0..).zip(counts).filter(|(_, count)| *count > options.most);
        Ok(too_many
            .map(|(node, count)| {
                let label = &graph.nodes[node as usize].label;
                Finding::new(format!("`{label}` has {count} connections")).at(Place::Node(node)).with_help("Split it")
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Edge, Graph, Node};

    use super::*;

    #[test]
    fn connections_are_counted() {
        let node = Node { id: "svc:a".into(), kind: 0, resource: None, label: "a".into(), group: None };
        let graph = Graph {
            name: "shop".into(),
            description: None,
            version: None,
            words: vec!["service".into(), "connection".into()],
            nodes: vec![node],
            edges: vec![Edge { source: 0, target: 0, kind: 1, label: None }],
            groups: vec![],
        };
        assert_eq!(TooManyConnections::check(&graph, &Options { most: 1 }), Ok(vec![]));
        let found = TooManyConnections::check(&graph, &Options { most: 0 }).unwrap();
        assert_eq!(
            (found[0].message.as_str(), found[0].place.clone()),
            ("`a` has 1 connections", Some(Place::Node(0)))
        );
    }
}
