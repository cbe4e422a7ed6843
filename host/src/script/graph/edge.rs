//! An edge of the graph, as scripts see it.

use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::access::with_graph;
use super::node;
use crate::diagnostic::Place;
use crate::graph::{Edge, EdgeOrigin, Graph};
use crate::script::handle::Handle;
use crate::script::meter::{self, Native};
use crate::script::running;

/// An edge of the graph, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::script) struct GraphEdge(u32);

impl GraphEdge {
    /// Where it stands in the document: a connection at its key, anything else as a value.
    pub fn place(self) -> Place {
        with_graph(|graph, _| {
            let pointer = graph.edge_pointer(self.0 as usize);
            match self.of(graph).origin {
                EdgeOrigin::Connection(..) => Place::Key(pointer),
                EdgeOrigin::Binding(_) | EdgeOrigin::Helm(..) | EdgeOrigin::Terraform(..) => Place::Value(pointer),
            }
        })
    }

    fn of<'g, 'a>(self, graph: &'g Graph<'a>) -> &'g Edge<'a> {
        &graph.edges[self.0 as usize]
    }

    /// The value of the document that it stands for: a connection, a resource as a service binds it, or a deployment.
    fn handle(self) -> Handle {
        let origin = with_graph(|graph, _| self.of(graph).origin);
        running::with_system(|system| match origin {
            EdgeOrigin::Connection(service, connection) => Handle::connections(system, service).child(connection),
            EdgeOrigin::Binding(origin) => Handle::resource(system, origin),
            EdgeOrigin::Helm(release, _) => Handle::deployment(system, "helm", release),
            EdgeOrigin::Terraform(module, _) => Handle::deployment(system, "terraform", module),
        })
    }
}

/// Registers edges.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<GraphEdge>("graph edge");
    engine.register_get("source", |edge: &mut GraphEdge| {
        with_graph(|graph, _| node::value(graph, edge.of(graph).source))
    });
    engine.register_get("target", |edge: &mut GraphEdge| {
        with_graph(|graph, _| node::value(graph, edge.of(graph).target))
    });
    engine.register_get("kind", |edge: &mut GraphEdge| with_graph(|graph, _| edge.of(graph).kind));
    engine.register_get("protocol", |edge: &mut GraphEdge| {
        with_graph(|graph, _| edge.of(graph).protocol.map_or(Dynamic::UNIT, Into::into))
    });
    engine.register_get("port", |edge: &mut GraphEdge| {
        with_graph(|graph, _| edge.of(graph).port.map_or(Dynamic::UNIT, |port| Dynamic::from_int(port.into())))
    });
    engine.register_get("node", |edge: &mut GraphEdge| edge.handle());
    engine.register_fn("pointer", |edge: GraphEdge| {
        with_graph(|graph, _| graph.edge_pointer(edge.0 as usize).as_str().to_owned())
    });
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |edge: GraphEdge| -> ImmutableString {
            with_graph(|graph, _| {
                let id = |node: u32| &graph.nodes[node as usize].id;
                format!("{}->{}", id(edge.of(graph).source), id(edge.of(graph).target)).into()
            })
        });
    }
    engine.register_fn("==", |a: GraphEdge, b: GraphEdge| a == b);
    engine.register_fn("!=", |a: GraphEdge, b: GraphEdge| a != b);
}

/// The values of a script for edges.
pub(super) fn values(edges: impl IntoIterator<Item = u32, IntoIter: ExactSizeIterator>) -> Native<Array> {
    let edges = edges.into_iter();
    meter::charge(edges.len())?;
    Ok(edges.map(|edge| Dynamic::from(GraphEdge(edge))).collect())
}
