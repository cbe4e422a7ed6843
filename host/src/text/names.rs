//! What somebody may have meant, and names as messages show them.

use std::borrow::Cow;

use super::redact::redact;

/// Finds what a name may have been meant to be: the nearest of some names, if one is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= allowed * 4)
        .map(|candidate| (strsim::damerau_levenshtein(&candidate.to_lowercase(), &name.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= allowed && candidate != name)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Finds what names may have been meant to be, for the first [`Suggester::MOST`] of them: a document in which every
/// name is wrong would otherwise take time by the square of its size.
#[derive(Debug, Default)]
pub struct Suggester {
    asked: usize,
}

impl Suggester {
    /// The names of one rule that get a suggestion.
    pub const MOST: usize = 50;

    /// Returns a sentence that names the nearest of some names, if one is near.
    pub fn did_you_mean<'a>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
        self.nearest(name, candidates).map(|nearest| format!("did you mean {}?", quote(nearest)))
    }

    /// The nearest of some names, if one is near.
    pub fn nearest<'a>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        self.asked += 1;
        if self.asked > Self::MOST { None } else { nearest(name, candidates) }
    }
}

/// The characters of a name that a message shows.
const SHOWN: usize = 80;

/// Returns a name as messages show it: in backticks, without control characters and secrets, and not longer than a line.
pub fn quote(name: &str) -> String {
    let shown = if is_plain(name) { Cow::Borrowed(name) } else { Cow::Owned(shorten(name)) };
    ["`", &shown, "`"].concat()
}

/// Says whether a name is shown as it is, as almost every name is.
fn is_plain(name: &str) -> bool {
    name.len() <= SHOWN && name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'@')
}

/// Returns a name as [`quote`] does, without the backticks. Credentials in it are hidden before it is cut: of a half of
/// them, nobody could tell what they are.
pub fn shorten(name: &str) -> String {
    let name = redact(name);
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", visible(&name[..end])),
        None => visible(&name).into_owned(),
    }
}

/// Returns a text without what a terminal would act on: control characters, and marks that move or hide what stands
/// around them, are shown as escapes. A text of somebody else, such as a plugin's message, is shown through this.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_control() || is_invisible(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Says whether a character moves or hides text around it: marks of direction, line and paragraph separators, the
/// byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{nearest, quote, visible};

    #[test]
    fn only_what_is_near_is_suggested() {
        let names = ["payments-service", "users-service", "api"];
        assert_eq!(nearest("payment-service", names), Some("payments-service"));
        assert_eq!(nearest("API", names), Some("api"));
        assert_eq!(nearest("warehouse", names), None);
    }

    #[test]
    fn a_terminal_is_told_nothing() {
        assert_eq!(visible("a\u{1b}[31mb"), r"a\u{1b}[31mb");
        assert_eq!(visible("plain ü"), "plain ü");
    }

    #[test]
    fn a_name_that_is_cut_keeps_its_secret() {
        let shown = quote(&format!("https://u:s3cret{}@host", "x".repeat(100)));
        assert!(!shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_quoted_name_stays_on_its_line() {
        assert_eq!(quote("a\nb\u{202e}"), r"`a\nb\u{202e}`");
        assert_eq!(quote(&"x".repeat(200)).chars().count(), 83);
    }

    #[test]
    fn a_quoted_name_shows_no_credentials() {
        let name = format!("https://user:{}@host", "secret".repeat(20));
        assert!(!quote(&name).contains("secret"), "{}", quote(&name));
    }
}
