//! Writes an inventory of services as CSV (RFC 4180): what runs, what pins it, who owns it, what it depends on.

use spec_engine_plugin::serde_json::{self, Value};
use spec_engine_plugin::{About, Artifact, Diagnostic, Graph, Plugin, Response, host, options, plugin, quote};

options! {
    /// What the user can set.
    pub struct Options {
        /// Whether the first line names the columns.
        pub header: bool = true,
    }
}

/// The plugin.
pub struct Inventory;

impl Plugin for Inventory {
    type Options = Options;

    fn describe() -> About {
        About {
            name: "inventory",
            version: env!("CARGO_PKG_VERSION"),
            summary: "An inventory of services as CSV: image, pin, owner, repository, ports, dependencies",
            media_types: &["text/csv"],
            file_extension: "csv",
        }
    }

    fn render(graph: &Graph, options: &Options) -> Result<Response, Vec<Diagnostic>> {
        // What the user did wrong is an error, and is a finding; a panic is a fault of the plugin.
        if !graph.nodes.iter().any(|node| graph.kind(node) == "service") {
            let error = Diagnostic::error("no-services", "there is no service to list");
            return Err(vec![error.with_help("Show services: the view leaves all of them out")]);
        }
        Ok(Response::of(Artifact::text("inventory.csv", "text/csv", inventory(graph, options, host::node_attributes))))
    }
}

plugin!(Inventory);

const COLUMNS: [&str; 8] = ["service", "owner", "image", "tag", "digest", "repository", "ports", "depends on"];

/// Writes the table. `attributes` returns what the document says of a node.
fn inventory(graph: &Graph, options: &Options, attributes: impl Fn(u32) -> String) -> String {
    let mut dependencies = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        dependencies[edge.source as usize].push(graph.nodes[edge.target as usize].label.as_str());
    }
    let mut out = String::new();
    if options.header {
        row(&mut out, &COLUMNS);
    }
    for (position, node) in (0..).zip(&graph.nodes) {
        if graph.kind(node) != "service" {
            continue;
        }
        let service: Value = serde_json::from_str(&attributes(position)).unwrap_or_default();
        let text = |pointer: &str| service.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let ports: Vec<String> = service["exposes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|port| format!("{}:{}", port["protocol"].as_str().unwrap_or("?"), port["port"]))
            .collect();
        row(
            &mut out,
            &[
                &node.label,
                text("/owner"),
                text("/image/name"),
                text("/image/tag"),
                text("/image/digest"),
                text("/repo/url"),
                &ports.join(" "),
                &dependencies[position as usize].join("; "),
            ],
        );
    }
    out
}

fn row(out: &mut String, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        quote::push_csv(out, field);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Edge, Node};

    use super::*;

    #[test]
    fn a_service_is_a_row_and_a_database_is_a_dependency() {
        let node = |id: &str, kind, label: &str| Node {
            id: id.into(),
            kind,
            resource: None,
            label: label.into(),
            group: None,
        };
        let graph = Graph {
            name: "shop".into(),
            description: None,
            version: None,
            words: vec!["service".into(), "database".into()],
            nodes: vec![node("svc:api", 0, "api, v2"), node("rds:orders", 1, "orders")],
            edges: vec![Edge { source: 0, target: 1, kind: 1, label: None }],
            groups: vec![],
        };
        let attributes = r#"{"owner": "web", "image": {"name": "acme/api", "tag": "1"}, "exposes": [{"port": 80, "protocol": "http"}]}"#;
        let table = inventory(&graph, &Options { header: false }, |_| attributes.to_owned());
        assert_eq!(table, "\"api, v2\",web,acme/api,1,,,http:80,orders\r\n");
    }
}
