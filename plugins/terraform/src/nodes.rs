//! The resources of the document: one each, whatever says something of it.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use spec_engine_evidence::document::{Fields, Resource as Written};

use crate::describe::{fields, identity, name, shape};
use crate::kinds::Kind;
use crate::resource::Resource;
use crate::stack::Reading;
use crate::workload::Workload;

/// A resource of the document.
#[derive(Debug)]
pub struct Node {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its name.
    pub name: String,
    /// Its other fields.
    pub fields: Fields,
    /// The positions of the resources of Terraform that are this one.
    pub sources: Vec<usize>,
}

/// The resources of the document.
#[derive(Debug, Default)]
pub struct Resources {
    /// All, in the order of the files.
    pub all: Vec<Node>,
    /// The positions by provider, list and name.
    named: HashMap<(&'static str, &'static str, String), usize>,
    /// The positions by those of the resources of Terraform that they are.
    of: HashMap<usize, usize>,
}

impl Resources {
    /// Finds one by its provider, list and name.
    pub fn find(&self, provider: &'static str, list: &'static str, name: &str) -> Option<usize> {
        self.named.get(&(provider, list, name.to_owned())).copied()
    }

    /// The one that a workload is as well.
    pub fn of(&self, workload: &Workload) -> Option<usize> {
        workload.resources.iter().find_map(|source| self.of.get(source)).copied()
    }
}

impl Node {
    /// The id of its node.
    pub fn id(&self) -> String {
        self.kind.node(&self.name)
    }

    /// The resource as the document has it.
    pub fn written(&self) -> Written {
        if self.kind.named_by == "name" {
            return Written { name: self.name.clone(), fields: self.fields.clone() };
        }
        let own = std::iter::once((self.kind.named_by, self.name.clone().into()));
        let fields = self.fields.iter().map(|(field, value)| (*field, value.clone()));
        Written { name: String::new(), fields: own.chain(fields).collect() }
    }
}

/// The providers of which the files show resources.
pub fn providers(reading: &Reading) -> IndexSet<&'static str> {
    const PROVIDERS: [(&str, &str); 4] =
        [("aws_", "aws"), ("google_", "gcp"), ("azurerm_", "azure"), ("cloudflare_", "cloudflare")];
    let kinds =
        reading.resources.iter().map(|own| own.address.kind.as_str()).chain(reading.others.keys().map(String::as_str));
    kinds.filter_map(|kind| PROVIDERS.iter().find(|(start, _)| kind.starts_with(start))).map(|(_, own)| *own).collect()
}

/// Finds the resources. A cache cluster of a replication group is a part of that.
pub fn resources(reading: &Reading) -> Resources {
    let mut all: Vec<Node> = Vec::new();
    let mut known: HashMap<(&'static str, String), usize> = HashMap::new();
    for (position, own) in reading.resources.iter().enumerate() {
        let Some(shape) = shape(own) else { continue };
        let Some(kind) = Kind::find(shape.kind) else { continue };
        let group = own.text("replication_group_id").filter(|_| own.address.kind == "aws_elasticache_cluster");
        let name = match group.or_else(|| if group.is_none() { name_of(own, shape.named_by) } else { None }) {
            Some(name) => name.to_owned(),
            None => own.address.label(),
        };
        // Two files, or two blocks, may have one and the same: what names it for good says so.
        let same = own.text("replication_group_id").or_else(|| identity(own).filter(|id| id.contains([':', '/'])));
        let key = same.map(|same| (shape.kind, same.to_owned()));
        if let Some(&at) = key.as_ref().and_then(|key| known.get(key)) {
            all[at].sources.push(position);
            let more = fields(own, shape);
            for (field, value) in more {
                all[at].fields.entry(field).or_insert(value);
            }
            continue;
        }
        if let Some(key) = key {
            known.insert(key, all.len());
        }
        all.push(Node { kind, name, fields: fields(own, shape), sources: vec![position] });
    }
    distinguish(&mut all, &reading.resources);
    let key = |node: &Node| (node.kind.provider, node.kind.list, node.name.clone());
    let named = all.iter().enumerate().map(|(at, node)| (key(node), at)).collect();
    let of =
        all.iter().enumerate().flat_map(|(at, node)| node.sources.iter().map(move |&source| (source, at))).collect();
    Resources { all, named, of }
}

fn name_of<'r>(own: &'r Resource, named_by: &str) -> Option<&'r str> {
    own.named(named_by).or_else(|| name(own))
}

/// Gives those of one kind and name names that tell them apart: by their regions, their modules, their blocks.
fn distinguish(all: &mut [Node], resources: &[Resource]) {
    let mut same: IndexMap<(&'static str, &'static str, String), Vec<usize>> = IndexMap::new();
    for (position, node) in all.iter().enumerate() {
        same.entry((node.kind.provider, node.kind.list, node.name.clone())).or_default().push(position);
    }
    for positions in same.into_values().filter(|positions| positions.len() > 1) {
        let sources: Vec<&Resource> = positions.iter().map(|&at| &resources[all[at].sources[0]]).collect();
        for (at, more) in positions.iter().zip(differences(&sources)) {
            all[*at].name = format!("{}.{more}", all[*at].name);
        }
    }
}

/// What tells resources of one name apart: the first of region, module, block that all differ in, else the address.
pub fn differences(sources: &[&Resource]) -> Vec<String> {
    let region = |own: &&Resource| {
        let arn = own.text("arn").and_then(|arn| arn.split(':').nth(3));
        arn.or_else(|| own.text("region")).or_else(|| own.text("location")).unwrap_or_default().to_owned()
    };
    let module = |own: &&Resource| {
        let keys = own.address.modules.iter().flat_map(|step| [Some(&step.name), step.key.as_ref()]).flatten();
        keys.cloned().collect::<Vec<_>>().join(".")
    };
    let ways: [&dyn Fn(&&Resource) -> String; 4] =
        [&region, &module, &|own| own.address.label(), &|own| own.address.to_string()];
    for way in ways {
        let all: Vec<String> = sources.iter().map(way).collect();
        let mut distinct = all.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() == all.len() && all.iter().all(|text| !text.is_empty()) {
            return all;
        }
    }
    (1..=sources.len()).map(|number| number.to_string()).collect()
}
