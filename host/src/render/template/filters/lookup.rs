//! Finding and placing the parts of a graph.

use indexmap::IndexMap;
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
    let (attribute, default) = (kwargs.must_get::<&str>("attribute")?, default(&kwargs)?);
    let mut groups: IndexMap<Key<'static>, Vec<Value>> = IndexMap::new();
    for item in list {
        if let Some(key) = key(item, attribute)?.or_else(|| default.clone()) {
            groups.entry(key).or_default().push(item.clone());
        }
    }
    Ok(groups.into_iter().map(|(key, items)| (key, Value::from(items))).collect())
}

/// Makes a map of a list of maps: the value of an attribute leads to the first that has it.
fn key_by(list: &[Value], kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let attribute = kwargs.must_get::<&str>("attribute")?;
    let mut map = Map::new();
    for item in list {
        if let Some(key) = key(item, attribute)? {
            map.entry(key).or_insert_with(|| item.clone());
        }
    }
    Ok(map)
}

/// Counts the members of a list of maps by the value of an attribute, in the order of their first members. What lacks the
/// attribute counts for `default`, and not at all where there is none.
fn count_by(list: &[Value], kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let (attribute, default) = (kwargs.must_get::<&str>("attribute")?, default(&kwargs)?);
    let mut counts: IndexMap<Key<'static>, u64> = IndexMap::new();
    for item in list {
        if let Some(key) = key(item, attribute)?.or_else(|| default.clone()) {
            *counts.entry(key).or_default() += 1;
        }
    }
    Ok(counts.into_iter().map(|(key, count)| (key, count.into())).collect())
}

/// The key of what lacks an attribute.
fn default(kwargs: &Kwargs) -> TeraResult<Option<Key<'static>>> {
    Ok(kwargs.get::<&str>("default")?.map(|default| default.to_owned().into()))
}

fn key(item: &Value, attribute: &str) -> TeraResult<Option<Key<'static>>> {
    let Some(value) = item.get_from_path(attribute).filter(|value| !value.is_none()) else { return Ok(None) };
    match value.as_str() {
        Some(text) => Ok(Some(text.to_owned().into())),
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
