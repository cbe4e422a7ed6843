//! Reads JSON into trees that know their lines, without what nobody asks for.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;

use crate::tree::{Node, Pair, Place, Value};

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where.
    pub place: Place,
    /// Why, as the rest of a sentence.
    pub why: String,
}

/// Reads the values of a text, which stand one behind the other. Of a key that `is_skipped` names the lists and maps are
/// left out.
///
/// # Errors
/// When the text is no JSON, or is nested more than 127 levels deep.
pub fn read(text: &str, file: usize, is_skipped: &dyn Fn(&str) -> bool) -> Result<Vec<Node>, Broken> {
    let reader = Reader::new(text, file);
    let mut values = Vec::new();
    let mut rest = text;
    while !rest.trim_start().is_empty() {
        let start = text.len() - rest.trim_start().len();
        values.push(reader.read(&text[start..], is_skipped)?);
        // The reader stands behind the value that it has read.
        let mut stream = Deserializer::from_str(&text[start..]).into_iter::<IgnoredAny>();
        let _ = stream.next();
        rest = &text[start + stream.byte_offset()..];
    }
    Ok(values)
}

/// Reads values that are parts of a text.
pub struct Reader<'t>(Position<'t>);

impl<'t> Reader<'t> {
    /// Makes one for the text of a file, a position in the list of files.
    pub fn new(text: &'t str, file: usize) -> Self {
        Self(Position { text, file, line: Cell::new((0, 1, 0)), last: Cell::new(Place::start(file)) })
    }

    /// Reads the value at the start of a part of the text, as [`read`] does.
    ///
    /// # Errors
    /// When the part starts with no JSON, or is nested more than 127 levels deep.
    pub fn read(&self, part: &'t str, is_skipped: &dyn Fn(&str) -> bool) -> Result<Node, Broken> {
        let position = &self.0;
        let start = part.as_ptr() as usize - position.text.as_ptr() as usize;
        let seed = Seed { position, is_skipped, place: position.at(start), is_left_out: false };
        // What is read is a part of the text, so that the places of its texts are known.
        let mut deserializer = Deserializer::from_str(part);
        seed.deserialize(&mut deserializer).map_err(|error| Broken::of(&error, position.text, start, position.file))
    }

    /// Tells where an error is that was found in a part of the text.
    pub fn broken(&self, error: &serde_json::Error, part: &'t str) -> Broken {
        let start = part.as_ptr() as usize - self.0.text.as_ptr() as usize;
        Broken::of(error, self.0.text, start, self.0.file)
    }

    /// The place of a part of the text.
    pub fn place(&self, part: &'t str) -> Place {
        self.0.at(part.as_ptr() as usize - self.0.text.as_ptr() as usize)
    }
}

impl Broken {
    /// Tells where in a file an error is that was found in the part of its text from `start` on.
    pub fn of(error: &serde_json::Error, text: &str, start: usize, file: usize) -> Self {
        let before = &text[..start];
        let line = before.matches('\n').count() + error.line().max(1);
        let on_first =
            if error.line() <= 1 { before.rsplit('\n').next().map_or(0, |last| last.chars().count()) } else { 0 };
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default().to_owned();
        Self { place: Place { file, line, column: error.column().max(1) + on_first }, why }
    }
}

/// Where in the text the reader is.
struct Position<'t> {
    text: &'t str,
    file: usize,
    /// The last place that was asked for: its byte, its line, the byte at which that line starts.
    line: Cell<(usize, usize, usize)>,
    /// The last place that was found, for what has none of its own.
    last: Cell<Place>,
}

impl Position<'_> {
    /// The place of a part of the text, or the last one that was found.
    fn of(&self, part: &str) -> Place {
        let start = part.as_ptr() as usize;
        match start.checked_sub(self.text.as_ptr() as usize).filter(|&at| at <= self.text.len()) {
            // The quote stands before it.
            Some(at) => self.at(at.saturating_sub(1)),
            None => self.last.get(),
        }
    }

    fn at(&self, at: usize) -> Place {
        let (mut from, mut line, mut start) = self.line.get();
        if at < from {
            (from, line, start) = (0, 1, 0);
        }
        for (newline, _) in self.text.as_bytes()[from..at].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            (line, start) = (line + 1, from + newline + 1);
        }
        self.line.set((at, line, start));
        // Lines of JSON are short, or there is only one.
        let column = if at - start < SHOWN { self.text[start..at].chars().count() } else { at - start };
        self.last.set(Place { file: self.file, line, column: column + 1 });
        self.last.get()
    }
}

/// The longest start of a line, in bytes, in which characters are counted.
const SHOWN: usize = 4096;

/// Reads a value.
#[derive(Clone, Copy)]
struct Seed<'s> {
    position: &'s Position<'s>,
    is_skipped: &'s dyn Fn(&str) -> bool,
    place: Place,
    is_left_out: bool,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Seed<'_> {
    fn scalar<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::new(Value::Scalar(text), self.place))
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::new(Value::Null, self.place))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        self.scalar(value.to_string())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        self.scalar(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        self.scalar(value.to_string())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        self.scalar(value.to_string())
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        self.scalar(value.to_owned())
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node, E> {
        Ok(Node::new(Value::Scalar(value.to_owned()), self.position.of(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        if self.is_left_out {
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        while let Some(item) = list.next_element_seed(Seed { place: self.position.last.get(), ..self })? {
            items.push(item);
        }
        items.shrink_to_fit();
        let place = items.first().map_or(self.place, |first| first.place);
        Ok(Node::new(Value::List(items), place))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut pairs: Vec<Pair> = Vec::new();
        if self.is_left_out {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        }
        while let Some(key) = map.next_key_seed(Self { is_left_out: false, ..self })? {
            let place = key.place;
            let Value::Scalar(key) = key.value else { continue };
            let is_left_out = (self.is_skipped)(&key);
            let value = map.next_value_seed(Seed { place, is_left_out, ..self })?;
            pairs.push(Pair { key, place, value });
        }
        pairs.shrink_to_fit();
        let place = pairs.first().map_or(self.place, |first| first.place);
        Ok(Node::new(Value::Map(pairs), place))
    }
}

#[cfg(test)]
mod tests {
    use super::{Broken, read};
    use crate::tree::Node;

    fn place(node: &Node) -> (usize, usize) {
        (node.place.line, node.place.column)
    }

    #[test]
    fn values_know_their_lines() {
        let text = "{\"a\": {\"b\": \"c\",\n  \"dé\": [1, \"x\\n\",\n \"y\"], \"e\": null}}\n{\"f\": true}";
        let values = read(text, 3, &|_| false).expect("it is read");
        let a = values[0].get("a").expect("it is there");
        assert_eq!(a.get("b").map(place), Some((1, 13)));
        assert_eq!(a.pair("dé").map(|pair| (pair.place.line, pair.place.column, pair.place.file)), Some((2, 3, 3)));
        assert_eq!(
            a.get("dé").map(|list| list.items().iter().map(place).collect::<Vec<_>>()),
            Some(vec![(2, 3), (2, 3), (3, 2)])
        );
        assert_eq!(a.get("dé").and_then(|list| list.items()[1].text()), Some("x\n"));
        assert_eq!((a.get("e"), values[1].get("f").and_then(Node::text)), (None, Some("true")));
        assert_eq!(values[1].pair("f").map(|pair| pair.place.line), Some(4));
    }

    #[test]
    fn what_nobody_asks_for_is_left_out() {
        let text = r#"[{"status": {"a": [{"b": 1}]}, "c": [2], "status": "text"}, {"status": [[1]]}]"#;
        let list = read(text, 0, &|key| key == "status").expect("it is read").remove(0);
        let first = &list.items()[0];
        assert_eq!(first.pairs()[0].value.pairs().len(), 0);
        assert_eq!(first.pairs()[2].value.text(), Some("text"));
        assert_eq!(first.get("c").map(|list| list.items().len()), Some(1));
        assert_eq!(list.items()[1].get("status").map(|list| list.items().len()), Some(0));
    }

    #[test]
    fn broken_json_has_a_place() {
        let Broken { place, why } = read("{\"a\": 1}\n{\"b\": \n  x}", 1, &|_| false).expect_err("it is broken");
        assert_eq!((place.file, place.line, place.column), (1, 3, 3));
        assert_eq!(why, "expected value");
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        assert!(read(&deep, 0, &|_| false).expect_err("it is deep").why.contains("recursion limit"));
    }
}
