//! Writes every node of a system as CSV.

use spec_engine_plugin::{About, Artifact, Diagnostic, Graph, Plugin, Response, options, plugin, println, quote};

options! {
    /// What the user can set with `--set`.
    pub struct Options {
        /// Whether the first line names the columns.
        pub header: bool = true,
        /// List only nodes of this kind, such as `service`.
        pub kind: String = String::new(),
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
        let is_listed = |kind: &str| options.kind.is_empty() || options.kind == kind;
        let nodes: Vec<_> = graph.nodes.iter().filter(|node| is_listed(graph.kind(node))).collect();
        if nodes.is_empty() && !options.kind.is_empty() {
            // What the user did wrong is an error like this. A panic ends the call as a fault of the plugin.
            let error = Diagnostic::error("no-such-kind", format!("no node is of the kind {:?}", options.kind));
            return Err(vec![error.with_help("`spec-engine graph` prints the kind of every node")]);
        }
        // Into the log, which `--verbose` shows.
        println!("{} of {} nodes", nodes.len(), graph.nodes.len());
        let mut out = String::new();
        if options.header {
            out.push_str("kind,name\r\n");
        }
        for node in nodes {
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
        let queues = Options { kind: "queue".into(), ..Options::default() };
        assert_eq!(Inventory::render(&graph, &queues).unwrap_err()[0].code, "no-such-kind");
    }
}
