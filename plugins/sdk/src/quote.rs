//! Writes any text into a target language so that it says exactly that text and nothing else.
//!
//! For each target there is a function that appends to a `String` and one that returns a new one. What cannot stand
//! in the target is left out; the appending function returns how many characters that were, so that a renderer can
//! warn. D2, Mermaid, DOT, Markdown and XML leave out what [no XML document can hold](is_xml): the control characters
//! other than tab, line feed and carriage return, and U+FFFE and U+FFFF. Diagrams end as SVG, which is XML.
//!
//! ```
//! use spec_engine_plugin::quote;
//!
//! let mut out = String::from("svc_a: ");
//! let dropped = quote::push_d2(&mut out, "costs \"$5\"\0");
//! assert_eq!(out, r#"svc_a: "costs \"\$5\"""#);
//! assert_eq!(dropped, 1);
//! ```

mod csv;
mod d2;
mod dot;
mod markdown;
mod mermaid;
mod xml;

pub use csv::{csv, push_csv};
pub use d2::{d2, push_d2};
pub use dot::{dot, push_dot};
pub use markdown::{markdown, push_markdown};
pub use mermaid::{has_mermaid_codes, mermaid, push_mermaid};
pub use xml::{push_xml, xml};

use crate::append;

/// Whether an XML 1.0 document can hold a character.
pub const fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The bytes at which [`push_escaped`] stops.
type Stops = [bool; 256];

/// The first byte of U+F000 to U+FFFF in UTF-8, U+FFFE and U+FFFF among them.
const LEAD_FFFX: usize = 0xef;

/// Stops at each of `bytes`, and where a character may be one that XML cannot hold.
const fn stops(bytes: &[u8]) -> Stops {
    let mut stops = [false; 256];
    let mut i = 0;
    while i < 0x20 {
        stops[i] = !matches!(i as u8, b'\t' | b'\n' | b'\r');
        i += 1;
    }
    stops[LEAD_FFFX] = true;
    i = 0;
    while i < bytes.len() {
        stops[bytes[i] as usize] = true;
        i += 1;
    }
    stops
}

/// Copies `text` in whole slices, hands each character at a stop to `escape` with its position, and returns how many
/// characters it left out.
#[inline]
fn push_escaped(
    out: &mut String,
    text: &str,
    stops: &Stops,
    mut escape: impl FnMut(&mut String, char, usize),
) -> usize {
    let mut dropped = 0;
    let mut start = 0;
    while let Some(length) = text.as_bytes()[start..].iter().position(|&byte| stops[byte as usize]) {
        let at = start + length;
        append(out, &text[start..at]);
        let Some(c) = text[at..].chars().next() else { break };
        if is_xml(c) {
            escape(out, c, at);
        } else {
            dropped += 1;
        }
        start = at + c.len_utf8();
    }
    append(out, &text[start..]);
    dropped
}

/// Runs a function that appends, on a new string.
fn returned(text: &str, push: impl FnOnce(&mut String, &str) -> usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_xml_cannot_hold_is_left_out() {
        let every: String = ('\0'..=char::MAX).collect();
        let lost = every.chars().filter(|&c| !is_xml(c)).count();
        assert_eq!(lost, 29 + 2);
        for push in [push_d2, push_dot, push_markdown, push_mermaid, push_xml] {
            assert_eq!(push(&mut String::new(), &every), lost);
        }
        assert_eq!(push_csv(&mut String::new(), &every), 0);
    }

    #[test]
    fn slices_between_stops_are_kept_whole() {
        let stops = stops(b"!");
        let mut out = String::new();
        let dropped = push_escaped(&mut out, "a!bc!\u{ffff}é\u{ff01}!", &stops, |out, c, at| {
            out.push_str(&format!("<{c}{at}>"));
        });
        assert_eq!(out, "a<!1>bc<!4>é<\u{ff01}10><!13>");
        assert_eq!(dropped, 1);
    }
}
