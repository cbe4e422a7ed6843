//! What scripts can ask of lists beside what rhai's arrays have: items by key, pairs of two lists, texts in one.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map, NativeCallContext, Position};

use super::document;
use super::meter::{self, Native};
use super::running;

/// Registers the functions: for arrays, and for lists and maps of the document.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("group_by", |context: NativeCallContext, list: Dynamic, key: FnPtr| -> Native<Map> {
        let items = items("group_by", &list)?;
        let keys = keys(&context, "group_by", &items, key)?;
        group(items, keys)
    });
    engine.register_fn(
        "join",
        |context: NativeCallContext, list: Dynamic, other: Dynamic, key: FnPtr, other_key: FnPtr| -> Native<Array> {
            let (left, right) = (items("join", &list)?, items("join", &other)?);
            let left_keys = keys(&context, "join", &left, key)?;
            let right_keys = keys(&context, "join", &right, other_key)?;
            join(left.into_iter().zip(left_keys), right.into_iter().zip(right_keys))
        },
    );
    engine.register_fn("join", |list: Dynamic, separator: &str| join_texts(items("join", &list)?, separator));
    engine.register_fn("flatten", |list: Dynamic| -> Native<Array> { flatten(items("flatten", &list)?) });
    engine.register_fn("unique", |list: Dynamic| -> Native<Array> { unique(items("unique", &list)?) });
}

fn items(function: &str, list: &Dynamic) -> Native<Array> {
    let found = if list.is_unit() { Some(Array::new()) } else { document::items(list)? };
    found.ok_or_else(|| format!("`{function}` is for lists and maps, found {}", document::describe(list)).into())
}

/// The key of each item, as the function of a script gives it; `None` for `()`.
fn keys(
    context: &NativeCallContext<'_>,
    function: &str,
    items: &Array,
    key: FnPtr,
) -> Native<Vec<Option<ImmutableString>>> {
    let (mut items, mut key) = (Dynamic::from_array(items.clone()), Dynamic::from(key));
    let keys = context.call_native_fn_raw("map", true, &mut [&mut items, &mut key])?.into_array();
    keys.unwrap_or_default().iter().map(|key| text(function, key)).collect()
}

/// A key as text; `None` for `()`.
fn text(function: &str, key: &Dynamic) -> Native<Option<ImmutableString>> {
    if key.is_unit() {
        return Ok(None);
    }
    if key.is_string() || key.is_int() || key.is_bool() || key.is_char() {
        return Ok(Some(key.to_string().into()));
    }
    Err(format!("a key of `{function}` must be a text, a number or a boolean, found {}", document::describe(key))
        .into())
}

/// The items by their key. Those whose key is `()` are left out.
fn group(items: Array, keys: Vec<Option<ImmutableString>>) -> Native<Map> {
    meter::charge(items.len())?;
    let mut groups: HashMap<ImmutableString, Array, RandomState> = HashMap::default();
    for (item, key) in items.into_iter().zip(keys) {
        if let Some(key) = key {
            groups.entry(key).or_default().push(item);
        }
    }
    if groups.len() as u64 > running::with(|running| running.limits.map_entries) {
        return Err(too_large("Size of object map"));
    }
    Ok(groups.into_iter().map(|(key, items)| (key.as_str().into(), Dynamic::from_array(items))).collect())
}

/// The pairs of items with equal keys, in the order of the first list.
fn join(
    left: impl Iterator<Item = (Dynamic, Option<ImmutableString>)>,
    right: impl Iterator<Item = (Dynamic, Option<ImmutableString>)>,
) -> Native<Array> {
    let mut by_key: HashMap<ImmutableString, Array, RandomState> = HashMap::default();
    for (item, key) in right {
        meter::charge(1)?;
        if let Some(key) = key {
            by_key.entry(key).or_default().push(item);
        }
    }
    let most = running::with(|running| running.limits.array_items);
    let mut pairs = Array::new();
    for (item, key) in left {
        let others = key.and_then(|key| by_key.get(&key)).map_or(&[][..], Array::as_slice);
        if (pairs.len() + others.len()) as u64 > most {
            return Err(too_large("Size of array/BLOB"));
        }
        for other in others {
            meter::charge(1)?;
            let pair = [("left", item.clone()), ("right", other.clone())];
            pairs.push(Dynamic::from_map(pair.into_iter().map(|(name, value)| (name.into(), value)).collect()));
        }
    }
    Ok(pairs)
}

/// The items as one text, with a separator between them.
fn join_texts(items: Array, separator: &str) -> Native<String> {
    let most = running::with(|running| running.limits.string_bytes);
    let mut joined = String::new();
    for (index, item) in items.iter().enumerate() {
        meter::charge(1)?;
        if index > 0 {
            joined.push_str(separator);
        }
        if let Some(text) = text("join", item)? {
            joined.push_str(&text);
        }
        if joined.len() as u64 > most {
            return Err(too_large("Length of string"));
        }
    }
    Ok(joined)
}

/// The items of lists in one list; an item that is no list stays as it is.
fn flatten(lists: Array) -> Native<Array> {
    let most = running::with(|running| running.limits.array_items);
    let mut flat = Array::new();
    for list in lists {
        match document::items(&list)? {
            Some(items) => flat.extend(items),
            None => flat.push(list),
        }
        if flat.len() as u64 > most {
            return Err(too_large("Size of array/BLOB"));
        }
    }
    Ok(flat)
}

/// The items without those that were there before: texts, numbers and booleans.
fn unique(items: Array) -> Native<Array> {
    meter::charge(items.len())?;
    let mut seen = std::collections::HashSet::with_hasher(RandomState::default());
    let mut kept = Array::new();
    for item in items {
        let key = text("unique", &item)?;
        if seen.insert(key) {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn too_large(what: &str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorDataTooLarge(what.to_owned(), Position::NONE).into()
}
