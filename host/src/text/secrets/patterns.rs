//! The patterns of secrets, each compiled for the first text that may have a match.
//!
//! To compile a pattern takes longer than to read a small file, most of all with the classes of Unicode. So a text without
//! the words that every match has is not searched, and a text in ASCII is searched with classes of ASCII: in such a text
//! they find the same.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use memchr::memmem;
use regex::bytes::{Captures, Regex, RegexBuilder};

/// A pattern, and what it takes to match.
pub(super) struct Pattern {
    source: &'static str,
    /// Every match has one of them; empty where that says nothing.
    words: &'static [&'static str],
    case: Case,
    ascii: OnceLock<Regex>,
    unicode: OnceLock<Regex>,
}

/// Whether the words of a pattern stand in a text as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Exact,
    Any,
}

impl Pattern {
    const fn new(source: &'static str, words: &'static [&'static str]) -> Self {
        Self::of(source, words, Case::Exact)
    }

    /// A pattern that begins with `(?i)`. Its words are in small letters.
    const fn in_any_case(source: &'static str, words: &'static [&'static str]) -> Self {
        Self::of(source, words, Case::Any)
    }

    const fn of(source: &'static str, words: &'static [&'static str], case: Case) -> Self {
        Self { source, words, case, ascii: OnceLock::new(), unicode: OnceLock::new() }
    }

    /// Whether a text has a match.
    pub fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex(text).is_match(text.as_bytes())
    }

    /// The first match.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        self.find_iter(text).next()
    }

    /// The matches, in their order.
    pub fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        let regex = self.may_match(text).then(|| self.regex(text));
        regex.into_iter().flat_map(|regex| regex.find_iter(text.as_bytes())).map(|found| found.range())
    }

    /// The matches with their groups, in their order.
    pub fn captures_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Match<'t>> + 't {
        let regex = self.may_match(text).then(|| self.regex(text));
        let found = regex.into_iter().flat_map(|regex| regex.captures_iter(text.as_bytes()));
        found.map(move |captures| Match { text, captures })
    }

    /// The ranges of a group in the matches that have it.
    pub fn group<'t>(&'t self, text: &'t str, name: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.captures_iter(text).filter_map(move |found| found.range(name))
    }

    fn may_match(&self, text: &str) -> bool {
        let has = |text: &[u8]| self.words.iter().any(|word| memmem::find(text, word.as_bytes()).is_some());
        self.words.is_empty()
            || match self.case {
                Case::Exact => has(text.as_bytes()),
                // Of the letters outside of ASCII these two are letters of it in another case.
                Case::Any => has(&text.as_bytes().to_ascii_lowercase()) || text.contains(['\u{17f}', '\u{212a}']),
            }
    }

    fn regex(&self, text: &str) -> &Regex {
        let compiled = |is_unicode| {
            let regex = RegexBuilder::new(self.source).unicode(is_unicode).build();
            regex.expect("the pattern is written here")
        };
        if text.is_ascii() {
            self.ascii.get_or_init(|| compiled(false))
        } else {
            self.unicode.get_or_init(|| compiled(true))
        }
    }
}

/// A match with its groups.
pub(super) struct Match<'t> {
    text: &'t str,
    captures: Captures<'t>,
}

impl<'t> Match<'t> {
    /// Where the match ends.
    pub fn end(&self) -> usize {
        self.captures.get_match().end()
    }

    /// Where a group stands, if the match has it.
    pub fn range(&self, group: &str) -> Option<Range<usize>> {
        self.captures.name(group).map(|found| found.range())
    }

    /// The text of a group; empty where the match does not have it.
    pub fn text(&self, group: &str) -> &'t str {
        self.range(group).map_or("", |range| &self.text[range])
    }
}

/// The start of a line of a file of variables, up to its value.
pub(super) static VARIABLE: Pattern = Pattern::new(r"^\s*(?:export\s+)?[\w.\-\[\]]+[ \t]*[=:]", &["=", ":"]);

/// A name, and the value that stands behind it, on the same line or the next.
pub(super) static NAMED_VALUE: Pattern = Pattern::new(
    r#"\bname["']?[ \t]*[:=][ \t]*["']?(?P<name>[A-Za-z0-9_.-]+)["']?[ \t]*,?\s*["']?value["']?[ \t]*[:=][ \t]*"#,
    &["value"],
);

/// A Secret of Kubernetes.
pub(super) static SECRET_OBJECT: Pattern = Pattern::new(r#"\bkind["']?[ \t]*:[ \t]*["']?Secret\b"#, &["Secret"]);

/// What it holds, in braces.
pub(super) static SECRET_DATA: Pattern =
    Pattern::new(r#"\b(?:data|stringData)["']?[ \t]*:\s*\{(?P<secret>[^}]*)\}"#, &["{"]);

/// A key up to its value. Behind a colon there is space, unless the key has quotes: `host:80` is none.
pub(super) static ASSIGNMENT: Pattern =
    Pattern::new(r#"(?m)(?P<key>[\w.-]+)(?:["'][ \t]*:[ \t]*|[ \t]*:(?:[ \t]+|\r?$)|["']?[ \t]*=[ \t]*)"#, &["=", ":"]);

/// What stands behind a key whose value begins on the next line. It is asked at each key, of lines that may be long: so it is
/// not asked which letters they have.
pub(super) static BLOCK: LazyLock<regex::Regex> = LazyLock::new(|| {
    let source = r"^(?:[&!][^\s]*[ \t]*)*(?:[|>][+\-0-9]*)?[ \t]*(?:#.*)?\r?$";
    regex::Regex::new(source).expect("the pattern is written here")
});

/// A line that is an entry of a map or a list.
pub(super) static STRUCTURE: Pattern =
    Pattern::new(r#"^[ \t]*(?:-(?:[ \t]|$)|["']?[\w./ -]+["']?[ \t]*:(?:[ \t]|$))"#, &["-", ":"]);

/// An option and its value, which stand in one text or in two entries of a list. What begins with a dash is the next option.
pub(super) static OPTION: Pattern = Pattern::new(
    concat!(
        r#"(?P<name>--?[A-Za-z][\w.-]*)(?:=["']?(?P<equal>[^\s"',\]\[}]+)|"#,
        r#"(?:["']?[ \t]*,?[ \t]+["']?|["']?[ \t]*\r?\n[ \t]*-[ \t]+["']?|["']?,["']?)"#,
        r#"(?P<next>[^\s"',\]\[}-][^\s"',\]\[}]*))"#,
    ),
    &["-"],
);

/// A password that stands right behind its option.
pub(super) static ATTACHED: Pattern = Pattern::new(r#"(?m)(?:^|[\s"'\[,])-p(?P<value>[^\s"',\]\[}=]+)"#, &["-p"]);

/// What follows a word that only a secret follows: `Bearer x`, `requirepass x` of Redis, `PASSWORD 'x'` of SQL.
pub(super) static NEXT_WORD: Pattern = Pattern::in_any_case(
    concat!(
        r#"(?i)\b(?:(?:bearer|requirepass|masterauth)\b["']?,?[ \t]+["']?|"#,
        r#"(?:password|identified[ \t]+by)[ \t]+["'])(?P<secret>[^\s"',\]}]+)"#,
    ),
    &["bearer", "requirepass", "masterauth", "password", "identified"],
);

/// The end of an address that whoever knows it may post to.
pub(super) static HOOK: Pattern = Pattern::in_any_case(
    r#"(?i)\b(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks)/(?P<secret>[^\s"',]+)"#,
    &["hooks.slack.com/", ".com/api/webhooks/"],
);

/// What is a secret by its form: JSON Web Tokens, tokens of well-known services, hashes of passwords.
pub(super) static KNOWN_TOKEN: Pattern = Pattern::new(
    concat!(
        r"(?P<secret>\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|",
        r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|sk_test_|rk_live_|sk-|npm_|pypi-|dckr_pat_|hvs\.|SG\.|",
        r"AKIA|ASIA|AIza|AGE-SECRET-KEY-|ya29\.)[\w.-]{8,}|",
        r"\${1,2}(?:apr1|2[aby]|5|6|argon2id?)\${1,2}[^\s:,'\x22]+)",
    ),
    &KNOWN_TOKENS,
);

/// What the tokens begin with.
const KNOWN_TOKENS: [&str; 34] = [
    "eyJ",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxa-",
    "xoxb-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "sk-",
    "npm_",
    "pypi-",
    "dckr_pat_",
    "hvs.",
    "SG.",
    "AKIA",
    "ASIA",
    "AIza",
    "AGE-SECRET-KEY-",
    "ya29.",
    "$apr1$",
    "$2a$",
    "$2b$",
    "$2y$",
    "$5$",
    "$6$",
    "$argon2i",
];

/// The default of a variable that sounds like a secret: `${DB_PASSWORD:-x}`.
pub(super) static DEFAULT: Pattern = Pattern::new(
    concat!(
        r"(?i)\$\{\w*(?:pass|pwd|secret|token|key|auth|cred|salt|sign|crypt|dsn|jwt|licen[cs]e)\w*:?[-=]",
        r"(?P<secret>[^}\n]*)",
    ),
    &["${"],
);

/// A reference to a variable.
pub(super) static REFERENCE: Pattern = Pattern::new(r"\$\{[A-Za-z_]\w*(?:\}|:?[-?+])", &["${"]);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        ASSIGNMENT, ATTACHED, DEFAULT, HOOK, KNOWN_TOKEN, KNOWN_TOKENS, NAMED_VALUE, NEXT_WORD, OPTION, Pattern,
        REFERENCE, Regex, RegexBuilder, SECRET_DATA, SECRET_OBJECT, STRUCTURE, VARIABLE,
    };

    const ALL: [&Pattern; 13] = [
        &VARIABLE,
        &NAMED_VALUE,
        &SECRET_OBJECT,
        &SECRET_DATA,
        &ASSIGNMENT,
        &STRUCTURE,
        &OPTION,
        &ATTACHED,
        &NEXT_WORD,
        &HOOK,
        &KNOWN_TOKEN,
        &DEFAULT,
        &REFERENCE,
    ];

    /// The ranges of the groups of each match, with no word asked for and with the classes of Unicode.
    fn plainly(pattern: &Pattern, text: &str) -> Vec<Vec<Option<(usize, usize)>>> {
        groups(&RegexBuilder::new(pattern.source).build().unwrap(), text)
    }

    fn groups(regex: &Regex, text: &str) -> Vec<Vec<Option<(usize, usize)>>> {
        let found = regex.captures_iter(text.as_bytes());
        found.map(|all| all.iter().map(|group| group.map(|group| (group.start(), group.end()))).collect()).collect()
    }

    fn quickly(pattern: &Pattern, text: &str) -> Vec<Vec<Option<(usize, usize)>>> {
        if pattern.may_match(text) { groups(pattern.regex(text), text) } else { Vec::new() }
    }

    #[test]
    fn each_word_of_a_token_is_one_that_it_begins_with() {
        for start in KNOWN_TOKENS {
            let text = match start {
                "$argon2i" => format!("{start}$0123456789"),
                "eyJ" => format!("{start}0123456789.0"),
                _ => format!("{start}0123456789"),
            };
            assert_eq!(KNOWN_TOKEN.find(&text), Some(0..text.len()), "{text}");
        }
    }

    #[test]
    fn letters_that_are_ascii_in_another_case_match() {
        for text in ["pa\u{17f}\u{17f}word 'x'", "MA\u{17f}TERAUTH x", "hoo\u{212a}s.slack.com/services/x"] {
            assert!(NEXT_WORD.is_match(text) || HOOK.is_match(text), "{text}");
        }
    }

    /// Texts of the pieces that the patterns are made of, in ASCII and not.
    fn texts() -> impl Strategy<Value = String> {
        const PIECES: &[&str] = &[
            "name",
            "value",
            "kind",
            "Secret",
            "data",
            "stringData",
            "key",
            "PASSWORD",
            "pa\u{17f}\u{17f}word",
            "bearer",
            "requirepass",
            "identified by",
            "hooks.slack.com/services/",
            "discordapp.com/api/webhooks/",
            "ghp_",
            "xoxb-",
            "sk-",
            "eyJ",
            "AKIA",
            "01234567",
            "$apr1$",
            "$$2y$$",
            "$6$",
            "$argon2id$",
            "${",
            "}",
            ":-",
            ":",
            "=",
            "-",
            "--",
            "-p",
            "-a",
            "\"",
            "'",
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            ",",
            ".",
            "[",
            "{",
            "|",
            "#",
            "&x",
            "x",
            "ü",
            "é́",
            "\u{a0}",
            "\u{2003}",
            "—",
            "٣",
            "名",
            "\u{212a}",
            "_",
        ];
        prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 3_000 }))]

        #[test]
        fn words_and_classes_of_ascii_change_no_match(text in texts()) {
            for pattern in ALL {
                prop_assert_eq!(quickly(pattern, &text), plainly(pattern, &text), "{}", pattern.source);
                let ascii: String = text.chars().filter(char::is_ascii).collect();
                prop_assert_eq!(quickly(pattern, &ascii), plainly(pattern, &ascii), "{}", pattern.source);
            }
        }
    }
}
