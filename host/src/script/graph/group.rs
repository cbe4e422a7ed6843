//! A group of the graph, as scripts see it.

use rhai::{Array, Dynamic, Engine, ImmutableString};

use super::access::with_graph;
use super::node;
use crate::graph::{Group, GroupKind};
use crate::model::Object;
use crate::script::document;
use crate::script::handle::Handle;
use crate::script::meter::{self, Native};
use crate::script::running;
use crate::text::{nearest, quote};

/// A group of the graph, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::script) struct GraphGroup(u32);

/// Registers groups.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<GraphGroup>("graph group");
    engine.register_get("id", |group: &mut GraphGroup| look(*group, |group| ImmutableString::from(group.id.as_str())));
    engine.register_get("kind", |group: &mut GraphGroup| look(*group, |group| group.kind.as_str()));
    engine.register_get("label", |group: &mut GraphGroup| look(*group, |group| ImmutableString::from(group.label)));
    engine.register_get("nodes", |group: &mut GraphGroup| nodes(group.0));
    engine.register_get("node", |group: &mut GraphGroup| handle(*group).map_or(Dynamic::UNIT, Dynamic::from));
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |group: GraphGroup| look(group, |group| ImmutableString::from(group.id.as_str())));
    }
    engine.register_fn("==", |a: GraphGroup, b: GraphGroup| a == b);
    engine.register_fn("!=", |a: GraphGroup, b: GraphGroup| a != b);
}

/// The value of a script for a group.
pub(super) fn value(group: u32) -> Dynamic {
    Dynamic::from(GraphGroup(group))
}

/// The nodes that stand in a group.
pub(super) fn nodes(group: u32) -> Native<Array> {
    let members = with_graph(|graph, questions| questions.members(graph, &graph.groups[group as usize].id).to_vec());
    meter::charge(members.len())?;
    Ok(with_graph(|graph, _| members.into_iter().map(|member| node::value(graph, member)).collect()))
}

/// Finds a group: as it is, by its id, or by the network, owner or deployment of the document that it stands for. `None`
/// where the document does not have it.
pub(super) fn find(value: &Dynamic) -> Native<Option<u32>> {
    if let Some(GraphGroup(group)) = value.clone().try_cast::<GraphGroup>() {
        return Ok(Some(group));
    }
    if value.is_unit() {
        return Ok(None);
    }
    let id = match document::handle(value) {
        Some(handle) => running::with_system(|system| {
            let named = |prefix: &str| format!("{prefix}:{}", handle.name(system).unwrap_or_default());
            match handle.object(system)? {
                Object::Network(_) => Some(named("network")),
                Object::Owner(_) => Some(named("owner")),
                Object::HelmDeployment(_) => Some(named("deployment:helm")),
                Object::TerraformDeployment(_) => Some(named("deployment:terraform")),
                _ => None,
            }
        }),
        None => value.clone().into_immutable_string().ok().map(Into::into),
    };
    let Some(id) = id else {
        return Err(format!(
            "expected a network, an owner or a deployment, or an id such as \"network:prod\", found {}",
            document::describe(value)
        )
        .into());
    };
    let found = with_graph(|graph, questions| questions.find_group(graph, &id));
    if found.is_none() && !is_id(&id) {
        let meant = with_graph(|graph, _| {
            let named = graph.groups.iter().find(|group| group.label == id).map(|group| group.id.as_str());
            let meant = named.or_else(|| nearest(&id, graph.groups.iter().map(|group| group.id.as_str())));
            meant.map(|meant| format!("; did you mean {}?", quote(meant)))
        });
        let meant = meant.unwrap_or_default();
        return Err(format!("{} is not the id of a group, such as `network:prod`{meant}", quote(&id)).into());
    }
    Ok(found)
}

/// Whether a text has the form of an id: what is before the colon is a kind of group.
fn is_id(text: &str) -> bool {
    text.split_once(':').is_some_and(|(kind, _)| GroupKind::parse(kind).is_some())
}

/// The network, owner or deployment of the document that a group stands for, where it has one.
fn handle(group: GraphGroup) -> Option<Handle> {
    let (kind, id) = look(group, |group| (group.kind, group.id.clone()));
    let (_, name) = id.split_once(':')?;
    running::with_system(|system| {
        let field = |of: Handle, field: &str, name: &str| {
            let map = of.get(system, field).ok()?.try_cast::<Handle>()?;
            map.get(system, name).ok()?.try_cast::<Handle>()
        };
        match kind {
            GroupKind::Owner => field(Handle::SYSTEM, "owners", name),
            GroupKind::Network => field(Handle::SYSTEM, "networks", name),
            GroupKind::Deployment => {
                let (tool, name) = name.split_once(':')?;
                field(Handle::SYSTEM.get(system, "deployments").ok()?.try_cast::<Handle>()?, tool, name)
            }
            GroupKind::Provider | GroupKind::Kind => None,
        }
    })
}

fn look<R>(group: GraphGroup, look: impl FnOnce(&Group<'_>) -> R) -> R {
    with_graph(|graph, _| look(&graph.groups[group.0 as usize]))
}
