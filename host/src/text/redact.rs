//! Credentials in URLs: where they stand in a text, and the text without them.

use std::borrow::Cow;
use std::ops::Range;

/// A text with a `*` for each byte of the credentials in its URLs: what stands between `://` and `@`. The length
/// in bytes stays, so that ranges still fit.
///
/// The text is one as people see it, a line of a JSON document with its escapes, or a JSON Pointer with its own. It has to be whole: of a URL that is
/// cut before its `@`, nobody can tell whether a port or a password stands there.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut ranges = credentials(text).peekable();
    if ranges.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut redacted = String::with_capacity(text.len());
    for range in ranges {
        redacted.push_str(&text[redacted.len()..range.start]);
        redacted.extend(std::iter::repeat_n('*', range.len()));
    }
    redacted.push_str(&text[redacted.len()..]);
    Cow::Owned(redacted)
}

/// Whether a URL in a text carries credentials.
pub fn has_credentials(text: &str) -> bool {
    credentials(text).next().is_some()
}

/// The ranges of bytes of the credentials, in their order.
fn credentials(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    // Almost no text has a `@`, which may stand there as an escape.
    let may = text.contains('@') || (text.contains('\\') && text.contains("\\u0040"));
    let mut from = if may { 0 } else { text.len() };
    std::iter::from_fn(move || {
        // An authority ends before the slash of the next `://`, or soon: the time is by the length of the text.
        while let Some(found) = next_authority(text, from) {
            from = found.start;
            if let Some(range) = user_info(text, &found) {
                from = range.end;
                return Some(range);
            }
        }
        from = text.len();
        None
    })
}

/// What follows `://`.
struct Authority {
    start: usize,
    is_http: bool,
    /// Whether its slashes are those of a JSON Pointer, `~1`.
    is_in_pointer: bool,
}

fn next_authority(text: &str, from: usize) -> Option<Authority> {
    let mut at = from;
    // Most of a document is neither a colon nor an escape, which may be one.
    while let Some(passed) = memchr::memchr2(b':', b'\\', &text.as_bytes()[at..]) {
        let unit = Unit::at(text, at + passed);
        at += passed + unit.len;
        if unit.byte == b':' {
            let is_in_pointer = text.as_bytes()[at..].starts_with(b"~1~1");
            let read = if is_in_pointer { Unit::in_pointer } else { Unit::at };
            let first = read(text, at);
            let second = read(text, at + first.len);
            if (first.byte, second.byte) == (b'/', b'/') {
                // Of `git+https`, `git::https` and `https`, the end counts.
                let scheme = text.as_bytes()[..at - unit.len].rsplit(|byte| !byte.is_ascii_alphabetic()).next();
                let is_http = scheme
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"http") || word.eq_ignore_ascii_case(b"https"));
                return Some(Authority { start: at + first.len + second.len, is_http, is_in_pointer });
            }
        }
    }
    None
}

/// The bytes of an authority in which the `@` behind a password is looked for that holds a `/`, `?` or `#`.
const PASSWORD_BYTES: usize = 256;

/// Where the credentials of an authority stand: a user and a password, or of HTTP anything, since a token stands
/// there alone. A reference such as `${TOKEN}` is none.
fn user_info(text: &str, authority: &Authority) -> Option<Range<usize>> {
    let (mut at, mut end, mut password) = (authority.start, None, None);
    // Whether what stands behind the colon may be a port, or a reference to one.
    let (mut is_port, mut is_reference) = (true, false);
    let read = if authority.is_in_pointer { Unit::in_pointer } else { Unit::at };
    while at < text.len() {
        let unit = read(text, at);
        match unit.byte {
            b'"' | b'<' | b'>' | 0..=b' ' => break,
            // Somebody may not have encoded a password.
            b'/' | b'?' | b'#' if end.is_some() || is_port || at - authority.start > PASSWORD_BYTES => break,
            // The last one counts: a password may hold others.
            b'@' => end = Some(at),
            b':' if password.is_none() => password = Some(at + unit.len),
            byte if password == Some(at) => {
                is_reference = matches!(byte, b'$' | b'{' | b'*');
                is_port = byte.is_ascii_digit() || is_reference;
            }
            byte => is_port &= password.is_none() || byte.is_ascii_digit() || is_reference,
        }
        at += unit.len;
    }
    let end = end?;
    let password = password.filter(|&start| start < end).map(|start| &text[start..end]);
    let secret = match password {
        Some(password) => password,
        None if authority.is_http => &text[authority.start..end],
        None => return None,
    };
    let names_secret = secret.starts_with("${") && secret.find('}') == Some(secret.len() - 1);
    let is_shown = !names_secret && secret.bytes().any(|byte| byte != b'*');
    is_shown.then_some(authority.start..end)
}

/// A character as JSON may write it, as far as it matters here: a byte of it, and the bytes that it takes in the text.
struct Unit {
    byte: u8,
    len: usize,
}

impl Unit {
    /// Reads what stands at an offset of a JSON Pointer.
    fn in_pointer(text: &str, offset: usize) -> Self {
        match text.as_bytes().get(offset..) {
            Some([b'~', b'1', ..]) => Self { byte: b'/', len: 2 },
            _ => Self::at(text, offset),
        }
    }

    /// Reads what stands at an offset; behind the end, a byte that ends everything.
    fn at(text: &str, offset: usize) -> Self {
        match text.as_bytes().get(offset..).unwrap_or_default() {
            [b'\\', b'/', ..] => Self { byte: b'/', len: 2 },
            [b'\\', b'u', b'0', b'0', high @ b'0'..=b'7', low, ..] if low.is_ascii_hexdigit() => {
                let digits = [*high, *low].map(|digit| char::from(digit).to_digit(16).unwrap_or_default());
                let byte = u8::try_from(digits[0] * 16 + digits[1]).unwrap_or_default();
                Self { byte, len: 6 }
            }
            // Of any other escape, such as that of a quotation mark, only that it is none of the marks of a URL.
            [b'\\', b' '..=b'~', ..] => Self { byte: b'\\', len: 2 },
            [byte, ..] => Self { byte: *byte, len: 1 },
            [] => Self { byte: 0, len: 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{has_credentials, redact};

    #[test]
    fn credentials_become_stars_and_the_length_stays() {
        for (text, expected) in [
            ("https://user:pass@host/x", "https://*********@host/x"),
            ("see https://token@host and amqps://u:p@h:1.", "see https://*****@host and amqps://***@h:1."),
            ("redis://:secret@cache", "redis://*******@cache"),
            ("postgres://u:p@ss:w@host", "postgres://********@host"),
            ("git::https://u:pü@host", "git::https://*****@host"),
            ("git+HTTPS://tok@host", "git+HTTPS://***@host"),
            ("jdbc:mysql://u:p@h", "jdbc:mysql://***@h"),
            (r#"  "url": "https:\/\/u:p@h\/x","#, r#"  "url": "https:\/\/***@h\/x","#),
            (r#""https:\u002f\u002Fu\u003ap\u0040h""#, r#""https:\u002f\u002F********\u0040h""#),
            (r#""https://u:p\"w@h", "a@b""#, r#""https://******@h", "a@b""#),
            ("https://u:x\\\\y@h", "https://******@h"),
            ("`https://u:p@h`", "`https://***@h`"),
            ("/services/https:~1~1tok@h~1x/image", "/services/https:~1~1***@h~1x/image"),
            ("mysql://root:a/b#c?@db/x", "mysql://***********@db/x"),
        ] {
            assert_eq!(redact(text), expected);
            assert_eq!(redact(text).len(), text.len());
            assert!(has_credentials(text) && !has_credentials(expected), "{text}");
        }
    }

    #[test]
    fn what_carries_none_stays_as_it_is() {
        for text in [
            "",
            "https://host:8080/a@b?c=d@e#f@g",
            "https://host:${PORT}/a@b",
            "ssh://git@github.com/org/repo",
            "git+ssh://git@github.com/org/repo",
            "git@github.com:org/repo",
            "team@example.com: see https://example.com",
            "https://${TOKEN}@host and https://user:${PASSWORD}@host",
            "amqp://user:@host",
            r#""https://host", "user:pass@host""#,
            "https://@host",
            "a:\\",
            "x://\\u00",
        ] {
            assert_eq!(redact(text), text);
            assert!(!has_credentials(text), "{text}");
        }
    }

    #[test]
    fn any_text_keeps_its_length_and_loses_all_credentials() {
        let parts = [
            "https", "x", "://", ":", "@", "/", "\\/", "\\", "\\u0040", "\\u00", "~1", "ü", " ", "\"", "8", "${", "}",
            "*", "#",
        ];
        let mut state = 1_u32;
        for _ in 0..200_000 {
            let text: String = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    parts[(state >> 16) as usize % parts.len()]
                })
                .collect();
            let redacted = redact(&text);
            assert_eq!(redacted.len(), text.len(), "{text}");
            assert!(!has_credentials(&redacted), "{text} -> {redacted}");
        }
    }

    #[test]
    fn a_long_text_takes_time_by_its_length() {
        let start = std::time::Instant::now();
        for part in ["://", "a://b:c", ":", "://@", "@", "a://b@", "a://b:c/"] {
            let text = format!("{}@", part.repeat(200_000));
            assert_eq!(redact(&text).len(), text.len());
        }
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }
}
