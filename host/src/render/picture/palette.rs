//! Colours that the user sets over those of a theme.

use std::collections::BTreeMap;

use super::look::{Color, Look};
use crate::plugin::PictureFault;
use crate::text::nearest;

/// The most bytes that the option has.
const MAX_BYTES: usize = 4_096;

/// The user's colours, by the name of what they colour.
#[derive(Debug, Default)]
pub(super) struct Palette(BTreeMap<String, Color>);

impl Palette {
    /// Reads `NAME=#RRGGBB`, as many as there are, with commas or spaces between them. A name is one of `common`, or a
    /// kind.
    ///
    /// # Errors
    /// There is no such name, or a colour is none.
    pub(super) fn read(text: &str, common: &[&'static str]) -> Result<Self, PictureFault> {
        let wrong = |entry: &str, reason: String| PictureFault::Color { entry: entry.to_owned(), reason };
        if text.len() > MAX_BYTES {
            return Err(wrong(
                &text[..text.floor_char_boundary(40)],
                format!("there are more than {MAX_BYTES} bytes of colours"),
            ));
        }
        let mut colors = BTreeMap::new();
        let separators = |c: char| c == ',' || c == ';' || c.is_whitespace();
        for entry in text.split(separators).filter(|entry| !entry.is_empty()) {
            let (name, value) = entry
                .split_once('=')
                .ok_or_else(|| wrong(entry, "expected NAME=#RRGGBB, such as page=#ffffff".to_owned()))?;
            let known = || common.iter().copied().chain(Look::all().map(|look| look.kind));
            if !known().any(|known| known == name) {
                let meant = nearest(name, known());
                let hint = meant.map_or_else(
                    || format!("the names are {}", known().collect::<Vec<_>>().join(", ")),
                    |meant| format!("did you mean `{meant}`?"),
                );
                return Err(wrong(entry, format!("nothing is called `{name}`; {hint}")));
            }
            let color = read_color(value).ok_or_else(|| {
                wrong(entry, format!("`{value}` is no colour: expected # and 3 or 6 hexadecimal digits"))
            })?;
            colors.insert(name.to_owned(), color);
        }
        Ok(Self(colors))
    }

    /// The colour of a name, where the user sets one.
    pub(super) fn get(&self, name: &str) -> Option<Color> {
        self.0.get(name).copied()
    }
}

/// Reads `#rgb` or `#rrggbb`.
fn read_color(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    let doubled = |digit: &str| format!("{digit}{digit}");
    let parts: Vec<String> = match digits.len() {
        3 => (0..3).map(|at| doubled(&digits[at..=at])).collect(),
        6 => (0..3).map(|at| digits[at * 2..at * 2 + 2].to_owned()).collect(),
        _ => return None,
    };
    let channel = |part: &String| u8::from_str_radix(part, 16).ok();
    Some(Color(channel(&parts[0])?, channel(&parts[1])?, channel(&parts[2])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_by_name() {
        let palette = Palette::read("page=#fff, database=#00695C", &["page"]).unwrap();
        assert_eq!(
            (palette.get("page"), palette.get("database")),
            (Some(Color(255, 255, 255)), Some(Color(0, 0x69, 0x5c)))
        );
        assert_eq!(palette.get("cache"), None);
    }

    #[test]
    fn a_wrong_color_is_named_with_what_would_do() {
        for (text, reason) in [
            ("page", "expected NAME=#RRGGBB"),
            ("page=white", "`white` is no colour"),
            ("page=#12345", "is no colour"),
            ("page=#ä1", "is no colour"),
            ("databse=#fff", "did you mean `database`?"),
            ("zzzzzzzzzz=#fff", "the names are page, service"),
        ] {
            let fault = Palette::read(text, &["page"]).unwrap_err().to_string();
            assert!(fault.contains(reason), "{text}: {fault}");
        }
        assert!(Palette::read(&"a".repeat(5_000), &[]).is_err());
    }
}
