use super::{Stops, push_escaped, returned, stops};

/// Appends `text` to XML or HTML as text, or as the inside of a quoted attribute.
///
/// Line feeds, carriage returns and tabs become character references, since an attribute would turn them into spaces.
/// How many characters were left out, those that [no XML document can hold](super::is_xml).
pub fn push_xml(out: &mut String, text: &str) -> usize {
    const STOPS: Stops = stops(b"&<>\"'\n\r\t");
    push_escaped(out, text, &STOPS, |out, c, _| match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        '\n' => out.push_str("&#10;"),
        '\r' => out.push_str("&#13;"),
        '\t' => out.push_str("&#9;"),
        _ => out.push(c),
    })
}

/// `text` as text or attribute of XML or HTML, as [`push_xml`] writes it.
pub fn xml(text: &str) -> String {
    returned(text, push_xml)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(xml("<a href=\"x\">&amp;</a>'"), "&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;&#39;");
        assert_eq!(xml("a\n\tb\0"), "a&#10;&#9;b");
    }
}
