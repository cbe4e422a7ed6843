//! What stands on an edge: decided here, for every renderer.

use serde::Deserialize;
use smol_str::format_smolstr;

use super::{Change, EdgeOrigin, Graph};
use crate::model::{Resource, position};

/// Which edges have a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EdgeLabels {
    /// Connections between services; an edge to a resource only where its protocol or port is not the usual one.
    #[default]
    Notable,
    /// Every edge that has a protocol or a port.
    All,
}

impl EdgeLabels {
    /// Every word for it.
    pub const WORDS: [&str; 2] = ["notable", "all"];
}

impl Graph<'_> {
    /// Takes the labels off the edges that have nothing notable to say. `protocol` and `port` of an edge stay.
    #[must_use]
    pub fn label_edges(mut self, labels: EdgeLabels) -> Self {
        if labels == EdgeLabels::All {
            return self;
        }
        for index in 0..self.edges.len() {
            let edge = &self.edges[index];
            let EdgeOrigin::Binding(origin) = edge.origin else { continue };
            if edge.count > 1 || edge.change == Some(Change::Changed) || is_notable(self.resource_at(origin)) {
                continue;
            }
            let label = edge.change.map(|change| {
                self.labels.push(format_smolstr!("({})", change.as_str()));
                position(self.labels.len() - 1)
            });
            self.edges[index].label = label;
        }
        self
    }
}

/// Whether a resource is spoken to by another protocol than others of its kind, or at another port than others of its
/// engine.
fn is_notable(resource: &Resource) -> bool {
    let usual = resource.usual_protocol();
    let (protocol, port) = resource.protocol();
    protocol != resource.kind.protocol.name || port != usual.port
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Change, EdgeLabels, Graph};
    use crate::model::System;

    fn system() -> System {
        let document = json!({ "name": "s", "services": {
            "api": {
                "image": { "name": "a" },
                "connections": { "web": { "port": 443, "protocol": "https" } },
                "aws": {
                    "elasticache": [{ "name": "memcached", "engine": "memcached" }],
                    "rds": [
                        { "name": "usual" },
                        { "name": "stated", "engine": "aurora-mysql", "port": 3306 },
                        { "name": "engine", "engine": "postgres", "port": 5432 },
                        { "name": "moved", "engine": "postgres", "port": 3306 },
                        { "name": "port", "port": 3307 },
                    ],
                    "sqs": [{ "name": "queue" }],
                },
                "resources": { "redis": [{ "name": "redis", "port": 6380 }] },
            },
            "web": { "image": { "name": "w" } },
        }, "deployments": { "helm": { "all": { "chart": "c", "services": ["api"] } } } });
        serde_json::from_value(document).unwrap()
    }

    fn labels(graph: &Graph<'_>) -> Vec<String> {
        let label = |index| graph.edge_label(index).unwrap_or("-").to_owned();
        (0..graph.edges.len()).map(label).collect()
    }

    #[test]
    fn a_resource_says_what_its_kind_and_engine_do_not() {
        let system = system();
        let graph = Graph::of(&system).label_edges(EdgeLabels::Notable);
        let expected = ["https:443", "memcached:11211", "-", "-", "-", "sql:3306", "sql:3307", "-", "redis:6380", "-"];
        assert_eq!(labels(&graph), expected);
        assert_eq!((graph.edges[2].protocol, graph.edges[2].port), (Some("sql"), Some(3306)));
    }

    #[test]
    fn every_edge_with_a_port_says_it_if_asked_to() {
        let system = system();
        let graph = Graph::of(&system).label_edges(EdgeLabels::All);
        assert_eq!(labels(&graph)[1..4], ["memcached:11211", "sql:3306", "sql:3306"]);
        assert_eq!(labels(&graph).iter().filter(|label| *label == "-").count(), 1);
    }

    #[test]
    fn what_became_of_an_edge_is_always_said() {
        let system = system();
        let mut graph = Graph::of(&system);
        for (index, change) in [(2, Change::Added), (3, Change::Changed), (6, Change::Removed)] {
            graph.edges[index].change = Some(change);
        }
        let labels = labels(&graph.label_edges(EdgeLabels::Notable));
        assert_eq!([&labels[2], &labels[3], &labels[6]], ["(added)", "sql:3306", "sql:3307"]);
    }
}
