//! A tree of YAML values that know where they stand.

/// Where something stands in the files that were handed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The position of the file in the list of files.
    pub file: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The start of a file.
    pub fn start(file: usize) -> Self {
        Self { file, line: 1, column: 1 }
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it starts.
    pub place: Place,
    /// The tag that compose gives a meaning to when files are merged.
    pub tag: Option<Tag>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A text, a number, a truth value: the text as it stands there.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the file.
    Map(Vec<Pair>),
}

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub place: Place,
    /// The value.
    pub value: Node,
}

/// A tag of compose for the merging of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `!reset`: what earlier files say is taken away.
    Reset,
    /// `!override`: what earlier files say is replaced.
    Override,
}

impl Node {
    /// Makes a value with the place of another one.
    pub fn new(value: Value, place: Place) -> Self {
        Self { value, place, tag: None }
    }

    /// Makes an empty map.
    pub fn empty(place: Place) -> Self {
        Self::new(Value::Map(Vec::new()), place)
    }

    /// The pairs of a map; none of anything else.
    pub fn pairs(&self) -> &[Pair] {
        match &self.value {
            Value::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The pairs of a map, to be changed.
    pub fn pairs_mut(&mut self) -> Option<&mut Vec<Pair>> {
        match &mut self.value {
            Value::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The values of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The values of a list, or a text as the only one: many fields of compose take both.
    pub fn texts(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(_) => std::slice::from_ref(self),
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a truth value that is true.
    pub fn is_true(&self) -> bool {
        self.text().is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y" | "1"))
    }

    /// The pair of a key of a map.
    pub fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs().iter().find(|pair| pair.key == key)
    }

    /// The value of a key of a map, unless it is null.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pair(key).map(|pair| &pair.value).filter(|value| value.value != Value::Null)
    }

    /// The value of a key of a map, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.pairs_mut()?.iter_mut().find(|pair| pair.key == key).map(|pair| &mut pair.value)
    }

    /// What it is, in the words of a message: `a text`, `a list`.
    pub fn noun(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// A list of `NAME=value`, or of names alone, as the map that it stands for. Of a name that stands twice the last
    /// counts. `- NAME: value`, which compose refuses, is read as what it is meant for.
    #[must_use]
    pub fn into_map(self) -> Self {
        let items = match self.value {
            Value::List(items) => items,
            Value::Scalar(_) => vec![self.clone()],
            Value::Null | Value::Map(_) => return self,
        };
        let mut pairs = indexmap::IndexMap::new();
        for item in items {
            let place = item.place;
            match item.value {
                Value::Scalar(text) => {
                    let (key, value) = match text.split_once('=') {
                        Some((key, value)) => (key.to_owned(), Value::Scalar(value.to_owned())),
                        None => (text, Value::Null),
                    };
                    pairs.insert(key.clone(), Pair { key, place, value: Node::new(value, place) });
                }
                Value::Map(inner) => pairs.extend(inner.into_iter().map(|pair| (pair.key.clone(), pair))),
                Value::Null | Value::List(_) => {}
            }
        }
        Self::new(Value::Map(pairs.into_values().collect()), self.place)
    }
}
