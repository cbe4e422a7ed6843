//! The values that a template sees: those that it reads, or all of them.

mod selection;

use serde::Serialize;
use tera::{Context, Error, Map, TeraResult, Value};

use self::selection::selected;
use super::filters::GRAPH_TEXT;
use super::needs::{Fields, Needs};
use crate::graph::{Graph, GroupKind};
use crate::render::RenderContext;

/// Makes the values that a template reads; all of them where `needs` is `None`.
pub(super) fn of(given: &RenderContext<'_>, needs: Option<&Needs>) -> TeraResult<Context> {
    let engine = serde_json::json!({ "version": env!("CARGO_PKG_VERSION") });
    let (system, graph) = match needs {
        Some(needs) => (selected(given.graph.system, &needs.system)?, graph(given.graph, needs)?),
        None => (Value::try_from_serializable(given.graph.system)?, Value::try_from_serializable(given.graph)?),
    };
    let mut context = Context::new();
    context.insert_value("system", system);
    context.insert_value("graph", graph);
    context.insert_value("options", Value::try_from_serializable(given.options)?);
    context.insert_value("embed", Value::try_from_serializable(given.embeds)?);
    context.insert_value("engine", Value::try_from_serializable(&engine)?);
    Ok(context)
}

fn graph(graph: &Graph<'_>, needs: &Needs) -> TeraResult<Value> {
    let system = graph.system;
    let mut fields = Map::new();
    let mut add = |name: &'static str, value: TeraResult<Value>| -> TeraResult<()> {
        if needs.graph.contains(name) {
            fields.insert(name.into(), value?);
        }
        Ok(())
    };
    add("name", Value::try_from_serializable(&system.name))?;
    add("description", Value::try_from_serializable(&system.description))?;
    add("version", Value::try_from_serializable(&system.version))?;
    let [line, pretty] = GRAPH_TEXT;
    if needs.json[0] {
        fields.insert(line.into(), Value::bytes(serde_json::to_vec(graph).map_err(Error::message)?));
    }
    if needs.json[1] {
        fields.insert(pretty.into(), Value::bytes(serde_json::to_vec_pretty(graph).map_err(Error::message)?));
    }
    // The ids are shared by all that name them.
    let ids: Vec<Value> = graph.nodes.iter().map(|node| node.id.as_str().into()).collect();
    let groups: Vec<Value> = graph.groups.iter().map(|group| group.id.as_str().into()).collect();
    if let Some(wanted) = &needs.nodes {
        let nodes = (0..ids.len()).map(|index| node(graph, index, wanted, needs, [&ids, &groups]));
        fields.insert("nodes".into(), nodes.collect::<TeraResult<Vec<_>>>()?.into());
    }
    if let Some(wanted) = &needs.edges {
        fields.insert("edges".into(), edges(graph, wanted, &ids)?.into());
    }
    if let Some(wanted) = &needs.groups {
        fields.insert("groups".into(), groups_with(graph, wanted, [&ids, &groups])?.into());
    }
    Ok(fields.into())
}

/// Collects the fields of a node, an edge or a group that are wanted.
struct Record<'n> {
    wanted: &'n Fields,
    fields: Map,
}

impl<'n> Record<'n> {
    fn new(wanted: &'n Fields) -> Self {
        Self { wanted, fields: Map::with_capacity(wanted.len() + 1) }
    }

    fn add(&mut self, name: &'static str, value: impl FnOnce() -> Value) {
        if self.wanted.contains(name) {
            self.fields.insert(name.into(), value());
        }
    }

    fn add_some(&mut self, name: &'static str, value: impl FnOnce() -> Option<Value>) {
        if self.wanted.contains(name)
            && let Some(value) = value()
        {
            self.fields.insert(name.into(), value);
        }
    }
}

fn node(
    graph: &Graph<'_>,
    index: usize,
    wanted: &Fields,
    needs: &Needs,
    [ids, groups]: [&[Value]; 2],
) -> TeraResult<Value> {
    let node = &graph.nodes[index];
    let mut record = Record::new(wanted);
    // A node is never empty, so never false.
    record.fields.insert("id".into(), ids[index].clone());
    record.add("label", || node.label.as_ref().into());
    record.add("kind", || node.kind.into());
    record.add_some("resource", || node.resource.map(Into::into));
    record.add_some("group", || node.group.map(|group| groups[group as usize].clone()));
    record.add_some("change", || node.change.map(|change| value(&change)));
    record.add("groups", || {
        graph.groups_of(index).map(|(kind, id)| (kind.as_str().into(), id.as_str().into())).collect::<Map>().into()
    });
    record.add("pointer", || graph.node_pointer(index).as_str().into());
    if wanted.contains("attributes") {
        record.fields.insert("attributes".into(), selected(&graph.node_attributes(index), &needs.attributes)?);
    }
    Ok(record.fields.into())
}

fn edges(graph: &Graph<'_>, wanted: &Fields, ids: &[Value]) -> TeraResult<Vec<Value>> {
    let edge_ids = if wanted.contains("id") { graph.edge_ids() } else { Vec::new() };
    let edges = graph.edges.iter().enumerate().map(|(index, edge)| {
        let mut record = Record::new(wanted);
        record.add("id", || edge_ids[index].as_str().into());
        record.fields.insert("source".into(), ids[edge.source as usize].clone());
        record.add("target", || ids[edge.target as usize].clone());
        record.add("kind", || edge.kind.into());
        record.add_some("label", || graph.edge_label(index).map(Into::into));
        record.add_some("protocol", || edge.protocol.map(Into::into));
        record.add_some("port", || edge.port.map(|port| u64::from(port).into()));
        record.add_some("count", || (edge.count != 1).then(|| u64::from(edge.count).into()));
        record.add_some("change", || edge.change.map(|change| value(&change)));
        record.add_some("description", || graph.edge_description(index).map(Into::into));
        record.add("pointer", || graph.edge_pointer(index).as_str().into());
        Ok(record.fields.into())
    });
    edges.collect()
}

fn groups_with(graph: &Graph<'_>, wanted: &Fields, [ids, groups]: [&[Value]; 2]) -> TeraResult<Vec<Value>> {
    let mut members = vec![Vec::new(); graph.groups.len()];
    if wanted.contains("nodes") {
        for (index, node) in graph.nodes.iter().enumerate() {
            let memberships = GroupKind::ALL.into_iter().filter_map(|kind| graph.membership(index, kind));
            for group in memberships.chain(node.group) {
                members[group as usize].push(ids[index].clone());
            }
        }
    }
    let groups = graph.groups.iter().zip(members).enumerate().map(|(index, (group, members))| {
        let mut record = Record::new(wanted);
        record.fields.insert("id".into(), groups[index].clone());
        record.add("kind", || group.kind.as_str().into());
        record.add("label", || group.label.into());
        record.add_some("parent", || group.parent.map(|parent| groups[parent as usize].clone()));
        record.add("nodes", || members.into());
        Ok(record.fields.into())
    });
    groups.collect()
}

fn value(value: &impl Serialize) -> Value {
    Value::try_from_serializable(value).unwrap_or_else(|_| Value::none())
}
