//! Values of a JSON text: what is in them, whether two are the same, how they are written on one line.

use std::borrow::Cow;

use crate::source::json::{Json, Kind};

/// The keys that name an element of a list of objects: an element that has the same of one of them is changed, and not
/// replaced.
const NAMES: [&str; 5] = ["name", "port", "modelId", "id", "toService"];

/// Writes the key of a member.
pub(super) fn push_key(out: &mut String, key: Option<&str>) {
    if let Some(key) = key {
        out.push_str(&serde_json::Value::from(key).to_string());
        out.push_str(": ");
    }
}

/// The members of an object with their keys, or the elements of a list.
pub(super) fn items(value: Json<'_>) -> Vec<(Option<Cow<'_, str>>, Json<'_>)> {
    match value.kind() {
        Kind::Object => value.members().into_iter().map(|member| (member.key.string(), member.value)).collect(),
        _ => value.elements().into_iter().map(|element| (None, element)).collect(),
    }
}

/// What stands around the items of an object or a list.
pub(super) fn brackets(value: Json<'_>) -> Option<[char; 2]> {
    match value.kind() {
        Kind::Object => Some(['{', '}']),
        Kind::Array => Some(['[', ']']),
        Kind::String | Kind::Number | Kind::Boolean | Kind::Null => None,
    }
}

/// Writes a value on one line, as people do: a space behind each colon and comma.
pub(super) fn spaced(out: &mut String, value: Json<'_>) {
    let Some([start, end]) = brackets(value) else { return out.push_str(value.raw()) };
    out.push(start);
    for (position, (key, value)) in items(value).into_iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        push_key(out, key.as_deref());
        spaced(out, value);
    }
    out.push(end);
}

/// Whether two values are written alike, or are the same text or number.
pub(super) fn is_equal(value: Json<'_>, other: Json<'_>) -> bool {
    if value.raw() == other.raw() {
        return true;
    }
    match value.kind() {
        Kind::String => value.string().is_some_and(|own| other.string() == Some(own)),
        Kind::Number => value.raw().parse::<f64>().is_ok_and(|own| other.raw().parse() == Ok(own)),
        Kind::Object | Kind::Array | Kind::Boolean | Kind::Null => false,
    }
}

pub(super) fn is_empty(value: Json<'_>) -> bool {
    brackets(value).is_some() && items(value).is_empty()
}

/// What tells an element of a list from the others: its name, else all of it.
pub(super) fn identity(element: Json<'_>) -> String {
    let mut whole = String::new();
    let members = element.members();
    let get = |name: &str| members.iter().find(|member| member.key.string().is_some_and(|key| key == name));
    // A rule of a network is what it says as a whole.
    let name = NAMES.iter().find_map(|name| get(name)).filter(|_| get("direction").is_none());
    match name {
        Some(name) => format!("{}={}", name.key.raw(), plain(name.value)),
        None if brackets(element).is_none() => plain(element),
        None => {
            spaced(&mut whole, element);
            whole
        }
    }
}

/// A text or number as it reads, whatever escapes it is written with.
fn plain(value: Json<'_>) -> String {
    value.string().map_or_else(|| value.raw().to_owned(), |text| format!("\"{text}\""))
}
