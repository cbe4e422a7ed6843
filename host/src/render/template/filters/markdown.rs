//! What a Markdown page needs beside quoting: links, code and the anchors of its headings.

use std::collections::HashMap;

use spec_engine_plugin::quote;
use tera::value::Map;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::targets::{text, written};

/// Makes the filters known to Tera.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("markdown_link", link);
    tera.register_filter("markdown_code", code);
    tera.register_filter("markdown_anchors", anchors);
}

/// Links a text to an address: `text | markdown_link(url=…)`. Where the address is no http, https or mailto address,
/// the text stands alone.
fn link(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let shown = quote::markdown(&text(value)?);
    let url = kwargs.must_get::<&str>("url")?;
    Ok(if is_safe_address(url) { format!("[{shown}](<{}>)", address(url)) } else { shown })
}

fn is_safe_address(url: &str) -> bool {
    let (scheme, rest) = url.split_once(':').unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.starts_with("//") && rest.len() > 2,
        "mailto" => !rest.is_empty(),
        _ => false,
    }
}

/// Encodes what would end the address or the table's cell that it stands in.
fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '\0'..=' ' | '\u{7f}' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            '&' => out.push_str("&amp;"),
            c if quote::is_xml(c) => out.push(c),
            _ => {}
        }
    }
    out
}

/// Shows a text in the face of code, exactly as it is, also in a table's cell.
fn code(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let text = text(value)?;
    // A code span would trim spaces, join lines and end at a backtick, and a table takes `|` out of it.
    let is_plain = !text.is_empty()
        && text.trim().len() == text.len()
        && text.chars().all(|c| quote::is_xml(c) && !c.is_control() && !matches!(c, '`' | '|' | '\\'));
    Ok(written(|out| {
        if is_plain {
            out.extend(["`", &text, "`"]);
        } else {
            out.push_str("<code>");
            quote::push_markdown(out, &text);
            out.push_str("</code>");
        }
        Value::normal_string(out)
    }))
}

/// The anchor that GitHub gives to each of a list of headings, as a map. `after=[…]` are the headings that stand
/// before them in the page: equal ones are numbered. A blank heading is one that reads `(no name)`.
fn anchors(headings: &[Value], kwargs: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    let before = kwargs.get::<&[Value]>("after")?.unwrap_or_default();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut anchors = Map::new();
    for (position, heading) in before.iter().chain(headings).enumerate() {
        let heading = text(heading)?;
        let base = slug(if heading.is_empty() { "(no name)" } else { &heading });
        let mut anchor = base.clone();
        while numbers.contains_key(&anchor) {
            let number = numbers.entry(base.clone()).or_default();
            *number += 1;
            anchor = format!("{base}-{number}");
        }
        numbers.insert(anchor.clone(), 0);
        if position >= before.len() {
            anchors.entry(heading.into_owned().into()).or_insert_with(|| anchor.into());
        }
    }
    Ok(anchors)
}

/// Lower case, `-` for a space, and no punctuation but `-` and `_`.
fn slug(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.trim().chars().flat_map(char::to_lowercase).filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}
