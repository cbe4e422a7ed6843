//! What scripts can ask of the values of a document.

use rhai::plugin::RhaiResult;
use rhai::{Array, Dynamic, Engine, FnPtr, ImmutableString, NativeCallContext};

use super::handle::{self, CONNECTION_ENDS, Handle, Shape};
use super::meter::{self, Native};
use super::running::with_system;
use super::{key, tree};
use crate::diagnostic::Pointer;
use crate::graph::ResourceOrigin;
use crate::model::{Object, System, field_names, position};
use crate::text::{nearest, quote};

/// A place of the document that is no object, list or map: a text, a number, or something that the document does not
/// have.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    around: Handle,
    /// What leads from the object, list or map around it to the place.
    steps: Vec<ImmutableString>,
}

/// A resource as a service binds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Binding(pub ResourceOrigin);

/// The functions of arrays that lists and maps have, too, with the arguments that they take beside a function.
const OF_ARRAYS: [(&str, usize); 13] = [
    ("all", 0),
    ("some", 0),
    ("filter", 0),
    ("map", 0),
    ("for_each", 0),
    ("find", 0),
    ("find_map", 0),
    ("index_of", 0),
    ("reduce", 0),
    ("reduce", 1),
    ("reduce_rev", 0),
    ("reduce_rev", 1),
    ("order_by", 0),
];

/// Walks the items of a list, or the values of a map.
pub(super) struct Items {
    of: Handle,
    next: usize,
}

impl IntoIterator for Handle {
    type Item = Dynamic;
    type IntoIter = Items;

    fn into_iter(self) -> Items {
        Items { of: self, next: 0 }
    }
}

impl Iterator for Items {
    type Item = Dynamic;

    fn next(&mut self) -> Option<Dynamic> {
        let item = with_system(|system| self.of.item(system, self.next));
        self.next += 1;
        item
    }
}

impl Spot {
    pub fn pointer(&self) -> Pointer {
        let around = with_system(|system| self.around.pointer(system));
        self.steps.iter().fold(around, |pointer, step| pointer.join(step))
    }

    fn at(mut self, step: ImmutableString) -> Self {
        self.steps.push(step);
        self
    }

    fn parent(mut self) -> Dynamic {
        self.steps.pop();
        if self.steps.is_empty() { self.around.into() } else { Dynamic::from(self) }
    }
}

/// Registers the values of a document.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Handle>("document value");
    engine.register_type_with_name::<Spot>("place");
    engine.register_type_with_name::<Binding>("binding");
    for name in field_names().into_iter().chain(CONNECTION_ENDS) {
        engine.register_get(name, move |context: NativeCallContext<'_>, handle: &mut Handle| {
            let value = field(*handle, name)?;
            Native::Ok(if value.is_unit() { key::field(&context) } else { value })
        });
    }
    engine.register_indexer_get(|handle: &mut Handle, name: ImmutableString| match shape(*handle) {
        Shape::Object | Shape::List if tree::is_field(&name) => field(*handle, &name),
        _ => with_system(|system| Ok(handle.get(system, &name).unwrap_or_default())),
    });
    engine.register_indexer_get(item);
    engine.register_indexer_get(|_: &mut Handle, (): ()| ());
    register_navigation(engine);
    register_collections(engine);
    register_bindings(engine);
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |handle: Handle| with_system(|system| handle.pointer(system).as_str().to_owned()));
        engine.register_fn(name, |spot: Spot| spot.pointer().as_str().to_owned());
        engine.register_fn(name, binding_id);
    }
    engine.register_fn("==", |a: Handle, b: Handle| a == b);
    engine.register_fn("!=", |a: Handle, b: Handle| a != b);
    engine.register_fn("==", |a: Handle, (): ()| is_absent(a));
    engine.register_fn("!=", |a: Handle, (): ()| !is_absent(a));
    engine.register_fn("==", |(): (), a: Handle| is_absent(a));
    engine.register_fn("!=", |(): (), a: Handle| !is_absent(a));
    engine.register_fn("==", |a: Binding, b: Binding| a == b);
    engine.register_fn("!=", |a: Binding, b: Binding| a != b);
    engine.register_fn("==", |a: Spot, b: Spot| a.pointer() == b.pointer());
    engine.register_fn("!=", |a: Spot, b: Spot| a.pointer() != b.pointer());
}

fn register_navigation(engine: &mut Engine) {
    engine.register_fn("pointer", |handle: Handle| with_system(|system| handle.pointer(system).as_str().to_owned()));
    engine.register_fn("key", |handle: Handle| with_system(|system| handle.key(system)));
    engine.register_fn("parent", |handle: Handle| {
        with_system(|system| handle.parent(system)).map_or(Dynamic::UNIT, Dynamic::from)
    });
    engine.register_fn("at", |handle: Handle, name: ImmutableString| -> Native<Dynamic> {
        if shape(handle) != Shape::Map {
            let _known = field(handle, &name)?;
        }
        Ok(with_system(|system| match handle.get(system, &name) {
            Ok(value) if value.is::<Handle>() && !is_connection_end(system, handle, &name) => value,
            _ => Dynamic::from(Spot { around: handle, steps: vec![name] }),
        }))
    });
    engine.register_fn("at", |handle: Handle, index: i64| -> Native<Dynamic> {
        if shape(handle) != Shape::List {
            let name = with_system(|system| handle.type_name(system));
            return Err(format!("`at({index})` is for lists; {name} has fields, such as `at(\"name\")`").into());
        }
        let value = usize::try_from(index).ok().and_then(|index| with_system(|system| handle.item(system, index)));
        Ok(match value {
            Some(value) if value.is::<Handle>() => value,
            _ => Dynamic::from(Spot { around: handle, steps: vec![index.to_string().into()] }),
        })
    });
    engine.register_fn("pointer", |spot: Spot| spot.pointer().as_str().to_owned());
    engine.register_fn("key", |spot: Spot| {
        let key = spot.steps.last().cloned().unwrap_or_default();
        match key.parse::<i64>() {
            Ok(index) if spot.steps.len() == 1 && shape(spot.around) == Shape::List => Dynamic::from(index),
            _ => key.into(),
        }
    });
    engine.register_fn("parent", |spot: Spot| spot.parent());
    engine.register_fn("at", |spot: Spot, name: ImmutableString| spot.at(name));
    engine.register_fn("at", |spot: Spot, index: i64| spot.at(index.to_string().into()));
}

fn register_collections(engine: &mut Engine) {
    engine.register_fn("len", |handle: Handle| with_system(|system| number(handle.len(system))));
    engine.register_get("len", |handle: &mut Handle| with_system(|system| number(handle.len(system))));
    engine.register_fn("is_empty", |handle: Handle| with_system(|system| handle.len(system) == 0));
    engine.register_get("is_empty", |handle: &mut Handle| with_system(|system| handle.len(system) == 0));
    engine.register_fn("keys", |handle: Handle| -> Native<Array> {
        let keys = with_system(|system| handle.keys(system));
        meter::charge(keys.len())?;
        Ok(keys.into_iter().map(Dynamic::from).collect())
    });
    engine.register_fn("values", values);
    engine.register_fn("to_array", values);
    engine.register_fn("contains", |handle: Handle, value: Dynamic| -> Native<bool> {
        if shape(handle) == Shape::List {
            let wanted = value.into_immutable_string().ok();
            return Ok(values(handle)?
                .into_iter()
                .any(|item| item.into_immutable_string().is_ok_and(|item| wanted.as_ref() == Some(&item))));
        }
        Ok(value.into_immutable_string().is_ok_and(|name| with_system(|system| handle.contains(system, &name))))
    });
    engine.register_fn("get", |handle: Handle, name: ImmutableString| {
        with_system(|system| handle.get(system, &name).unwrap_or_default())
    });
    for (name, more) in OF_ARRAYS {
        match more {
            0 => engine.register_fn(name, move |context: NativeCallContext, handle: Handle, f: FnPtr| {
                let (mut array, mut f) = (Dynamic::from(values(handle)?), Dynamic::from(f));
                delegate(&context, name, &mut [&mut array, &mut f])
            }),
            _ => engine.register_fn(
                name,
                move |context: NativeCallContext, handle: Handle, f: FnPtr, mut first: Dynamic| {
                    let (mut array, mut f) = (Dynamic::from(values(handle)?), Dynamic::from(f));
                    delegate(&context, name, &mut [&mut array, &mut f, &mut first])
                },
            ),
        };
    }
    engine.register_iterator::<Handle>();
}

fn register_bindings(engine: &mut Engine) {
    engine.register_fn("bindings", |handle: Handle| -> Native<Array> {
        with_system(|system| match (handle.object(system), handle.name(system)) {
            (Some(Object::Service(_)), Some(name)) => Ok(bindings_of(system, name)),
            _ => Err(format!("`bindings()` is for services, not for {}", handle.type_name(system)).into()),
        })
    });
    engine.register_get("id", |binding: &mut Binding| binding_id(*binding));
    engine.register_get("kind", |binding: &mut Binding| {
        with_system(|system| handle::resource(system, binding.0).kind.kind)
    });
    engine.register_get("resource", |binding: &mut Binding| {
        with_system(|system| handle::resource(system, binding.0).kind.resource)
    });
    engine.register_get("provider", |binding: &mut Binding| {
        with_system(|system| handle::bindings(system, binding.0).provider.key)
    });
    engine.register_get("name", |binding: &mut Binding| {
        with_system(|system| ImmutableString::from(handle::resource(system, binding.0).name.as_str()))
    });
    engine.register_get("protocol", |binding: &mut Binding| {
        with_system(|system| handle::resource(system, binding.0).protocol().0)
    });
    engine.register_get("port", |binding: &mut Binding| {
        with_system(|system| i64::from(handle::resource(system, binding.0).protocol().1))
    });
    engine.register_get("service", |binding: &mut Binding| {
        with_system(|system| Handle::service(system, binding.0.service))
    });
    engine.register_get("node", |binding: &mut Binding| with_system(|system| Handle::resource(system, binding.0)));
    engine.register_fn("pointer", |binding: Binding| {
        with_system(|system| Handle::resource(system, binding.0).pointer(system).as_str().to_owned())
    });
    engine.register_indexer_get(|_: &mut Binding, name: &str| -> Native<Dynamic> {
        Err(no_field(name, "binding", &BINDING_FIELDS).into())
    });
}

/// The fields of a binding.
pub(super) const BINDING_FIELDS: [&str; 9] =
    ["id", "kind", "resource", "provider", "name", "protocol", "port", "service", "node"];

fn bindings_of(system: &System, service: &str) -> Array {
    let mut found = Array::new();
    let Some((index, _, of)) = system.services.get_full(service) else { return found };
    let service = position(index);
    for (bindings, of_provider) in of.bindings.0.iter().enumerate() {
        for (list, of_kind) in of_provider.lists.iter().enumerate() {
            for (index, resource) in of_kind.resources.iter().enumerate() {
                if !resource.name.is_empty() {
                    let [bindings, list, index] = [bindings, list, index].map(position);
                    found.push(Dynamic::from(Binding(ResourceOrigin { service, bindings, list, index })));
                }
            }
        }
    }
    found
}

/// The id of the node that a resource is in the graph.
fn binding_id(Binding(origin): Binding) -> String {
    with_system(|system| {
        let resource = handle::resource(system, origin);
        format!("{}:{}", resource.kind.id_prefix, resource.name)
    })
}

/// The object, list or map that a value of a script stands for.
pub(super) fn handle(value: &Dynamic) -> Option<Handle> {
    let binding = || value.clone().try_cast::<Binding>();
    let of = |Binding(origin)| with_system(|system| Handle::resource(system, origin));
    value.clone().try_cast::<Handle>().or_else(|| binding().map(of))
}

/// Describes a value in a message.
pub(super) fn describe(value: &Dynamic) -> String {
    match value.clone().into_immutable_string() {
        Ok(text) => format!("the string {}", quote(&text)),
        Err("()") => "`()`".to_owned(),
        Err(type_name) => {
            let of_document = value.clone().try_cast::<Handle>();
            let of_document = of_document.map(|handle| with_system(|system| handle.type_name(system)));
            let own = type_name.rsplit("::").next().unwrap_or(type_name);
            format!("a value of type `{}`", of_document.unwrap_or(own))
        }
    }
}

fn field(handle: Handle, name: &str) -> Native<Dynamic> {
    with_system(|system| {
        handle.get(system, name).map_err(|_| match handle.shape(system) {
            Shape::Object => no_field(name, handle.type_name(system), &handle.fields(system)).into(),
            Shape::List | Shape::Map => {
                format!("a list has no field {}; iterate over it, or use an index such as `[0]`", quote(name)).into()
            }
        })
    })
}

pub(super) fn no_field(name: &str, of: &str, fields: &[&str]) -> String {
    match nearest(name, fields.iter().copied()) {
        Some(meant) => format!("no field {} on {of}; did you mean {}?", quote(name), quote(meant)),
        None => {
            let fields: Vec<String> = fields.iter().map(|field| quote(field)).collect();
            format!("no field {} on {of}; its fields are {}", quote(name), fields.join(", "))
        }
    }
}

/// Whether a field is one that scripts have and documents have not.
fn is_connection_end(system: &System, handle: Handle, name: &str) -> bool {
    matches!(handle.object(system), Some(Object::Connection(_))) && CONNECTION_ENDS.contains(&name)
}

/// Whether a handle stands for a list or a map that is empty, as one that the document does not have.
fn is_absent(handle: Handle) -> bool {
    with_system(|system| handle.is_empty(system))
}

fn shape(handle: Handle) -> Shape {
    with_system(|system| handle.shape(system))
}

/// Reads an element of a list; `()` where the list ends before it.
fn item(handle: &mut Handle, index: i64) -> Native<Dynamic> {
    with_system(|system| {
        if handle.shape(system) == Shape::Object {
            return Err(format!("{} is not a list: it has no element `[{index}]`", handle.type_name(system)).into());
        }
        let from_start = if index < 0 { index + number(handle.len(system)) } else { index };
        let item = usize::try_from(from_start).ok().and_then(|index| handle.item(system, index));
        Ok(item.unwrap_or_default())
    })
}

/// The items of a list, the values of a map, or the values of the fields that an object has.
fn values(handle: Handle) -> Native<Array> {
    let len = with_system(|system| handle.len(system));
    meter::charge(len)?;
    Ok(with_system(|system| match handle.shape(system) {
        Shape::Object => {
            let keys = handle.keys(system).into_iter();
            keys.map(|name| handle.get(system, &name).unwrap_or_default()).collect()
        }
        Shape::List | Shape::Map => (0..len).filter_map(|index| handle.item(system, index)).collect(),
    }))
}

/// The items of an array, of a list or of a map of the document; `None` of any other value.
pub(super) fn items(value: &Dynamic) -> Native<Option<Array>> {
    if let Some(array) = value.read_lock::<Array>() {
        meter::charge(array.len())?;
        return Ok(Some(array.clone()));
    }
    match value.clone().try_cast::<Handle>() {
        Some(of) if shape(of) != Shape::Object => values(of).map(Some),
        _ => Ok(None),
    }
}

fn delegate(context: &NativeCallContext, name: &str, args: &mut [&mut Dynamic]) -> RhaiResult {
    context.call_native_fn_raw(name, true, args)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
