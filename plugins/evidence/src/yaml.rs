//! Reads YAML into trees: anchors, aliases and merge keys are resolved.

use std::collections::{HashMap, HashSet};

use libyaml_safer::{EventData as Event, Mark, Parser, ScalarStyle};

use crate::spacing::SpacedText;
use crate::tree::{Node, Pair, Place, Tag, Value};

/// The most values that a file may have once its aliases are resolved: a few lines of aliases can stand for billions.
pub const MAX_VALUES: usize = 1_000_000;

/// The most levels that values may be nested.
pub const MAX_DEPTH: usize = 128;

/// Why a text is not YAML that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Where.
    pub place: Place,
    /// Why, as the rest of a sentence.
    pub why: String,
    /// The next step.
    pub help: &'static str,
}

impl YamlError {
    fn new(place: Place, why: String) -> Self {
        Self { place, why, help: "correct the file at this place" }
    }

    fn too_deep(place: Place) -> Self {
        Self::new(place, format!("values are nested more than {MAX_DEPTH} levels deep"))
    }
}

/// Reads the documents of a file; empty ones are left out.
///
/// # Errors
/// When the text is no YAML, or passes [`MAX_VALUES`] or [`MAX_DEPTH`].
pub fn read(text: &str, file: usize) -> Result<Vec<Node>, YamlError> {
    if let Some((at, control)) = text.char_indices().find(|&(_, one)| !is_allowed(one)) {
        let line = text[..at].matches('\n').count() + 1;
        let column = text[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let why = format!("the control character U+{:04X} cannot stand in YAML", u32::from(control));
        return Err(YamlError { place: Place { file, line, column }, why, help: "take it out" });
    }
    // The parser panics where a file ends inside of a text, and not behind a line.
    let whole;
    let text = if text.ends_with('\n') {
        text
    } else {
        whole = format!("{text}\n");
        whole.as_str()
    };
    let spaced = SpacedText::of(text);
    let mut parser = Parser::new();
    parser.set_input(spaced.text.as_bytes());
    let reader = Reader { parser, file, spaced: &spaced, anchors: HashMap::new(), values: 0 };
    reader.documents().map_err(|broken| tab(text, &broken).unwrap_or(broken))
}

/// Whether YAML takes a character as it is.
fn is_allowed(one: char) -> bool {
    matches!(one, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

/// The tab that broke a file, where one did: YAML takes only spaces as indentation.
fn tab(text: &str, broken: &YamlError) -> Option<YamlError> {
    let indented = |line: &str| {
        let blank = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        blank.contains('\t').then(|| blank.chars().take_while(|&character| character == ' ').count())
    };
    let last = broken.place.line;
    let first = last.saturating_sub(1).max(1);
    let mut lines = (first..).zip(text.lines().skip(first - 1)).take_while(|&(number, _)| number <= last);
    let (line, column) = lines.find_map(|(number, line)| Some((number, indented(line)? + 1)))?;
    let why = "a tab stands in the indentation, where YAML takes only spaces".to_owned();
    let place = Place { line, column, ..broken.place };
    Some(YamlError { place, why, help: "replace the tabs of the file by spaces" })
}

struct Reader<'a> {
    parser: Parser<&'a [u8]>,
    file: usize,
    spaced: &'a SpacedText<'a>,
    anchors: HashMap<String, Node>,
    values: usize,
}

impl Reader<'_> {
    fn documents(mut self) -> Result<Vec<Node>, YamlError> {
        let mut documents = Vec::new();
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(documents),
                Event::StreamStart { .. } | Event::DocumentStart { .. } | Event::DocumentEnd { .. } => {}
                event => {
                    self.anchors.clear();
                    let node = self.node(event, place, 0)?;
                    if node.value != Value::Null {
                        documents.push(node);
                    }
                }
            }
        }
    }

    fn next(&mut self) -> Result<(Event, Place), YamlError> {
        match self.parser.parse() {
            Ok(event) => Ok((event.data, self.place(event.start_mark))),
            Err(error) => {
                let place = self.place(error.problem_mark().unwrap_or_default());
                let within = error.context().zip(error.context_mark()).map(|(context, mark)| {
                    let line = self.place(mark).line;
                    if line == place.line { format!(" {context}") } else { format!(" {context} from line {line} on") }
                });
                Err(YamlError::new(place, format!("{}{}", error.problem(), within.unwrap_or_default())))
            }
        }
    }

    fn place(&self, mark: Mark) -> Place {
        let count = |from_zero: u64| usize::try_from(from_zero).unwrap_or(usize::MAX).saturating_add(1);
        let (line, column) = (count(mark.line), count(mark.column));
        Place { file: self.file, line, column: self.spaced.column(line, column) }
    }

    fn node(&mut self, event: Event, place: Place, depth: usize) -> Result<Node, YamlError> {
        if depth > MAX_DEPTH {
            return Err(YamlError::too_deep(place));
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
                // Most lists are short, and there are many.
                items.shrink_to_fit();
                (Value::List(items), tag, anchor)
            }
            Event::MappingStart { anchor, tag, .. } => (self.map(depth)?, tag, anchor),
            Event::Alias { anchor } => return self.alias(&anchor, place, depth),
            _ => return Err(YamlError::new(place, "the file ends in the middle of a value".into())),
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

    fn alias(&mut self, anchor: &str, place: Place, depth: usize) -> Result<Node, YamlError> {
        let Some(node) = self.anchors.get(anchor) else {
            let why = format!("the alias `*{anchor}` has no anchor before it, or stands inside of its own");
            return Err(YamlError::new(place, why));
        };
        // Counted before it is copied. Found at the alias, where the user has to look first.
        let (size, height) = (size(node), height(node));
        self.count(size, place)?;
        if depth + height > MAX_DEPTH {
            return Err(YamlError::too_deep(place));
        }
        Ok(Node { place, ..self.anchors[anchor].clone() })
    }

    fn map(&mut self, depth: usize) -> Result<Value, YamlError> {
        let (mut pairs, mut inherited, mut keys): (Vec<Pair>, Vec<Node>, HashSet<String>) = Default::default();
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.node(event, place, depth + 1)?;
            let key = match key.value {
                Value::Scalar(text) => text,
                Value::Null => String::new(),
                _ => return Err(YamlError::new(place, "a key has to be a text, not a list or a map".into())),
            };
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            if key == "<<" {
                inherited.push(value);
            } else if keys.insert(key.clone()) {
                pairs.push(Pair { key, place, value });
            } else {
                return Err(YamlError::new(place, format!("the key `{key}` stands twice in this map")));
            }
        }
        for Node { value, place, .. } in inherited {
            let sources = match value {
                Value::List(items) => items,
                value => vec![Node::new(value, place)],
            };
            for source in sources {
                let Value::Map(inherited) = source.value else {
                    return Err(YamlError::new(source.place, "`<<` takes a map, or a list of maps".into()));
                };
                pairs.extend(inherited.into_iter().filter(|pair| keys.insert(pair.key.clone())));
            }
        }
        pairs.shrink_to_fit();
        Ok(Value::Map(pairs))
    }

    fn count(&mut self, values: usize, place: Place) -> Result<(), YamlError> {
        self.values += values;
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        let why = format!("the file has more than {MAX_VALUES} values, aliases counted as often as used");
        Err(YamlError::new(place, why))
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

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_tab_is_called_a_tab() {
        for (text, line, column) in [
            ("services:\n\tweb:\n\t\timage: nginx\n", 2, 1),
            ("services:\n  web:\n\timage: nginx\n", 3, 1),
            ("services:\n  web:\n  \timage: nginx\n  \tports: [1]\n", 3, 3),
        ] {
            let broken = read(text, 0).expect_err(text);
            assert!(broken.why.starts_with("a tab stands in the indentation"), "{text}: {}", broken.why);
            assert_eq!((broken.place.line, broken.place.column), (line, column), "{text}");
        }
        assert!(read("a: \"x\ty\"\nb: |\n  all:\n  \techo\n", 0).is_ok(), "tabs in texts are fine");
    }

    #[test]
    fn a_file_may_end_anywhere() {
        for text in [
            "a: |\n  b",
            "a: >-",
            "a: 'b",
            "a: \"\\",
            "a: \"b\\",
            "a: !",
            "a: &",
            "? ",
            "a: |\n  b\r",
            "%Y",
            "#",
            "a: [b",
        ] {
            drop(read(text, 0));
        }
        let block = read("a: |\n  b", 0).expect("it is read").remove(0);
        assert_eq!(block.get("a").and_then(super::Node::text), Some("b\n"));
        let control = read("a: 1\nb: x\u{0}\n", 0).expect_err("it is refused");
        assert_eq!((control.place.line, control.place.column), (2, 5));
        assert_eq!(control.why, "the control character U+0000 cannot stand in YAML");
    }

    #[test]
    fn a_tag_may_stand_before_a_comma() {
        let node = read("a: {b: !reset, c: !override [1], d: e}", 0).expect("it is read").remove(0);
        let place = node.get("a").and_then(|a| a.pair("d")).map(|pair| pair.place.column);
        assert_eq!((node.get("a").map(|a| a.pairs().len()), place), (Some(3), Some(34)));
    }

    #[test]
    fn the_place_that_a_fault_started_at_is_told() {
        let broken = read("services:\n  a: [1,\n  b: 2\n", 0).expect_err("it is broken");
        assert!(broken.why.contains("from line 2 on"), "{}", broken.why);
    }
}
