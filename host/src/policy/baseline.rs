//! Findings that were there when a team began to check: they are accepted, new ones are not, and what is gone is
//! forgotten.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// The version of the file that [`Baseline::to_text`] writes.
const VERSION: u32 = 1;

/// The name of a baseline, beside the project file.
pub const BASELINE_FILE: &str = "spec-engine.baseline.json";

/// The accepted findings, by document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    /// Documents by their path from the folder of the file.
    documents: BTreeMap<String, Vec<AcceptedFinding>>,
}

/// A finding that is accepted. The fingerprint counts; the rest is for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedFinding {
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    fingerprint: String,
}

/// A text that is not a baseline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// It is not one.
    #[error("{0}")]
    Invalid(String),
    /// It has another version.
    #[error("it has version {0}, and this spec-engine reads version {VERSION}")]
    Version(u32),
}

/// What a baseline did with the findings of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BaselineComparison {
    /// The findings that it accepts.
    pub accepted: usize,
    /// What it accepted and what is not found any more: it is forgotten.
    pub gone: usize,
}

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// The text is not one, or of a version that this engine does not know.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| BaselineError::Invalid(error.to_string()))?;
        if baseline.version != VERSION {
            return Err(BaselineError::Version(baseline.version));
        }
        Ok(baseline)
    }

    /// The text to keep: JSON, one finding a few lines, in an order that stays.
    pub fn to_text(&self) -> String {
        let baseline = Self { version: VERSION, documents: self.documents.clone() };
        serde_json::to_string_pretty(&baseline).expect("a baseline is plain data") + "\n"
    }

    /// The documents that are not among some files, each with the number of its accepted findings.
    pub fn missing<'b>(&'b self, is_file: impl Fn(&str) -> bool + 'b) -> impl Iterator<Item = (&'b str, usize)> {
        let documents = self.documents.iter().filter(move |(document, _)| !is_file(document));
        documents.map(|(document, accepted)| (document.as_str(), accepted.len()))
    }

    /// Forgets the documents that are not among some files.
    pub fn forget_missing(&mut self, is_file: impl Fn(&str) -> bool) {
        self.documents.retain(|document, _| is_file(document));
    }

    /// Accepts every finding of a document, and forgets what it accepted of it before.
    pub fn take(&mut self, document: &str, findings: &[Diagnostic], fingerprints: &[String]) {
        let accepted: Vec<AcceptedFinding> = findings
            .iter()
            .zip(fingerprints)
            .map(|(finding, fingerprint)| AcceptedFinding {
                rule: finding.rule.to_string(),
                at: finding.place.pointer().map(|pointer| pointer.as_str().to_owned()),
                fingerprint: fingerprint.clone(),
            })
            .collect();
        self.documents.remove(document);
        if !accepted.is_empty() {
            self.documents.insert(document.to_owned(), accepted);
        }
    }

    /// Takes out the findings of a document that are accepted, and forgets the accepted ones that are gone.
    pub fn compare(
        &mut self,
        document: &str,
        findings: &mut Vec<Diagnostic>,
        fingerprints: Vec<String>,
    ) -> BaselineComparison {
        let Some(accepted) = self.documents.get_mut(document) else { return BaselineComparison::default() };
        let present: HashSet<&str> = fingerprints.iter().map(String::as_str).collect();
        let before = accepted.len();
        accepted.retain(|accepted| present.contains(accepted.fingerprint.as_str()));
        let known: HashSet<&str> = accepted.iter().map(|accepted| accepted.fingerprint.as_str()).collect();
        let found = findings.len();
        let mut fingerprints = fingerprints.iter();
        findings.retain(|_| fingerprints.next().is_none_or(|fingerprint| !known.contains(fingerprint.as_str())));
        let compared = BaselineComparison { accepted: found - findings.len(), gone: before - accepted.len() };
        if accepted.is_empty() {
            self.documents.remove(document);
        }
        compared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Place, Pointer, Severity};

    fn findings(rules: &[&str]) -> (Vec<Diagnostic>, Vec<String>) {
        let place = || Place::Value(Pointer::root());
        let finding = |rule: &&str| Diagnostic::new((*rule).to_owned(), Severity::Warning, place(), "m");
        (rules.iter().map(finding).collect(), rules.iter().map(|rule| format!("print of {rule}")).collect())
    }

    #[test]
    fn what_is_new_is_left_and_what_is_gone_is_forgotten() {
        let mut baseline = Baseline::default();
        let (first, prints) = findings(&["a", "b"]);
        baseline.take("x.json", &first, &prints);
        let mut baseline = Baseline::parse(&baseline.to_text()).unwrap();

        let (mut second, prints) = findings(&["b", "c"]);
        assert_eq!(baseline.compare("x.json", &mut second, prints), BaselineComparison { accepted: 1, gone: 1 });
        assert_eq!(second.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), ["c"]);

        let (mut third, prints) = findings(&["a"]);
        assert_eq!(baseline.compare("x.json", &mut third, prints), BaselineComparison { accepted: 0, gone: 1 });
        assert_eq!(third.len(), 1);
        assert_eq!(baseline.documents.len(), 0);
    }

    #[test]
    fn documents_that_are_gone_are_known() {
        let mut baseline = Baseline::default();
        let (found, prints) = findings(&["a", "b"]);
        baseline.take("old.json", &found, &prints);
        baseline.take("kept.json", &found, &prints);
        let is_file = |document: &str| document == "kept.json";
        assert_eq!(baseline.missing(is_file).collect::<Vec<_>>(), [("old.json", 2)]);
        baseline.forget_missing(is_file);
        assert_eq!(baseline.missing(is_file).count(), 0);
        assert_eq!(baseline.documents.len(), 1);
    }

    #[test]
    fn what_is_not_a_baseline_is_refused() {
        assert!(Baseline::parse("{}").is_err());
        assert!(Baseline::parse(r#"{"version": 2, "documents": {}}"#).unwrap_err() == BaselineError::Version(2));
    }
}
