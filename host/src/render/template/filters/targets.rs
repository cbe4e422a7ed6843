//! One filter a target: whatever the text, the target shows exactly that text.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Write};

use spec_engine_plugin::quote;
use tera::{Error, Filter, Kwargs, State, Tera, TeraResult, Value};

/// Makes the filters known to Tera.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("d2", Quote { push: quote::push_d2, is_safe: false });
    tera.register_filter("mermaid", Quote { push: quote::push_mermaid, is_safe: false });
    tera.register_filter("dot", Quote { push: quote::push_dot, is_safe: false });
    tera.register_filter("dot_id", Quote { push: push_dot_id, is_safe: false });
    tera.register_filter("csv", Quote { push: quote::push_csv, is_safe: false });
    tera.register_filter("markdown", Quote { push: quote::push_markdown, is_safe: false });
    tera.register_filter("xml", Quote { push: quote::push_xml, is_safe: true });
    tera.register_filter("html", Quote { push: quote::push_xml, is_safe: true });
    tera.register_filter("json", json);
}

thread_local! {
    /// The characters that the filters left out on this thread, since their target cannot hold them.
    static DROPPED: Cell<usize> = const { Cell::new(0) };
}

/// How many characters the filters left out on this thread, since their target cannot hold them. A rendering has
/// a thread of its own.
pub fn dropped() -> usize {
    DROPPED.get()
}

/// Escapes what a template of a markup language writes without a filter.
pub fn escape_xml(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut escaped = String::with_capacity(text.len() + 8);
    DROPPED.set(DROPPED.get() + quote::push_xml(&mut escaped, text));
    out.write_all(escaped.as_bytes())
}

/// The text that a filter quotes: a string as it is, a number or a boolean as it is written.
pub(super) fn text(value: &Value) -> TeraResult<Cow<'_, str>> {
    match value.as_str() {
        Some(text) => Ok(text.into()),
        None if value.is_number() || value.is_bool() => Ok(value.to_string().into()),
        None => Err(Error::message(format!("Invalid type for the value, expected text but got `{}`", value.name()))),
    }
}

struct Quote {
    push: fn(&mut String, &str) -> usize,
    /// Whether what it returns is not to be escaped again in a markup language.
    is_safe: bool,
}

impl Filter<Value, TeraResult<String>> for Quote {
    fn call(&self, value: Value, _: Kwargs, _: &State<'_>) -> TeraResult<String> {
        let text = text(&value)?;
        let mut out = String::with_capacity(text.len() + 8);
        DROPPED.set(DROPPED.get() + (self.push)(&mut out, &text));
        Ok(out)
    }

    fn is_safe(&self) -> bool {
        self.is_safe
    }
}

/// Appends the name of a node or a cluster of DOT. Nothing is left out, so that two names never become one: what DOT
/// cannot hold becomes `%XX`.
fn push_dot_id(out: &mut String, text: &str) -> usize {
    if text.chars().all(|c| c != '%' && quote::is_xml(c)) {
        return quote::push_dot(out, text);
    }
    let encode = |c: char| match c {
        '%' => "%25".to_owned(),
        c if quote::is_xml(c) => c.to_string(),
        c => format!("%{:02X}", u32::from(c)),
    };
    quote::push_dot(out, &text.chars().map(encode).collect::<String>())
}

/// The keys of a graph that has not all of its fields: its JSON, on one line and with `pretty`, as bytes, which no value of a
/// document is.
pub const GRAPH_TEXT: [&str; 2] = ["\0json", "\0pretty"];

/// Writes any value as JSON: `json`, or `json(pretty=true)` on lines of their own.
fn json(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    if value.is_undefined() {
        return Err(Error::message("Invalid type for the value, expected a value but it is undefined"));
    }
    let is_pretty = kwargs.get::<bool>("pretty")?.unwrap_or_default();
    let text = value.get_from_path(GRAPH_TEXT[usize::from(is_pretty)]).and_then(Value::as_bytes);
    if let Some(text) = text {
        return Ok(String::from_utf8_lossy(text).into_owned());
    }
    let written = if is_pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    written.map_err(Error::message)
}
