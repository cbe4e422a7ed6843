//! Both versions as one graph: what is drawn of a difference.
//!
//! A graph borrows one system. So the versions become one system first, the new one with what only the old one has put
//! back in, under the names of the new one; its graph is then held against the graphs of the versions, and each node and
//! edge is marked with its change. Groups, views and renderers do not know about versions.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use smol_str::{SmolStr, format_smolstr};

use super::bindings::bindings;
use super::matching::deployments;
use super::pairs::Pairs;
use super::{ChangeKind, Diff, Part, ResourcePlace, Section};
use crate::catalogue::Provider;
use crate::graph::{Change, Graph};
use crate::model::{
    Bindings, Deployments, HelmDeployment, Map, Resource, ResourceList, Service, System, TerraformDeployment, Text,
    Value, position,
};

impl<'a> Diff<'a> {
    /// Makes a system of the new version and everything that only the old one has.
    pub fn union(&self) -> System {
        let mut union = self.new.clone();
        for (name, owner) in &self.old.owners {
            if !union.owners.contains_key(self.matching.owners.name(name)) {
                union.owners.insert(name.clone(), owner.clone());
            }
        }
        let renamed = self.renamed_ids();
        for (index, (name, service)) in self.old.services.iter().enumerate() {
            match self.matching.services.new_of[index] {
                Some(other) => self.put_back(service, &mut union.services[other as usize], &renamed),
                None => drop(union.services.insert(name.clone(), self.translated(service))),
            }
        }
        for (name, network) in &self.old.networks {
            if !union.networks.contains_key(self.matching.networks.name(name)) {
                union.networks.insert(name.clone(), network.clone());
            }
        }
        if self.old.deployments.is_some() {
            self.put_back_deployments(union.deployments.get_or_insert_default());
        }
        union
    }

    /// Marks the changed nodes and edges of the graph of [`Diff::union`]. The label of an edge then says what it
    /// was.
    pub fn mark(&self, graph: &mut Graph<'_>) {
        let (old, new) = (Graph::of(self.old), Graph::of(self.new));
        let renamed = self.renamed_ids();
        let of_old = Parts::of(&old, |id| renamed.get(id).unwrap_or(id).clone());
        let of_new = Parts::of(&new, SmolStr::clone);
        let changed = self.changed_ids();
        let change = |was: bool, is: bool, is_changed: bool| match (was, is) {
            (true, false) => Some(Change::Removed),
            (false, true) => Some(Change::Added),
            _ => is_changed.then_some(Change::Changed),
        };
        for node in &mut graph.nodes {
            let [was, is] = [&of_old, &of_new].map(|parts| parts.nodes.contains(&node.id));
            node.change = change(was, is, changed.contains(&node.id));
        }
        for index in 0..graph.edges.len() {
            let edge = &graph.edges[index];
            let ends = [edge.source, edge.target].map(|node| graph.nodes[node as usize].id.clone());
            let [was, is] = [&of_old, &of_new].map(|parts| parts.edges.get(&ends));
            let is_changed = matches!((was, is), (Some(was), Some(is)) if was != is);
            let change = change(was.is_some(), is.is_some(), is_changed);
            graph.edges[index].change = change;
            let Some(change) = change else { continue };
            let label = graph.edge_label(index).unwrap_or_default();
            let told = match (change, was.and_then(|was| was.0)) {
                (Change::Changed, Some(was)) if was != label => format_smolstr!("{label} (was {was})"),
                _ => told(label, change.as_str()),
            };
            graph.labels.push(told);
            graph.edges[index].label = Some(position(graph.labels.len() - 1));
        }
    }

    /// Adds the change of each node to its label. Views go by labels, so they come first.
    pub fn label(&self, graph: &mut Graph<'_>) {
        let old_names: HashMap<SmolStr, &str, RandomState> = self
            .changes
            .iter()
            .filter(|change| change.kind == ChangeKind::Renamed)
            .filter_map(|change| match (change.old?.value, node_id(&change.new?)) {
                (Value::Text(old), Some(id)) => Some((id, old)),
                _ => None,
            })
            .collect();
        for node in &mut graph.nodes {
            let Some(change) = node.change else { continue };
            let told = match old_names.get(&node.id) {
                Some(old) => told(&node.label, &format!("was {old}")),
                None => told(&node.label, change.as_str()),
            };
            node.label = String::from(told).into();
        }
    }

    /// The new ids by the old ones, of the nodes that have another name.
    fn renamed_ids(&self) -> HashMap<SmolStr, SmolStr, RandomState> {
        let renamed = self.changes.iter().filter(|change| change.kind == ChangeKind::Renamed);
        renamed.filter_map(|change| Some((node_id(&change.old?)?, node_id(&change.new?)?))).collect()
    }

    /// The ids of the nodes that differ between the versions.
    fn changed_ids(&self) -> HashSet<SmolStr, RandomState> {
        let ids = self.changes.iter().filter_map(|change| {
            let side = change.new.or(change.old)?;
            match (side.at.section, side.at.part) {
                (Section::Service, Part::Connection(_) | Part::ConnectionField(..)) => None,
                (Section::Service, Part::Resource(_)) => {
                    if change.kind == ChangeKind::Renamed {
                        node_id(&side)
                    } else {
                        None
                    }
                }
                (Section::Service, Part::ResourceField(place, _)) => {
                    let system = if change.new.is_some() { self.new } else { self.old };
                    let service = system.services.get(side.at.name)?;
                    let mut all = bindings(&service.bindings);
                    let one = all.find(|one| ResourcePlace { is_whole: place.is_whole, ..one.place } == place)?;
                    Some(format_smolstr!("{}:{}", one.resource.kind.id_prefix, one.resource.name))
                }
                (Section::Helm | Section::Terraform, Part::Entry(_)) => None,
                (Section::Service, _) => Some(format_smolstr!("svc:{}", self.new_name(change)?)),
                (Section::Helm, _) => Some(format_smolstr!("helm:{}", side.at.name)),
                (Section::Terraform, _) => Some(format_smolstr!("terraform:{}", side.at.name)),
                (Section::System | Section::Owner | Section::Network, _) => None,
            }
        });
        ids.collect()
    }

    /// The name that the new version has for the service that a change belongs to.
    fn new_name(&self, change: &super::Change<'a>) -> Option<&'a str> {
        match (change.new, change.old) {
            (Some(new), _) => Some(new.at.name),
            (None, Some(old)) => Some(self.matching.services.name(old.at.name)),
            (None, None) => None,
        }
    }

    /// Makes an old service with the names of the new version.
    fn translated(&self, service: &Service) -> Service {
        let mut service = service.clone();
        service.owner = service.owner.map(|owner| self.name_of(&self.matching.owners, &self.old.owners, owner));
        let connections = std::mem::take(&mut service.connections);
        for (target, connection) in connections {
            let target = self.name_of(&self.matching.services, &self.old.services, target);
            service.connections.insert(target, connection);
        }
        service
    }

    fn name_of<V>(&self, pairs: &Pairs<'a>, old: &'a Map<V>, name: Text) -> Text {
        match old.get_key_value(&name) {
            Some((name, _)) => pairs.name(name).into(),
            None => name,
        }
    }

    /// Puts the connections and resources of an old service back into the new one.
    fn put_back(&self, old: &'a Service, new: &mut Service, renamed: &HashMap<SmolStr, SmolStr, RandomState>) {
        for (target, connection) in &old.connections {
            let target = self.matching.services.name(target);
            if !new.connections.contains_key(target) {
                new.connections.insert(target.into(), connection.clone());
            }
        }
        if old.bindings == new.bindings {
            return;
        }
        let id = |resource: &Resource| format_smolstr!("{}:{}", resource.kind.id_prefix, resource.name);
        let mut there: HashSet<SmolStr, RandomState> = bindings(&new.bindings).map(|one| id(one.resource)).collect();
        for one in bindings(&old.bindings) {
            let old_id = id(one.resource);
            if there.insert(renamed.get(&old_id).unwrap_or(&old_id).clone()) {
                push(new, one.place, one.resource);
            }
        }
    }

    fn put_back_deployments(&self, union: &mut Deployments) {
        let old = deployments(self.old);
        for (index, (name, release)) in old.helm.iter().enumerate() {
            let services = release.services.iter().map(|name| Text::from(self.matching.services.name(name)));
            match self.matching.helm.new_of[index] {
                Some(other) => add_missing(&mut union.helm[other as usize].services, services),
                None => {
                    let release = HelmDeployment { services: services.collect(), ..release.clone() };
                    union.helm.insert(name.clone(), release);
                }
            }
        }
        for (index, (name, module)) in old.terraform.iter().enumerate() {
            let resources = module.resources.iter().map(|text| match text.strip_prefix("svc:") {
                Some(service) => format_smolstr!("svc:{}", self.matching.services.name(service)),
                None => text.clone(),
            });
            match self.matching.terraform.new_of[index] {
                Some(other) => add_missing(&mut union.terraform[other as usize].resources, resources),
                None => {
                    let module = TerraformDeployment { resources: resources.collect(), ..module.clone() };
                    union.terraform.insert(name.clone(), module);
                }
            }
        }
    }
}

/// The nodes of one version, and its edges with what they say, by ids of the new version.
struct Parts<'g> {
    nodes: HashSet<SmolStr, RandomState>,
    edges: HashMap<[SmolStr; 2], (Option<&'g str>, Option<&'g str>), RandomState>,
}

impl<'g> Parts<'g> {
    fn of(graph: &'g Graph<'_>, id: impl Fn(&SmolStr) -> SmolStr) -> Self {
        let ids: Vec<SmolStr> = graph.nodes.iter().map(|node| id(&node.id)).collect();
        let edges = graph.edges.iter().enumerate().map(|(index, edge)| {
            let ends = [edge.source, edge.target].map(|node| ids[node as usize].clone());
            (ends, (graph.edge_label(index), graph.edge_description(index)))
        });
        let edges = edges.collect();
        Self { nodes: ids.into_iter().collect(), edges }
    }
}

fn told(label: &str, what: &str) -> SmolStr {
    if label.is_empty() { format_smolstr!("({what})") } else { format_smolstr!("{label} ({what})") }
}

/// The id of the node that a change of its name is about.
fn node_id(side: &super::Side<'_>) -> Option<SmolStr> {
    let Value::Text(name) = side.value else { return None };
    match (side.at.section, side.at.part) {
        (Section::Service, Part::Whole) => Some(format_smolstr!("svc:{name}")),
        (Section::Helm, Part::Whole) => Some(format_smolstr!("helm:{name}")),
        (Section::Terraform, Part::Whole) => Some(format_smolstr!("terraform:{name}")),
        (Section::Service, Part::Resource(place)) => Some(format_smolstr!("{}:{name}", place.kind.id_prefix)),
        _ => None,
    }
}

/// Adds a resource to what a service binds.
fn push(service: &mut Service, place: ResourcePlace, resource: &Resource) {
    let Some(provider) = Provider::find(place.provider()) else { return };
    let all = &mut service.bindings.0;
    let at = all.iter().position(|bindings| bindings.provider.key == provider.key).unwrap_or_else(|| {
        all.push(Bindings { provider, lists: Vec::new(), fields: Vec::new() });
        all.len() - 1
    });
    let lists = &mut all[at].lists;
    let at = lists.iter().position(|list| list.kind.resource == resource.kind.resource).unwrap_or_else(|| {
        lists.push(ResourceList { kind: resource.kind, resources: Vec::new() });
        lists.len() - 1
    });
    lists[at].resources.push(resource.clone());
}

fn add_missing(list: &mut Vec<Text>, texts: impl Iterator<Item = Text>) {
    let there: HashSet<Text, RandomState> = list.iter().cloned().collect();
    list.extend(texts.filter(|text| !there.contains(text)));
}
