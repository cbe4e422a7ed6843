//! Findings that a project accepts, each with a reason, so that the document itself stays clean.

use std::ops::Range;

use chrono::NaiveDate;
use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Place};
use crate::rules::{expired_exception, unused_exception};
use crate::text::quote;

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
    inside: GlobMatcher,
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
        // The alternatives of a pattern may be empty: it then matches the place itself.
        let inside = format!("{text}{{,/**}}");
        let glob = GlobBuilder::new(&inside)
            .literal_separator(true)
            .backslash_escape(true)
            .empty_alternates(true)
            .build()
            .map_err(|error| PatternError { text: text.to_owned(), reason: error.kind().to_string() })?;
        Ok(Self { text: text.to_owned(), inside: glob.compile_matcher() })
    }

    /// Whether it matches a pointer or path.
    pub fn matches(&self, text: &str) -> bool {
        self.inside.is_match(text)
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
    places: GlobSet,
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
        let mut places = GlobSetBuilder::new();
        for exception in &all {
            places.add(exception.at.inside.glob().clone());
        }
        let places = places.build().unwrap_or_else(|_| GlobSet::empty());
        Self { all, places, today }
    }

    /// The use of the exceptions before the first document of a run.
    pub fn unused(&self) -> ExceptionUse {
        ExceptionUse { used: vec![false; self.all.len()], applicable: vec![false; self.all.len()] }
    }

    /// Takes out the findings of a document that an exception accepts, and returns how many these were. `document` is
    /// its path from the folder of the project file. A finding that no JSON Pointer can name stays.
    pub fn apply(&self, run: &mut ExceptionUse, document: &str, findings: &mut Vec<Diagnostic>) -> usize {
        let about: Vec<bool> = self
            .all
            .iter()
            .map(|exception| exception.document.as_ref().is_none_or(|pattern| pattern.matches(document)))
            .collect();
        for (applicable, about) in run.applicable.iter_mut().zip(&about) {
            *applicable |= about;
        }
        let before = findings.len();
        findings.retain(|finding| {
            let Some(pointer) = finding.place.pointer() else { return true };
            let matching = self.places.matches(pointer.as_str()).into_iter().find(|&index| {
                let exception = &self.all[index];
                about[index] && exception.rule == finding.rule.as_str() && !is_past(exception, self.today)
            });
            if let Some(index) = matching {
                run.used[index] = true;
            }
            matching.is_none()
        });
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
    fn an_exception_of_another_document_says_nothing() {
        let other = Exception { document: Some(Pattern::parse("b/*.json").unwrap()), ..exception("r", "/a") };
        let exceptions = Exceptions::new(vec![other], day("2026-01-01"));
        let mut run = exceptions.unused();
        assert_eq!(exceptions.apply(&mut run, "a/x.json", &mut vec![finding("r", "/a")]), 0);
        assert!(exceptions.review(&run).is_empty());
        assert_eq!(exceptions.apply(&mut run, "b/x.json", &mut vec![finding("r", "/a")]), 1);
    }
}
