//! What scripts can ask of `()`, which stands for what a document does not have: it is empty. Lists have no items, texts
//! match nothing, and a field of it is `()` again, if the format has a field of that name.

use std::any::TypeId;
use std::iter;

use rhai::{Array, Dynamic, Engine, FnPtr, ImmutableString, Module, NativeCallContext};

use super::document::{BINDING_FIELDS, no_field};
use super::graph::ITEM_FIELDS;
use super::handle::CONNECTION_ENDS;
use super::meter::Native;
use super::{key, optional, tree};
use crate::model::field_names;

/// Registers the functions of `()`.
pub(super) fn register(engine: &mut Engine) {
    register_fields(engine);
    register_collections(engine);
    register_texts(engine);
    #[expect(deprecated, reason = "rhai marks what it may still change so; its version is pinned")]
    engine.on_missing_function(|name, arguments, _, _| {
        let is_absent = arguments.first().is_some_and(|value| value.is_unit());
        Ok((is_absent && optional::contains(name)).then_some(Dynamic::UNIT))
    });
}

fn register_fields(engine: &mut Engine) {
    let names = || field_names().into_iter().chain(CONNECTION_ENDS).chain(BINDING_FIELDS).chain(ITEM_FIELDS);
    for name in names() {
        engine.register_get(name, |context: NativeCallContext<'_>, (): &mut ()| key::field(&context));
    }
    engine.register_get("len", |(): &mut ()| 0_i64);
    engine.register_get("is_empty", |(): &mut ()| true);
    engine.register_indexer_get(move |(): &mut (), name: ImmutableString| -> Native<()> {
        if !tree::is_field(&name) || optional::contains(&name) {
            return Ok(());
        }
        let names: Vec<&str> = names().collect();
        Err(no_field(&name, "a value that the document does not have", &names).into())
    });
    engine.register_indexer_get(|(): &mut (), _: i64| ());
    engine.register_indexer_get(|(): &mut (), (): ()| ());
    for name in ["key", "parent", "bindings"] {
        engine.register_fn(name, |(): ()| ());
    }
    engine.register_fn("pointer", |(): ()| "");
    engine.register_fn("at", |(): (), _: Dynamic| ());
    engine.register_fn("get", |(): (), _: Dynamic| ());
}

fn register_collections(engine: &mut Engine) {
    let mut iterators = Module::new();
    iterators.set_iter(TypeId::of::<()>(), |_| Box::new(iter::empty()));
    engine.register_global_module(iterators.into());
    engine.register_fn("len", |(): ()| 0_i64);
    engine.register_fn("is_empty", |(): ()| true);
    engine.register_fn("contains", |(): (), _: Dynamic| false);
    engine.register_fn("index_of", |(): (), _: Dynamic| -1_i64);
    for name in ["keys", "values", "to_array"] {
        engine.register_fn(name, |(): ()| Array::new());
    }
    for name in ["filter", "map", "order_by"] {
        engine.register_fn(name, |(): (), _: FnPtr| Array::new());
    }
    for name in ["find", "find_map", "for_each", "reduce", "reduce_rev"] {
        engine.register_fn(name, |(): (), _: FnPtr| ());
    }
    for name in ["reduce", "reduce_rev"] {
        engine.register_fn(name, |(): (), _: FnPtr, first: Dynamic| first);
    }
    engine.register_fn("all", |(): (), _: FnPtr| true);
    engine.register_fn("some", |(): (), _: FnPtr| false);
}

fn register_texts(engine: &mut Engine) {
    for name in ["starts_with", "ends_with"] {
        engine.register_fn(name, |(): (), _: Dynamic| false);
    }
    for name in ["contains", "starts_with", "ends_with", "matches", "glob"] {
        engine.register_fn(name, |_: &str, (): ()| false);
    }
    engine.register_fn("index_of", |_: &str, (): ()| -1_i64);
    for name in ["to_upper", "to_lower", "make_upper", "make_lower", "trim", "parse_int"] {
        engine.register_fn(name, |(): ()| ());
    }
    engine.register_fn("sub_string", |(): (), _: Dynamic| ());
    engine.register_fn("sub_string", |(): (), _: Dynamic, _: Dynamic| ());
    engine.register_fn("replace", |(): (), _: Dynamic, _: Dynamic| ());
    for name in ["split", "to_chars", "chars"] {
        engine.register_fn(name, |(): ()| Array::new());
    }
    for name in ["split", "split_rev"] {
        engine.register_fn(name, |(): (), _: Dynamic| Array::new());
        engine.register_fn(name, |(): (), _: Dynamic, _: Dynamic| Array::new());
    }
}
