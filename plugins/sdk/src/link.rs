//! Where a node that stands for a group leads to.

use serde::Deserialize;

use crate::{Graph, Node};

/// The kind of a node that stands for a whole group.
pub const GROUP_KIND: &str = "group";

/// The address of the diagram of a group, for a node that stands for it: a file beside this diagram. `attributes`
/// returns what the host says of the node, and is asked only for a node of the kind `group`.
pub fn link(graph: &Graph, node: &Node, attributes: impl FnOnce() -> String) -> Option<String> {
    #[derive(Deserialize)]
    struct Attributes {
        link: Option<String>,
    }
    if graph.kind(node) != GROUP_KIND {
        return None;
    }
    serde_json::from_str::<Attributes>(&attributes()).ok()?.link
}

#[cfg(test)]
mod tests {
    use super::link;
    use crate::{Graph, Node};

    #[test]
    fn only_a_group_has_a_link() {
        let node = |kind| Node { id: "n".into(), kind, resource: None, label: "n".into(), group: None };
        let graph = Graph {
            name: "s".into(),
            description: None,
            version: None,
            words: vec!["service".into(), "group".into()],
            nodes: vec![],
            edges: vec![],
            groups: vec![],
        };
        let attributes = || r#"{"group": "owner:a", "link": "owner-a.d2"}"#.to_owned();
        assert_eq!(link(&graph, &node(1), attributes), Some("owner-a.d2".to_owned()));
        assert_eq!(link(&graph, &node(0), attributes), None);
        assert_eq!(link(&graph, &node(1), || r#"{"group": "owner:a"}"#.to_owned()), None);
        assert_eq!(link(&graph, &node(1), || "no JSON".to_owned()), None);
    }
}
