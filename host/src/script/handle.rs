//! The values of a document as a script sees them: positions in the model, which cost nothing to copy and know their
//! JSON Pointer.

use rhai::{Dynamic, ImmutableString};

use crate::diagnostic::Pointer;
use crate::graph::{Origin, ResourceOrigin};
use crate::model::{Bindings, Object, Resource, System, Value, position};

/// The most steps from the system to an object, a list or a map: `services`, a name, `azure`, `servicebus`, an index,
/// `queues`.
const DEEPEST: usize = 6;

/// Fields that a connection has for scripts only: the services at its ends.
pub(super) const CONNECTION_ENDS: [&str; 2] = ["source", "target"];

/// An object, a list or a map of the document: the positions that lead to it from the system, each in the fields of an
/// object, the entries of a map or the elements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    depth: u8,
    steps: [u32; DEEPEST],
}

/// The kind of value that a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    List,
    Map,
}

/// The error of a field that an object does not have.
#[derive(Debug)]
pub(super) struct UnknownField;

impl Handle {
    pub const SYSTEM: Self = Self { depth: 0, steps: [0; DEEPEST] };

    pub fn services(system: &System) -> Self {
        Self::SYSTEM.field(system, "services")
    }

    pub fn service(system: &System, service: u32) -> Self {
        Self::services(system).child(service)
    }

    pub fn connections(system: &System, service: u32) -> Self {
        Self::service(system, service).field(system, "connections")
    }

    pub fn exposes(system: &System, service: u32) -> Self {
        Self::service(system, service).field(system, "exposes")
    }

    pub fn deployment(system: &System, tool: &str, index: u32) -> Self {
        Self::SYSTEM.field(system, "deployments").field(system, tool).child(index)
    }

    pub fn resource(system: &System, origin: ResourceOrigin) -> Self {
        let of = bindings(system, origin);
        let list = of.lists[origin.list as usize].kind.key();
        Self::service(system, origin.service).field(system, of.provider.key).field(system, list).child(origin.index)
    }

    /// The position of the service that it stands for among the services.
    pub fn service_position(self, system: &System) -> Option<u32> {
        matches!(self.object(system)?, Object::Service(_)).then(|| self.steps[usize::from(self.depth) - 1])
    }

    /// Makes the handle of what a node of the graph stands for.
    pub fn of(system: &System, origin: Origin) -> Self {
        match origin {
            Origin::Service(service) => Self::service(system, service),
            Origin::Resource(origin) => Self::resource(system, origin),
            Origin::Helm(release) => Self::deployment(system, "helm", release),
            Origin::Terraform(module) => Self::deployment(system, "terraform", module),
            Origin::Collapsed(_) => unreachable!("a rule is handed the whole graph"),
        }
    }

    /// Makes the handle of a part of this value, by its position.
    pub fn child(mut self, step: u32) -> Self {
        self.steps[usize::from(self.depth)] = step;
        self.depth += 1;
        self
    }

    /// Makes the handle of a field of this object.
    fn field(self, system: &System, name: &str) -> Self {
        let Value::Object(object) = self.value(system) else { unreachable!("only objects have fields") };
        self.child(position(object.position(name).expect("a field of the format")))
    }

    /// Makes the handle of what stands some steps before it.
    fn ancestor(mut self, steps: u8) -> Self {
        for _ in 0..steps {
            self.depth -= 1;
            self.steps[usize::from(self.depth)] = 0;
        }
        self
    }

    fn steps(&self) -> impl Iterator<Item = usize> {
        self.steps[..usize::from(self.depth)].iter().map(|&step| step as usize)
    }

    /// Finds the value in its system.
    pub fn value(self, system: &System) -> Value<'_> {
        let root = Value::Object(system.into());
        self.steps().fold(root, |value, step| child(value, step).expect("a handle points into its system"))
    }

    pub fn object(self, system: &System) -> Option<Object<'_>> {
        match self.value(system) {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn shape(self, system: &System) -> Shape {
        match self.value(system) {
            Value::Map(_) => Shape::Map,
            Value::List(_) => Shape::List,
            _ => Shape::Object,
        }
    }

    /// The name of its type, for messages.
    pub fn type_name(self, system: &System) -> &'static str {
        match self.value(system) {
            Value::Object(object) => object.type_name(),
            Value::Map(_) => "Map",
            _ => "List",
        }
    }

    /// The fields that the format gives an object, in the order of the format; none of a list or a map.
    pub fn fields(self, system: &System) -> Vec<&'static str> {
        let Some(object) = self.object(system) else { return Vec::new() };
        let ends: &[&str] = if matches!(object, Object::Connection(_)) { &CONNECTION_ENDS } else { &[] };
        object.fields().map(|field| field.name).chain(ends.iter().copied()).collect()
    }

    /// Reads a field of an object: `()` where the document has none. Of a map, the value of a key.
    pub fn get(self, system: &System, name: &str) -> Result<Dynamic, UnknownField> {
        match self.value(system) {
            Value::Object(object) => match (object.position(name), object) {
                (Some(at), _) => Ok(self.child_value(at, object.field_at(at).and_then(|field| field.value))),
                (None, Object::Connection(_)) => self.end(system, name),
                (None, _) => Err(UnknownField),
            },
            Value::Map(entries) => {
                Ok(entries.position(name).map_or(Dynamic::UNIT, |at| self.child(position(at)).into()))
            }
            _ => Err(UnknownField),
        }
    }

    /// Reads the service at an end of a connection.
    fn end(self, system: &System, name: &str) -> Result<Dynamic, UnknownField> {
        match name {
            "source" => Ok(self.ancestor(2).into()),
            "target" => {
                let target = self.name(system).and_then(|target| system.services.get_index_of(target));
                Ok(target.map_or(Dynamic::UNIT, |target| Self::service(system, position(target)).into()))
            }
            _ => Err(UnknownField),
        }
    }

    /// Counts the elements of a list, the entries of a map, or the fields of an object that the document has.
    pub fn len(self, system: &System) -> usize {
        match self.value(system) {
            Value::Map(entries) => entries.len(),
            Value::List(elements) => elements.len(),
            _ => self.keys(system).len(),
        }
    }

    /// Reads an element of a list, or the value of an entry of a map, by its position.
    pub fn item(self, system: &System, at: usize) -> Option<Dynamic> {
        match self.value(system) {
            Value::Object(_) => None,
            value => Some(self.child_value(at, Some(child(value, at)?))),
        }
    }

    /// The keys of a map, or the fields of an object that the document has.
    pub fn keys(self, system: &System) -> Vec<ImmutableString> {
        match self.value(system) {
            Value::Map(entries) => entries.iter().map(|(name, _)| name.as_str().into()).collect(),
            _ => {
                let fields = self.fields(system).into_iter();
                fields.filter(|name| self.contains(system, name)).map(ImmutableString::from).collect()
            }
        }
    }

    /// Whether the document has a field of this object, or an entry of this map.
    pub fn contains(self, system: &System, name: &str) -> bool {
        match self.value(system) {
            Value::Map(entries) => entries.position(name).is_some(),
            Value::Object(object) => match object.position(name).and_then(|at| object.field_at(at)) {
                Some(field) => field.value.is_some_and(|value| !is_empty(value)),
                None => self.get(system, name).is_ok_and(|value| !value.is_unit()),
            },
            _ => false,
        }
    }

    /// Whether it is a list or a map without anything in it, as one that the document does not have.
    pub fn is_empty(self, system: &System) -> bool {
        is_empty(self.value(system))
    }

    /// The last step that leads to it: a key, the name of a field, or a position; `()` for the system.
    pub fn key(self, system: &System) -> Dynamic {
        match (self.name(system), self.depth.checked_sub(1)) {
            (Some(name), _) => name.into(),
            (None, Some(last)) => Dynamic::from_int(self.steps[usize::from(last)].into()),
            (None, None) => Dynamic::UNIT,
        }
    }

    /// The key or the name of the field that leads to it; `None` for an element of a list and for the system.
    pub fn name(self, system: &System) -> Option<&str> {
        let at = self.steps[usize::from(self.depth.checked_sub(1)?)] as usize;
        match self.ancestor(1).value(system) {
            Value::Object(object) => object.field_at(at).map(|field| field.name),
            Value::Map(entries) => entries.get(at).map(|(name, _)| name.as_str()),
            _ => None,
        }
    }

    /// Makes the handle of the object around it; `None` for the system.
    pub fn parent(self, system: &System) -> Option<Self> {
        (1..=self.depth).map(|steps| self.ancestor(steps)).find(|around| around.object(system).is_some())
    }

    pub fn pointer(self, system: &System) -> Pointer {
        let (mut pointer, mut value) = (Pointer::root(), Value::Object(system.into()));
        for step in self.steps() {
            pointer = match value {
                Value::Object(object) => pointer.join(object.field_at(step).map_or("", |field| field.name)),
                Value::Map(entries) => pointer.join(entries.get(step).map_or("", |(name, _)| name)),
                _ => pointer.index(step),
            };
            value = child(value, step).expect("a handle points into its system");
        }
        pointer
    }

    fn child_value(self, at: usize, value: Option<Value<'_>>) -> Dynamic {
        match value {
            None => Dynamic::UNIT,
            Some(Value::Text(text)) => text.into(),
            Some(Value::Port(port)) => Dynamic::from_int(port.get().into()),
            Some(Value::Object(_) | Value::Map(_) | Value::List(_)) => self.child(position(at)).into(),
        }
    }
}

impl From<Handle> for Dynamic {
    fn from(handle: Handle) -> Self {
        Self::from(handle)
    }
}

fn child(value: Value<'_>, at: usize) -> Option<Value<'_>> {
    match value {
        Value::Object(object) => object.field_at(at)?.value,
        Value::Map(entries) => entries.get(at).map(|(_, object)| Value::Object(object)),
        Value::List(elements) => elements.get(at),
        Value::Text(_) | Value::Port(_) => None,
    }
}

fn is_empty(value: Value<'_>) -> bool {
    match value {
        Value::Map(entries) => entries.is_empty(),
        Value::List(elements) => elements.is_empty(),
        Value::Text(_) | Value::Port(_) | Value::Object(_) => false,
    }
}

pub(super) fn bindings(system: &System, origin: ResourceOrigin) -> &Bindings {
    &system.services[origin.service as usize].bindings.0[origin.bindings as usize]
}

pub(super) fn resource(system: &System, origin: ResourceOrigin) -> &Resource {
    &bindings(system, origin).lists[origin.list as usize].resources[origin.index as usize]
}
