use super::{Stops, is_xml, push_escaped, returned, stops};

/// Appends `text` to Mermaid source as the inside of a label: `id["…"]`, `|"…"|`, `subgraph id["…"]`.
///
/// Letters, digits and `_ - . , /` stay; so does a space that is neither first nor last nor after `direction`, which
/// Mermaid takes for a command anywhere in a line. A line feed becomes `<br/>`, any other character its code point,
/// `#58;`. Empty text becomes one space, since Mermaid has no empty label and trims this one to nothing; as the label
/// of an edge, leave empty text out instead. Returns how many characters were left out, those that
/// [no XML document can hold](super::is_xml).
pub fn push_mermaid(out: &mut String, text: &str) -> usize {
    const STOPS: Stops = encoded();
    let start = out.len();
    let dropped = push_escaped(out, text, &STOPS, |out, c, at| match c {
        '\n' => out.push_str("<br/>"),
        ' ' if is_plain_space(&out[start..], &text[at + 1..]) => out.push(' '),
        // HTML reads `&#133;` as the character of another code page.
        '\u{80}'..='\u{9f}' => out.push(c),
        _ if c.is_alphanumeric() => out.push(c),
        _ => push_code(out, c),
    });
    if out.len() == start {
        out.push(' ');
    }
    dropped
}

/// Returns `text` as the inside of a Mermaid label, as [`push_mermaid`] writes it.
pub fn mermaid(text: &str) -> String {
    returned(text, push_mermaid)
}

/// Stops at all but ASCII letters, digits and `_ - . , /`.
const fn encoded() -> Stops {
    let mut stops = stops(&[]);
    let mut byte = 0;
    while byte < 256 {
        let c = byte as u8;
        stops[byte] = !(c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.' | b',' | b'/'));
        byte += 1;
    }
    stops
}

/// Says whether a space stands between two other characters and is not part of `direction LR`.
fn is_plain_space(written: &str, rest: &str) -> bool {
    const COMMAND: &[u8] = b"direction";
    let written = written.as_bytes();
    let tail = &written[written.len().saturating_sub(COMMAND.len())..];
    let is_inner = !matches!(tail.last(), None | Some(b' '))
        && rest.chars().next().is_some_and(|next| is_xml(next) && !next.is_whitespace());
    is_inner && !tail.eq_ignore_ascii_case(COMMAND)
}

/// Writes `#`, the code point in decimal, and `;`, without the machinery of `format!`: most edges have one.
fn push_code(out: &mut String, c: char) {
    let code = u32::from(c);
    let mut unit = 1;
    while code / unit > 9 {
        unit *= 10;
    }
    out.push('#');
    while unit > 0 {
        out.push(char::from(b'0' + (code / unit % 10) as u8));
        unit /= 10;
    }
    out.push(';');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stay_and_the_rest_is_encoded() {
        assert_eq!(mermaid("api-gateway_2, v1.0/x"), "api-gateway_2, v1.0/x");
        assert_eq!(mermaid("List<String> \"a\"; #35;"), "List#60;String#62; #34;a#34;#59; #35;35#59;");
        assert_eq!(mermaid("日本 é İ"), "日本 é İ");
        assert_eq!(mermaid("😀\u{202e}\u{2028}\u{85}"), "#128512;#8238;#8232;\u{85}");
    }

    #[test]
    fn spaces_at_the_ends_stay() {
        assert_eq!(mermaid(" a  b "), "#32;a#32; b#32;");
        assert_eq!(mermaid("\0 a \u{ffff}"), "#32;a#32;");
        assert_eq!(mermaid(" "), "#32;");
    }

    #[test]
    fn a_label_is_never_a_command() {
        assert_eq!(mermaid("direction LR"), "direction#32;LR");
        assert_eq!(mermaid("a Direction\0 TB"), "a Direction#32;TB");
        assert_eq!(mermaid("%%{init: {}}%%"), "#37;#37;#123;init#58; #123;#125;#125;#37;#37;");
    }

    #[test]
    fn lines_break_and_empty_text_is_one_space() {
        assert_eq!(mermaid("line\nbreak<br/>"), "line<br/>break#60;br/#62;");
        assert_eq!(mermaid(""), " ");
        assert_eq!(mermaid("\0"), " ");
    }
}
