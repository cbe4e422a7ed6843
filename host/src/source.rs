//! A document's text, and where in it things are. Positions are computed on demand: a document
//! without findings never pays for them.

pub mod edit;
mod json;
mod locate;

use std::ops::Range;
use std::sync::OnceLock;

use crate::diagnostic::{Diagnostic, Place};

pub use json::{Json, Kind, Member};

/// The text of a document, and the name that messages use for it.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    defect: Option<EncodingDefect>,
    line_starts: OnceLock<Vec<usize>>,
}

/// A line and a column, as people count them: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in the line, in Unicode scalar values.
    pub column: usize,
}

impl Source {
    /// Takes the bytes of a document. `name` is what messages call it: its path, or `<stdin>`.
    ///
    /// Bytes that are not UTF-8 without a byte order mark are kept as far as they can be shown, and [`crate::load`]
    /// reports them.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let (text, defect) = decode(bytes);
        Self { name: name.into(), text, defect, line_starts: OnceLock::new() }
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The defect of the encoding, if there is one.
    pub fn defect(&self) -> Option<EncodingDefect> {
        self.defect
    }

    /// Finds the range of bytes of each place, in the order of the places: of a value, its text; of a key, the text of
    /// the key with its quotes; where a pointer leads to nothing, the key of the nearest object around it.
    pub fn locate<'a>(&self, places: impl IntoIterator<Item = &'a Place>) -> Vec<Range<usize>> {
        locate::locate(&self.text, places)
    }

    /// Puts findings into the order of the text; at one place, the worse ones first.
    pub fn sort(&self, findings: &mut Vec<Diagnostic>) {
        let starts: Vec<usize> =
            self.locate(findings.iter().map(|finding| &finding.place)).into_iter().map(|range| range.start).collect();
        let mut placed: Vec<(usize, Diagnostic)> = starts.into_iter().zip(std::mem::take(findings)).collect();
        placed
            .sort_by(|(a_start, a), (b_start, b)| (a_start, a.severity, &a.rule).cmp(&(b_start, b.severity, &b.rule)));
        findings.extend(placed.into_iter().map(|(_, finding)| finding));
    }

    /// Finds the line and column of a byte.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts().partition_point(|&start| start <= offset);
        let start = self.line_starts()[line - 1];
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// Finds the byte at a line and column; behind the end of a line or of the text, that end.
    pub fn offset(&self, position: Position) -> usize {
        let starts = self.line_starts();
        let line = self.line(position.line.clamp(1, starts.len()));
        let text = self.text[line.clone()].trim_end_matches(['\n', '\r']);
        line.start + text.char_indices().nth(position.column.saturating_sub(1)).map_or(text.len(), |(offset, _)| offset)
    }

    /// Finds the lines and columns of several bytes in one walk: a line is read once, however
    /// long it is and however many of them stand on it.
    pub fn positions(&self, offsets: &[usize]) -> Vec<Position> {
        let mut order: Vec<usize> = (0..offsets.len()).collect();
        order.sort_unstable_by_key(|&index| offsets[index]);
        let mut positions = vec![Position { line: 1, column: 1 }; offsets.len()];
        let (mut known, mut position) = (0, Position { line: 1, column: 1 });
        for index in order {
            let offset = self.text.floor_char_boundary(offsets[index]);
            let line = self.line_starts().partition_point(|&start| start <= offset);
            if line != position.line {
                (known, position) = (self.line_starts()[line - 1], Position { line, column: 1 });
            }
            position.column += self.text[known..offset].chars().count();
            known = offset;
            positions[index] = position;
        }
        positions
    }

    /// The range of bytes of a line that exists, counted from 1, with its line break.
    pub fn line(&self, line: usize) -> Range<usize> {
        let starts = self.line_starts();
        starts[line - 1]..starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// Finds the byte at a line and column of serde_json: columns in bytes, 0 where the line begins.
    pub(crate) fn offset_of(&self, line: usize, column: usize) -> usize {
        let starts = self.line_starts();
        let start = starts[line.clamp(1, starts.len()) - 1];
        (start + column.saturating_sub(1)).min(self.text.len())
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(offset, _)| offset + 1)).collect()
        })
    }
}

/// A defect of the encoding of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodingDefect {
    /// They start with the byte order mark of UTF-8.
    ByteOrderMark,
    /// They start with the byte order mark of UTF-16.
    Utf16,
    /// They are not UTF-8; the first wrong one stands at this offset.
    NotUtf8(usize),
}

fn decode(bytes: Vec<u8>) -> (String, Option<EncodingDefect>) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let defect = text.starts_with('\u{feff}').then_some(EncodingDefect::ByteOrderMark);
            (text, defect)
        }
        Err(error) => {
            let defect = match error.as_bytes() {
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => EncodingDefect::Utf16,
                _ => EncodingDefect::NotUtf8(error.utf8_error().valid_up_to()),
            };
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(defect))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Position, Source};
    use crate::diagnostic::Pointer;

    #[test]
    fn positions_count_characters() {
        let source = Source::new("x", "{\n  \"ü\": 1}".into());
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(source.text().find('1').unwrap()), Position { line: 2, column: 8 });
        assert_eq!(source.position(source.text().len()), Position { line: 2, column: 10 });
        let offsets: Vec<usize> = (0..=source.text().len() + 1).rev().collect();
        let each: Vec<Position> = offsets.iter().map(|&offset| source.position(offset)).collect();
        assert_eq!(source.positions(&offsets), each);
    }

    #[test]
    fn a_place_is_found_by_its_pointer() {
        let text = r#"{"a": {"b/c": [10, {"d": "x"}], "\u0065": 1}, "f": 2}"#;
        let source = Source::new("x", text.into());
        let find = |place: Place| &text[source.locate([&place])[0].clone()];
        assert_eq!(find(Place::Value(Pointer::of(["a", "b/c", "1", "d"]))), r#""x""#);
        assert_eq!(find(Place::Key(Pointer::of(["a", "b/c", "1", "d"]))), r#""d""#);
        assert_eq!(find(Place::Value(Pointer::of(["a", "e"]))), "1");
        assert_eq!(find(Place::Value(Pointer::of(["a", "b/c", "7"]))), r#""b/c""#);
        assert_eq!(find(Place::Value(Pointer::of(["a", "missing", "x"]))), r#""a""#);
        assert_eq!(find(Place::Value(Pointer::of(["missing"]))), "{");
        assert_eq!(find(Place::Bytes(0..1)), "{");
    }
}
