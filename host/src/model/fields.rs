//! The fields of the format: a row a field, which the compiler demands of every field of a struct.

use std::collections::BTreeSet;

use super::value::{FieldRead, Fields, TextVisitor};
use super::{
    Action, Bindings, Connection, ContainerImage, Deployments, Direction, Elements, Endpoint, Field, FieldValue,
    GitRepo, HelmDeployment, Network, NetworkRule, Owner, Path, Port, Resource, Service, ServiceEnvVars, Step, System,
    TerraformDeployment, Text, Transport, Value,
};
use crate::catalogue::{self, FieldShape, PROVIDERS};

/// The name of every field of the format, each once.
pub fn field_names() -> BTreeSet<&'static str> {
    let kinds = || PROVIDERS.iter().flat_map(|provider| provider.kinds);
    let mut names: BTreeSet<&'static str> = FIELD_NAMES.iter().copied().flatten().copied().collect();
    names.extend(PROVIDERS.iter().map(|provider| provider.key));
    names.extend(PROVIDERS.iter().flat_map(|provider| provider.fields).map(|field| field.name));
    names.extend(kinds().flat_map(|kind| [kind.key(), kind.name_field]));
    names.extend(kinds().flat_map(|kind| kind.fields).map(|field| field.name));
    names
}

/// A field of a struct.
struct FieldRow<T> {
    name: &'static str,
    read: for<'a> fn(&'a T) -> Option<Value<'a>>,
}

impl<T> FieldRow<T> {
    fn of<'a>(&self, object: &'a T) -> Field<'a> {
        Field { name: self.name, value: (self.read)(object) }
    }
}

/// The fields of structs: the Rust name and the name in the document of each, in the order of the format.
macro_rules! fields {
    ($($object:ident $(and $rest:ident)? { $($field:ident: $name:literal),+ $(,)? })+) => {
        $(impl $object {
            const ROWS: &[FieldRow<Self>] = &[$(FieldRow { name: $name, read: |object| object.$field.read() }),+];

            fn each_text_of_rows<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
                $(FieldRead::each_text(&self.$field, path.join(Step::Name($name)), visit);)+
            }
        }

        // A field without a row does not compile.
        const _: fn($object) = |$object { $($field: _,)+ $($rest: _)? }| ();)+

        const FIELD_NAMES: &[&[&str]] = &[$(&[$($name),+]),+];
    };
}

fields! {
    System {
        name: "name",
        description: "description",
        version: "version",
        owners: "owners",
        services: "services",
        networks: "networks",
        deployments: "deployments",
    }
    Owner { name: "name", email: "email", slack: "slack", pager: "pager" }
    Service and bindings {
        description: "description",
        owner: "owner",
        repo: "repo",
        image: "image",
        registry: "registry",
        env_vars: "envVars",
        connections: "connections",
        exposes: "exposes",
    }
    GitRepo { url: "url", path: "path", reference: "ref", commit: "commit" }
    ContainerImage { name: "name", tag: "tag", digest: "digest" }
    ServiceEnvVars { url: "url", host: "host", port: "port" }
    Connection { port: "port", protocol: "protocol", description: "description" }
    Endpoint { port: "port", protocol: "protocol", description: "description" }
    Network { description: "description", cidr: "cidr", rules: "rules" }
    NetworkRule {
        direction: "direction",
        from_service: "fromService",
        to_service: "toService",
        port: "port",
        protocol: "protocol",
        action: "action",
    }
    Deployments { helm: "helm", terraform: "terraform" }
    HelmDeployment {
        chart: "chart",
        version: "version",
        repo: "repo",
        values_file: "valuesFile",
        services: "services",
    }
    TerraformDeployment { source: "source", version: "version", path: "path", resources: "resources" }
}

macro_rules! plain_objects {
    ($($object:ident)+) => {
        $(impl Fields for $object {
            fn type_name(&self) -> &'static str {
                stringify!($object)
            }

            fn field_at(&self, position: usize) -> Option<Field<'_>> {
                Some(Self::ROWS.get(position)?.of(self))
            }

            fn position(&self, name: &str) -> Option<usize> {
                Self::ROWS.iter().position(|row| row.name == name)
            }

            fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
                self.each_text_of_rows(path, visit);
            }
        })+
    };
}

plain_objects! {
    System Owner GitRepo ContainerImage ServiceEnvVars Connection Endpoint Network NetworkRule Deployments HelmDeployment
    TerraformDeployment
}

impl Fields for Service {
    fn type_name(&self) -> &'static str {
        "Service"
    }

    fn field_at(&self, position: usize) -> Option<Field<'_>> {
        if let Some(row) = Self::ROWS.get(position) {
            return Some(row.of(self));
        }
        let provider = PROVIDERS.get(position - Self::ROWS.len())?;
        Some(Field { name: provider.key, value: self.bindings.of(provider).map(|object| Value::Object(object.into())) })
    }

    fn filled_at(&self, position: usize) -> Option<Field<'_>> {
        if let Some(row) = Self::ROWS.get(position) {
            return Some(row.of(self));
        }
        let bindings = self.bindings.0.get(position - Self::ROWS.len())?;
        Some(Field { name: bindings.provider.key, value: Some(Value::Object(bindings.into())) })
    }

    fn position(&self, name: &str) -> Option<usize> {
        let provider = || PROVIDERS.iter().position(|provider| provider.key == name);
        let row = Self::ROWS.iter().position(|row| row.name == name);
        row.or_else(|| Some(Self::ROWS.len() + provider()?))
    }

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
        self.each_text_of_rows(path, visit);
        for bindings in &self.bindings.0 {
            bindings.each_text(path.join(Step::Name(bindings.provider.key)), visit);
        }
    }
}

impl Fields for Bindings {
    fn type_name(&self) -> &'static str {
        self.provider.key
    }

    fn field_at(&self, position: usize) -> Option<Field<'_>> {
        let kinds = self.provider.kinds;
        if let Some(kind) = kinds.get(position) {
            let list = self.lists.iter().find(|list| list.kind.resource == kind.resource);
            let resources = list.map_or(&[][..], |list| &list.resources);
            return Some(Field { name: kind.key(), value: Some(Value::List(Elements::Resources(resources))) });
        }
        Some(of_catalogue(self.provider.fields.get(position - kinds.len())?, &self.fields))
    }

    fn filled_at(&self, position: usize) -> Option<Field<'_>> {
        if let Some(list) = self.lists.get(position) {
            let value = Value::List(Elements::Resources(&list.resources));
            return Some(Field { name: list.kind.key(), value: Some(value) });
        }
        let (field, value) = self.fields.get(position - self.lists.len())?;
        Some(Field { name: field.name, value: Some(value.into()) })
    }

    fn position(&self, name: &str) -> Option<usize> {
        let (kinds, fields) = (self.provider.kinds, self.provider.fields);
        let field = || fields.iter().position(|field| field.name == name);
        let kind = kinds.iter().position(|kind| kind.key() == name);
        kind.or_else(|| Some(kinds.len() + field()?))
    }

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
        for list in &self.lists {
            list.resources.each_text(path.join(Step::Name(list.kind.key())), visit);
        }
        each_text_of_catalogue(&self.fields, path, visit);
    }
}

impl Fields for Resource {
    fn type_name(&self) -> &'static str {
        self.kind.resource
    }

    fn field_at(&self, position: usize) -> Option<Field<'_>> {
        match position.checked_sub(1) {
            None => Some(Field { name: self.kind.name_field, value: self.name.read() }),
            Some(position) => Some(of_catalogue(self.kind.fields.get(position)?, &self.fields)),
        }
    }

    fn filled_at(&self, position: usize) -> Option<Field<'_>> {
        let Some(position) = position.checked_sub(1) else { return self.field_at(0) };
        let (field, value) = self.fields.get(position)?;
        Some(Field { name: field.name, value: Some(value.into()) })
    }

    fn position(&self, name: &str) -> Option<usize> {
        if name == self.kind.name_field {
            return Some(0);
        }
        Some(1 + self.kind.fields.iter().position(|field| field.name == name)?)
    }

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
        self.name.each_text(path.join(Step::Name(self.kind.name_field)), visit);
        each_text_of_catalogue(&self.fields, path, visit);
    }
}

/// Finds the value of a field of the catalogue.
fn of_catalogue<'a>(
    field: &'static catalogue::Field,
    values: &'a [(&'static catalogue::Field, FieldValue)],
) -> Field<'a> {
    let value = values.iter().find(|(other, _)| other.name == field.name).map(|(_, value)| Value::from(value));
    let empty = (field.shape == FieldShape::List).then_some(Value::List(Elements::Texts(&[])));
    Field { name: field.name, value: value.or(empty) }
}

/// Visits every string in fields of the catalogue.
fn each_text_of_catalogue<'a>(
    fields: &'a [(&'static catalogue::Field, FieldValue)],
    path: Path<'_>,
    visit: TextVisitor<'_, 'a>,
) {
    for (field, value) in fields {
        let path = path.join(Step::Name(field.name));
        match value {
            FieldValue::Text(text) => visit(path, text),
            FieldValue::Port(_) => {}
            FieldValue::List(list) => list.each_text(path, visit),
        }
    }
}

/// A string that the format requires. The model has an empty one where the document has none.
impl FieldRead for Text {
    fn read(&self) -> Option<Value<'_>> {
        (!self.is_empty()).then_some(Value::Text(self))
    }

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
        visit(path, self);
    }
}

impl FieldRead for Option<Text> {
    fn read(&self) -> Option<Value<'_>> {
        self.as_deref().map(Value::Text)
    }

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
        self.iter().for_each(|text| visit(path, text));
    }
}

impl FieldRead for Option<Port> {
    fn read(&self) -> Option<Value<'_>> {
        self.map(Value::Port)
    }

    fn each_text<'a>(&'a self, _: Path<'_>, _: TextVisitor<'_, 'a>) {}
}

macro_rules! words {
    ($($word:ident)+) => {
        $(impl FieldRead for Option<$word> {
            fn read(&self) -> Option<Value<'_>> {
                self.map(|word| Value::Text(word.as_str()))
            }

            fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
                self.iter().for_each(|word| visit(path, word.as_str()));
            }
        })+
    };
}

words!(Direction Transport Action);

macro_rules! nested {
    ($($object:ident)+) => {
        $(impl FieldRead for Option<$object> {
            fn read(&self) -> Option<Value<'_>> {
                self.as_ref().map(|object| Value::Object(object.into()))
            }

            fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
                self.iter().for_each(|object| Fields::each_text(object, path, visit));
            }
        })+
    };
}

nested!(GitRepo ServiceEnvVars Deployments);

impl FieldRead for ContainerImage {
    fn read(&self) -> Option<Value<'_>> {
        Some(Value::Object(self.into()))
    }

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
        Fields::each_text(self, path, visit);
    }
}
