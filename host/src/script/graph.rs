//! `ctx.graph`: who depends on whom, and who belongs to what.

mod access;
mod edge;
mod group;
mod node;

use rhai::{Array, Dynamic, Engine};

use self::access::with_graph;
use super::ctx::Ctx;
use super::document;
use super::meter::{self, Native};
use crate::graph::{Distance, Graph};
use crate::model::position;

pub(super) use edge::GraphEdge;
pub(super) use group::GraphGroup;
pub(super) use node::GraphNode;

/// `ctx.graph`.
#[derive(Clone, Copy)]
pub(super) struct GraphValue;

/// The fields of nodes, edges and groups.
pub(super) const ITEM_FIELDS: [&str; 13] = [
    "id", "label", "kind", "resource", "node", "groups", "owner", "owners", "source", "target", "protocol", "port",
    "nodes",
];

/// Registers `ctx.graph`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<GraphValue>("Graph");
    engine.register_get("graph", |_: &mut Ctx| GraphValue);
    engine.register_get("nodes", |_: &mut GraphValue| -> Native<Array> {
        meter::charge(with_graph(|graph, _| graph.nodes.len()))?;
        Ok(with_graph(|graph, _| (0..position(graph.nodes.len())).map(|index| node::value(graph, index)).collect()))
    });
    engine.register_get("edges", |_: &mut GraphValue| -> Native<Array> {
        let edges = with_graph(|graph, _| position(graph.edges.len()));
        edge::values(0..edges)
    });
    engine.register_get("groups", |_: &mut GraphValue| -> Native<Array> {
        let groups = with_graph(|graph, _| position(graph.groups.len()));
        meter::charge(groups as usize)?;
        Ok((0..groups).map(group::value).collect())
    });
    engine.register_fn("node", |_: GraphValue, of: Dynamic| -> Native<Dynamic> {
        let node = node::find(&of)?;
        Ok(node.map_or(Dynamic::UNIT, |node| with_graph(|graph, _| node::value(graph, node))))
    });
    engine.register_fn("group", |_: GraphValue, of: Dynamic| -> Native<Dynamic> {
        Ok(group::find(&of)?.map_or(Dynamic::UNIT, group::value))
    });
    engine.register_fn("members", |_: GraphValue, of: Dynamic| -> Native<Array> {
        group::find(&of)?.map_or_else(|| Ok(Array::new()), group::nodes)
    });
    register_neighbours(engine);
    register_ways(engine);
    register_owners(engine);
    node::register(engine);
    edge::register(engine);
    group::register(engine);
}

fn register_neighbours(engine: &mut Engine) {
    engine.register_fn("dependents", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let Some(of) = node::find(&of)? else { return Ok(Array::new()) };
        nodes(with_graph(|_, questions| questions.dependents(of).to_vec()))
    });
    engine.register_fn("dependencies", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let Some(of) = node::find(&of)? else { return Ok(Array::new()) };
        nodes(with_graph(|_, questions| questions.dependencies(of).to_vec()))
    });
    engine.register_fn("outgoing", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let Some(of) = node::find(&of)? else { return Ok(Array::new()) };
        edge::values(with_graph(|_, questions| questions.outgoing(of).to_vec()))
    });
    engine.register_fn("incoming", |_: GraphValue, of: Dynamic| -> Native<Array> {
        let Some(of) = node::find(&of)? else { return Ok(Array::new()) };
        edge::values(with_graph(|_, questions| questions.incoming(of).to_vec()))
    });
    engine.register_fn("orphans", |_: GraphValue| -> Native<Array> {
        meter::charge(with_graph(|graph, _| graph.nodes.len()))?;
        nodes(with_graph(|_, questions| questions.orphans()))
    });
}

fn register_ways(engine: &mut Engine) {
    engine.register_fn("reachable", |_: GraphValue, from: Dynamic| -> Native<Array> {
        let found = distances(&from, u32::MAX)?;
        nodes(found.into_iter().map(|found| found.node).collect())
    });
    engine.register_fn("distances", |_: GraphValue, from: Dynamic| distances_as_maps(&from, u32::MAX));
    engine.register_fn("distances", |_: GraphValue, from: Dynamic, max: i64| {
        let most = u32::try_from(max).map_err(|_| format!("expected a number of hops from 0, found {max}"))?;
        distances_as_maps(&from, most)
    });
    engine.register_fn("path", |_: GraphValue, from: Dynamic, to: Dynamic| -> Native<Array> {
        let (Some(from), Some(to)) = (node::find(&from)?, node::find(&to)?) else { return Ok(Array::new()) };
        nodes(with_graph(|_, questions| questions.path_within(from, to, &mut |edges| meter::charge(1 + edges)))?)
    });
    engine.register_fn("cycles", |_: GraphValue| -> Native<Array> {
        meter::charge(2 * with_graph(|_, questions| questions.size()))?;
        let cycles = with_graph(|_, questions| questions.cycles()).into_iter();
        cycles.map(|cycle| Ok(Dynamic::from_array(nodes(cycle)?))).collect()
    });
}

fn register_owners(engine: &mut Engine) {
    engine.register_fn("owner", |_: GraphValue, of: Dynamic| -> Native<Dynamic> {
        node::find(&of)?.map_or(Ok(Dynamic::UNIT), node::owner)
    });
    engine.register_fn("owners", |_: GraphValue, of: Dynamic| -> Native<Array> {
        node::find(&of)?.map_or_else(|| Ok(Array::new()), node::owners)
    });
    engine.register_fn("public_endpoints", |_: GraphValue, of: Dynamic| -> Native<Array> {
        node::find(&of)?.map_or_else(|| Ok(Array::new()), node::public_endpoints)
    });
}

/// What a node, or the nearest of several, leads to.
fn distances(from: &Dynamic, most: u32) -> Native<Vec<Distance>> {
    let from = match document::items(from)? {
        Some(all) => all.iter().filter_map(|one| node::find(one).transpose()).collect::<Native<Vec<u32>>>()?,
        None => node::find(from)?.into_iter().collect(),
    };
    with_graph(|_, questions| questions.distances_within(&from, most, &mut |edges| meter::charge(1 + edges)))
}

fn distances_as_maps(from: &Dynamic, most: u32) -> Native<Array> {
    let found = distances(from, most)?;
    meter::charge(found.len())?;
    let as_map = |graph: &Graph<'_>, found: Distance| {
        let fields = [("node", node::value(graph, found.node)), ("hops", Dynamic::from_int(found.hops.into()))];
        Dynamic::from_map(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
    };
    Ok(with_graph(|graph, _| found.into_iter().map(|found| as_map(graph, found)).collect()))
}

fn nodes(nodes: Vec<u32>) -> Native<Array> {
    meter::charge(nodes.len())?;
    Ok(with_graph(|graph, _| nodes.into_iter().map(|index| node::value(graph, index)).collect()))
}
