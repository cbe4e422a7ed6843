//! Finding and placing the parts of a graph.

use std::borrow::Cow;

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use tera::value::{Key, Map};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

/// Makes the filters and the function known to Tera.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("group_by", group_by);
    tera.register_filter("key_by", key_by);
    tera.register_filter("count_by", count_by);
    tera.register_function("circle", circle);
}

/// Sorts a list of maps into lists by the value of an attribute, in the order of their first members. What lacks the
/// attribute is in the list of `default`, and left out where there is none.
///
/// Tera's own filter of this name has an order that changes from run to run.
fn group_by(list: &[Value], kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let mut groups: Vec<Vec<Value>> = Vec::new();
    let keys = sorted(list, &kwargs, |group, item| {
        if groups.len() == group {
            groups.push(Vec::new());
        }
        groups[group].push(item.clone());
    })?;
    Ok(keys.into_iter().zip(groups.into_iter().map(Value::from)).collect())
}

/// Makes a map of a list of maps: the value of an attribute leads to the first that has it.
fn key_by(list: &[Value], kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let attribute = kwargs.must_get::<&str>("attribute")?;
    let mut map = Map::with_capacity(list.len());
    for item in list {
        if let Some(key) = key(item, attribute)? {
            map.entry(Key::String(key.as_ref().into())).or_insert_with(|| item.clone());
        }
    }
    Ok(map)
}

/// Counts the members of a list of maps by the value of an attribute, in the order of their first members. What lacks the
/// attribute counts for `default`, and not at all where there is none.
fn count_by(list: &[Value], kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let mut counts: Vec<u64> = Vec::new();
    let keys = sorted(list, &kwargs, |group, _| {
        if counts.len() == group {
            counts.push(0);
        }
        counts[group] += 1;
    })?;
    Ok(keys.into_iter().zip(counts.into_iter().map(Value::from)).collect())
}

/// Finds the group of each member of a list of maps, a number in the order of their first members. Returns the keys of the
/// groups.
fn sorted(list: &[Value], kwargs: &Kwargs, mut add: impl FnMut(usize, &Value)) -> TeraResult<Vec<Key<'static>>> {
    let (attribute, default) = (kwargs.must_get::<&str>("attribute")?, kwargs.get::<&str>("default")?);
    let mut groups: IndexSet<Cow<'_, str>, RandomState> = IndexSet::default();
    for item in list {
        let Some(key) = key(item, attribute)?.or(default.map(Cow::Borrowed)) else { continue };
        let group = match groups.get_index_of(&key) {
            Some(group) => group,
            None => groups.insert_full(key).0,
        };
        add(group, item);
    }
    Ok(groups.iter().map(|key| Key::String(key.as_ref().into())).collect())
}

/// The key of a member of a list.
fn key<'v>(item: &'v Value, attribute: &'v str) -> TeraResult<Option<Cow<'v, str>>> {
    let Some(value) = item.get_from_path(attribute).filter(|value| !value.is_none()) else { return Ok(None) };
    match value.as_str() {
        Some(text) => Ok(Some(text.into())),
        None if value.is_number() || value.is_bool() => Ok(Some(value.to_string().into())),
        None => Err(Error::message(format!("`{attribute}` is a {}, which cannot be a key", value.name()))),
    }
}

/// The `x` and `y` of a point on a circle: `circle(index=0, count=4)`, clockwise from the top, with `radius` 100
/// unless another is given. Rounded to a thousandth, so that every machine gives the same.
fn circle(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let index = kwargs.must_get::<f64>("index")?;
    let count = kwargs.must_get::<f64>("count")?.max(1.0);
    let radius = kwargs.get::<f64>("radius")?.unwrap_or(100.0);
    let (sine, cosine) = (std::f64::consts::TAU * index / count).sin_cos();
    // Adding zero makes a negative zero positive.
    let rounded = |value: f64| (value * radius * 1000.0).round() / 1000.0 + 0.0;
    Ok([("x", rounded(sine)), ("y", rounded(cosine))]
        .map(|(axis, value)| (axis.into(), value.into()))
        .into_iter()
        .collect())
}
