//! A hash of the content of a part of a document: equal for two parts that differ only in the order of their lists and
//! maps.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::RandomState;

use crate::catalogue::Field;
use crate::model::{FieldValue, Object, Value};

/// Makes of a text of a field, an element of its list or a key of its map what the new version has instead.
pub(super) type Translate<'t, 'a> = &'t dyn Fn(&'static str, &'a str) -> Cow<'a, str>;

/// Sums up every field of an object, with names as `translate` gives them.
pub(super) fn of<'a>(object: Object<'a>, hasher: &RandomState, translate: Translate<'_, 'a>) -> u64 {
    let mut sum = Sum(hasher, 0);
    for (field, value) in object.values() {
        match value {
            Value::Text(text) => sum.add((field, translate(field, text))),
            Value::Port(port) => sum.add((field, port)),
            Value::Object(_) | Value::Map(_) | Value::List(_) => {
                sum.add((field, of_value(field, value, hasher, translate)));
            }
        }
    }
    sum.1
}

fn of_value<'a>(field: &'static str, value: Value<'a>, hasher: &RandomState, translate: Translate<'_, 'a>) -> u64 {
    let mut sum = Sum(hasher, 0);
    match value {
        Value::Text(text) => sum.add(translate(field, text)),
        Value::Port(port) => sum.add(port),
        Value::Object(object) => sum.add((object.type_name(), of(object, hasher, translate))),
        Value::Map(entries) => entries.iter().for_each(|(name, object)| {
            sum.add((translate(field, name), of(object, hasher, translate)));
        }),
        Value::List(elements) => {
            elements.iter().for_each(|element| sum.add(of_value(field, element, hasher, translate)));
        }
    }
    sum.1
}

/// Leaves every text as it is.
pub(super) fn same<'a>(_: &'static str, text: &'a str) -> Cow<'a, str> {
    text.into()
}

/// Sums up fields of the catalogue.
pub(super) fn of_fields(fields: &[(&'static Field, FieldValue)], hasher: &RandomState) -> u64 {
    let mut sum = Sum(hasher, 0);
    for (field, value) in fields {
        match value {
            FieldValue::Text(text) => sum.add((field.name, text)),
            FieldValue::Port(port) => sum.add((field.name, port)),
            FieldValue::List(list) => list.iter().for_each(|text| sum.add((field.name, "element", text))),
        }
    }
    sum.1
}

/// A hash of a set of values with duplicates.
struct Sum<'h>(&'h RandomState, u64);

impl Sum<'_> {
    fn add(&mut self, value: impl Hash) {
        self.1 = self.1.wrapping_add(self.0.hash_one(value));
    }
}
