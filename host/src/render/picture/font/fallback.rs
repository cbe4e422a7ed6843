//! Characters that the font that ships does not have: how wide they usually are, and which fonts have them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::Arc;

use resvg::usvg::fontdb::{Database, FaceInfo, ID};
use resvg::usvg::{FontResolver, Node, Options, Tree};
use ttf_parser::Face;
use unicode_width::UnicodeWidthChar as _;

use super::weight::Weight;
use crate::render::picture::xml::EscapedText;

/// A script, by ranges of its characters, with fonts that systems have for it.
struct Script {
    ranges: &'static [RangeInclusive<char>],
    families: &'static str,
}

/// The scripts that the font that ships lacks. Kana and Hangul stand before Han, since a text that has them is
/// Japanese or Korean.
const SCRIPTS: [Script; 10] = [
    Script { ranges: &['\u{3040}'..='\u{30ff}'], families: "'Noto Sans CJK JP','Hiragino Sans','Yu Gothic'," },
    Script {
        ranges: &['\u{1100}'..='\u{11ff}', '\u{3130}'..='\u{318f}', '\u{ac00}'..='\u{d7af}'],
        families: "'Noto Sans CJK KR','Apple SD Gothic Neo','Malgun Gothic',",
    },
    Script {
        ranges: &['\u{2e80}'..='\u{303f}', '\u{3400}'..='\u{9fff}', '\u{f900}'..='\u{ffef}', '\u{20000}'..='\u{3ffff}'],
        families: "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',",
    },
    Script { ranges: &['\u{e00}'..='\u{e7f}'], families: "'Noto Sans Thai',Thonburi,'Leelawadee UI'," },
    Script {
        ranges: &['\u{900}'..='\u{97f}', '\u{a8e0}'..='\u{a8ff}'],
        families: "'Noto Sans Devanagari','Kohinoor Devanagari','Nirmala UI',",
    },
    Script { ranges: &['\u{980}'..='\u{9ff}'], families: "'Noto Sans Bengali','Bangla Sangam MN','Nirmala UI'," },
    Script { ranges: &['\u{b80}'..='\u{bff}'], families: "'Noto Sans Tamil','Tamil Sangam MN','Nirmala UI'," },
    Script { ranges: &['\u{c00}'..='\u{c7f}'], families: "'Noto Sans Telugu','Telugu Sangam MN','Nirmala UI'," },
    Script { ranges: &['\u{1200}'..='\u{139f}'], families: "'Noto Sans Ethiopic',Kefa,'Nyala'," },
    Script {
        ranges: &['\u{2190}'..='\u{2bff}', '\u{1f000}'..='\u{1faff}'],
        families: "'Apple Color Emoji','Segoe UI Emoji','Noto Color Emoji',",
    },
];

/// Whether a character is a sign to its neighbours and has no shape of its own.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
        || character.is_control()
}

/// The usual width of a character, in shares of the font's size.
pub(super) fn estimated_width(character: char) -> f64 {
    const WIDE: f64 = 1.0;
    const EMOJI: f64 = 1.3;
    const NARROW: f64 = 0.65;
    if is_invisible(character) {
        return 0.0;
    }
    match character.width() {
        None | Some(0) => 0.0,
        Some(1) => NARROW,
        Some(_) if ('\u{1f000}'..='\u{1faff}').contains(&character) => EMOJI,
        Some(_) => WIDE,
    }
}

/// The families of the scripts of some characters, a comma behind each.
pub(super) fn script_families(characters: &BTreeSet<char>) -> String {
    let is_used = |script: &&Script| {
        let has = |range: &RangeInclusive<char>| characters.range(range.clone()).next().is_some();
        script.ranges.iter().any(has)
    };
    SCRIPTS.iter().filter(is_used).map(|script| script.families).collect()
}

/// What reads a picture: the fonts, and which of them draws a character that the family of its text lacks. That is the
/// one that its script is usually set in, in the nearest weight and style; among equals, the first by name.
pub(super) fn reading(fonts: Arc<Database>) -> Options<'static> {
    let select_fallback = |character: char, used: &[ID], fonts: &mut Arc<Database>| {
        let base = fonts.face(*used.first()?)?;
        let families = script_families(&BTreeSet::from([character]));
        let mut faces: Vec<&FaceInfo> = fonts.faces().filter(|face| !used.contains(&face.id)).collect();
        faces.sort_by_cached_key(|face| {
            let place = face.families.iter().filter_map(|(name, _)| families.find(&format!("'{name}'"))).min();
            let name = face.families.first().map(|(name, _)| name.clone());
            let far = face.weight.0.abs_diff(base.weight.0);
            (place.unwrap_or(usize::MAX), face.style != base.style, far, name, face.post_script_name.clone())
        });
        faces.into_iter().find(|face| has(fonts, face.id, character)).map(|face| face.id)
    };
    let font_resolver =
        FontResolver { select_font: FontResolver::default_font_selector(), select_fallback: Box::new(select_fallback) };
    Options { fontdb: fonts, font_resolver, ..Options::default() }
}

fn has(fonts: &Database, font: ID, character: char) -> bool {
    let found = fonts.with_face_data(font, |data, index| {
        Face::parse(data, index).is_ok_and(|face| face.glyph_index(character).is_some())
    });
    found.unwrap_or_default()
}

/// Measures a text as it is drawn, letters joined and reordered, in shares of the font's size. `None` where nothing of
/// it can be drawn.
pub(super) fn shaped_width(text: &str, weight: Weight, family: &str, fonts: Arc<Database>) -> Option<f64> {
    const SIZE: f64 = 100.0;
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text font-size=\"{SIZE}\" \
         font-weight=\"{}\" font-stretch=\"condensed\" font-family=\"{family}sans-serif\">{}</text></svg>",
        weight.number(),
        EscapedText(text)
    );
    let tree = Tree::from_str(&svg, &reading(fonts)).ok()?;
    let Node::Text(text) = tree.root().children().first()? else { return None };
    Some(f64::from(text.bounding_box().width()) / SIZE)
}

/// Which of some characters none of the fonts has.
pub(super) fn without_font(characters: &BTreeSet<char>, fonts: &Database) -> Vec<char> {
    let mut missing: Vec<char> = characters.iter().copied().collect();
    for id in fonts.faces().map(|face| face.id).collect::<Vec<_>>() {
        if missing.is_empty() {
            break;
        }
        fonts.with_face_data(id, |data, index| {
            if let Ok(face) = Face::parse(data, index) {
                missing.retain(|&character| face.glyph_index(character).is_none());
            }
        });
    }
    missing
}

#[cfg(test)]
mod tests {
    use resvg::usvg::fontdb::Source;

    use super::*;

    #[test]
    fn a_character_is_drawn_in_the_weight_of_its_text() {
        let mut fonts = Database::new();
        for weight in [Weight::Regular, Weight::Bold, Weight::Regular, Weight::Bold] {
            fonts.load_font_source(Source::Binary(Arc::new(weight.data())));
        }
        let ids: Vec<ID> = fonts.faces().map(|face| face.id).collect();
        let weight = |id| fonts.face(id).unwrap().weight.0;
        let mut shared = Arc::new(fonts.clone());
        for &base in &ids {
            let options = reading(Arc::clone(&shared));
            let found = (options.font_resolver.select_fallback)('a', &[base], &mut shared).unwrap();
            assert!(found != base && weight(found) == weight(base), "{base} {found}");
            assert_eq!((options.font_resolver.select_fallback)('\u{378}', &[base], &mut shared), None);
        }
    }
}
