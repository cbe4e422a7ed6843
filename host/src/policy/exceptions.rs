//! Findings that a project accepts, each with a reason, so that the document itself stays clean.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Place};
use crate::rules::{expired_exception, unused_exception};
use crate::text::quote;

/// The bytes of a pattern.
const LONGEST_PATTERN: usize = 4_096;

/// The patterns that are compiled together, and the bytes of their texts: a compiled pattern takes a hundred times the
/// memory of its text, so of very many a part is compiled at a time.
const COMPILED: usize = 500;
const COMPILED_BYTES: usize = 64 << 10;

/// Accepts the findings of one rule in some places.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The id of the rule.
    pub rule: String,
    /// The places.
    pub at: Pattern,
    /// The documents, by a pattern on their path from the folder of the project file; `None` for all.
    pub document: Option<Pattern>,
    /// The last day on which it holds; `None` for ever.
    pub until: Option<NaiveDate>,
    /// Where in the project file it stands, a range of bytes.
    pub place: Range<usize>,
}

/// A pattern on JSON Pointers or paths: `*` and `?` stand for anything inside a segment, `**` for any segments, `[ab]`
/// for one of some characters and `{x,y}` for one of some texts. It also matches whatever is inside of what it matches.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    text: String,
    /// Compiled where it is needed, since that takes much more memory.
    inside: Glob,
}

/// A text that is not a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a pattern: {reason}", quote(.text))]
pub struct PatternError {
    /// The text.
    pub text: String,
    /// The reason.
    pub reason: String,
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// The text is not a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.len() > LONGEST_PATTERN {
            let reason = format!("it is longer than {LONGEST_PATTERN} bytes");
            return Err(PatternError { text: text.to_owned(), reason });
        }
        // The alternatives of a pattern may be empty: it then matches the place itself.
        let inside = GlobBuilder::new(&format!("{text}{{,/**}}"))
            .literal_separator(true)
            .backslash_escape(true)
            .empty_alternates(true)
            .build()
            .map_err(|error| PatternError { text: text.to_owned(), reason: error.kind().to_string() })?;
        Ok(Self { text: text.to_owned(), inside })
    }

    /// Whether it matches a pointer or path. It is compiled for this.
    pub fn matches(&self, text: &str) -> bool {
        self.inside.compile_matcher().is_match(text)
    }

    /// The pattern on what it matches and whatever is inside of it.
    pub(super) fn glob(&self) -> &Glob {
        &self.inside
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The exceptions of a project.
#[derive(Debug)]
pub struct Exceptions {
    all: Vec<Exception>,
    /// The patterns of all, where these are few.
    places: Option<GlobSet>,
    today: NaiveDate,
}

/// Which exceptions were needed by the documents of a run.
#[derive(Clone, Debug)]
pub struct ExceptionUse {
    used: Vec<bool>,
    /// Whether a document was checked that the exception may be about.
    applicable: Vec<bool>,
}

impl Exceptions {
    /// Takes the exceptions of a project. An exception whose last day is before `today` accepts nothing.
    pub fn new(all: Vec<Exception>, today: NaiveDate) -> Self {
        let every: Vec<usize> = (0..all.len()).collect();
        let places = (parts(&all, &every).len() == 1).then(|| compile(&all, &every));
        Self { all, places, today }
    }

    /// The use of the exceptions before the first document of a run.
    pub fn unused(&self) -> ExceptionUse {
        ExceptionUse { used: vec![false; self.all.len()], applicable: vec![false; self.all.len()] }
    }

    /// Takes out the findings of a document that an exception accepts, and returns how many these were. `document` is
    /// its path from the folder of the project file. A finding that no JSON Pointer can name stays.
    pub fn apply(&self, run: &mut ExceptionUse, document: &str, findings: &mut Vec<Diagnostic>) -> usize {
        let mut known: HashMap<&str, bool> = HashMap::new();
        let about: Vec<bool> = self
            .all
            .iter()
            .map(|exception| {
                let pattern = exception.document.as_ref();
                pattern.is_none_or(|it| *known.entry(it.as_str()).or_insert_with(|| it.matches(document)))
            })
            .collect();
        for (applicable, about) in run.applicable.iter_mut().zip(&about) {
            *applicable |= about;
        }
        let rules: HashSet<String> = findings.iter().map(|finding| finding.rule.as_str().to_owned()).collect();
        let may_accept = |&index: &usize| {
            let exception = &self.all[index];
            about[index] && rules.contains(&exception.rule) && !is_past(exception, self.today)
        };
        let before = findings.len();
        let mut accept = |places: &GlobSet, indices: &[usize]| {
            findings.retain(|finding| {
                let Some(pointer) = finding.place.pointer() else { return true };
                let mut matching = places.matches(pointer.as_str()).into_iter().map(|at| indices[at]);
                let accepted_by =
                    matching.find(|index| self.all[*index].rule == finding.rule.as_str() && may_accept(index));
                if let Some(index) = accepted_by {
                    run.used[index] = true;
                }
                accepted_by.is_none()
            });
        };
        match &self.places {
            Some(places) => accept(places, &(0..self.all.len()).collect::<Vec<_>>()),
            None => {
                let needed: Vec<usize> = (0..self.all.len()).filter(may_accept).collect();
                for part in parts(&self.all, &needed) {
                    accept(&compile(&self.all, part), part);
                }
            }
        }
        before - findings.len()
    }

    /// Reports the exceptions that were not needed and those that are past, against the project file.
    pub fn review(&self, run: &ExceptionUse) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for ((exception, used), applicable) in self.all.iter().zip(&run.used).zip(&run.applicable) {
            let place = Place::Bytes(exception.place.clone());
            let what = format!("the exception for {} at {}", quote(&exception.rule), quote(exception.at.as_str()));
            match exception.until {
                Some(until) if until < self.today => {
                    findings.push(expired_exception::finding(place, format!("{what} ended with {until}")));
                }
                _ if !used && *applicable => {
                    findings.push(unused_exception::finding(place, format!("{what} matches no finding")));
                }
                _ => {}
            }
        }
        findings
    }
}

/// Parts some exceptions so that the patterns of a part may be compiled together.
fn parts<'i>(all: &[Exception], mut indices: &'i [usize]) -> Vec<&'i [usize]> {
    let mut parts = Vec::new();
    while !indices.is_empty() {
        let mut bytes = 0;
        let fitting = indices.iter().take(COMPILED).take_while(|&&index| {
            bytes += all[index].at.text.len();
            bytes <= COMPILED_BYTES
        });
        let (part, rest) = indices.split_at(fitting.count().max(1));
        parts.push(part);
        indices = rest;
    }
    parts
}

/// Compiles the places of some exceptions.
fn compile(all: &[Exception], indices: &[usize]) -> GlobSet {
    let mut places = GlobSetBuilder::new();
    for index in indices {
        places.add(all[*index].at.inside.clone());
    }
    places.build().unwrap_or_else(|_| GlobSet::empty())
}

fn is_past(exception: &Exception, today: NaiveDate) -> bool {
    exception.until.is_some_and(|until| until < today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Pointer, Severity};

    fn exception(rule: &str, at: &str) -> Exception {
        Exception { rule: rule.into(), at: Pattern::parse(at).unwrap(), document: None, until: None, place: 0..1 }
    }

    fn finding(rule: &str, pointer: &str) -> Diagnostic {
        let place = Place::Value(Pointer::parse(pointer).unwrap());
        Diagnostic::new(rule.to_owned(), Severity::Warning, place, "m")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_matches_a_place_and_what_is_inside() {
        let pattern = Pattern::parse("/services/*/image").unwrap();
        assert!(pattern.matches("/services/api/image"));
        assert!(pattern.matches("/services/api/image/tag"));
        assert!(!pattern.matches("/services/api/images"));
        assert!(!pattern.matches("/services/a/b/image"));
        assert!(Pattern::parse("/services/{a,b}/**").unwrap().matches("/services/b/exposes/0/port"));
        assert!(Pattern::parse("").unwrap().matches("/services"));
        assert!(Pattern::parse("/a[").unwrap_err().to_string().contains("is not a pattern"));
    }

    #[test]
    fn an_exception_accepts_its_rule_in_its_places_and_tells_when_it_is_not_needed() {
        let all = vec![exception("mutable-tag", "/services/*/image"), exception("mutable-tag", "/services/gone")];
        let exceptions = Exceptions::new(all, day("2026-01-01"));
        let mut run = exceptions.unused();
        let mut findings =
            vec![finding("mutable-tag", "/services/a/image/tag"), finding("unknown-owner", "/services/a/image")];
        assert_eq!(exceptions.apply(&mut run, "x.json", &mut findings), 1);
        assert_eq!(findings.len(), 1);
        let review = exceptions.review(&run);
        assert_eq!(review.len(), 1);
        assert_eq!(review[0].message, "the exception for `mutable-tag` at `/services/gone` matches no finding");
    }

    #[test]
    fn an_exception_holds_through_its_last_day() {
        let until = |date| Exception { until: Some(day("2026-03-31")), ..exception("r", date) };
        for (today, accepted, reported) in [("2026-03-31", 1, 0), ("2026-04-01", 0, 1)] {
            let exceptions = Exceptions::new(vec![until("/a")], day(today));
            let mut run = exceptions.unused();
            assert_eq!(exceptions.apply(&mut run, "x.json", &mut vec![finding("r", "/a")]), accepted);
            let review = exceptions.review(&run);
            assert_eq!(review.len(), reported);
            assert!(review.iter().all(|finding| finding.severity == Severity::Error));
        }
    }

    #[test]
    fn very_many_exceptions_are_compiled_in_parts() {
        let starred = |index: usize| exception("r", &format!("/services/*{index}/image"));
        let all: Vec<Exception> = (0..2 * COMPILED + 1).map(starred).chain([exception("other", "/**")]).collect();
        let long = all.iter().map(|exception| exception.at.text.len()).sum::<usize>() / COMPILED_BYTES;
        let indices: Vec<usize> = (0..all.len()).collect();
        assert_eq!(parts(&all, &indices).len(), 3 + long);
        let exceptions = Exceptions::new(all, day("2026-01-01"));
        let mut run = exceptions.unused();
        let at = |index: usize| finding("r", &format!("/services/a{index}/image"));
        let mut findings = vec![at(2 * COMPILED), at(0), at(COMPILED), finding("r", "/services/a/image")];
        assert_eq!(exceptions.apply(&mut run, "x.json", &mut findings), 3);
        assert_eq!(findings.len(), 1);
        // The first that matches is the one that was needed: `*0` is before `*500` and `*1000`.
        let used: Vec<usize> = (0..run.used.len()).filter(|&index| run.used[index]).collect();
        assert_eq!(used, [0]);
        assert!(Pattern::parse(&"*".repeat(LONGEST_PATTERN + 1)).is_err());
    }

    #[test]
    fn an_exception_of_another_document_says_nothing() {
        let other = Exception { document: Some(Pattern::parse("b/*.json").unwrap()), ..exception("r", "/a") };
        let exceptions = Exceptions::new(vec![other], day("2026-01-01"));
        let mut run = exceptions.unused();
        assert_eq!(exceptions.apply(&mut run, "a/x.json", &mut vec![finding("r", "/a")]), 0);
        assert!(exceptions.review(&run).is_empty());
        assert_eq!(exceptions.apply(&mut run, "b/x.json", &mut vec![finding("r", "/a")]), 1);
    }
}
