use super::{Stops, push_escaped, returned, stops};

/// Appends `text` to DOT source as a double-quoted label, title or tooltip.
///
/// Graphviz reads such text twice: escape sequences (`\N`, `\G`, `\l`) and HTML entities (`&amp;`). Neither is left in
/// `text`. As the name of a node or a port, the same quoted text stands for itself wherever it is used, though
/// Graphviz shows its escapes. Returns how many characters were left out, those that
/// [no XML document can hold](super::is_xml).
pub fn push_dot(out: &mut String, text: &str) -> usize {
    const STOPS: Stops = stops(b"\"\\&\n\r");
    out.push('"');
    let dropped = push_escaped(out, text, &STOPS, |out, c, _| {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("&#13;"),
            '&' => out.push_str("&amp;"),
            '"' | '\\' => out.extend(['\\', c]),
            _ => out.push(c),
        };
    });
    out.push('"');
    dropped
}

/// `text` as a double-quoted string of DOT, as [`push_dot`] writes it.
pub fn dot(text: &str) -> String {
    returned(text, push_dot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_interpreted() {
        assert_eq!(dot(r#"\N "a" \"#), r#""\\N \"a\" \\""#);
        assert_eq!(dot("&amp; &#35;"), r#""&amp;amp; &amp;#35;""#);
        assert_eq!(dot("<b>x</b>"), r#""<b>x</b>""#);
        assert_eq!(dot("a\nb"), r#""a\nb""#);
    }
}
