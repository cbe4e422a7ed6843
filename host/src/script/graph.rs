//! `ctx.graph`: dependencies.

use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::ctx::Ctx;
use super::document;
use super::handle::Handle;
use super::links::Links;
use super::meter::{self, Native};
use super::running::{self, Running};
use crate::graph::{Graph, Origin};
use crate::model::{Object, position};
use crate::text::{nearest, quote};

/// `ctx.graph`.
#[derive(Clone, Copy)]
pub(super) struct GraphValue;

/// The fields of a node.
pub(super) const NODE_FIELDS: [&str; 5] = ["id", "label", "kind", "resource", "node"];

/// A node of the graph, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GraphNode {
    index: u32,
    origin: Origin,
}

impl GraphNode {
    /// The value of the document that it stands for.
    pub fn handle(self) -> Handle {
        running::with_system(|system| Handle::of(system, self.origin))
    }
}

/// Registers `ctx.graph`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<GraphValue>("Graph");
    engine.register_type_with_name::<GraphNode>("graph node");
    engine.register_get("graph", |_: &mut Ctx| GraphValue);
    engine.register_get("nodes", |_: &mut GraphValue| -> Native<Array> {
        meter::charge(with_graph(|graph, _| graph.nodes.len()))?;
        Ok(with_graph(|graph, _| (0..position(graph.nodes.len())).map(|index| value(graph, index)).collect()))
    });
    engine.register_get("edges", |_: &mut GraphValue| -> Native<Array> {
        meter::charge(with_graph(|graph, _| graph.edges.len()))?;
        Ok(with_graph(|graph, _| (0..graph.edges.len()).map(|index| edge(graph, index)).collect()))
    });
    engine.register_fn("node", |_: GraphValue, id: Dynamic| -> Native<Dynamic> {
        let index = node(&id)?;
        Ok(with_graph(|graph, _| value(graph, index)))
    });
    engine.register_fn("reachable", |_: GraphValue, from: Dynamic| -> Native<Array> {
        let from = node(&from)?;
        with_graph(|graph, links| Ok(values(graph, links.reachable(from)?)))
    });
    engine.register_fn("path", |_: GraphValue, from: Dynamic, to: Dynamic| -> Native<Array> {
        let (from, to) = (node(&from)?, node(&to)?);
        with_graph(|graph, links| Ok(values(graph, links.path(from, to)?)))
    });
    engine.register_fn("cycles", |_: GraphValue| -> Native<Array> {
        with_graph(|graph, links| {
            let cycles = links.cycles()?.into_iter().map(|cycle| Dynamic::from_array(values(graph, cycle)));
            Ok(cycles.collect())
        })
    });
    engine.register_fn("dependents", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let of = node(&of)?;
        Ok(with_graph(|graph, links| values(graph, links.dependents(of).to_vec())))
    });
    engine.register_fn("dependencies", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let of = node(&of)?;
        Ok(with_graph(|graph, links| values(graph, links.dependencies(of).to_vec())))
    });
    engine.register_fn("orphans", |_: GraphValue| -> Native<Array> {
        meter::charge(with_graph(|graph, _| graph.nodes.len()))?;
        Ok(with_graph(|graph, links| {
            let alone = |&index: &u32| links.dependencies(index).is_empty() && links.dependents(index).is_empty();
            values(graph, (0..position(graph.nodes.len())).filter(alone).collect())
        }))
    });
    register_node(engine);
}

fn register_node(engine: &mut Engine) {
    engine.register_get("id", |node: &mut GraphNode| {
        with_graph(|graph, _| ImmutableString::from(graph.nodes[node.index as usize].id.as_str()))
    });
    engine.register_get("label", |node: &mut GraphNode| {
        with_graph(|graph, _| ImmutableString::from(graph.nodes[node.index as usize].label.as_ref()))
    });
    engine.register_get("kind", |node: &mut GraphNode| with_graph(|graph, _| graph.nodes[node.index as usize].kind));
    engine.register_get("resource", |node: &mut GraphNode| {
        with_graph(|graph, _| graph.nodes[node.index as usize].resource.map_or(Dynamic::UNIT, Dynamic::from))
    });
    engine.register_get("node", |node: &mut GraphNode| node.handle());
    engine.register_fn("pointer", |node: GraphNode| {
        running::with_system(|system| node.handle().pointer(system).as_str().to_owned())
    });
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |node: GraphNode| {
            with_graph(|graph, _| graph.nodes[node.index as usize].id.to_string())
        });
    }
    engine.register_fn("==", |a: GraphNode, b: GraphNode| a.index == b.index);
    engine.register_fn("!=", |a: GraphNode, b: GraphNode| a.index != b.index);
}

fn with_graph<R>(look: impl FnOnce(&Graph<'_>, &Links) -> R) -> R {
    running::with(|running: &Running<'_>| {
        let (mut look, mut result) = (Some(look), None);
        if running.links.get().is_none() {
            // Made for all rules.
            meter::uncounted(|| {
                running.graph.look(&mut |graph| {
                    let _links = running.links.get_or_init(|| Links::of(graph));
                });
            });
        }
        running.graph.look(&mut |graph| {
            let links = running.links.get_or_init(|| Links::of(graph));
            result = look.take().map(|look| look(graph, links));
        });
        result.expect("a graph is looked at once")
    })
}

/// Finds a node by its id, or by the value of the document that it stands for.
fn node(value: &Dynamic) -> Native<u32> {
    if let Some(node) = value.clone().try_cast::<GraphNode>() {
        return Ok(node.index);
    }
    let id = match document::handle(value) {
        Some(handle) => running::with_system(|system| {
            let named = |prefix: &str| format!("{prefix}:{}", handle.name(system).unwrap_or_default());
            match handle.object(system)? {
                Object::Service(_) => Some(named("svc")),
                Object::HelmDeployment(_) => Some(named("helm")),
                Object::TerraformDeployment(_) => Some(named("terraform")),
                Object::Resource(resource) => Some(format!("{}:{}", resource.kind.id_prefix, resource.name)),
                _ => None,
            }
        }),
        None => value.clone().into_immutable_string().ok().map(Into::into),
    };
    let Some(id) = id else {
        return Err(format!(
            "expected a service, a resource or a deployment, or an id such as \"svc:api\", found {}",
            document::describe(value)
        )
        .into());
    };
    with_graph(|graph, links| {
        links.find(&id).ok_or_else(|| {
            let meant = nearest(&id, graph.nodes.iter().map(|node| node.id.as_str()));
            let meant = meant.map(|meant| format!("; did you mean {}?", quote(meant))).unwrap_or_default();
            format!("the graph has no node {}{meant}", quote(&id)).into()
        })
    })
}

fn value(graph: &Graph<'_>, index: u32) -> Dynamic {
    Dynamic::from(GraphNode { index, origin: graph.nodes[index as usize].origin })
}

fn values(graph: &Graph<'_>, nodes: Vec<u32>) -> Array {
    nodes.into_iter().map(|index| value(graph, index)).collect()
}

fn edge(graph: &Graph<'_>, index: usize) -> Dynamic {
    let edge = &graph.edges[index];
    let fields = [
        ("source", value(graph, edge.source)),
        ("target", value(graph, edge.target)),
        ("kind", edge.kind.into()),
        ("protocol", edge.protocol.map_or(Dynamic::UNIT, Into::into)),
        ("port", edge.port.map_or(Dynamic::UNIT, |port| Dynamic::from_int(port.into()))),
    ];
    Dynamic::from_map(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
