//! Words for languages whose names have no quotes: PlantUML, DOT, Structurizr, Terraform.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::targets::text;
use crate::render::template::questions::AskedGraph;

/// Words that a language which is written with bare words has for itself.
const RESERVED: [&str; 24] = [
    "actor",
    "as",
    "class",
    "component",
    "container",
    "database",
    "digraph",
    "edge",
    "else",
    "end",
    "graph",
    "group",
    "if",
    "model",
    "node",
    "note",
    "package",
    "person",
    "queue",
    "softwaresystem",
    "strict",
    "subgraph",
    "this",
    "views",
];

thread_local! {
    /// The words of this rendering, which has a thread of its own.
    static WORDS: RefCell<Words> = RefCell::default();
}

/// The words that texts became.
#[derive(Default)]
struct Words {
    of_text: HashMap<String, String>,
    /// Those that are taken, in lower case: some languages do not tell case apart.
    taken: HashSet<String>,
    /// The last number behind each word that several texts would have.
    numbers: HashMap<String, u32>,
}

/// Makes the filter known to Tera.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("identifier", identifier);
}

/// A word of letters, digits and `_` for a text: always the same in a rendering, and no other text has it. Nodes and groups
/// of the graph, named by their ids, have theirs before any other text, in the order of the graph.
fn identifier(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let text = text(value)?;
    Ok(WORDS.with_borrow_mut(|words| {
        if words.of_text.is_empty() {
            AskedGraph::with_ids(|ids| ids.for_each(|id| drop(words.of(id))));
        }
        words.of(&text)
    }))
}

impl Words {
    fn of(&mut self, text: &str) -> String {
        if let Some(word) = self.of_text.get(text) {
            return word.clone();
        }
        let plain = word(text);
        let mut word = plain.clone();
        let number = self.numbers.entry(plain.to_ascii_lowercase()).or_insert(1);
        while RESERVED.contains(&word.to_ascii_lowercase().as_str()) || !self.taken.insert(word.to_ascii_lowercase()) {
            *number += 1;
            word = format!("{plain}_{number}");
        }
        self.of_text.insert(text.to_owned(), word.clone());
        word
    }
}

/// The letters and digits of a text, with one `_` for what is between them.
fn word(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => word.push(c),
            _ if word.ends_with('_') => {}
            _ => word.push('_'),
        }
    }
    let trimmed = word.trim_matches('_');
    if trimmed.starts_with(|c: char| c.is_ascii_alphabetic()) { trimmed.to_owned() } else { format!("n{trimmed}") }
}
