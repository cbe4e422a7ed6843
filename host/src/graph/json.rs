//! A graph as JSON, with the field names that the format's users query: `nodes` with id, label, kind; `edges` with
//! id, source, target, label, kind, protocol, port.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use smol_str::SmolStr;

use super::{EdgeOrigin, Graph, GroupKind, Origin};
use crate::model::Map;

impl Serialize for Graph<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nodes: Vec<_> = (0..self.nodes.len()).map(|index| NodeJson { graph: self, index }).collect();
        let ids = self.edge_ids();
        let edges: Vec<_> = ids.iter().enumerate().map(|(index, id)| EdgeJson { graph: self, index, id }).collect();
        let mut members = vec![Vec::new(); self.groups.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            // Of a whole graph, a node has memberships; of a view, a group.
            let memberships = GroupKind::ALL.into_iter().filter_map(|kind| self.membership(index, kind));
            for group in memberships.chain(node.group) {
                members[group as usize].push(&node.id);
            }
        }
        let groups: Vec<_> =
            members.into_iter().enumerate().map(|(index, nodes)| GroupJson { graph: self, index, nodes }).collect();

        let mut fields = serializer.serialize_struct("Graph", 6)?;
        fields.serialize_field("name", &self.system.name)?;
        fields.serialize_field("description", &self.system.description)?;
        fields.serialize_field("version", &self.system.version)?;
        fields.serialize_field("nodes", &nodes)?;
        fields.serialize_field("edges", &edges)?;
        fields.serialize_field("groups", &groups)?;
        fields.end()
    }
}

impl Graph<'_> {
    /// Makes an id for each edge: `SOURCE->TARGET`. Where two would be the same, as with names that contain an
    /// arrow, the later ones get a number: `#2`.
    pub fn edge_ids(&self) -> Vec<SmolStr> {
        let mut seen: Map<u32> = Map::default();
        self.edges
            .iter()
            .map(|edge| {
                let (source, target) = (&self.nodes[edge.source as usize].id, &self.nodes[edge.target as usize].id);
                let base = smol_str::format_smolstr!("{source}->{target}");
                let mut id = base.clone();
                while seen.contains_key(&id) {
                    let count = seen.entry(base.clone()).or_insert(1);
                    *count += 1;
                    id = smol_str::format_smolstr!("{base}#{count}");
                }
                seen.insert(id.clone(), 1);
                id
            })
            .collect()
    }

    /// The attributes of a node in the document, for serde to write: the service, resource or deployment.
    pub fn node_attributes(&self, node: usize) -> impl Serialize {
        NodeAttributes { graph: self, index: node }
    }

    /// The attributes of an edge in the document, for serde to write: `protocol`, `port`, `description`.
    pub fn edge_attributes(&self, edge: usize) -> impl Serialize {
        #[derive(serde::Serialize)]
        struct EdgeAttributes<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            protocol: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            port: Option<u16>,
            #[serde(skip_serializing_if = "Option::is_none")]
            description: Option<&'a str>,
        }
        let description = self.edge_description(edge);
        let edge = &self.edges[edge];
        EdgeAttributes { protocol: edge.protocol, port: edge.port, description }
    }

    /// The description of the connection that an edge stands for.
    pub fn edge_description(&self, edge: usize) -> Option<&str> {
        if self.edges[edge].count > 1 {
            return None;
        }
        match self.edges[edge].origin {
            EdgeOrigin::Connection(service, connection) => {
                let (_, service) = self.service_at(service);
                service.connections[connection as usize].description.as_deref()
            }
            EdgeOrigin::Binding(_) | EdgeOrigin::Helm(..) | EdgeOrigin::Terraform(..) => None,
        }
    }
}

struct NodeJson<'g> {
    graph: &'g Graph<'g>,
    index: usize,
}

impl Serialize for NodeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let node = &self.graph.nodes[self.index];
        let groups = self.graph.groups_of(self.index).map(|(kind, id)| (kind.as_str(), id));
        let mut fields = serializer.serialize_struct("Node", 9)?;
        fields.serialize_field("id", &node.id)?;
        fields.serialize_field("label", &node.label)?;
        fields.serialize_field("kind", node.kind)?;
        match node.resource {
            Some(resource) => fields.serialize_field("resource", resource)?,
            None => fields.skip_field("resource")?,
        }
        match node.group {
            Some(group) => fields.serialize_field("group", &self.graph.groups[group as usize].id)?,
            None => fields.skip_field("group")?,
        }
        match node.change {
            Some(change) => fields.serialize_field("change", &change)?,
            None => fields.skip_field("change")?,
        }
        fields.serialize_field("groups", &indexmap::IndexMap::<_, _>::from_iter(groups))?;
        fields.serialize_field("pointer", &self.graph.node_pointer(self.index))?;
        fields.serialize_field("attributes", &self.graph.node_attributes(self.index))?;
        fields.end()
    }
}

struct NodeAttributes<'g> {
    graph: &'g Graph<'g>,
    index: usize,
}

impl Serialize for NodeAttributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let deployments = self.graph.system.deployments.as_ref();
        match self.graph.nodes[self.index].origin {
            Origin::Service(index) => self.graph.service_at(index).1.serialize(serializer),
            Origin::Resource(origin) => self.graph.resource_at(origin).serialize(serializer),
            Origin::Helm(index) => deployments.map(|all| &all.helm[index as usize]).serialize(serializer),
            Origin::Terraform(index) => deployments.map(|all| &all.terraform[index as usize]).serialize(serializer),
            Origin::Collapsed(index) => {
                let collapsed = &self.graph.collapsed[index as usize];
                let mut fields = serializer.serialize_struct("Collapsed", 4)?;
                fields.serialize_field("group", &collapsed.group)?;
                fields.serialize_field("count", &collapsed.members.len())?;
                fields.serialize_field("members", &collapsed.members)?;
                match &collapsed.link {
                    Some(link) => fields.serialize_field("link", link)?,
                    None => fields.skip_field("link")?,
                }
                fields.end()
            }
        }
    }
}

struct EdgeJson<'g> {
    graph: &'g Graph<'g>,
    index: usize,
    id: &'g SmolStr,
}

impl Serialize for EdgeJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let edge = &self.graph.edges[self.index];
        let mut fields = serializer.serialize_struct("Edge", 11)?;
        fields.serialize_field("id", self.id)?;
        fields.serialize_field("source", &self.graph.nodes[edge.source as usize].id)?;
        fields.serialize_field("target", &self.graph.nodes[edge.target as usize].id)?;
        fields.serialize_field("kind", edge.kind)?;
        match self.graph.edge_label(self.index) {
            Some(label) => fields.serialize_field("label", label)?,
            None => fields.skip_field("label")?,
        }
        match edge.protocol {
            Some(protocol) => fields.serialize_field("protocol", protocol)?,
            None => fields.skip_field("protocol")?,
        }
        match edge.port {
            Some(port) => fields.serialize_field("port", &port)?,
            None => fields.skip_field("port")?,
        }
        match edge.count {
            1 => fields.skip_field("count")?,
            count => fields.serialize_field("count", &count)?,
        }
        match edge.change {
            Some(change) => fields.serialize_field("change", &change)?,
            None => fields.skip_field("change")?,
        }
        match self.graph.edge_description(self.index) {
            Some(description) => fields.serialize_field("description", description)?,
            None => fields.skip_field("description")?,
        }
        fields.serialize_field("pointer", &self.graph.edge_pointer(self.index))?;
        fields.end()
    }
}

struct GroupJson<'g> {
    graph: &'g Graph<'g>,
    index: usize,
    nodes: Vec<&'g SmolStr>,
}

impl Serialize for GroupJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let group = &self.graph.groups[self.index];
        let mut fields = serializer.serialize_struct("Group", 5)?;
        fields.serialize_field("id", &group.id)?;
        fields.serialize_field("kind", group.kind.as_str())?;
        fields.serialize_field("label", group.label)?;
        match group.parent {
            Some(parent) => fields.serialize_field("parent", &self.graph.groups[parent as usize].id)?,
            None => fields.skip_field("parent")?,
        }
        fields.serialize_field("nodes", &self.nodes)?;
        fields.end()
    }
}
