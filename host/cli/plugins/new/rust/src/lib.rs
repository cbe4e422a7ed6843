//! Writes every node of a system as CSV.

use spec_engine_plugin::{About, Artifact, Diagnostic, Graph, Plugin, Response, options, plugin, quote};

options! {
    /// What the user can set with `--set`.
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
            name: "NAME",
            version: env!("CARGO_PKG_VERSION"),
            summary: "Lists every node as CSV",
            media_types: &["text/csv"],
            file_extension: "csv",
        }
    }

    fn render(graph: &Graph, options: &Options) -> Result<Response, Vec<Diagnostic>> {
        let mut out = String::new();
        if options.header {
            out.push_str("kind,name\r\n");
        }
        for node in &graph.nodes {
            quote::push_csv(&mut out, graph.kind(node));
            out.push(',');
            quote::push_csv(&mut out, &node.label);
            out.push_str("\r\n");
        }
        Ok(Response::of(Artifact::text("NAME.csv", "text/csv", out)))
    }
}

plugin!(Inventory);

#[cfg(test)]
mod tests {
    use spec_engine_plugin::{Graph, Node};

    use super::*;

    #[test]
    fn a_comma_is_quoted() {
        let node = Node { id: "svc:a".into(), kind: 0, resource: None, label: "a, b".into(), group: None };
        let graph = Graph {
            name: "shop".into(),
            description: None,
            version: None,
            words: vec!["service".into()],
            nodes: vec![node],
            edges: vec![],
            groups: vec![],
        };
        let response = Inventory::render(&graph, &Options::default()).unwrap();
        assert_eq!(response.artifacts[0].as_text(), Some("kind,name\r\nservice,\"a, b\"\r\n"));
    }
}
