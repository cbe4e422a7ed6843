//! Finds places in the text, all in one walk that reads only the parts that lead to one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Json, Kind};
use crate::diagnostic::Place;

/// Finds the range of bytes of each place, in the order of the places.
pub(super) fn locate<'a>(text: &str, places: impl IntoIterator<Item = &'a Place>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut lookups = Vec::new();
    for (index, place) in places.into_iter().enumerate() {
        found.push(match place {
            Place::Bytes(range) => range.clone(),
            Place::Value(_) | Place::Key(_) | Place::File => 0..0,
        });
        if let Some(pointer) = place.pointer() {
            let part = if matches!(place, Place::Key(_)) { Part::Key } else { Part::Value };
            lookups.push(Lookup { index, part, segments: pointer.segments().collect() });
        }
    }
    if lookups.is_empty() {
        return found;
    }
    let start = text.len() - text.trim_start_matches(SPACE).len();
    let wanted = lookups.iter().collect();
    let mut walk = Walk { text, found: &mut found };
    let value = Value { walk: &mut walk, wanted, kind: Kind::at(text, start), key: start..start + 1, depth: 0 };
    let mut reader = serde_json::Deserializer::from_str(text);
    if value.deserialize(&mut reader).and_then(|()| reader.end()).is_err() {
        // The text is not JSON.
        lookups.iter().for_each(|lookup| found[lookup.index] = 0..0);
    }
    found
}

/// What may stand between the parts of a JSON text.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// A place to find.
struct Lookup {
    index: usize,
    part: Part,
    segments: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Key,
    Value,
}

struct Walk<'w> {
    text: &'w str,
    found: &'w mut [Range<usize>],
}

/// A value in which something is wanted, as it is read.
struct Value<'v, 'w, 'l> {
    walk: &'v mut Walk<'w>,
    wanted: Vec<&'l Lookup>,
    /// What it seems to be, by its first character.
    kind: Kind,
    /// What stands for it where what is wanted is missing: its key, or of an element of a list, its first character.
    key: Range<usize>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { walk, wanted, kind, key, depth } = self;
        let mut inside: HashMap<&str, Vec<&Lookup>> = HashMap::new();
        let mut whole = Vec::new();
        for want in wanted {
            // Until something nearer is found.
            walk.found[want.index] = key.clone();
            match want.segments.get(depth) {
                Some(segment) => inside.entry(segment).or_default().push(want),
                None if want.part == Part::Value => whole.push(want.index),
                None => {}
            }
        }
        let is_leaf = inside.is_empty() || !matches!(kind, Kind::Object | Kind::Array);
        if whole.is_empty() {
            return match kind {
                _ if is_leaf => IgnoredAny::deserialize(deserializer).map(|_| ()),
                Kind::Array => deserializer.deserialize_seq(MemberTargets { walk, wanted: inside, depth }),
                _ => deserializer.deserialize_map(MemberTargets { walk, wanted: inside, depth }),
            };
        }
        let value = <&RawValue>::deserialize(deserializer)?.get();
        let range = range(walk.text, value);
        whole.into_iter().for_each(|index| walk.found[index] = range.clone());
        if is_leaf {
            return Ok(());
        }
        // Read again: the members of a value whose end is wanted, too.
        let mut reader = serde_json::Deserializer::from_str(value);
        let members = MemberTargets { walk, wanted: inside, depth };
        let read = if kind == Kind::Array { reader.deserialize_seq(members) } else { reader.deserialize_map(members) };
        read.map_err(D::Error::custom)
    }
}

/// What is wanted in the members of an object, by their keys, or in the elements of an array.
struct MemberTargets<'v, 'w, 'l> {
    walk: &'v mut Walk<'w>,
    wanted: HashMap<&'l str, Vec<&'l Lookup>>,
    depth: usize,
}

impl<'de> Visitor<'de> for MemberTargets<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<&'de RawValue>()? {
            let name = Json::of(key).string().unwrap_or(Cow::Borrowed(""));
            // The first of two equal keys counts, as it does where the document is loaded.
            let Some(wanted) = self.wanted.remove(name.as_ref()) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let key = range(self.walk.text, key.get());
            let rest = self.walk.text[key.end..].trim_start_matches(SPACE);
            let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start_matches(SPACE);
            let kind = Kind::at(rest, 0);
            map.next_value_seed(Value { walk: self.walk, wanted, kind, key, depth: self.depth + 1 })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while !self.wanted.is_empty() {
            let wanted = self.wanted.remove(index.to_string().as_str());
            index += 1;
            let Some(wanted) = wanted else {
                if seq.next_element::<IgnoredAny>()?.is_none() {
                    return Ok(());
                }
                continue;
            };
            let Some(element) = seq.next_element::<&'de RawValue>()?.map(RawValue::get) else { return Ok(()) };
            let start = range(self.walk.text, element).start;
            let kind = Kind::at(element, 0);
            let value = Value { walk: self.walk, wanted, kind, key: start..start + 1, depth: self.depth + 1 };
            value.deserialize(&mut serde_json::Deserializer::from_str(element)).map_err(A::Error::custom)?;
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// The range of bytes of a part of a text.
fn range(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}
