//! Keeps values from being nested without end: dropping one takes stack for each level.
//!
//! Only a `set` in a loop makes a value deeper from turn to turn, by as many levels as its tag has lists, maps and
//! filters at most. Tera has no limit for that, so before each such tag a call is put that counts; what is put in
//! has no line feed, and [`CountingTemplate::column`] takes it out of the columns again.

use std::cell::Cell;

use tera::{Error, Kwargs, State, Tera, TeraResult};

/// The most levels that the values of one rendering can have.
const MOST_LEVELS: u32 = 2_000_000;

/// The filter that counts: a filter without arguments costs a tenth of a function with one.
const FILTER: &str = "__nesting";

thread_local! {
    // Each rendering has a thread of its own.
    static LEVELS: Cell<u32> = const { Cell::new(0) };
}

/// Makes the filter that counts known to Tera.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter(FILTER, |levels: u32, _: Kwargs, _: &State<'_>| -> TeraResult<bool> {
        let levels = LEVELS.get().saturating_add(levels);
        LEVELS.set(levels);
        if levels > MOST_LEVELS {
            return Err(Error::message(format!("`set` nests values beyond the limit of {MOST_LEVELS} levels")));
        }
        Ok(false)
    });
}

/// A template's text with the calls that count.
pub(super) struct CountingTemplate {
    /// The text.
    pub(super) text: String,
    /// Line, column and length of what was put in, in characters, from 1, in order.
    inserted: Vec<(usize, usize, usize)>,
}

impl CountingTemplate {
    /// Puts a call before each `set` tag that may nest a value.
    pub(super) fn of(source: &str) -> Self {
        let mut counted = Self { text: String::with_capacity(source.len()), inserted: Vec::new() };
        // The place in the source up to which it was copied.
        let (mut copied, mut line, mut column) = (0, 1, 1);
        for (start, end) in tags(source) {
            let levels = levels(&source[start..end]);
            if levels > 0 {
                let before = &source[copied..start];
                line += before.matches('\n').count();
                let (last, first) = before.rsplit_once('\n').map_or((before, column), |(_, last)| (last, 1));
                column = first + last.chars().count();
                let trim = if source[start..].starts_with("{%-") { "-" } else { "" };
                let call = format!("{{%{trim} if {levels} | {FILTER} %}}{{% endif %}}");
                counted.text.push_str(before);
                counted.text.push_str(&call);
                counted.inserted.push((line, column, call.len()));
                copied = start;
            }
        }
        counted.text.push_str(&source[copied..]);
        counted
    }

    /// The column in the source of a place in the text.
    pub(super) fn column(&self, line: usize, column: usize) -> usize {
        let before = self.inserted.iter().filter(|(at, start, _)| *at == line && *start < column);
        before.fold(column, |column, (_, start, length)| column.saturating_sub(*length).max(*start).min(column))
    }
}

/// Where each `{% … %}` tag starts and ends, outside comments and raw text.
fn tags(source: &str) -> Vec<(usize, usize)> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = source[at..].find('{').map(|found| at + found) {
        let rest = &source[open..];
        let length = if rest.starts_with("{#") {
            rest.find("#}").map(|end| end + 2)
        } else if rest.starts_with("{{") {
            tag_length(rest, "}}")
        } else if rest.starts_with("{%") {
            let length = tag_length(rest, "%}");
            tags.extend(length.map(|length| (open, open + length)));
            match length {
                Some(length) if word(rest) == "raw" => rest[length..].find("endraw").map(|end| length + end),
                length => length,
            }
        } else {
            Some(1)
        };
        // Where something is not closed, Tera has an error to report.
        let Some(length) = length else { break };
        at = open + length;
    }
    tags
}

/// How long a tag is; an end inside quotes is none.
fn tag_length(tag: &str, end: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    for (at, c) in tag.char_indices().skip(2) {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if c == '\\' => is_escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if tag[at..].starts_with(end) => return Some(at + end.len()),
            None => {}
        }
    }
    None
}

/// The first word of a tag.
fn word(tag: &str) -> &str {
    let inside = tag[2..].trim_start_matches('-').trim_start();
    inside.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// How many levels a tag can put around a value.
fn levels(tag: &str) -> usize {
    match word(tag) {
        "set" | "set_global" => {
            tag[2..].match_indices(['[', '{', '|']).filter(|(at, _)| !is_subscript(&tag[2..], *at)).count()
        }
        _ => 0,
    }
}

/// Whether a bracket leads into a value that stands right before it, as in `nodes[id]`, and so makes none.
fn is_subscript(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    text[at..].starts_with('[')
        && match &before[name.len()..] {
            "" => before.ends_with([')', ']', '?']),
            word => !KEYWORDS.contains(&word),
        }
}

/// The words behind which a bracket starts a list.
const KEYWORDS: [&str; 7] = ["and", "else", "if", "in", "is", "not", "or"];
