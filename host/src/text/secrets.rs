//! Secrets in configuration files: the text of a file as an excerpt may show it.

mod patterns;
mod states;

use std::ops::Range;

use self::patterns::{
    ASSIGNMENT, ATTACHED, BLOCK, DEFAULT, HOOK, KNOWN_TOKEN, NAMED_VALUE, NEXT_WORD, OPTION, REFERENCE, SECRET_DATA,
    SECRET_OBJECT, STRUCTURE, VARIABLE,
};
use super::redact;

/// What a file holds, as far as it decides what of it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Variables, `NAME=value`: every value may be a secret.
    Variables,
    /// A state or a plan of Terraform: every text may be a secret.
    State,
    /// Anything else: what sounds like a secret is one.
    Other,
}

impl FileKind {
    /// The kind of a file by its name, else by its first line that says anything.
    pub fn of(name: &str, text: &str) -> Self {
        let file_name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        // `name: value` may be YAML.
        let is_variable =
            lines.next().is_some_and(|line| VARIABLE.find(line).is_some_and(|name| line[name].ends_with('=')));
        if file_name.starts_with(".env") || file_name.ends_with(".env") || is_variable {
            Self::Variables
        } else if file_name.ends_with(".tfstate") || states::is_state(text) {
            Self::State
        } else {
            Self::Other
        }
    }
}

/// Replaces each character of what sounds like a secret by `*`: lines and columns stay. References such as `${NAME}` stay,
/// too, as they name a secret and are none.
pub fn hide_secrets(text: &str, kind: FileKind) -> String {
    let mut hidden = Vec::new();
    match kind {
        FileKind::Variables => variables(text, &mut hidden),
        FileKind::State | FileKind::Other => {
            assignments(text, &mut hidden);
            named_values(text, &mut hidden);
            options(text, &mut hidden);
            for pattern in [&NEXT_WORD, &HOOK, &KNOWN_TOKEN, &DEFAULT] {
                hidden.extend(pattern.group(text, "secret"));
            }
        }
    }
    if kind == FileKind::State {
        states::values(text, &mut hidden);
    }
    key_blocks(text, &mut hidden);
    hidden.sort_by_key(|range| (range.start, range.end));
    stars(text, &redact(text), &hidden)
}

/// Writes `*` for each character in a range, and where the text without the credentials of URLs has one.
fn stars(text: &str, redacted: &str, hidden: &[Range<usize>]) -> String {
    let mut references = REFERENCE.find_iter(text).peekable();
    let mut ranges = hidden.iter().peekable();
    let (mut end, mut is_indentation) = (0, true);
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        is_indentation = matches!(character, '\n' | '\r') || (is_indentation && character.is_whitespace());
        while let Some(range) = ranges.next_if(|range| range.start <= at) {
            end = end.max(range.end);
        }
        while references.next_if(|range| range.end <= at).is_some() {}
        let is_reference = references.peek().is_some_and(|range| range.contains(&at));
        // The redacted text is as long in bytes, and has a star for each byte.
        let is_credential = redacted.as_bytes().get(at) != text.as_bytes().get(at);
        let is_hidden = (at < end && !is_reference) || is_credential;
        out.push(if is_hidden && !is_indentation { '*' } else { character });
    }
    out
}

/// Hides all values of a file of variables; what stands on no line of its own belongs to the value before.
fn variables(text: &str, hidden: &mut Vec<Range<usize>>) {
    let mut quote = None;
    for (start, line) in lines(text) {
        let name = VARIABLE.find(line).filter(|_| quote.is_none());
        let value = name.as_ref().map_or(0, |name| name.end);
        if name.is_none() && quote.is_none() && line.trim_start().starts_with('#') {
            continue;
        }
        hidden.push(start + value..start + line.len());
        let mut rest = line[value..].trim_start();
        if quote.is_none() && name.is_some() && rest.starts_with(['"', '\'']) {
            quote = rest.chars().next();
            rest = &rest[1..];
        }
        let is_end = |quote: char| {
            let mut is_escaped = false;
            rest.chars().any(|one| {
                let ends = one == quote && !is_escaped;
                is_escaped = one == '\\' && !is_escaped;
                ends
            })
        };
        quote = quote.filter(|&quote| !is_end(quote));
    }
}

/// Hides the values of keys that sound like secrets: `password: x`, `- API_KEY=x`, `"token": "x"`, `Authorization: Bearer x`.
fn assignments(text: &str, hidden: &mut Vec<Range<usize>>) {
    for found in ASSIGNMENT.captures_iter(text) {
        let Some(key) = found.range("key") else { continue };
        // An option ends with its word.
        if text[key.clone()].starts_with('-') || !is_secret(&text[key.clone()]) {
            continue;
        }
        let before = before(text, key.start);
        let value = found.end();
        let line_end = line_end(text, value);
        let rest = &text[value..line_end];
        if BLOCK.is_match(rest) {
            let (own, is_block) = (indentation(before), !rest.trim().is_empty());
            let is_value = |line: &str| indentation(line) > own && (is_block || !STRUCTURE.is_match(line));
            hidden.extend(block(text, line_end, is_value));
            continue;
        }
        hidden.push(value_range(text, value, before));
    }
}

/// Hides the values of variables that stand beside their names, `name: API_KEY` and `value: x`, and what Secrets of
/// Kubernetes hold where it stands in braces.
fn named_values(text: &str, hidden: &mut Vec<Range<usize>>) {
    for found in NAMED_VALUE.captures_iter(text) {
        if is_secret(found.text("name")) {
            hidden.push(value_range(text, found.end(), before(text, found.end())));
        }
    }
    if SECRET_OBJECT.is_match(text) {
        hidden.extend(SECRET_DATA.group(text, "secret"));
    }
}

/// The value that starts at a position behind some text of its line, without its quotes.
fn value_range(text: &str, start: usize, before: &str) -> Range<usize> {
    let line_end = line_end(text, start);
    if let Some(quote) = text[start..].chars().next().filter(|one| matches!(one, '"' | '\'')) {
        return start + 1..quoted_end(text, start + 1, quote);
    }
    // Inside of a text in quotes the value ends with it: `"Authorization: Bearer x"`.
    for quote in ['"', '\''] {
        if before.matches(quote).count() % 2 == 1 {
            return start..quoted_end(text, start, quote).min(line_end);
        }
    }
    let is_cut = before.len() >= LINE_BEFORE;
    let is_flow = is_cut || before.matches(['{', '[']).count() > before.matches(['}', ']']).count();
    let end = text[start..line_end].find([',', '}', ']']).filter(|_| is_flow).map_or(line_end, |at| start + at);
    start..end
}

/// Where a text in quotes ends, before its last quote.
fn quoted_end(text: &str, start: usize, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, one) in text[start..].char_indices() {
        if one == quote && !is_escaped {
            return start + at;
        }
        is_escaped = quote == '"' && one == '\\' && !is_escaped;
    }
    text.len()
}

/// The lines behind the end of a line that belong to its value.
fn block(text: &str, line_end: usize, is_value: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let below = lines(&text[line_end..]).skip(1).map(|(start, line)| (line_end + start, line));
    let of_value = below.take_while(|(_, line)| line.trim().is_empty() || is_value(line));
    of_value.map(|(start, line)| start..start + line.len()).collect()
}

/// How deep a line is indented; the dash of a list is a part of it.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Hides the values of options on command lines, which may stand on the next line: `--requirepass x`, `-pSECRET`.
fn options(text: &str, hidden: &mut Vec<Range<usize>>) {
    for found in OPTION.captures_iter(text) {
        let Some(value) = found.range("equal").or_else(|| found.range("next")) else { continue };
        let name = found.text("name");
        let is_number = text[value.clone()].bytes().all(|one| one.is_ascii_digit());
        let is_short = matches!(name, "-a" | "-u" | "-p" | "-P") && !is_number;
        // `user:password` of curl and its kind.
        let is_user = name.ends_with("user") && text[value.clone()].contains(':');
        if is_short || is_user || is_secret(name) {
            let quote = text[..value.start].chars().next_back().filter(|one| matches!(one, '"' | '\''));
            let end =
                quote.map_or(value.end, |quote| quoted_end(text, value.start, quote).min(line_end(text, value.start)));
            hidden.push(value.start..end.max(value.end));
        }
    }
    for value in ATTACHED.group(text, "value") {
        // `-port` is an option, and `-p8080` a port.
        let is_word = text[value.clone()].bytes().all(|one| one.is_ascii_lowercase() || matches!(one, b'-' | b'='));
        let is_number = text[value.clone()].bytes().all(|one| one.is_ascii_digit() || one == b':');
        if !is_word && !is_number {
            hidden.push(value);
        }
    }
}

/// Hides private keys and certificates: all between the lines that begin and end them.
fn key_blocks(text: &str, hidden: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(at) = text[from..].find("-----BEGIN ").map(|at| from + at) {
        let start = text[at + 11..].find("-----").map_or(text.len(), |end| at + 11 + end + 5);
        let end = text[start..].find("-----END").map_or(text.len(), |end| start + end);
        hidden.push(start..end);
        from = end;
    }
}

/// How much of a line is looked at before a value, and behind its start, in bytes: a file of 30 MB may be one line of JSON.
const LINE_BEFORE: usize = 4 << 10;
const LINE_BEHIND: usize = 64 << 10;

/// The line of a position up to it, or its end where it is long.
fn before(text: &str, at: usize) -> &str {
    let window = &text[text.floor_char_boundary(at.saturating_sub(LINE_BEFORE))..at];
    window.rfind('\n').map_or(window, |start| &window[start + 1..])
}

/// Where the line of a position ends, or how far it is looked at.
fn line_end(text: &str, at: usize) -> usize {
    let window = &text[at..text.ceil_char_boundary(at.saturating_add(LINE_BEHIND).min(text.len()))];
    at + window.find('\n').unwrap_or(window.len())
}

/// The lines of a text with their starts.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |start, line| {
        let own = *start;
        *start += line.len();
        Some((own, line.trim_end_matches(['\n', '\r'])))
    })
}

/// Whether the name of a key or an option sounds like that of a secret.
fn is_secret(name: &str) -> bool {
    // What compose calls `secrets` is a list of names.
    !matches!(name, "secrets" | "keys")
        && words(name).iter().any(|word| PARTS.iter().any(|part| word.contains(part)) || WORDS.contains(&word.as_str()))
}

/// What is a part of words of secrets.
const PARTS: [&str; 8] = ["pass", "pwd", "secret", "token", "credential", "apikey", "accesskey", "privatekey"];

/// Words of secrets.
const WORDS: [&str; 39] = [
    "auth",
    "authkey",
    "authorization",
    "basicauth",
    "bearer",
    "cert",
    "cipher",
    "cookie",
    "cred",
    "creds",
    "crypt",
    "dsn",
    "encrypt",
    "encryption",
    "hash",
    "hmac",
    "jwt",
    "key",
    "keys",
    "licence",
    "license",
    "masterauth",
    "mnemonic",
    "nonce",
    "otp",
    "pepper",
    "pin",
    "private",
    "psk",
    "rcon",
    "salt",
    "sas",
    "sign",
    "signature",
    "signing",
    "totp",
    "users",
    "webhook",
    "webhooks",
];

/// The words of a name in small letters: `apiKey`, `API_KEY`, `--api-key`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for one in name.chars() {
        if !one.is_alphanumeric() || (one.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if one.is_alphanumeric() {
            words.last_mut().expect("there is one from the start").extend(one.to_lowercase());
        }
        was_small = one.is_lowercase() || one.is_ascii_digit();
    }
    words
}

#[cfg(test)]
mod tests;
