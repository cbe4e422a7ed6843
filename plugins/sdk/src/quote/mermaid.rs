mod hazards;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use self::hazards::{
    after_direction, at_line_end, at_line_start, block_marker, is_code, is_domain, is_entity, is_icon, is_plain,
    is_scheme, is_web, is_word,
};
use super::{Stops, is_xml, returned, stops};
use crate::append;

/// Appends `text` to Mermaid source as the inside of a label: `id["…"]`, `|"…"|`, `subgraph id["…"]`.
///
/// A character that some version of Mermaid from 10.9 to 12.3 would not draw as it is becomes its code point, `#34;`;
/// the rest stays. Such are quotes and tags, entities, icons and formulas, commands that Mermaid finds in any line, and
/// what Markdown would change: Mermaid 11.0 to 11.12 reads each label as Markdown. White space other than a space, and
/// marks that turn the direction of writing, become codes for whoever reads the source. A line feed stays one: sites
/// such as GitHub remove `<br/>`. Empty text becomes one space, since Mermaid has no empty label and trims this one to
/// nothing; as the label of an edge, leave empty text out instead.
///
/// Where a site turns HTML labels off, Mermaid draws the codes as they stand: a diagram that
/// [has codes](has_mermaid_codes) has to turn them on.
///
/// How many characters were left out, those that [no XML document can hold](super::is_xml).
pub fn push_mermaid(out: &mut String, text: &str) -> usize {
    if is_plain(text) {
        append(out, text);
        return 0;
    }
    push_label(out, text)
}

fn push_label(out: &mut String, text: &str) -> usize {
    let (text, dropped) = without_dropped(text);
    if text.is_empty() {
        out.push(' ');
        return dropped;
    }
    let label = Label { text: &text, searched: Cell::new(out.len()), closers: OnceCell::new() };
    let mut from = 0;
    for line in text.split('\n') {
        if from > 0 {
            label.push_break(out, from - 1);
        }
        label.push_line(out, from, line);
        from += line.len() + 1;
    }
    dropped
}

/// `text` as the inside of a Mermaid label, as [`push_mermaid`] writes it.
pub fn mermaid(text: &str) -> String {
    returned(text, push_mermaid)
}

/// Whether Mermaid source has a code such as `#34;` in it.
pub fn has_mermaid_codes(source: &str) -> bool {
    source.match_indices('#').any(|(at, _)| is_code(&source[at + 1..]))
}

/// Leaves out what no XML document can hold, and counts it.
fn without_dropped(text: &str) -> (Cow<'_, str>, usize) {
    const STOPS: Stops = stops(&[]);
    if !text.bytes().any(|byte| STOPS[byte as usize]) {
        return (Cow::Borrowed(text), 0);
    }
    let rest: String = text.chars().filter(|&c| is_xml(c)).collect();
    let dropped = text.chars().filter(|&c| !is_xml(c)).count();
    (Cow::Owned(rest), dropped)
}

/// A label that is being written.
struct Label<'t> {
    text: &'t str,
    /// Where in the source to search for a colon: before it, there is none that counts.
    searched: Cell<usize>,
    /// For each of [`EMPHASIS`], where the last run starts that could close emphasis; 0 where there is none.
    closers: OnceCell<[usize; 3]>,
}

/// What Markdown marks emphasis and deleted text with.
const EMPHASIS: [char; 3] = ['*', '_', '~'];

impl Label<'_> {
    /// Writes a line feed; as a code at the ends of a label, which Mermaid trims, and after another, since Mermaid makes
    /// one of several.
    fn push_break(&self, out: &mut String, at: usize) {
        let is_code = at_line_start(&self.text[..at]) || at + 1 == self.text.len();
        if is_code { self.push_code(out, '\n') } else { out.push('\n') }
    }

    /// Writes a line, which starts at `from`.
    fn push_line(&self, out: &mut String, from: usize, line: &str) {
        let Some(marker) = self.marker(from, line) else { return self.push_inline(out, from, from + line.len()) };
        self.push_inline(out, from, from + marker);
        let c = char::from(line.as_bytes()[marker]);
        let rest = &line[marker + 1..];
        let rest = if EMPHASIS.contains(&c) { rest.trim_start_matches(c) } else { rest };
        let to = from + line.len();
        (from + marker..to - rest.len()).for_each(|_| self.push_code(out, c));
        self.push_inline(out, to - rest.len(), to);
    }

    /// Finds the character of a line that would start a block of Markdown. After the first line, any punctuation may: it
    /// underlines a heading, divides a table, or comments the line out.
    fn marker(&self, from: usize, line: &str) -> Option<usize> {
        let is_later = from > 0
            && (line.starts_with(|first: char| first.is_ascii_punctuation())
                || after_direction(&self.text[..from - 1], line));
        if is_later { Some(0) } else { block_marker(line) }
    }

    /// Writes a part of a line, in whole slices between the characters that may need a code.
    fn push_inline(&self, out: &mut String, from: usize, to: usize) {
        const STOPS: Stops = watched();
        let part = &self.text[..to];
        let (mut written, mut at) = (from, from);
        while let Some(length) = part.as_bytes()[at..].iter().position(|&byte| STOPS[byte as usize]) {
            let start = at + length;
            let Some(c) = part[start..].chars().next() else { break };
            at = start + c.len_utf8();
            if EMPHASIS.contains(&c) {
                at = to - part[at..].trim_start_matches(c).len();
            }
            if let Some(middle) = mark(&part[..start], c, &part[at..]) {
                append(out, &part[written..start + middle]);
                self.push_code(out, '\u{200b}');
                written = start + middle;
                continue;
            }
            append(out, &part[written..start]);
            written = start;
            if self.needs_code(out, c, start, at) {
                part[start..at].chars().for_each(|c| self.push_code(out, c));
                written = at;
            }
        }
        append(out, &part[written..]);
    }

    /// Whether a character, or a run of one of [`EMPHASIS`], would not be drawn as it is.
    fn needs_code(&self, out: &str, c: char, start: usize, end: usize) -> bool {
        let (before, rest) = (&self.text[..start], &self.text[end..]);
        match c {
            '"' | '<' | '>' | '`' => true,
            ' ' => at_line_start(before) || at_line_end(rest) || after_direction(before, rest),
            '#' => is_code(rest) || self.colon(out).is_some(),
            '&' => is_entity(rest),
            // Mermaid takes `\n` for a line break, and Markdown takes `\` off what it escapes.
            '\\' => !rest.starts_with(|next: char| next.is_ascii_alphanumeric() && next != 'n'),
            '%' => rest.starts_with("%{"),
            '$' => rest.starts_with('$'),
            ':' => is_scheme(before, rest) || is_icon(before, rest),
            '.' => is_web(before, rest),
            '@' => !at_line_start(before) && is_domain(rest),
            ']' => rest.starts_with('(') || rest.starts_with(':') && before.starts_with('['),
            '*' | '_' | '~' => self.opens(c, start, end),
            // HTML reads `&#133;` as the character of another code page.
            '\u{85}' => false,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
            _ => c.is_whitespace(),
        }
    }

    /// Writes a code.
    fn push_code(&self, out: &mut String, c: char) {
        // In a line that has `style` somewhere, Mermaid takes the last `;` away where a code stands behind a colon.
        if let Some(colon) = self.colon(out) {
            let colons = out.split_off(colon).replace(':', "#58;");
            out.push_str(&colons);
        }
        push_code(out, c);
        self.searched.set(out.len());
    }

    /// Finds the first colon in the last word that was written.
    fn colon(&self, out: &str) -> Option<usize> {
        let new = &out[self.searched.get()..];
        let word = new.rfind([' ', '\n']).map_or(0, |at| at + 1);
        let colon = new[word..].find(':').map(|at| out.len() - new.len() + word + at);
        if colon.is_none() {
            self.searched.set(out.len());
        }
        colon
    }

    /// Whether a run could open emphasis, and a later one close it.
    fn opens(&self, c: char, start: usize, end: usize) -> bool {
        let rest = &self.text[end..];
        let is_blank = at_line_end(rest) || rest.strip_prefix(' ').is_some_and(|rest| !at_line_end(rest));
        let is_inside_word = c == '_' && self.text[..start].trim_end_matches(c).ends_with(is_word);
        !is_blank && !is_inside_word && self.last_closer(c) >= end
    }

    fn last_closer(&self, c: char) -> usize {
        let closers = self.closers.get_or_init(|| {
            EMPHASIS.map(|c| {
                let mut text = self.text;
                while let Some(last) = text.rfind(c) {
                    let before = text[..last].trim_end_matches(c);
                    let is_blank =
                        at_line_start(before) || before.strip_suffix(' ').is_some_and(|it| !at_line_start(it));
                    let is_inside_word = c == '_' && self.text[last + 1..].starts_with(is_word);
                    if !is_blank && !is_inside_word {
                        return before.len();
                    }
                    text = before;
                }
                0
            })
        });
        EMPHASIS.iter().position(|&of| of == c).map_or(0, |at| closers[at])
    }
}

/// Finds the middle of `ﬂ°` or `¶ß`, with which Mermaid marks its own codes, and which it therefore never draws: a space
/// without width has to stand there.
fn mark(before: &str, c: char, rest: &str) -> Option<usize> {
    match c {
        '°' if before.ends_with('ﬂ') => Some(0),
        '¶' if rest.starts_with('ß') => Some(c.len_utf8()),
        _ => None,
    }
}

/// Stops at each character that may need a code somewhere. Those beyond ASCII: white space, marks of direction, `°`, `¶`.
const fn watched() -> Stops {
    let ascii = b" \"#$%&*.:<>@\\]_`~\t\r";
    let leads = [0xc2, 0xe1, 0xe2, 0xe3, 0xef];
    let mut stops = [false; 256];
    let mut i = 0;
    while i < ascii.len() {
        stops[ascii[i] as usize] = true;
        i += 1;
    }
    i = 0;
    while i < leads.len() {
        stops[leads[i]] = true;
        i += 1;
    }
    stops
}

/// Writes `#`, the code point in decimal, and `;`.
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
mod tests;
