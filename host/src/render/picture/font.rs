//! The font that is drawn: how wide a text is in it, and how a text is broken into lines that fit.
//!
//! It is DejaVu Sans Condensed (the Bitstream Vera licence), which covers Latin, Greek, Cyrillic, Arabic and Hebrew.
//! A character that it lacks counts as wide as the font is high.

use std::sync::LazyLock;

use ttf_parser::Face;

/// What the style sheet of a picture asks for: the font that texts are measured with, then fonts of about its width.
pub(super) const FAMILIES: &str = "'DejaVu Sans Condensed','DejaVu Sans',Verdana,Arial,sans-serif";

/// How heavy a text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 700.
    Bold,
}

impl Weight {
    /// The file of the font.
    pub(super) fn data(self) -> &'static [u8] {
        match self {
            Self::Regular => dejavu::sans_condensed::regular(),
            Self::Bold => dejavu::sans_condensed::bold(),
        }
    }

    fn advances(self) -> &'static Advances {
        static REGULAR: LazyLock<Advances> = LazyLock::new(|| Advances::new(Weight::Regular.data()));
        static BOLD: LazyLock<Advances> = LazyLock::new(|| Advances::new(Weight::Bold.data()));
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }
}

struct Advances {
    face: Face<'static>,
    units_per_em: f64,
}

impl Advances {
    fn new(data: &'static [u8]) -> Self {
        let face = Face::parse(data, 0).expect("the font that ships is one");
        let units_per_em = f64::from(face.units_per_em());
        Self { face, units_per_em }
    }

    /// How far a character moves the pen, in shares of the font's size.
    fn of(&self, character: char) -> f64 {
        let glyph = self.face.glyph_index(character);
        let advance = glyph.and_then(|glyph| self.face.glyph_hor_advance(glyph));
        advance.map_or(1.0, |advance| f64::from(advance) / self.units_per_em)
    }
}

/// Measures a text in a size, in the unit of the size. Kerning, which only brings letters closer, is left out.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let advances = weight.advances();
    text.chars().map(|character| advances.of(character)).sum::<f64>() * size
}

/// Breaks a text into lines that are at most so wide. What does not fit on the last one is left out behind an ellipsis.
pub(super) fn fit(text: &str, size: f64, weight: Weight, most: f64, lines: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if width(rest, size, weight) <= most {
            out.push(rest.to_owned());
            break;
        }
        if out.len() + 1 == lines {
            out.push(shortened(rest, size, weight, most));
            break;
        }
        let end = line_end(rest, size, weight, most);
        out.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    out
}

/// Finds where the first line of a text that is too wide ends: behind a space or a sign that joins words, as far to
/// the right as it goes, unless that would leave the line nearly empty. At least one character stands on a line.
fn line_end(text: &str, size: f64, weight: Weight, most: f64) -> usize {
    const SHORTEST_LINE: f64 = 0.4;
    let advances = weight.advances();
    let (mut at, mut fits, mut break_at) = (0.0, 0, None);
    for (start, character) in text.char_indices() {
        at += advances.of(character) * size;
        if at > most {
            break;
        }
        fits = start + character.len_utf8();
        if (character.is_whitespace() || "-_./:,@".contains(character)) && at >= most * SHORTEST_LINE {
            break_at = Some(fits);
        }
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    break_at.unwrap_or(fits).max(first)
}

/// As much of a text as fits with an ellipsis behind it.
fn shortened(text: &str, size: f64, weight: Weight, most: f64) -> String {
    const ELLIPSIS: char = '…';
    let advances = weight.advances();
    let mut left = most - advances.of(ELLIPSIS) * size;
    let mut out = String::new();
    for character in text.chars() {
        left -= advances.of(character) * size;
        if left < 0.0 {
            break;
        }
        out.push(character);
    }
    out.truncate(out.trim_end().len());
    out.push(ELLIPSIS);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert_eq!(fit("payments-api", 13.0, Weight::Regular, 200.0, 2), ["payments-api"]);
        assert!(fit("  ", 13.0, Weight::Regular, 200.0, 2).is_empty());
    }

    #[test]
    fn a_long_text_is_broken_behind_a_joint_and_then_shortened() {
        let lines = fit("transaction-reconciliation-worker-eu-central", 13.0, Weight::Regular, 150.0, 2);
        let [first, last] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(first.ends_with('-') && last.ends_with('…'), "{lines:?}");
        for line in &lines {
            assert!(width(line, 13.0, Weight::Regular) <= 150.0, "{line}");
        }
    }

    #[test]
    fn a_character_that_the_font_lacks_counts_as_high_as_the_font() {
        assert!((width("支", 10.0, Weight::Regular) - 10.0).abs() < 1e-9);
    }

    #[test]
    fn a_line_narrower_than_a_character_still_holds_one() {
        let lines = fit("支支支", 10.0, Weight::Regular, 5.0, 3);
        assert_eq!(lines.len(), 3);
    }
}
