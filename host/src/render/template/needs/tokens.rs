//! The tags of a template as words, texts and signs: what Tera's lexer makes of them, which it keeps to itself.

/// A tag of a template, `{{ … }}` or `{% … %}`.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub is_output: bool,
    pub tokens: Vec<Token<'a>>,
}

/// A part of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    /// A text in quotes, as it is written between them.
    Text(&'a str),
    Number,
    Sign(&'a str),
}

/// The signs of more than one character.
const SIGNS: [&str; 10] = ["...", "//", "**", "==", "!=", ">=", "<=", "</", "?.", "?["];

/// The tags of a template, without comments and raw text. `None` where something is not closed.
pub(super) fn tags(source: &str) -> Option<Vec<Tag<'_>>> {
    let mut tags = Vec::new();
    let mut rest = source;
    while let Some(open) = rest.find('{') {
        rest = &rest[open..];
        if rest.starts_with("{#") {
            rest = &rest[rest.find("#}")? + 2..];
        } else if rest.starts_with("{{") || rest.starts_with("{%") {
            let is_output = rest.starts_with("{{");
            let end = if is_output { "}}" } else { "%}" };
            let (tokens, length) = tokens(&rest[2..], end)?;
            rest = &rest[2 + length..];
            if let [Token::Word("raw")] = tokens.as_slice() {
                rest = &rest[rest.find("endraw")?..];
                rest = &rest[rest.find("%}")? + 2..];
                continue;
            }
            tags.push(Tag { is_output, tokens });
        } else {
            rest = &rest[1..];
        }
    }
    Some(tags)
}

/// The tokens up to the end of a tag, and how many bytes they and the end take.
fn tokens<'a>(text: &'a str, end: &str) -> Option<(Vec<Token<'a>>, usize)> {
    let mut tokens = Vec::new();
    let mut at = usize::from(text.starts_with('-'));
    loop {
        let rest = &text[at..];
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let rest = trimmed;
        if rest.starts_with(end) {
            return Some((tokens, at + end.len()));
        }
        if rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(end)) {
            return Some((tokens, at + 1 + end.len()));
        }
        let first = rest.chars().next()?;
        let (token, length) = match first {
            '"' | '\'' | '`' => {
                let length = text_length(rest, first)?;
                (Token::Text(&rest[1..length - 1]), length)
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Token::Word(&rest[..length]), length)
            }
            c if c.is_ascii_digit() => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Token::Number, length)
            }
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
                let length = sign.map_or(first.len_utf8(), str::len);
                (Token::Sign(&rest[..length]), length)
            }
        };
        tokens.push(token);
        at += length;
    }
}

/// How long a text in quotes is, with its quotes.
fn text_length(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}
