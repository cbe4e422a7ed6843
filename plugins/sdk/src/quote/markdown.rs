use super::{Stops, push_escaped, returned, stops};

/// Appends `text` to GitHub-flavoured Markdown as inline text: in a paragraph, a heading, a list or a table cell.
///
/// The text shows as it is, also at the start of a line; a line feed becomes `<br>`. A bare address such as
/// `https://example.com` still becomes a link to itself. Returns how many characters were left out, those that
/// [no XML document can hold](super::is_xml).
pub fn push_markdown(out: &mut String, text: &str) -> usize {
    const STOPS: Stops = stops(b"\\`*_[]|~$&<>#+-=.) \t\n\r");
    let last = text.len().saturating_sub(1);
    push_escaped(out, text, &STOPS, |out, c, at| match c {
        '\n' => out.push_str("<br>"),
        '\r' => out.push_str("&#13;"),
        '\t' => out.push_str("&#9;"),
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        ' ' if at == 0 || at == last => out.push_str("&#32;"),
        '#' | '+' | '-' | '=' if at == 0 => out.extend(['\\', c]),
        '.' | ')' if is_list_number(&text[..at]) => out.extend(['\\', c]),
        '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
        _ => out.push(c),
    })
}

/// `text` as inline text of Markdown, as [`push_markdown`] writes it.
pub fn markdown(text: &str) -> String {
    returned(text, push_markdown)
}

fn is_list_number(before: &str) -> bool {
    !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(markdown("*a* _b_ `c` [d](e) ~f~"), r"\*a\* \_b\_ \`c\` \[d\](e) \~f\~");
        assert_eq!(markdown("<b>&amp;"), "&lt;b&gt;&amp;amp;");
        assert_eq!(markdown(r"a|b\|c"), r"a\|b\\\|c");
    }

    #[test]
    fn ordinary_names_stay_readable() {
        assert_eq!(markdown("api-gateway v1.2 (grpc:8080)"), "api-gateway v1.2 (grpc:8080)");
    }

    #[test]
    fn the_start_of_a_line_is_no_block() {
        assert_eq!(markdown("# a"), r"\# a");
        assert_eq!(markdown("- a"), r"\- a");
        assert_eq!(markdown("12. a"), r"12\. a");
        assert_eq!(markdown("    a"), "&#32;   a");
        assert_eq!(markdown("---"), r"\---");
    }

    #[test]
    fn lines_break_inside_a_cell() {
        assert_eq!(markdown("a\nb\r\n"), "a<br>b&#13;<br>");
    }
}
