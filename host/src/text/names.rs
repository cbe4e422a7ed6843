//! What somebody may have meant, and names as messages show them.

use std::borrow::Cow;

use super::redact::redact;

/// The bytes of the longest name that is one, or gets one, as a suggestion: comparing two takes the product of their
/// lengths.
const LONGEST: usize = 256;

/// The work for one suggestion: the bytes of the candidates that are looked at, and for each pair that is compared the
/// product of the lengths. Sixty thousand names of twenty letters.
const WORK: usize = 25_000_000;

/// Finds what a name may have been meant to be: the nearest of some names, if one is near. Of very many names, the first
/// are looked at.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_within(name, candidates, &mut { WORK })
}

fn nearest_within<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, work: &mut usize) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let allowed = (name.chars().count() / 3).max(1);
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    let mut found: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len() > LONGEST || candidate.len().abs_diff(name.len()) > allowed * 4 || candidate == name {
            let Some(left) = work.checked_sub(1) else { break };
            *work = left;
            continue;
        }
        let candidate_lower = candidate.to_lowercase();
        let candidate_length = candidate_lower.chars().count();
        // No change makes more than one letter of a name, or takes away more than one.
        let is_far = candidate_length.abs_diff(length) > allowed || is_spelt_apart(&lower, &candidate_lower, allowed);
        let cost = if is_far { length + candidate_length } else { length * candidate_length };
        let Some(left) = work.checked_sub(1 + cost) else { break };
        *work = left;
        if is_far {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&candidate_lower, &lower);
        if distance <= allowed && found.is_none_or(|(nearest, _)| distance < nearest) {
            found = Some((distance, candidate));
        }
    }
    found.map(|(_, candidate)| candidate)
}

/// Whether one of two names has more letters that the other lacks than there may be changes between them.
fn is_spelt_apart(one: &str, other: &str, allowed: usize) -> bool {
    // Letters that share a place make names look more alike than they are, never less.
    let mut letters = [0_i32; 64];
    one.chars().for_each(|letter| letters[letter as usize % 64] += 1);
    other.chars().for_each(|letter| letters[letter as usize % 64] -= 1);
    let (mut more, mut fewer) = (0, 0);
    for count in letters {
        if count > 0 { more += count.unsigned_abs() } else { fewer += count.unsigned_abs() }
    }
    more.max(fewer) as usize > allowed
}

/// Finds what names may have been meant to be, for the first [`Suggester::MOST`] of them, and with so much work for all:
/// a document in which every name is wrong would otherwise take time by the square of its size.
#[derive(Debug)]
pub struct Suggester {
    asked: usize,
    work: usize,
}

impl Default for Suggester {
    fn default() -> Self {
        Self { asked: 0, work: 4 * WORK }
    }
}

impl Suggester {
    /// The names of one rule that get a suggestion.
    pub const MOST: usize = 50;

    /// A sentence that names the nearest of some names, if one is near.
    pub fn did_you_mean<'a>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
        self.nearest(name, candidates).map(|nearest| format!("did you mean {}?", quote(nearest)))
    }

    /// The nearest of some names, if one is near.
    pub fn nearest<'a>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        self.asked += 1;
        if self.asked > Self::MOST { None } else { nearest_within(name, candidates, &mut self.work) }
    }
}

/// The characters of a name that a message shows.
const SHOWN: usize = 80;

/// A name as messages show it: in backticks, without control characters and secrets, and not longer than a line.
pub fn quote(name: &str) -> String {
    let shown = if is_plain(name) { Cow::Borrowed(name) } else { Cow::Owned(shorten(name)) };
    ["`", &shown, "`"].concat()
}

/// Whether a name is shown as it is, as almost every name is.
fn is_plain(name: &str) -> bool {
    name.len() <= SHOWN && name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'@')
}

/// A name as [`quote`] does, without the backticks. Credentials in it are hidden before it is cut: of a half of
/// them, nobody could tell what they are.
pub fn shorten(name: &str) -> String {
    let name = redact(name);
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", visible(&name[..end])),
        None => visible(&name).into_owned(),
    }
}

/// A text without what a terminal would act on: control characters, and marks that move or hide what stands
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

/// Whether a character moves or hides text around it: marks of direction, line and paragraph separators, the
/// byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, Suggester, nearest, quote, visible};

    /// What is found without the short cuts.
    fn nearest_of_all<'a>(name: &str, candidates: &'a [String]) -> Option<&'a str> {
        let allowed = (name.chars().count() / 3).max(1);
        candidates
            .iter()
            .filter(|candidate| candidate.len().abs_diff(name.len()) <= allowed * 4)
            .map(|candidate| (strsim::damerau_levenshtein(&candidate.to_lowercase(), &name.to_lowercase()), candidate))
            .filter(|&(distance, candidate)| distance <= allowed && candidate != name)
            .min_by_key(|&(distance, _)| distance)
            .map(|(_, candidate)| candidate.as_str())
    }

    proptest! {
        #[test]
        fn the_short_cuts_change_nothing(
            name in "[aAbcü-]{0,12}",
            candidates in proptest::collection::vec("[aAbcü-]{0,12}", 0..8),
        ) {
            prop_assert_eq!(nearest(&name, candidates.iter().map(String::as_str)), nearest_of_all(&name, &candidates));
        }
    }

    #[test]
    fn long_names_and_many_names_take_no_time() {
        let long: Vec<String> = (0..50).map(|index| format!("{}{index}", "x".repeat(2_000_000))).collect();
        assert_eq!(nearest(&long[0], long.iter().map(String::as_str)), None);
        // A name that is short enough, among names as long as can be: hours without a bound.
        let names: Vec<String> =
            (0..40_000).map(|index| format!("{}{index:05}", "ab".repeat(LONGEST / 2 - 3))).collect();
        let start = std::time::Instant::now();
        let mut suggester = Suggester::default();
        for name in &names[..Suggester::MOST] {
            suggester.nearest(&name[1..], names.iter().map(String::as_str));
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

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
