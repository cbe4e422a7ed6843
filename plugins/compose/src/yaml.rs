//! Reads YAML into a tree that knows where everything stands: anchors and merge keys are resolved.

use std::collections::HashMap;

use crate::merge::merge;
use libyaml_safer::{EventData as Event, Mark, Parser, ScalarStyle};

/// The most values that a file may have once its aliases are resolved: a few lines of aliases can stand for billions.
pub const MAX_VALUES: usize = 1_000_000;

/// The most levels that values may be nested.
pub const MAX_DEPTH: usize = 128;

/// Says where something stands in the files that were handed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The position of the file in the list of files.
    pub file: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
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

/// Says why a text is not YAML that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where.
    pub place: Place,
    /// Why, as the rest of a sentence.
    pub why: String,
}

impl Node {
    /// Makes a value with the place of another one.
    pub fn new(value: Value, place: Place) -> Self {
        Self { value, place, tag: None }
    }

    /// Returns the pairs of a map; none of anything else.
    pub fn pairs(&self) -> &[Pair] {
        match &self.value {
            Value::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// Returns the values of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value of a key of a map, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Map(pairs) => pairs.iter_mut().find(|pair| pair.key == key).map(|pair| &mut pair.value),
            _ => None,
        }
    }

    /// Returns the values of a map, to be changed; none of anything else.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let pairs = if let Value::Map(pairs) = &mut self.value { pairs.as_mut_slice() } else { &mut [] };
        pairs.iter_mut().map(|pair| &mut pair.value)
    }

    /// Returns the value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.pairs().iter().find(|pair| pair.key == key).map(|pair| &pair.value)
    }
}

/// Reads a file: several documents in it are laid over each other.
///
/// # Errors
/// When the text is no YAML, or passes [`MAX_VALUES`] or [`MAX_DEPTH`].
pub fn read(text: &str, file: usize) -> Result<Node, Broken> {
    let mut parser = Parser::new();
    parser.set_input(text.as_bytes());
    Reader { parser, file, anchors: HashMap::new(), values: 0 }.document()
}

struct Reader<'a> {
    parser: Parser<&'a [u8]>,
    file: usize,
    anchors: HashMap<String, Node>,
    values: usize,
}

impl Reader<'_> {
    fn document(mut self) -> Result<Node, Broken> {
        let mut document = None;
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart { .. } | Event::DocumentStart { .. } | Event::DocumentEnd { .. } => {}
                event => {
                    self.anchors.clear();
                    let next = self.node(event, place, 0)?;
                    // Compose lays several documents of a file over each other.
                    document = Some(match document {
                        Some(first) => merge(first, next),
                        None => next,
                    });
                }
            }
        }
        Ok(document.unwrap_or(Node::new(Value::Null, self.place(Mark::default()))))
    }

    fn next(&mut self) -> Result<(Event, Place), Broken> {
        match self.parser.parse() {
            Ok(event) => Ok((event.data, self.place(event.start_mark))),
            Err(error) => Err(Broken {
                place: self.place(error.problem_mark().unwrap_or_default()),
                why: error.problem().to_owned(),
            }),
        }
    }

    fn place(&self, mark: Mark) -> Place {
        let count = |from_zero: u64| usize::try_from(from_zero).unwrap_or(usize::MAX).saturating_add(1);
        Place { file: self.file, line: count(mark.line), column: count(mark.column) }
    }

    fn node(&mut self, event: Event, place: Place, depth: usize) -> Result<Node, Broken> {
        if depth > MAX_DEPTH {
            return Err(too_deep(place));
        }
        self.count(1, place)?;
        let (value, tag, anchor) = match event {
            Event::Scalar { anchor, tag, value, style, .. } => {
                let is_null =
                    style == ScalarStyle::Plain && matches!(value.as_str(), "" | "~" | "null" | "Null" | "NULL");
                (if is_null { Value::Null } else { Value::Scalar(value) }, tag, anchor)
            }
            Event::SequenceStart { anchor, tag, .. } => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, place) => items.push(self.node(event, place, depth + 1)?),
                    }
                }
                (Value::List(items), tag, anchor)
            }
            Event::MappingStart { anchor, tag, .. } => (self.map(depth)?, tag, anchor),
            Event::Alias { anchor } => {
                let Some(node) = self.anchors.get(&anchor) else {
                    let why = format!("the alias `*{anchor}` has no anchor before it, or stands inside of its own");
                    return Err(Broken { place, why });
                };
                // Counted before it is copied. Found at the alias, where the user has to look first.
                let (size, height) = (size(node), height(node));
                self.count(size, place)?;
                if depth + height > MAX_DEPTH {
                    return Err(too_deep(place));
                }
                return Ok(Node { place, ..self.anchors[&anchor].clone() });
            }
            _ => return Err(Broken { place, why: "the file ends in the middle of a value".into() }),
        };
        let tag = tag.and_then(|tag| match tag.as_str() {
            "!reset" => Some(Tag::Reset),
            "!override" => Some(Tag::Override),
            _ => None,
        });
        let node = Node { value, place, tag };
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn map(&mut self, depth: usize) -> Result<Value, Broken> {
        let (mut pairs, mut merged): (Vec<Pair>, Vec<Node>) = (Vec::new(), Vec::new());
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.node(event, place, depth + 1)?;
            let key = match key.value {
                Value::Scalar(text) => text,
                Value::Null => String::new(),
                _ => return Err(Broken { place, why: "a key is a text here, not a list or a map".into() }),
            };
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            if key == "<<" {
                merged.push(value);
            } else if pairs.iter().any(|pair| pair.key == key) {
                return Err(Broken { place, why: format!("the key `{key}` stands twice in this map") });
            } else {
                pairs.push(Pair { key, place, value });
            }
        }
        for node in merged {
            let Node { value, place, .. } = node;
            let sources = match value {
                Value::List(items) => items,
                value => vec![Node::new(value, place)],
            };
            for source in sources {
                let Value::Map(inherited) = source.value else {
                    return Err(Broken { place: source.place, why: "`<<` takes a map, or a list of maps".into() });
                };
                for pair in inherited {
                    if pairs.iter().all(|own| own.key != pair.key) {
                        pairs.push(pair);
                    }
                }
            }
        }
        Ok(Value::Map(pairs))
    }

    fn count(&mut self, values: usize, place: Place) -> Result<(), Broken> {
        self.values += values;
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        Err(Broken {
            place,
            why: format!("the file has more than {MAX_VALUES} values, aliases counted as often as used"),
        })
    }
}

/// Counts the values in a tree.
fn size(node: &Node) -> usize {
    match &node.value {
        Value::Null | Value::Scalar(_) => 1,
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(pairs) => 1 + pairs.iter().map(|pair| size(&pair.value)).sum::<usize>(),
    }
}

/// Counts the levels below a value.
fn height(node: &Node) -> usize {
    match &node.value {
        Value::Null | Value::Scalar(_) => 0,
        Value::List(items) => 1 + items.iter().map(height).max().unwrap_or_default(),
        Value::Map(pairs) => 1 + pairs.iter().map(|pair| height(&pair.value)).max().unwrap_or_default(),
    }
}

fn too_deep(place: Place) -> Broken {
    Broken { place, why: format!("values are nested more than {MAX_DEPTH} levels deep") }
}
