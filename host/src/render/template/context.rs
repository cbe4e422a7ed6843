//! The values that a template sees: those that it reads, or all of them.

mod records;
mod selection;

use tera::{Context, Error, Map, TeraResult, Value};

use self::records::Records;
use self::selection::selected;
use super::filters::{GRAPH_TEXT, graph_text};
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
    context.insert_value("layouts", Value::try_from_serializable(given.layouts)?);
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
        fields.insert(line.into(), graph_text(&serde_json::to_string(graph).map_err(Error::message)?));
    }
    if needs.json[1] {
        fields.insert(pretty.into(), graph_text(&serde_json::to_string_pretty(graph).map_err(Error::message)?));
    }
    // The ids are shared by all that name them.
    let ids: Vec<Value> = graph.nodes.iter().map(|node| node.id.as_str().into()).collect();
    let groups: Vec<Value> = graph.groups.iter().map(|group| group.id.as_str().into()).collect();
    if let Some(wanted) = &needs.nodes {
        let mut records = Records::new(wanted);
        let nodes = (0..ids.len()).map(|index| node(graph, index, &mut records, needs, [&ids, &groups]));
        fields.insert("nodes".into(), nodes.collect::<TeraResult<Vec<_>>>()?.into());
    }
    if let Some(wanted) = &needs.edges {
        fields.insert("edges".into(), edges(graph, wanted, &ids).into());
    }
    if let Some(wanted) = &needs.groups {
        fields.insert("groups".into(), groups_with(graph, wanted, [&ids, &groups]).into());
    }
    Ok(fields.into())
}

fn node(
    graph: &Graph<'_>,
    index: usize,
    records: &mut Records<'_>,
    needs: &Needs,
    [ids, groups]: [&[Value]; 2],
) -> TeraResult<Value> {
    let node = &graph.nodes[index];
    // A node is never empty, so never false.
    let mut record = records.start("id", ids[index].clone());
    record.add("label", || node.label.as_ref().into());
    record.add("kind", || node.kind.into());
    record.add_some("resource", || node.resource.map(Into::into));
    record.add_some("group", || node.group.map(|group| groups[group as usize].clone()));
    record.add_some("change", || node.change.map(|change| change.as_str().into()));
    record.add("groups", || {
        graph.groups_of(index).map(|(kind, id)| (kind.as_str().into(), id.as_str().into())).collect::<Map>().into()
    });
    record.add("pointer", || graph.node_pointer(index).as_str().into());
    let mut attributes = Ok(());
    record.add_some("attributes", || {
        let value = selected(&graph.node_attributes(index), &needs.attributes);
        value.map_err(|error| attributes = Err(error)).ok()
    });
    let value = record.finish();
    attributes.map(|()| value)
}

fn edges(graph: &Graph<'_>, wanted: &Fields, ids: &[Value]) -> Vec<Value> {
    let edge_ids = if wanted.contains("id") { graph.edge_ids() } else { Vec::new() };
    let mut records = Records::new(wanted);
    let edges = graph.edges.iter().enumerate().map(|(index, edge)| {
        let mut record = records.start("source", ids[edge.source as usize].clone());
        record.add("id", || edge_ids[index].as_str().into());
        record.add("target", || ids[edge.target as usize].clone());
        record.add("kind", || edge.kind.into());
        record.add_some("label", || graph.edge_label(index).map(Into::into));
        record.add_some("protocol", || edge.protocol.map(Into::into));
        record.add_some("port", || edge.port.map(|port| u64::from(port).into()));
        record.add_some("count", || (edge.count != 1).then(|| u64::from(edge.count).into()));
        record.add_some("change", || edge.change.map(|change| change.as_str().into()));
        record.add_some("description", || graph.edge_description(index).map(Into::into));
        record.add("pointer", || graph.edge_pointer(index).as_str().into());
        record.finish()
    });
    edges.collect()
}

fn groups_with(graph: &Graph<'_>, wanted: &Fields, [ids, groups]: [&[Value]; 2]) -> Vec<Value> {
    let mut members = vec![Vec::new(); graph.groups.len()];
    if wanted.contains("nodes") {
        for (index, node) in graph.nodes.iter().enumerate() {
            let memberships = GroupKind::ALL.into_iter().filter_map(|kind| graph.membership(index, kind));
            for group in memberships.chain(node.group) {
                members[group as usize].push(ids[index].clone());
            }
        }
    }
    let mut records = Records::new(wanted);
    let groups = graph.groups.iter().zip(members).enumerate().map(|(index, (group, members))| {
        let mut record = records.start("id", groups[index].clone());
        record.add("kind", || group.kind.as_str().into());
        record.add("label", || group.label.into());
        record.add_some("parent", || group.parent.map(|parent| groups[parent as usize].clone()));
        record.add("nodes", || members.into());
        record.finish()
    });
    groups.collect()
}
