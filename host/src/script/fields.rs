//! The names of the fields of the format, as its schema has them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use indexmap::IndexMap;
use serde_json::Value;

use crate::schema::schema;

/// Fields that a connection has for scripts only: the services at its ends.
pub(super) const OF_CONNECTION: [&str; 2] = ["source", "target"];

/// Returns the fields of a type of the format, in its order; none where there is no such type.
pub(super) fn of(type_name: &str) -> Vec<&'static str> {
    types().get(type_name).cloned().unwrap_or_default()
}

/// Returns the name of every field of every type, each once, and [`OF_CONNECTION`].
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    static ALL: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut names = BTreeSet::from(OF_CONNECTION);
        collect(schema(), &mut names);
        names
    });
    all.iter().copied()
}

fn types() -> &'static IndexMap<&'static str, Vec<&'static str>> {
    static TYPES: OnceLock<IndexMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let definitions = schema()["$defs"].as_object().into_iter().flatten();
        let named = definitions.map(|(name, definition)| (name.as_str(), definition));
        let named = named.chain([("System", schema())]);
        let mut types: IndexMap<_, _> = named.map(|(name, definition)| (name, names(definition))).collect();
        types.entry("Connection").or_default().extend(OF_CONNECTION);
        types
    })
}

fn names(definition: &'static Value) -> Vec<&'static str> {
    definition["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

fn collect(schema: &'static Value, into: &mut BTreeSet<&'static str>) {
    match schema {
        Value::Object(object) => {
            into.extend(names(schema));
            object.values().for_each(|value| collect(value, into));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
        _ => {}
    }
}
