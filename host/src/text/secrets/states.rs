//! States and plans of Terraform: any text in them may be a secret, whatever its key is called.

use std::ops::Range;

/// Keys whose texts are shown: what a resource is, and where.
const SHOWN: [&str; 11] = [
    "actions",
    "address",
    "depends_on",
    "dependencies",
    "format_version",
    "mode",
    "module",
    "provider",
    "provider_name",
    "terraform_version",
    "type",
];

/// Whether a text has a state or a plan in it.
pub fn is_state(text: &str) -> bool {
    ["\"terraform_version\"", "\"format_version\"", "\"encrypted_data\""].iter().any(|key| text.contains(key))
}

/// Hides the texts of all keys but those that say what a resource is. A text that does not end is hidden to the end.
pub fn values(text: &str, hidden: &mut Vec<Range<usize>>) {
    let (mut key, mut from) = ("", 0);
    while let Some(start) = text[from..].find('"').map(|at| from + at + 1) {
        let end = start + end(&text[start..]);
        from = (end + 1).min(text.len());
        if text[from..].trim_start().starts_with(':') {
            key = &text[start..end];
        } else if !SHOWN.contains(&key) {
            hidden.push(start..end);
        }
    }
}

/// Where a text of JSON ends, before its last quote.
fn end(text: &str) -> usize {
    let mut is_escaped = false;
    let is_last = |byte: u8| {
        let is_last = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_last
    };
    text.bytes().position(is_last).unwrap_or(text.len())
}
