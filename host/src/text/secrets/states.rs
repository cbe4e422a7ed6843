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
        let end = super::quoted_end(text, start, '"');
        from = (end + 1).min(text.len());
        if text[from..].trim_start().starts_with(':') {
            key = &text[start..end];
        } else if !SHOWN.contains(&key) {
            hidden.push(start..end);
        }
    }
}
