//! The objects of the format with the types of their fields, from the schema that also reads documents.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};
use smol_str::SmolStr;

use super::types::{Kind, Type};
use crate::schema::schema;
use crate::script::handle::CONNECTION_ENDS;

/// An object of the format.
#[derive(Debug)]
pub(in crate::script) struct ObjectType {
    /// Its fields, in the order of the format.
    pub fields: Vec<ObjectField>,
    /// What it is.
    pub summary: String,
}

/// A field of an object.
#[derive(Debug)]
pub(in crate::script) struct ObjectField {
    pub name: SmolStr,
    pub summary: String,
    pub(super) value: Type,
}

impl ObjectType {
    /// Finds an object of the format by the name that messages have for it: `Service`, `aws`, `aws.rds`.
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().get(name)
    }

    /// Every object of the format by its name.
    pub fn all() -> &'static BTreeMap<SmolStr, Self> {
        static OBJECTS: OnceLock<BTreeMap<SmolStr, ObjectType>> = OnceLock::new();
        OBJECTS.get_or_init(|| {
            let mut objects = Objects(BTreeMap::new());
            objects.add("System", schema());
            for (name, definition) in entries(&schema()["$defs"]) {
                objects.add(name, definition);
            }
            objects.add_connection_ends();
            objects.0
        })
    }

    /// The type of a field.
    pub(super) fn field(&self, name: &str) -> Option<&Type> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.value)
    }
}

/// The objects that were found so far.
struct Objects(BTreeMap<SmolStr, ObjectType>);

impl Objects {
    /// Adds an object, and those that are described inside of it.
    fn add(&mut self, name: &str, schema: &Value) {
        let Some(properties) = schema["properties"].as_object() else { return };
        let mut fields = Vec::new();
        for (field, schema) in properties {
            // A kind of resource is an item of a list of its provider.
            let inside = if name == "Service" { field.clone() } else { format!("{name}.{field}") };
            let value = self.value(schema, &inside);
            fields.push(ObjectField { name: field.into(), summary: text(schema, "description"), value });
        }
        self.0.insert(name.into(), ObjectType { fields, summary: text(schema, "description") });
    }

    /// The type of a value by its schema. `inside` names an object that is described in place.
    fn value(&mut self, schema: &Value, inside: &str) -> Type {
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
            return match self::schema()["$defs"][name].get("properties") {
                Some(_) => Type::of(Kind::Object(name.into())).or_unit(),
                None => self.value(&self::schema()["$defs"][name], inside),
            };
        }
        match schema["type"].as_str() {
            Some("string") => Type::of(Kind::Text).or_unit(),
            Some("integer") => Type::of(Kind::Int).or_unit(),
            Some("array") => Type::of(Kind::List(Box::new(self.value(&schema["items"], inside).without_unit()))),
            Some("object") if schema["additionalProperties"].is_object() => {
                Type::of(Kind::Entries(Box::new(self.value(&schema["additionalProperties"], inside).without_unit())))
            }
            Some("object") if schema["properties"].is_object() => {
                self.add(inside, schema);
                Type::of(Kind::Object(inside.into())).or_unit()
            }
            _ => Type::Unknown,
        }
    }

    /// Adds the fields that a connection has for scripts only.
    fn add_connection_ends(&mut self) {
        let Some(connection) = self.0.get_mut("Connection") else { return };
        let service = || Type::of(Kind::Object("Service".into()));
        for name in CONNECTION_ENDS {
            let summary = format!("The service at the end of the connection: its {name}.");
            connection.fields.push(ObjectField { name: name.into(), summary, value: service().or_unit() });
        }
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter)
}

fn text(schema: &Value, key: &str) -> String {
    schema[key].as_str().unwrap_or_default().to_owned()
}

/// The type of a field as definition files write it.
pub(in crate::script) fn shown_type(field: &ObjectField) -> String {
    shown(&field.value)
}

fn shown(value: &Type) -> String {
    let Type::OneOf(kinds) = value else { return "?".to_owned() };
    let kinds = kinds.iter().map(|kind| match kind {
        Kind::Unit => "()".to_owned(),
        Kind::Text => "String".to_owned(),
        Kind::Int => "int".to_owned(),
        Kind::Object(name) => type_name(name),
        Kind::List(item) => format!("[{}]", shown(item)),
        Kind::Entries(item) => format!("Map<{}>", shown(item)),
        _ => "?".to_owned(),
    });
    kinds.collect::<Vec<_>>().join(" | ")
}

/// The name of a type as the language can have it.
pub(in crate::script) fn type_name(name: &str) -> String {
    name.replace('.', "_")
}
