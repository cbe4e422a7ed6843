//! Finds places in the text, all in one walk that reads only the parts that lead to one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

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
    if let (false, Ok(root)) = (lookups.is_empty(), Json::parse(text)) {
        let start = root.range(text).start;
        let mut walk = Walk { text, found: &mut found };
        let lookups: Vec<&Lookup> = lookups.iter().collect();
        walk.visit(root, start..start + 1, &lookups, 0);
    }
    found
}

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

impl Walk<'_> {
    /// Finds what is wanted in a value. `key` is what stands for it where what is wanted is missing: its key, or of an
    /// element of a list, its first character.
    fn visit(&mut self, value: Json<'_>, key: Range<usize>, wanted: &[&Lookup], depth: usize) {
        let mut inside: HashMap<&str, Vec<&Lookup>> = HashMap::new();
        for &want in wanted {
            // Until something nearer is found.
            self.found[want.index] = key.clone();
            match want.segments.get(depth) {
                Some(segment) => inside.entry(segment).or_default().push(want),
                None if want.part == Part::Value => self.found[want.index] = value.range(self.text),
                None => {}
            }
        }
        if inside.is_empty() {
            return;
        }
        match value.kind() {
            Kind::Object => {
                for member in value.members() {
                    let name = member.key.string().unwrap_or(Cow::Borrowed(""));
                    // The first of two equal keys counts, as it does where the document is loaded.
                    if let Some(wanted) = inside.remove(name.as_ref()) {
                        self.visit(member.value, member.key.range(self.text), &wanted, depth + 1);
                    }
                }
            }
            Kind::Array => {
                for (index, element) in value.elements().into_iter().enumerate() {
                    if let Some(wanted) = inside.remove(index.to_string().as_str()) {
                        let start = element.range(self.text).start;
                        self.visit(element, start..start + 1, &wanted, depth + 1);
                    }
                }
            }
            Kind::String | Kind::Number | Kind::Boolean | Kind::Null => {}
        }
    }
}
