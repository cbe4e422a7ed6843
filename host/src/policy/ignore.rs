//! Differences between a document and what runs that a project accepts, each with a reason.

use std::ops::Range;

use chrono::NaiveDate;
use globset::{GlobSet, GlobSetBuilder};

use super::exceptions::Pattern;
use crate::diagnostic::{Diagnostic, Place, Pointer};
use crate::import::Difference;
use crate::rules::{expired_exception, unused_exception};
use crate::text::quote;

/// Accepts differences in some places.
#[derive(Clone, Debug)]
pub struct IgnoreRule {
    /// The places.
    pub at: Pattern,
    /// The kind of difference; `None` for every kind.
    pub is: Option<Difference>,
    /// The documents, by a pattern on their paths from the folder of the project file; `None` for all.
    pub document: Option<Pattern>,
    /// The last day on which it holds; `None` for ever.
    pub until: Option<NaiveDate>,
    /// Where in the project file it stands, a range of bytes.
    pub place: Range<usize>,
}

/// The rules of a project for one document.
#[derive(Debug, Default)]
pub struct IgnoreRules {
    rules: Vec<IgnoreRule>,
    places: GlobSet,
    today: NaiveDate,
}

impl IgnoreRules {
    /// Takes the rules that are about a document, by its path from the folder of the project file. A rule whose last day
    /// is before `today` accepts nothing.
    pub fn new(mut rules: Vec<IgnoreRule>, document: &str, today: NaiveDate) -> Self {
        rules.retain(|rule| rule.document.as_ref().is_none_or(|pattern| pattern.matches(document)));
        let mut places = GlobSetBuilder::new();
        for rule in &rules {
            places.add(rule.at.glob().clone());
        }
        let places = places.build().unwrap_or_else(|_| GlobSet::empty());
        Self { rules, places, today }
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Finds the rule that accepts a difference at a place.
    pub fn find(&self, difference: Difference, place: &Pointer) -> Option<usize> {
        let is_meant = |rule: &IgnoreRule| rule.is.is_none_or(|is| is == difference) && !self.is_past(rule);
        self.places.matches(place.as_str()).into_iter().find(|&index| is_meant(&self.rules[index]))
    }

    /// Reports the rules that are past, and those that accepted nothing, against the project file. `used` says of each
    /// whether it did.
    pub fn review(&self, used: &[bool]) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (rule, used) in self.rules.iter().zip(used) {
            let place = Place::Bytes(rule.place.clone());
            let what = format!("the ignore rule at {}", quote(rule.at.as_str()));
            match rule.until {
                Some(until) if self.is_past(rule) => {
                    findings.push(expired_exception::finding(place, format!("{what} ended with {until}")));
                }
                _ if !used => findings.push(unused_exception::finding(place, format!("{what} matches no difference"))),
                _ => {}
            }
        }
        findings
    }

    fn is_past(&self, rule: &IgnoreRule) -> bool {
        rule.until.is_some_and(|until| until < self.today)
    }
}

#[cfg(test)]
mod tests {
    use super::{IgnoreRule, IgnoreRules};
    use crate::diagnostic::Pointer;
    use crate::import::Difference;
    use crate::policy::Pattern;

    fn rule(at: &str) -> IgnoreRule {
        IgnoreRule { at: Pattern::parse(at).unwrap(), is: None, document: None, until: None, place: 0..1 }
    }

    #[test]
    fn a_rule_accepts_its_kind_of_difference_until_its_last_day() {
        let missing = IgnoreRule { is: Some(Difference::Missing), ..rule("/services/old*") };
        let past = IgnoreRule { until: Some("2026-03-31".parse().unwrap()), ..rule("/services/web") };
        let other = IgnoreRule { document: Some(Pattern::parse("b/*.json").unwrap()), ..rule("/**") };
        let rules = IgnoreRules::new(vec![missing, past, other], "a/system.json", "2026-04-01".parse().unwrap());
        let find = |difference, name| rules.find(difference, &Pointer::of(["services", name]));
        assert_eq!(rules.len(), 2, "one is about another document");
        assert_eq!(find(Difference::Missing, "old-api"), Some(0));
        assert_eq!(find(Difference::Different, "old-api"), None);
        assert_eq!(find(Difference::Missing, "web"), None);
        let review: Vec<String> = rules.review(&[false, false]).into_iter().map(|finding| finding.message).collect();
        assert_eq!(
            review,
            [
                "the ignore rule at `/services/old*` matches no difference",
                "the ignore rule at `/services/web` ended with 2026-03-31"
            ]
        );
        assert_eq!(rules.review(&[true, false]).len(), 1);
    }
}
