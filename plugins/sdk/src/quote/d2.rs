use super::{Stops, push_escaped, returned, stops};

/// Appends `text` to D2 source as a double-quoted string: a label, a value, or one segment of a key.
///
/// A key is case-insensitive in D2 even when it is quoted: make names unique first, as `Keys` of this crate does. Returns how many characters were left out, those that
/// [no XML document can hold](super::is_xml).
pub fn push_d2(out: &mut String, text: &str) -> usize {
    const STOPS: Stops = stops(b"\"\\$\n\r\t");
    out.push('"');
    let dropped = push_escaped(out, text, &STOPS, |out, c, _| {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' | '$' => out.extend(['\\', c]),
            _ => out.push(c),
        };
    });
    out.push('"');
    dropped
}

/// `text` as a double-quoted string of D2, as [`push_d2`] writes it.
pub fn d2(text: &str) -> String {
    returned(text, push_d2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_character_is_escaped() {
        assert_eq!(d2(r#"a "b" \ ${c} $5"#), r#""a \"b\" \\ \${c} \$5""#);
        assert_eq!(d2("line\nbreak\r\n\tend"), r#""line\nbreak\r\n\tend""#);
        assert_eq!(d2(""), r#""""#);
    }

    #[test]
    fn what_svg_cannot_hold_is_left_out() {
        let mut out = String::new();
        assert_eq!(push_d2(&mut out, "a\0\u{1b}b\u{ffff}\u{7f}\u{85}\u{feff}"), 3);
        assert_eq!(out, "\"ab\u{7f}\u{85}\u{feff}\"");
    }
}
