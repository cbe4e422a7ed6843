//! Reads JSON into trees that know their lines, without what nobody asks for.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;

use crate::tree::{Node, Pair, Place, Value};

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Where.
    pub place: Place,
    /// Why, as the rest of a sentence.
    pub why: String,
}

/// What is left out of the value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Nothing.
    Nothing,
    /// What is in it, where it is a list or a map.
    Inside,
    /// All of it: the key, too.
    All,
}

/// Leaves out nothing.
pub fn whole(_: &str) -> Skip {
    Skip::Nothing
}

/// Reads the values of a text, which stand one behind the other.
///
/// # Errors
/// When the text is no JSON, or is nested more than 127 levels deep.
pub fn read(text: &str, file: usize, skip: &dyn Fn(&str) -> Skip) -> Result<Vec<Node>, JsonError> {
    let reader = Reader::new(text, file);
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (value, is_last) = reader.first(rest, skip)?;
        values.push(value);
        if is_last {
            break;
        }
        // The next one stands behind the value that was read.
        let mut stream = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        let _ = stream.next();
        rest = rest[stream.byte_offset()..].trim_start();
    }
    Ok(values)
}

/// Reads values that are parts of a text.
pub struct Reader<'t>(Position<'t>);

impl<'t> Reader<'t> {
    /// Makes one for the text of a file, a position in the list of files.
    pub fn new(text: &'t str, file: usize) -> Self {
        Self(Position {
            text,
            file,
            reached: Cell::new(LineCount { at: 0, line: 1, start: 0, column: 0 }),
            last: Cell::new(Place::start(file)),
        })
    }

    /// Reads the value at the start of a part of the text, as [`read`] does.
    ///
    /// # Errors
    /// When the part starts with no JSON, or is nested more than 127 levels deep.
    pub fn read(&self, part: &'t str, skip: &dyn Fn(&str) -> Skip) -> Result<Node, JsonError> {
        self.first(part, skip).map(|(value, _)| value)
    }

    /// Reads the value at the start of a part of the text, and says whether nothing stands behind it.
    fn first(&self, part: &'t str, skip: &dyn Fn(&str) -> Skip) -> Result<(Node, bool), JsonError> {
        let position = &self.0;
        let start = part.as_ptr() as usize - position.text.as_ptr() as usize;
        let seed = Seed { position, skip, place: position.at(start), left_out: Skip::Nothing };
        // What is read is a part of the text, so that the places of its texts are known.
        let mut deserializer = Deserializer::from_str(part);
        let value = seed.deserialize(&mut deserializer);
        let value = value.map_err(|error| JsonError::of(&error, position.text, start, position.file))?;
        Ok((value, deserializer.end().is_ok()))
    }

    /// Tells where an error is that was found in a part of the text.
    pub fn broken(&self, error: &serde_json::Error, part: &'t str) -> JsonError {
        let start = part.as_ptr() as usize - self.0.text.as_ptr() as usize;
        JsonError::of(error, self.0.text, start, self.0.file)
    }

    /// The place of a part of the text.
    pub fn place(&self, part: &'t str) -> Place {
        self.0.at(part.as_ptr() as usize - self.0.text.as_ptr() as usize)
    }
}

impl JsonError {
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
    /// The last byte whose place was asked for.
    reached: Cell<LineCount>,
    /// The last place that was found, for what has none of its own.
    last: Cell<Place>,
}

/// How far the lines of a text are counted.
#[derive(Clone, Copy)]
struct LineCount {
    /// The byte.
    at: usize,
    /// Its line, from 1.
    line: usize,
    /// The byte at which that line starts.
    start: usize,
    /// How many characters stand before the byte in its line.
    column: usize,
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
        let mut reached = self.reached.get();
        if at < reached.at {
            reached = LineCount { at: 0, line: 1, start: 0, column: 0 };
        }
        let passed = &self.text[reached.at..at];
        for newline in memchr::memchr_iter(b'\n', passed.as_bytes()) {
            (reached.line, reached.start, reached.column) = (reached.line + 1, reached.at + newline + 1, 0);
        }
        let uncounted = &self.text[reached.start.max(reached.at)..at];
        // Lines of JSON are short, or there is only one.
        reached.column += if at - reached.start < SHOWN { uncounted.chars().count() } else { uncounted.len() };
        reached.at = at;
        self.reached.set(reached);
        self.last.set(Place { file: self.file, line: reached.line, column: reached.column + 1 });
        self.last.get()
    }
}

/// The longest start of a line, in bytes, in which characters are counted.
const SHOWN: usize = 4096;

/// Reads a value.
#[derive(Clone, Copy)]
struct Seed<'s> {
    position: &'s Position<'s>,
    skip: &'s dyn Fn(&str) -> Skip,
    place: Place,
    left_out: Skip,
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
        if self.left_out != Skip::Nothing {
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
        if self.left_out != Skip::Nothing {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        }
        while let Some(key) = map.next_key_seed(Self { left_out: Skip::Nothing, ..self })? {
            let place = key.place;
            let Value::Scalar(key) = key.value else { continue };
            let left_out = (self.skip)(&key);
            if left_out == Skip::All {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value_seed(Seed { place, left_out, ..self })?;
            pairs.push(Pair { key, place, value });
        }
        pairs.shrink_to_fit();
        let place = pairs.first().map_or(self.place, |first| first.place);
        Ok(Node::new(Value::Map(pairs), place))
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonError, Skip, read, whole};
    use crate::tree::Node;

    fn place(node: &Node) -> (usize, usize) {
        (node.place.line, node.place.column)
    }

    #[test]
    fn values_know_their_lines() {
        let text = "{\"a\": {\"b\": \"c\",\n  \"dé\": [1, \"x\\n\",\n \"y\"], \"e\": null}}\n{\"f\": true}";
        let values = read(text, 3, &whole).expect("it is read");
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
        let several = read("{\"é\": \"ü\", \"b\": [\"ö\", \"x\"]}", 0, &whole).expect("it is read");
        assert_eq!(
            several[0].get("b").map(|list| list.items().iter().map(place).collect::<Vec<_>>()),
            Some(vec![(1, 18), (1, 23)])
        );
    }

    #[test]
    fn what_nobody_asks_for_is_left_out() {
        let text = r#"[{"status": {"a": [{"b": 1}]}, "c": [2], "status": "text"}, {"last": "x", "status": [[1]]}]"#;
        let skip = |key: &str| match key {
            "status" => Skip::Inside,
            "last" => Skip::All,
            _ => Skip::Nothing,
        };
        let list = read(text, 0, &skip).expect("it is read").remove(0);
        let first = &list.items()[0];
        assert_eq!(first.pairs()[0].value.pairs().len(), 0);
        assert_eq!(first.pairs()[2].value.text(), Some("text"));
        assert_eq!(first.get("c").map(|list| list.items().len()), Some(1));
        assert_eq!(list.items()[1].get("status").map(|list| list.items().len()), Some(0));
        assert!(list.items()[1].pair("last").is_none());
    }

    #[test]
    fn broken_json_has_a_place() {
        let JsonError { place, why } = read("{\"a\": 1}\n{\"b\": \n  x}", 1, &whole).expect_err("it is broken");
        assert_eq!((place.file, place.line, place.column), (1, 3, 3));
        assert_eq!(why, "expected value");
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        assert!(read(&deep, 0, &whole).expect_err("it is deep").why.contains("recursion limit"));
    }
}
