//! What the document says of a resource of Terraform itself: its name and its fields.

use serde_json::Value as Json;
use spec_engine_evidence::document::Fields;
use spec_engine_evidence::json;
use spec_engine_evidence::tree::{Node, Value};

use crate::resource::{Resource, at, each, text};
use crate::shapes::{Field, Form, Role, Shape};

/// How a resource is one of a kind, where it is.
pub fn shape(resource: &Resource) -> Option<&'static Shape> {
    match &resource.row.role {
        Role::Engine(own) => {
            let engine = resource.text(own.at)?.to_ascii_lowercase();
            own.kinds.iter().find(|(start, _)| engine.starts_with(start)).map(|(_, shape)| shape)
        }
        Role::Resource(shape) => Some(shape),
        Role::Workload(workload) => workload.resource.as_ref(),
        _ => None,
    }
}

/// The attribute that names a resource, by its type.
pub fn named_by(resource: &Resource) -> &'static str {
    match &resource.row.role {
        Role::Engine(own) => own.kinds.first().map_or("name", |(_, shape)| shape.named_by),
        Role::Resource(shape) => shape.named_by,
        Role::Workload(workload) => workload.named_by,
        _ => "name",
    }
}

/// The name that a resource has, where the files know it.
pub fn name(resource: &Resource) -> Option<&str> {
    resource.named(named_by(resource))
}

/// What names a resource for good: an ARN, an id, else its name.
pub fn identity(resource: &Resource) -> Option<&str> {
    ["arn", "id", "self_link"].into_iter().find_map(|path| resource.text(path)).or_else(|| name(resource))
}

/// What the document says of a resource, each with the words for it.
pub fn description(resource: &Resource) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> =
        name(resource).map(|name| ("name", name.to_owned())).into_iter().collect();
    if let Some(shape) = shape(resource) {
        all.extend(fields(resource, shape).into_iter().map(|(field, value)| (field, value.to_string())));
    }
    let image = ["image_uri", "container_definitions", "container_properties", "template", "image"];
    all.extend(image.into_iter().filter_map(|path| Some(("image", image_of(at(&resource.values, path)?)?))));
    all
}

/// The images in a value, as a text to compare.
fn image_of(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Scalar(text) if text.trim_start().starts_with(['[', '{']) => {
            let inner = json::read(text, 0, &json::whole).ok()?;
            return inner.first().and_then(image_of);
        }
        Value::Scalar(text) => return Some(text.clone()).filter(|text| !text.is_empty()),
        Value::List(items) => items.iter().filter_map(image_of).collect::<Vec<_>>(),
        Value::Map(pairs) => {
            let is_of_interest = |key: &str| matches!(key, "image" | "template" | "spec" | "containers" | "container");
            pairs.iter().filter(|pair| is_of_interest(&pair.key)).filter_map(|pair| image_of(&pair.value)).collect()
        }
        Value::Null => return None,
    };
    Some(text.join(" ")).filter(|text| !text.is_empty())
}

/// The fields of a resource beside its name.
pub fn fields(resource: &Resource, shape: &Shape) -> Fields {
    let mut fields = Fields::new();
    for field in shape.fields {
        if !fields.contains_key(field.name)
            && let Some(value) = value(&resource.values, field)
        {
            fields.insert(field.name, value);
        }
    }
    fields
}

fn value(values: &Node, field: &Field) -> Option<Json> {
    let own = || text(values, field.at);
    let port = |text: &str| text.parse::<u16>().ok().filter(|&port| port > 0).map(Json::from);
    match field.form {
        Form::Text => own().map(Json::from),
        Form::Port => port(own()?),
        Form::Fixed(text) if field.name == "port" => port(text),
        Form::Fixed(text) => Some(text.into()),
        Form::Family => own()?.split('_').next().map(|family| family.to_ascii_lowercase().into()),
        Form::Host => Some(host(own()?).into()),
        Form::LastSegment => own()?.trim_end_matches('/').rsplit('/').next().map(Json::from),
        Form::CosmosApi => cosmos(values).map(Json::from),
        Form::Stack => stack(values, field.at).map(Json::from),
    }
}

/// The host of a URL, of `host:port`, or of a host alone.
fn host(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.split([':', '/']).next().unwrap_or(text)
}

fn cosmos(values: &Node) -> Option<&'static str> {
    let capabilities: Vec<&str> = at(values, "capabilities")
        .into_iter()
        .chain(values.get("capabilities"))
        .flat_map(each)
        .filter_map(|own| own.get("name").and_then(Node::text))
        .collect();
    let has = |name: &str| capabilities.contains(&name);
    Some(match text(values, "kind") {
        Some("MongoDB") => "mongodb",
        _ if has("EnableMongo") => "mongodb",
        _ if has("EnableCassandra") => "cassandra",
        _ if has("EnableGremlin") => "gremlin",
        _ if has("EnableTable") => "table",
        Some(_) => "sql",
        None => return None,
    })
}

/// What a function of Azure runs on: a text, or a map with the version of one stack.
fn stack(values: &Node, path: &str) -> Option<String> {
    let node = at(values, path)?;
    let first = each(node).next()?;
    if let Some(text) = first.text().filter(|text| !text.is_empty() && !text.starts_with("DOCKER")) {
        return Some(text.replace('|', "").to_ascii_lowercase());
    }
    first.pairs().iter().find_map(|pair| {
        let stack = pair.key.strip_suffix("_version")?;
        let version = pair.value.text().filter(|text| !text.is_empty())?;
        Some(format!("{stack}{version}"))
    })
}
