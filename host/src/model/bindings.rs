//! The resources that a service uses, as the catalogue describes them.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map as Object, Value};

use super::{Port, Text};
use crate::catalogue::{Field, FieldShape, PROVIDERS, Protocol, Provider, ResourceKind};

/// Everything that one service binds, provider by provider, in the order of the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceBindings(pub Vec<Bindings>);

impl ServiceBindings {
    /// The bindings of one provider.
    pub fn of(&self, provider: &Provider) -> Option<&Bindings> {
        self.0.iter().find(|bindings| bindings.provider.key == provider.key)
    }

    /// Every resource of every provider.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.0.iter().flat_map(|bindings| &bindings.lists).flat_map(|list| &list.resources)
    }
}

impl Serialize for ServiceBindings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|bindings| (bindings.provider.key, bindings)))
    }
}

/// What a service binds of one provider.
#[derive(Clone, Debug)]
pub struct Bindings {
    /// The provider.
    pub provider: &'static Provider,
    /// The resources, one list a kind.
    pub lists: Vec<ResourceList>,
    /// The plain fields beside the lists.
    pub fields: Vec<(&'static Field, FieldValue)>,
}

impl Bindings {
    /// The seed that reads the bindings of a provider.
    pub(super) fn reading(provider: &'static Provider) -> impl for<'de> DeserializeSeed<'de, Value = Self> {
        BindingsSeed(provider)
    }

    /// The network that these bindings place the service in.
    pub fn network(&self) -> Option<&Text> {
        let name = self.provider.network_field?;
        self.fields.iter().find(|(field, _)| field.name == name)?.1.text()
    }
}

impl PartialEq for Bindings {
    fn eq(&self, other: &Self) -> bool {
        self.provider.key == other.provider.key && self.lists == other.lists && same_fields(&self.fields, &other.fields)
    }
}

impl Serialize for Bindings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for list in &self.lists {
            map.serialize_entry(list.kind.key(), &list.resources)?;
        }
        for (field, value) in &self.fields {
            map.serialize_entry(field.name, value)?;
        }
        map.end()
    }
}

/// The resources of one kind.
#[derive(Clone, Debug)]
pub struct ResourceList {
    /// The kind.
    pub kind: &'static ResourceKind,
    /// The resources in their order.
    pub resources: Vec<Resource>,
}

impl PartialEq for ResourceList {
    fn eq(&self, other: &Self) -> bool {
        self.kind.resource == other.kind.resource && self.resources == other.resources
    }
}

/// A resource as one service binds it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// What it is.
    pub kind: &'static ResourceKind,
    /// Its name; empty where the document gives none.
    pub name: Text,
    /// Its other fields, in the order of the document.
    pub fields: Vec<(&'static Field, FieldValue)>,
}

impl Resource {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    /// The protocol and the port that the catalogue gives for its kind, or for its engine.
    pub fn usual_protocol(&self) -> Protocol {
        let exception = self.kind.exceptions.iter().find(|exception| {
            self.field(exception.field).and_then(FieldValue::text).is_some_and(|value| exception.matches(value))
        });
        exception.map_or(self.kind.protocol, |exception| exception.protocol)
    }

    /// The protocol and port of its users: the protocol from the catalogue, and the port that the document
    /// gives, else the catalogue's.
    pub fn protocol(&self) -> (&'static str, u16) {
        let usual = self.usual_protocol();
        let port = self.fields.iter().find_map(|(_, value)| match value {
            FieldValue::Port(port) => Some(port.get()),
            FieldValue::Text(_) | FieldValue::List(_) => None,
        });
        (usual.name, port.unwrap_or(usual.port))
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.kind.resource == other.kind.resource && self.name == other.name && same_fields(&self.fields, &other.fields)
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.name.is_empty() {
            map.serialize_entry(self.kind.name_field, &self.name)?;
        }
        for (field, value) in &self.fields {
            map.serialize_entry(field.name, value)?;
        }
        map.end()
    }
}

fn same_fields(a: &[(&'static Field, FieldValue)], b: &[(&'static Field, FieldValue)]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0.name == b.0.name && a.1 == b.1)
}

/// The value of a field of the catalogue.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// A string.
    Text(Text),
    /// A port.
    Port(Port),
    /// A list of strings.
    List(Vec<Text>),
}

impl FieldValue {
    /// The string, where it is one.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::Port(_) | Self::List(_) => None,
        }
    }

    fn read<'de, A: MapAccess<'de>>(field: &'static Field, map: &mut A) -> Result<Self, A::Error> {
        Ok(match field.shape {
            FieldShape::Text => Self::Text(map.next_value()?),
            FieldShape::Port => Self::Port(map.next_value()?),
            FieldShape::List => Self::List(map.next_value()?),
        })
    }
}

struct BindingsSeed(&'static Provider);

impl<'de> DeserializeSeed<'de> for BindingsSeed {
    type Value = Bindings;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Bindings, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BindingsSeed {
    type Value = Bindings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} bindings, an object", self.0.title)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bindings, A::Error> {
        let mut bindings = Bindings { provider: self.0, lists: Vec::new(), fields: Vec::new() };
        while let Some(key) = map.next_key::<Text>()? {
            if let Some(kind) = self.0.kind(&key) {
                if bindings.lists.iter().any(|list| list.kind.resource == kind.resource) {
                    return Err(A::Error::duplicate_field(kind.key()));
                }
                let resources = map.next_value_seed(ResourcesSeed(kind))?;
                bindings.lists.push(ResourceList { kind, resources });
            } else if let Some(field) = self.0.field(&key) {
                push_once(&mut bindings.fields, field, &mut map)?;
            } else {
                return Err(A::Error::unknown_field(&key, &[]));
            }
        }
        Ok(bindings)
    }
}

struct ResourcesSeed(&'static ResourceKind);

impl<'de> DeserializeSeed<'de> for ResourcesSeed {
    type Value = Vec<Resource>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Resource>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ResourcesSeed {
    type Value = Vec<Resource>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} resources", self.0.key())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Resource>, A::Error> {
        let mut resources = Vec::new();
        while let Some(resource) = seq.next_element_seed(ResourceSeed(self.0))? {
            resources.push(resource);
        }
        Ok(resources)
    }
}

struct ResourceSeed(&'static ResourceKind);

impl<'de> DeserializeSeed<'de> for ResourceSeed {
    type Value = Resource;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Resource, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ResourceSeed {
    type Value = Resource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} resource, an object", self.0.key())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Resource, A::Error> {
        let (mut name, mut fields) = (None, Vec::new());
        while let Some(key) = map.next_key::<Text>()? {
            if key == self.0.name_field {
                if name.replace(map.next_value()?).is_some() {
                    return Err(A::Error::duplicate_field(self.0.name_field));
                }
            } else if let Some(field) = self.0.field(&key) {
                push_once(&mut fields, field, &mut map)?;
            } else {
                return Err(A::Error::unknown_field(&key, &[]));
            }
        }
        Ok(Resource { kind: self.0, name: name.unwrap_or_default(), fields })
    }
}

/// Reads a field that may stand once.
fn push_once<'de, A: MapAccess<'de>>(
    fields: &mut Vec<(&'static Field, FieldValue)>,
    field: &'static Field,
    map: &mut A,
) -> Result<(), A::Error> {
    if fields.iter().any(|(other, _)| other.name == field.name) {
        return Err(A::Error::duplicate_field(field.name));
    }
    fields.push((field, FieldValue::read(field, map)?));
    Ok(())
}

impl JsonSchema for ServiceBindings {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ServiceBindings".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let providers = PROVIDERS.iter().map(|provider| (provider.key.to_owned(), provider_schema(provider)));
        json_schema!({ "type": "object", "properties": Object::from_iter(providers) })
    }
}

fn provider_schema(provider: &Provider) -> Value {
    let lists = provider.kinds.iter().map(|kind| {
        let description = format!("Resources of the kind {} ({}).", kind.resource, kind.kind);
        let schema = serde_json::json!({
            "title": kind.key(), "description": description, "type": "array", "items": kind_schema(kind),
        });
        (kind.key().to_owned(), schema)
    });
    let plain = provider.fields.iter().map(field_schema);
    serde_json::json!({
        "title": provider.title,
        "description": format!("Bindings of the service: {}.", provider.title),
        "type": "object",
        "properties": Object::from_iter(lists.chain(plain)),
        "additionalProperties": false,
    })
}

fn kind_schema(kind: &ResourceKind) -> Value {
    let name = serde_json::json!({
        "title": kind.name_field, "description": "The name of the resource.", "type": "string", "minLength": 1,
    });
    let fields = kind.fields.iter().map(field_schema);
    serde_json::json!({
        "type": "object",
        "properties": Object::from_iter(std::iter::once((kind.name_field.to_owned(), name)).chain(fields)),
        "required": [kind.name_field],
        "additionalProperties": false,
    })
}

fn field_schema(field: &Field) -> (String, Value) {
    let (what, shape) = match field.shape {
        FieldShape::Text => ("A string", serde_json::json!({ "type": "string" })),
        FieldShape::Port => ("A port", serde_json::json!({ "type": "integer", "minimum": 1, "maximum": 65535 })),
        FieldShape::List => {
            ("A list of strings", serde_json::json!({ "type": "array", "items": { "type": "string" } }))
        }
    };
    let Value::Object(mut schema) = shape else { unreachable!("a shape is an object") };
    schema.insert("title".into(), field.name.into());
    schema.insert("description".into(), format!("{what}: {}.", field.name).into());
    (field.name.to_owned(), Value::Object(schema))
}
