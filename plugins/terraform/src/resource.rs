//! A resource of Terraform that the document may have something of.

use spec_engine_evidence::tree::{Node, Place, Value};

use crate::address::Address;
use crate::shapes::Type;

/// A resource.
#[derive(Debug)]
pub struct Resource {
    /// Its address.
    pub address: Address,
    /// What its type is in the document.
    pub row: &'static Type,
    /// Its attributes, those that are sensitive left out.
    pub values: Node,
    /// How many were left out.
    pub hidden: usize,
    /// What it depends on, by addresses without keys.
    pub dependencies: Vec<Address>,
    /// Where it starts.
    pub place: Place,
    /// The position of its stack: resources of one stack refer to each other by their addresses.
    pub stack: usize,
}

impl Resource {
    /// The text at a path of its attributes.
    pub fn text(&self, path: &str) -> Option<&str> {
        text(&self.values, path)
    }

    /// The name that an attribute gives it, or one that starts it where Terraform adds to that.
    pub fn named(&self, attribute: &str) -> Option<&str> {
        let starts = [format!("{attribute}_prefix"), "name_prefix".to_owned()];
        // What the provider of Cloudflare called `name` at first. Of a database on AWS that is another name.
        let early = Some("name").filter(|_| self.address.kind.starts_with("cloudflare_"));
        let all = std::iter::once(attribute).chain(early);
        all.chain(starts.iter().map(String::as_str)).find_map(|path| self.text(path))
    }
}

/// The value at a path; of a list on the way the first item counts, and a text that is JSON is read by its owner.
pub fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    let first = |node: &'n Node| match &node.value {
        Value::List(items) => items.first(),
        _ => Some(node),
    };
    path.split('.').filter(|step| !step.is_empty()).try_fold(node, |node, step| first(node)?.get(step))
}

/// The text at a path, unless it is empty.
pub fn text<'n>(node: &'n Node, path: &str) -> Option<&'n str> {
    let found = at(node, path)?;
    let found = if let Value::List(items) = &found.value { items.first()? } else { found };
    found.text().map(str::trim).filter(|text| !text.is_empty())
}

/// All texts at a path, those of every item of the lists on the way.
pub fn texts<'n>(node: &'n Node, path: &str) -> Vec<&'n str> {
    let mut nodes = vec![node];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let flat = nodes.into_iter().flat_map(each);
        nodes = flat.filter_map(|node| node.get(step)).collect();
    }
    nodes.into_iter().flat_map(each).filter_map(|node| node.text()).filter(|text| !text.is_empty()).collect()
}

/// The items of a list, or the value itself.
pub fn each(node: &Node) -> impl Iterator<Item = &Node> {
    let (items, own) = match &node.value {
        Value::List(items) => (items.as_slice(), None),
        _ => (&[][..], Some(node)),
    };
    items.iter().chain(own)
}
