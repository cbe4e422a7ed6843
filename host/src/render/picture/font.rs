//! The fonts of a picture: how wide a text is in what is drawn, and how a text is broken into lines that fit.
//!
//! The first font is the one that the user names, where one is named; then DejaVu Sans Condensed (the Bitstream Vera
//! licence), which ships and covers Latin, Greek, Cyrillic, Arabic and Hebrew. A character that neither has is drawn
//! with a font of the system: in pixels and pages, one of this machine; in SVG, one of the reader's, whose widths are
//! estimated. The fonts of this machine are read only then.

mod fallback;
mod named;
mod weight;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use self::fallback::{estimated_width, is_invisible, script_families};
use self::named::NamedFont;
pub use self::weight::Weight;
use super::format::Format;
use crate::plugin::PictureFault;
use resvg::usvg::Options;
use resvg::usvg::fontdb::{Database, Source};

/// The font that texts are measured with, then fonts of about its width.
const FAMILIES: &str = "'DejaVu Sans Condensed','DejaVu Sans',Verdana,Arial";

/// Measures a text in a size, in the unit of the size, in the font that ships. Kerning, which only brings letters
/// closer, is left out; a character that the font lacks has the width that it usually has.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let advances = weight.advances();
    let of = |character| advances.of(character).unwrap_or_else(|| estimated_width(character));
    text.chars().map(of).sum::<f64>() * size
}

/// The fonts that a picture is drawn with.
pub(super) struct Fonts {
    named: Option<NamedFont>,
    format: Format,
    /// The characters that were measured and that neither the named font nor the one that ships has.
    lacking: RefCell<BTreeSet<char>>,
    /// The named font, the one that ships, and those of this machine.
    with_system: OnceCell<Arc<Database>>,
}

impl Fonts {
    /// Prepares the fonts of a picture; `path` is the file of the user's font, empty where none is named.
    ///
    /// # Errors
    /// The file cannot be read, or is no font.
    pub(super) fn new(path: &str, format: Format) -> Result<Self, PictureFault> {
        let named = if path.is_empty() { None } else { Some(NamedFont::read(path)?) };
        Ok(Self { named, format, lacking: RefCell::default(), with_system: OnceCell::new() })
    }

    /// Measures a text in a size, in the unit of the size.
    pub(super) fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        let mut is_covered = true;
        let sum: f64 = text.chars().map(|character| self.advance(character, weight, &mut is_covered)).sum();
        if is_covered || self.format == Format::Svg {
            return sum * size;
        }
        fallback::shaped_width(text, weight, &self.family(), self.database()).unwrap_or(sum) * size
    }

    /// How far a character moves the pen, in shares of the font's size.
    fn advance(&self, character: char, weight: Weight, is_covered: &mut bool) -> f64 {
        let known = self.named.as_ref().and_then(|named| named.advance(character));
        known.or_else(|| weight.advances().of(character)).unwrap_or_else(|| {
            if !is_invisible(character) {
                self.lacking.borrow_mut().insert(character);
                *is_covered = false;
            }
            estimated_width(character)
        })
    }

    /// Breaks a text into lines that are at most so wide. What does not fit is left out of the middle of the last one,
    /// behind an ellipsis, and never a port at its end.
    pub(super) fn fit(&self, text: &str, size: f64, weight: Weight, most: f64, lines: usize) -> Vec<String> {
        let mut out = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if self.width(rest, size, weight) <= most {
                out.push(rest.to_owned());
                break;
            }
            if out.len() + 1 == lines {
                out.push(self.shortened(rest, size, weight, most));
                break;
            }
            let end = self.line_end(rest, size, weight, most);
            out.push(rest[..end].trim_end().to_owned());
            rest = rest[end..].trim_start();
        }
        out
    }

    /// Finds where the first line of a text that is too wide ends: behind a space or a sign that joins words, as far
    /// to the right as it goes, unless that would leave the line nearly empty. At least one character stands on a line.
    fn line_end(&self, text: &str, size: f64, weight: Weight, most: f64) -> usize {
        const SHORTEST_LINE: f64 = 0.4;
        let (mut at, mut fits, mut break_at) = (0.0, 0, None);
        for (start, character) in text.char_indices() {
            at += self.advance(character, weight, &mut true) * size;
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

    /// The beginning and the end of a text, as much as fits around an ellipsis. A port at its end stays whole.
    fn shortened(&self, text: &str, size: f64, weight: Weight, most: f64) -> String {
        const ELLIPSIS: char = '…';
        /// How much of the room the end has.
        const END: f64 = 0.45;
        let wide = |character| self.advance(character, weight, &mut true) * size;
        let room = most - wide(ELLIPSIS);
        let mut end = port_start(text).unwrap_or(text.len());
        let mut taken: f64 = text[end..].chars().map(wide).sum();
        let least = first_of_end(text, end);
        for (start, character) in text[..end].char_indices().rev() {
            if taken + wide(character) > room * END || start < least {
                break;
            }
            (taken, end) = (taken + wide(character), start);
        }
        let mut out = String::new();
        for character in text[..end].chars() {
            taken += wide(character);
            if taken > room {
                break;
            }
            out.push(character);
        }
        out.truncate(out.trim_end().len());
        out.push(ELLIPSIS);
        out.push_str(text[end..].trim_start());
        out
    }
}

/// The end of a text that has a port is the port alone.
fn first_of_end(text: &str, end: usize) -> usize {
    if end < text.len() { end } else { 0 }
}

/// Where the port at the end of a text starts, with its colon.
fn port_start(text: &str) -> Option<usize> {
    let colon = text.rfind(':')?;
    let port = &text[colon + 1..];
    ((1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(colon)
}

impl Fonts {
    /// The family that the picture is drawn with.
    fn family(&self) -> String {
        match &self.named {
            Some(named) => format!("'{}',", named.family),
            None => String::new(),
        }
    }

    /// The families for a style sheet: the named font, the one that ships and its like, then those of the scripts that
    /// were measured and that these lack.
    pub(super) fn families(&self) -> String {
        let scripts = script_families(&self.lacking.borrow());
        format!("{}{FAMILIES},{scripts}sans-serif", self.family())
    }

    /// What turns SVG into pixels and pages needs: the fonts, and which one draws what.
    pub(super) fn reading(&self) -> Options<'static> {
        fallback::reading(self.database())
    }

    /// The fonts to draw with; those of this machine are among them where a character needs one.
    fn database(&self) -> Arc<Database> {
        if self.lacking.borrow().is_empty() {
            return Arc::new(self.without_system());
        }
        let with_system = || {
            let mut fonts = self.without_system();
            fonts.load_system_fonts();
            Arc::new(fonts)
        };
        Arc::clone(self.with_system.get_or_init(with_system))
    }

    fn without_system(&self) -> Database {
        let mut fonts = Database::new();
        for weight in [Weight::Regular, Weight::Bold] {
            fonts.load_font_source(Source::Binary(Arc::new(weight.data())));
        }
        let family = fonts.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone());
        fonts.set_sans_serif_family(family.unwrap_or_default());
        if let Some(named) = &self.named {
            fonts.load_font_source(Source::Binary(Arc::clone(&named.data) as Arc<dyn AsRef<[u8]> + Send + Sync>));
        }
        fonts
    }

    /// The characters that were measured and that no font of this machine has.
    pub(super) fn missing(&self) -> Vec<char> {
        let lacking = self.lacking.borrow();
        if lacking.is_empty() {
            return Vec::new();
        }
        fallback::without_font(&lacking, &self.database())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        Fonts::new("", Format::Svg).unwrap()
    }

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert_eq!(fonts().fit("payments-api", 13.0, Weight::Regular, 200.0, 2), ["payments-api"]);
        assert!(fonts().fit("  ", 13.0, Weight::Regular, 200.0, 2).is_empty());
    }

    #[test]
    fn a_long_text_is_broken_behind_a_joint_and_then_cut_in_the_middle() {
        let fonts = fonts();
        let name = "transaction-reconciliation-worker-of-the-settlement-team-eu-central-1-blue";
        let lines = fonts.fit(name, 13.0, Weight::Regular, 150.0, 2);
        let [first, last] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(first.ends_with('-') && last.contains('…') && last.ends_with("-1-blue"), "{lines:?}");
        for line in &lines {
            assert!(fonts.width(line, 13.0, Weight::Regular) <= 150.0, "{line}");
        }
    }

    #[test]
    fn a_port_is_never_cut() {
        let label = fonts().fit("application-layer-protocol-with-a-long-name:65535", 12.0, Weight::Regular, 120.0, 1);
        assert!(label[0].starts_with("app") && label[0].ends_with("…:65535"), "{label:?}");
        assert_eq!(port_start("a:b"), None);
    }

    #[test]
    fn a_character_that_the_font_lacks_has_its_usual_width() {
        for (character, expected) in [("支", 1.0), ("ก", 0.65), ("\u{200d}", 0.0)] {
            assert!((fonts().width(character, 10.0, Weight::Regular) - expected * 10.0).abs() < 1e-9, "{character}");
        }
    }

    #[test]
    fn the_families_are_those_of_the_scripts_that_are_there() {
        let fonts = fonts();
        fonts.width("payments", 10.0, Weight::Regular);
        assert!(!fonts.families().contains("Noto"), "{}", fonts.families());
        for (text, family) in [
            ("支付", "Noto Sans CJK SC"),
            ("かな", "Noto Sans CJK JP"),
            ("ไทย", "Noto Sans Thai"),
            ("🚀", "Noto Color Emoji"),
        ] {
            fonts.width(text, 10.0, Weight::Regular);
            assert!(fonts.families().contains(family), "{text}: {}", fonts.families());
        }
    }

    #[test]
    fn a_line_narrower_than_a_character_still_holds_one() {
        assert_eq!(fonts().fit("支支支", 10.0, Weight::Regular, 5.0, 3).len(), 3);
    }
}
