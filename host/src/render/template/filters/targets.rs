//! One filter a target: whatever the text, the target shows exactly that text.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io::{self, Write};

use spec_engine_plugin::quote;
use tera::value::Key;
use tera::{Error, Filter, Kwargs, State, StringInput, Tera, TeraResult, Value};

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
    tera.register_filter("replace", replace);
    tera.register_filter("safe", safe);
}

thread_local! {
    /// Where a filter writes before its value is made, which has the text in an allocation of its own, or in none where it
    /// is short.
    static WRITTEN: RefCell<String> = const { RefCell::new(String::new()) };
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
    written(|escaped| {
        DROPPED.set(DROPPED.get() + quote::push_xml(escaped, text));
        out.write_all(escaped.as_bytes())
    })
}

/// Hands out an empty text to write into.
pub(super) fn written<R>(write: impl FnOnce(&mut String) -> R) -> R {
    WRITTEN.with_borrow_mut(|text| {
        let result = write(text);
        // What was long is given back.
        if text.capacity() > LONGEST_KEPT {
            *text = String::new();
        }
        text.clear();
        result
    })
}

/// The most bytes that stay allocated for the next text.
const LONGEST_KEPT: usize = 1 << 16;

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

impl Filter<&Value, TeraResult<Value>> for Quote {
    fn call(&self, value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
        let text = text(value)?;
        Ok(written(|out| {
            DROPPED.set(DROPPED.get() + (self.push)(out, &text));
            Value::normal_string(out)
        }))
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

/// The keys of a graph that has not all of its fields: its JSON, on one line and with `pretty`, as [`graph_text`] makes it.
pub const GRAPH_TEXT: [&str; 2] = ["\0json", "\0pretty"];

/// A text that a graph has under one of [`GRAPH_TEXT`]: behind bytes, which no value of a document is.
pub fn graph_text(text: &str) -> Value {
    vec![Value::bytes([]), Value::normal_string(text)].into()
}

/// Writes any value as JSON: `json`, or `json(pretty=true)` on lines of their own.
fn json(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    if value.is_undefined() {
        return Err(Error::message("Invalid type for the value, expected a value but it is undefined"));
    }
    let is_pretty = kwargs.get::<bool>("pretty")?.unwrap_or_default();
    if let Some(fields) = value.as_map() {
        let text = fields.get(&Key::Str(GRAPH_TEXT[usize::from(is_pretty)])).and_then(Value::as_array);
        if let Some([mark, text]) = text
            && mark.is_bytes()
        {
            return Ok(text.clone());
        }
    }
    written(|out| {
        let mut bytes = std::mem::take(out).into_bytes();
        let written = match is_pretty {
            true => serde_json::to_writer_pretty(&mut bytes, value),
            false => serde_json::to_writer(&mut bytes, value),
        };
        written.map_err(Error::message)?;
        *out = String::from_utf8(bytes)?;
        Ok(Value::normal_string(out))
    })
}

/// Replaces a text, as Tera's own filter of this name does, and copies nothing where there is nothing to replace.
fn replace(value: StringInput<'_>, kwargs: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let (from, to) = (kwargs.must_get::<&str>("from")?, kwargs.must_get::<StringInput<'_>>("to")?);
    let is_safe = state.autoescaping_enabled() && (value.is_safe() || to.is_safe());
    if value.is_safe() == is_safe && !value.as_str().contains(from) {
        return Ok(value.into_value());
    }
    Ok(match is_safe {
        true => Value::safe_string(&value.rendered(state)?.replace(from, &to.rendered(state)?)),
        false => value.as_str().replace(from, to.as_str()).into(),
    })
}

/// Says that a text is not to be escaped, as Tera's own filter of this name does, without a copy of it.
fn safe(value: &Value, _: Kwargs, _: &State<'_>) -> Value {
    if value.is_string() { value.clone().mark_safe() } else { Value::safe_string(&value.to_string()) }
}
