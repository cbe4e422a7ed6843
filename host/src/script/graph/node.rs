//! A node of the graph, as scripts see it.

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};

use super::access::with_graph;
use crate::catalogue::PROVIDERS;
use crate::graph::{Graph, Origin};
use crate::model::Object;
use crate::script::document;
use crate::script::handle::Handle;
use crate::script::meter::{self, Native};
use crate::script::running;
use crate::text::{nearest, quote};

/// A node of the graph, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::script) struct GraphNode {
    index: u32,
    origin: Origin,
}

impl GraphNode {
    /// The value of the document that it stands for.
    pub fn handle(self) -> Handle {
        running::with_system(|system| Handle::of(system, self.origin))
    }
}

/// Registers nodes.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<GraphNode>("graph node");
    engine.register_get("id", |node: &mut GraphNode| text(*node, |graph, at| graph.nodes[at].id.as_str().into()));
    engine.register_get("label", |node: &mut GraphNode| text(*node, |graph, at| graph.nodes[at].label.as_ref().into()));
    engine.register_get("kind", |node: &mut GraphNode| with_graph(|graph, _| graph.nodes[node.index as usize].kind));
    engine.register_get("resource", |node: &mut GraphNode| {
        with_graph(|graph, _| graph.nodes[node.index as usize].resource.map_or(Dynamic::UNIT, Dynamic::from))
    });
    engine.register_get("node", |node: &mut GraphNode| node.handle());
    engine.register_get("groups", |node: &mut GraphNode| groups(node.index));
    engine.register_get("owner", |node: &mut GraphNode| owner(node.index));
    engine.register_get("owners", |node: &mut GraphNode| owners(node.index));
    engine.register_fn("pointer", |node: GraphNode| {
        running::with_system(|system| node.handle().pointer(system).as_str().to_owned())
    });
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |node: GraphNode| text(node, |graph, at| graph.nodes[at].id.as_str().into()));
    }
    engine.register_fn("==", |a: GraphNode, b: GraphNode| a.index == b.index);
    engine.register_fn("!=", |a: GraphNode, b: GraphNode| a.index != b.index);
}

/// The value of a script for a node.
pub(super) fn value(graph: &Graph<'_>, index: u32) -> Dynamic {
    Dynamic::from(GraphNode { index, origin: graph.nodes[index as usize].origin })
}

/// The owner of a node: `()` where it has none, or several.
pub(super) fn owner(node: u32) -> Native<Dynamic> {
    meter::charge(with_graph(|_, questions| questions.dependents(node).len()))?;
    Ok(with_graph(|graph, questions| questions.owner(graph, node).map_or(Dynamic::UNIT, Into::into)))
}

/// The owners of a node.
pub(super) fn owners(node: u32) -> Native<Array> {
    meter::charge(with_graph(|_, questions| questions.dependents(node).len()))?;
    Ok(with_graph(|graph, questions| questions.owners(graph, node).into_iter().map(Into::into).collect()))
}

/// The endpoints of a service that can be reached from outside.
pub(super) fn public_endpoints(node: u32) -> Native<Array> {
    let (origin, endpoints) = with_graph(|graph, questions| {
        (graph.nodes[node as usize].origin, questions.public_endpoints(graph, node).to_vec())
    });
    meter::charge(1 + endpoints.len())?;
    let Origin::Service(service) = origin else { return Ok(Array::new()) };
    Ok(running::with_system(|system| {
        let exposes = Handle::exposes(system, service);
        endpoints.into_iter().map(|endpoint| exposes.child(endpoint).into()).collect()
    }))
}

/// The id of the group of each kind that a node stands in, by kind.
fn groups(node: u32) -> Map {
    with_graph(|graph, questions| {
        let groups = questions.groups(graph, node).iter();
        groups.filter_map(|id| Some((id.split_once(':')?.0.into(), id.as_str().into()))).collect()
    })
}

fn text(node: GraphNode, text: impl FnOnce(&Graph<'_>, usize) -> ImmutableString) -> ImmutableString {
    with_graph(|graph, _| text(graph, node.index as usize))
}

/// Finds a node: as it is, by its id, or by the value of the document that it stands for. `None` where the document does
/// not have it.
pub(super) fn find(value: &Dynamic) -> Native<Option<u32>> {
    if let Some(node) = value.clone().try_cast::<GraphNode>() {
        return Ok(Some(node.index));
    }
    if value.is_unit() {
        return Ok(None);
    }
    let handle = document::handle(value);
    // The services are the first nodes of the graph, in their order.
    if let Some(service) = handle.and_then(|handle| running::with_system(|system| handle.service_position(system))) {
        return Ok(Some(service));
    }
    let id = match handle {
        Some(handle) => running::with_system(|system| {
            let named = |prefix: &str| format!("{prefix}:{}", handle.name(system).unwrap_or_default());
            match handle.object(system)? {
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
    let found = with_graph(|graph, questions| questions.find(graph, &id));
    if found.is_none() && !is_id(&id) {
        let meant = with_graph(|graph, _| {
            let named = graph.nodes.iter().find(|node| node.label == id).map(|node| node.id.as_str());
            let meant = named.or_else(|| nearest(&id, graph.nodes.iter().map(|node| node.id.as_str())));
            meant.map(|meant| format!("; did you mean {}?", quote(meant)))
        });
        return Err(
            format!("{} is not the id of a node, such as `svc:api`{}", quote(&id), meant.unwrap_or_default()).into()
        );
    }
    Ok(found)
}

/// Whether a text has the form of an id: what is before the colon is known.
fn is_id(text: &str) -> bool {
    let Some((prefix, _)) = text.split_once(':') else { return false };
    let kinds = || PROVIDERS.iter().flat_map(|provider| provider.kinds);
    ["svc", "helm", "terraform"].contains(&prefix) || kinds().any(|kind| kind.id_prefix == prefix)
}
