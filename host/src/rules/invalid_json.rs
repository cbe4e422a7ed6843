//! The document is not valid JSON.
//!
//! ## What it does
//! Reports the first syntax error of the document.
//!
//! ## Why is this bad
//! Nothing can be read from the document. The format has no comments, no trailing commas and no single quotes.
//!
//! ## Example
//! ```json
//! { "name": "payments", }
//! ```
//!
//! ## Use instead
//! ```json
//! { "name": "payments" }
//! ```

use super::{BuiltIn, Check};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::source::Source;

/// The document is not valid JSON.
pub(crate) const RULE: BuiltIn = BuiltIn {
    id: "invalid-json",
    severity: Severity::Error,
    summary: "The document is not valid JSON.",
    tags: &["reading"],
    params: &[],
    check: Check::Load,
};

pub(crate) fn finding(source: &Source, error: &serde_json::Error) -> Diagnostic {
    let text = source.text();
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let offset = source.offset_of(error.line(), error.column());
    // serde_json names the last byte that it read: of what ends too early, the place is the end; of a control character,
    // the next one.
    let offset = if reason.starts_with("control character") { offset + 1 } else { offset };
    let start = if error.is_eof() { text.len() } else { text.floor_char_boundary(offset) };
    // Of a word that is none of JSON's, it names the first wrong letter: the place is the word.
    let word = text[..start].trim_end_matches(char::is_alphabetic).len();
    let start = if reason == "expected ident" { word } else { start };
    let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let message =
        if text.trim().is_empty() { "the document is empty".to_owned() } else { format!("invalid JSON: {reason}") };
    let finding = RULE.at(Place::Bytes(start..end), message);
    match text[start..].chars().next() {
        _ if text.trim().is_empty() => finding.help("a document is a JSON object: { \"name\": …, \"services\": … }"),
        None => finding.help("the text ends here: look for an unclosed bracket or quote"),
        Some('/' | '#') => finding.help("JSON has no comments"),
        Some('\'') => finding.help("use double quotes"),
        Some(_) if reason == "expected ident" => finding.help("a document is a JSON object; YAML is not supported"),
        Some('}' | ']') if reason == "trailing comma" => finding.help("remove the comma before it"),
        Some('\0') => finding.help("the file contains a NUL byte: it is truncated or not text"),
        Some(_) => finding,
    }
}

/// A string with an escape for half of a character.
pub(crate) fn half_a_surrogate_pair(place: Place) -> Diagnostic {
    RULE.at(place, "the string contains half of a surrogate pair")
        .help("write both halves, such as \\uD83D\\uDE00, or the character itself")
}
