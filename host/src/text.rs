//! Text for people: names as messages show them, the nearest name to a misspelt one, credentials and other secrets, and what
//! a terminal must not see.

mod inert;
mod names;
mod redact;
mod secrets;

use std::borrow::Cow;

pub use inert::inert_json;
pub use names::{Suggester, nearest, quote, shorten, visible};
pub use redact::{has_credentials, redact};
pub use secrets::{FileKind, hide_secrets};

/// The text of a file: UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it. What is damaged becomes `\u{fffd}`.
/// The mark is not a part of the text.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    let units = bytes[2..].chunks(2).map(|pair| unit([pair[0], pair.get(1).copied().unwrap_or_default()]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A number with its noun: `1 error`, `2 errors`.
pub fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A number with a comma before each three digits: `9,900`.
pub fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn files_are_read_by_their_mark() {
        for (bytes, text) in [
            (&b"a\xc3\xbc"[..], "aü"),
            (b"\xef\xbb\xbfa\xff", "a\u{fffd}"),
            (b"\xff\xfea\0\xfc\0", "aü"),
            (b"\xfe\xff\0a\0\xfc", "aü"),
            (b"\xff\xfe\0\xd8a", "\u{fffd}a"),
            (b"", ""),
        ] {
            assert_eq!(decode(bytes), text);
        }
    }
}
