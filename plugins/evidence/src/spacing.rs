//! Puts a space between a tag and a comma behind it, where the parser panics: `[!reset, b]`.

use std::borrow::Cow;
use std::collections::HashMap;

/// A text with spaces put in, and where they are.
pub struct SpacedText<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    /// The columns of the spaces, by lines, both from 1.
    spaces: HashMap<usize, Vec<usize>>,
}

impl<'t> SpacedText<'t> {
    /// Puts a space between each tag and a comma. A tag stands behind a sign or white space; in a text that looks like one,
    /// the space does no harm.
    pub fn of(text: &'t str) -> Self {
        let mut spaces: HashMap<usize, Vec<usize>> = HashMap::new();
        let (mut out, mut copied, mut line, mut column) = (String::new(), 0, 1, 1);
        let mut end = 0;
        for (at, _) in text.match_indices('!') {
            let is_tag = !text[..at].ends_with(|one: char| one.is_alphanumeric());
            if at >= end {
                end = at + text[at..].find(|one: char| !is_of_tag(one)).unwrap_or(text.len() - at);
            }
            if is_tag && at >= copied && text[end..].starts_with(',') {
                let part = &text[copied..end];
                line += part.matches('\n').count();
                let last = part.rsplit('\n').next().unwrap_or_default();
                column = last.chars().count() + if last.len() < part.len() { 1 } else { column };
                out.push_str(part);
                out.push(' ');
                copied = end;
                spaces.entry(line).or_default().push(column);
                column += 1;
            }
        }
        if copied == 0 {
            return Self { text: Cow::Borrowed(text), spaces };
        }
        out.push_str(&text[copied..]);
        Self { text: Cow::Owned(out), spaces }
    }

    /// The column that one of the text with its spaces has in the text without.
    pub fn column(&self, line: usize, column: usize) -> usize {
        let before = self.spaces.get(&line).map_or(0, |spaces| spaces.partition_point(|space| *space < column));
        column - before
    }
}

/// Whether a character may be a part of a tag, as the parser has it.
fn is_of_tag(one: char) -> bool {
    one.is_ascii_alphanumeric() || "-_;/?:@&=+$.%!~*'()".contains(one)
}

#[cfg(test)]
mod tests {
    use super::SpacedText;

    #[test]
    fn a_comma_behind_a_tag_gets_a_space() {
        for (text, expected) in [
            ("[!reset, b]", "[!reset , b]"),
            ("{a: !o,b: !!str,c: !}", "{a: !o ,b: !!str ,c: !}"),
            ("a: Hello!, b", "a: Hello!, b"),
            ("a: ! , b", "a: ! , b"),
            ("\n[!a,!b,\n !c,]", "\n[!a ,!b ,\n !c ,]"),
            ("{'a!':!b,c}", "{'a!':!b ,c}"),
            ("none", "none"),
        ] {
            assert_eq!(SpacedText::of(text).text, expected);
        }
        let spaced = SpacedText::of("x\n[!a,!b,c]");
        assert_eq!([1, 4, 5, 6, 9, 11].map(|column| spaced.column(2, column)), [1, 4, 4, 5, 7, 9]);
        assert_eq!(spaced.column(1, 9), 9);
    }
}
