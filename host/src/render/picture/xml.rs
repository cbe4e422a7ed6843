//! Text in XML: escaped, without the characters that XML cannot hold.

/// Whether XML 1.0 can hold a character, as text that another reader takes.
pub(super) fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// A text as it is shown: what XML cannot hold is left out, and any white space is one space.
pub(super) fn shown(text: &str) -> String {
    let text: String = text.chars().filter(|&c| is_xml(c)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Counts the characters of a text that XML cannot hold.
pub(super) fn dropped(text: &str) -> usize {
    text.chars().filter(|&c| !is_xml(c)).count()
}

/// Appends a text, for between tags and for attributes in double quotes. What XML cannot hold is left out.
pub(super) fn push(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            c if is_xml(c) => out.push(c),
            _ => {}
        }
    }
}

/// A text that displays itself escaped.
pub(super) struct EscapedText<'a>(pub(super) &'a str);

impl std::fmt::Display for EscapedText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = String::with_capacity(self.0.len());
        push(&mut out, self.0);
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(EscapedText("a\0<b>&\"'\n\u{ffff}").to_string(), "a&lt;b&gt;&amp;&quot;&#39;&#10;");
        assert_eq!(dropped("a\0\u{1b}b\n"), 2);
        assert_eq!(shown(" a\n\t b\u{7} "), "a b");
    }
}
