//! Tests of scripted rules: `NAME.test.json` beside `NAME.rhai`.
//!
//! A case is a document, or a patch on a minimal one, and the findings that the rule has to report: exactly these.

mod errors;
mod keys;
mod schema;

use std::collections::BTreeSet;
use std::io;

use rhai::{AST, ASTNode, Expr, Position, Stmt};
use serde_json::{Map, Value, json};

use self::keys::{CASE_KEYS, EXPECTED_KEYS, KEYS};
use super::rule::Run;
use super::{PrintedLine, Script, engine, meter};
use crate::diagnostic::{Diagnostic, Pointer, Severity};
use crate::load::load;
use crate::model::System;
use crate::policy::STACK_BYTES;
use crate::rules::{Facts, Params, Rule as _, RuleFailure};
use crate::source::Source;
use crate::text::{nearest, quote};

pub use errors::{CaseError, TestFileError};
pub use schema::schema;

/// The cases of a rule.
#[derive(Debug)]
pub struct Tests {
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    name: String,
    input: CaseInput,
    params: Map<String, Value>,
    expected: Vec<ExpectedFinding>,
}

/// The document of a case.
#[derive(Debug)]
enum CaseInput {
    /// The minimal document with a patch.
    Patch(Value),
    /// A file.
    Document(String),
}

/// An expected finding.
#[derive(Clone, Debug)]
struct ExpectedFinding {
    at: String,
    severity: Option<Severity>,
    contains: Option<String>,
}

/// The outcome of the cases of a rule.
#[derive(Debug)]
pub struct TestReport {
    /// Each case, in the order of the file.
    pub cases: Vec<CaseReport>,
    /// The calls of `report` in the script that no case reached: line and column, both from 1.
    pub never_fired: Vec<(usize, usize)>,
}

impl TestReport {
    /// Whether every case passed.
    pub fn is_passed(&self) -> bool {
        self.cases.iter().all(|case| case.result.is_passed())
    }
}

/// The outcome of a case, with its name.
#[derive(Debug)]
pub struct CaseReport {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub result: CaseResult,
    /// What the rule has printed.
    pub printed: Vec<PrintedLine>,
}

/// The outcome of a case.
#[derive(Debug)]
pub enum CaseResult {
    /// The rule reported exactly the expected findings.
    Passed,
    /// The rule reported other findings.
    Differs {
        /// The expected findings that it did not report, a line each.
        missing: Vec<String>,
        /// The findings that were not expected, a line each.
        unexpected: Vec<String>,
    },
    /// The case cannot be run.
    Invalid(CaseError),
    /// The rule failed.
    Failed(Box<RuleFailure>),
}

impl CaseResult {
    /// Whether the rule reported exactly the expected findings.
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }
}

/// The document that patches change: a system with one service, `api`, that has an image.
pub fn minimal_document() -> Value {
    json!({ "name": "test", "services": { "api": { "image": { "name": "ghcr.io/acme/api" } } } })
}

/// The name of the file with the tests of a script: `image-digest.test.json` of `image-digest.rhai`.
pub fn test_file(script: &str) -> String {
    format!("{}.test.json", script.strip_suffix(".rhai").unwrap_or(script))
}

impl Tests {
    /// Reads the text of a file with tests.
    ///
    /// # Errors
    /// The text is not a file with tests.
    pub fn read(text: &str) -> Result<Self, TestFileError> {
        let value: Value = serde_json::from_str(text).map_err(|error| TestFileError::Json(error.to_string()))?;
        let root = object(&value, "the file", &KEYS)?;
        let Some(Value::Array(cases)) = root.get("cases") else { return Err(expected("an array `cases`", "the file")) };
        if cases.is_empty() {
            return Err(TestFileError::NoCases);
        }
        let mut read: Vec<Case> = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            let case = Case::read(case, &format!("the case {}", index + 1))?;
            if read.iter().any(|other| other.name == case.name) {
                return Err(TestFileError::DuplicateCase(case.name));
            }
            read.push(case);
        }
        Ok(Self { cases: read })
    }

    /// The files that the cases name as their documents, as they name them: relative to the file with the tests.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().filter_map(|case| match &case.input {
            CaseInput::Document(name) => Some(name.as_str()),
            CaseInput::Patch(_) => None,
        })
    }

    /// Runs a rule on every case. `document` reads a file that [`Tests::documents`] lists.
    pub fn run(&self, script: &Script, document: impl Fn(&str) -> io::Result<Vec<u8>>) -> TestReport {
        let mut fired = BTreeSet::new();
        let cases = self.cases.iter().map(|case| {
            let mut printed = Vec::new();
            let result = case.source(&document).and_then(|source| {
                let run = case.run(script, &source)?;
                fired.extend(run.fired);
                printed = run.printed;
                Ok(run.failed.map_or_else(|| case.compare(&run.findings), CaseResult::Failed))
            });
            CaseReport { name: case.name.clone(), result: result.unwrap_or_else(CaseResult::Invalid), printed }
        });
        let cases = cases.collect();
        let never_fired = reports(script).into_iter().filter(|position| !fired.contains(position));
        let never_fired = never_fired.filter_map(|position| Some((position.line()?, position.position()?)));
        TestReport { cases, never_fired: never_fired.collect() }
    }
}

/// Runs a rule on a system, with its own parameters.
///
/// # Errors
/// The rule failed.
pub fn try_on(script: &Script, system: &System) -> Result<(), Box<RuleFailure>> {
    observe(script, system, &Params::of(script.params())).failed.map_or(Ok(()), Err)
}

/// Runs a rule on the stack that a policy gives it.
fn observe(script: &Script, system: &System, params: &Params) -> Run {
    std::thread::scope(|scope| {
        let ask = || script.observe(Facts::of(system).context(params));
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, ask);
        thread.expect("a process may have a thread more").join().expect("a rule that panics is caught")
    })
}

impl Case {
    fn read(value: &Value, place: &str) -> Result<Self, TestFileError> {
        let case = object(value, place, &CASE_KEYS)?;
        let name = match case.get("name") {
            Some(Value::String(name)) if !name.trim().is_empty() => name.clone(),
            _ => return Err(expected("a string `name`", place)),
        };
        let place = format!("the case {}", quote(&name));
        let input = match (case.get("patch"), case.get("document")) {
            (Some(patch @ (Value::Object(_) | Value::Array(_))), None) => CaseInput::Patch(patch.clone()),
            (Some(_), None) => {
                return Err(expected("an object (merge patch) or an array (JSON Patch) as `patch`", place));
            }
            (None, Some(Value::String(file))) => CaseInput::Document(file.clone()),
            (None, Some(_)) => return Err(expected("the name of a file as `document`", place)),
            (None, None) => CaseInput::Patch(json!({})),
            (Some(_), Some(_)) => return Err(TestFileError::TwoDocuments { place }),
        };
        let params = match case.get("params") {
            None => Map::new(),
            Some(Value::Object(params)) => params.clone(),
            Some(_) => return Err(expected("an object as `params`", place)),
        };
        let Some(Value::Array(findings)) = case.get("expect") else {
            return Err(expected("an array `expect`, empty where the rule reports nothing,", place));
        };
        let expected = findings.iter().map(|finding| ExpectedFinding::read(finding, &place));
        Ok(Self { name, input, params, expected: expected.collect::<Result<_, _>>()? })
    }

    fn source(&self, document: impl Fn(&str) -> io::Result<Vec<u8>>) -> Result<Source, CaseError> {
        let patch = match &self.input {
            CaseInput::Document(name) => {
                let unreadable =
                    |error: io::Error| CaseError::Unreadable { file: name.clone(), reason: error.to_string() };
                let bytes = document(name).map_err(unreadable)?;
                return Ok(Source::new(name.clone(), bytes));
            }
            CaseInput::Patch(patch) => patch,
        };
        let mut patched = minimal_document();
        if patch.is_array() {
            let operations: json_patch::Patch =
                serde_json::from_value(patch.clone()).map_err(|error| CaseError::InvalidPatch(error.to_string()))?;
            json_patch::patch(&mut patched, &operations).map_err(|error| CaseError::PatchFailed(error.to_string()))?;
        } else {
            json_patch::merge(&mut patched, patch);
        }
        let text = serde_json::to_string_pretty(&patched).expect("a value is JSON");
        Ok(Source::new(self.name.clone(), text.into()))
    }

    fn run(&self, script: &Script, source: &Source) -> Result<Run, CaseError> {
        let loaded = load(source);
        if let Some(finding) = loaded.findings.first() {
            let message = finding.message.clone();
            return Err(match finding.place.pointer() {
                Some(pointer) => CaseError::InvalidDocument { pointer: pointer.clone(), message },
                None => CaseError::NotJson(message),
            });
        }
        let system = loaded.system.expect("a document without findings has a system");
        Ok(observe(script, &system, &self.params(script)?))
    }

    fn params(&self, script: &Script) -> Result<Params, CaseError> {
        let mut params = Params::of(script.params());
        for (name, value) in &self.params {
            let Some(param) = script.params().iter().find(|param| param.name == name.as_str()) else {
                let names = script.params().iter().map(|param| param.name.as_ref());
                let suggestion = nearest(name, names).map(str::to_owned);
                return Err(CaseError::UnknownParameter { name: name.clone(), suggestion });
            };
            let expected = param.default.type_name();
            let wrong_type = || CaseError::ParameterType { name: name.clone(), expected };
            let value = param.default.like(value).ok_or_else(wrong_type)?;
            params.set(name, value);
        }
        Ok(params)
    }

    fn compare(&self, findings: &[Diagnostic]) -> CaseResult {
        // The most specific first, so that a less specific one does not take its finding.
        let mut expected: Vec<&ExpectedFinding> = self.expected.iter().collect();
        expected.sort_by_key(|expected| std::cmp::Reverse(expected.specificity()));
        let mut left: Vec<&Diagnostic> = findings.iter().collect();
        let mut missing = Vec::new();
        for expected in expected {
            match left.iter().position(|finding| expected.is(finding)) {
                Some(index) => {
                    left.remove(index);
                }
                None => missing.push(expected.show()),
            }
        }
        if missing.is_empty() && left.is_empty() {
            return CaseResult::Passed;
        }
        let unexpected = left.into_iter().map(|finding| {
            let at = finding.place.pointer().map_or("", Pointer::as_str);
            format!("{} at {}: {}", finding.severity, quote(at), finding.message)
        });
        CaseResult::Differs { missing, unexpected: unexpected.collect() }
    }
}

impl ExpectedFinding {
    fn read(value: &Value, place: &str) -> Result<Self, TestFileError> {
        let place = format!("`expect` of {place}");
        let finding = object(value, &place, &EXPECTED_KEYS)?;
        let text = |key: &str, words: &'static str| match finding.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(expected(words, place.clone())),
        };
        let at = text("at", "a string `at`")?.ok_or_else(|| expected("a string `at`", place.clone()))?;
        if Pointer::parse(&at).is_none() {
            return Err(TestFileError::InvalidPointer { place, text: at });
        }
        let contains = text("contains", "a string `contains`")?;
        let severity = match text("severity", "a string `severity`")?.as_deref() {
            None => None,
            Some(word) => match Severity::parse(word) {
                Some(severity) => Some(severity),
                None => return Err(unknown(place, "severity", word, &Severity::WORDS)),
            },
        };
        Ok(Self { at, severity, contains })
    }

    fn is(&self, finding: &Diagnostic) -> bool {
        finding.place.pointer().is_some_and(|pointer| pointer.as_str() == self.at)
            && self.severity.is_none_or(|severity| severity == finding.severity)
            && self.contains.as_ref().is_none_or(|text| finding.message.contains(text.as_str()))
    }

    /// How specific it is: the longer the expected text, the more.
    fn specificity(&self) -> (usize, bool) {
        (self.contains.as_ref().map_or(0, String::len), self.severity.is_some())
    }

    fn show(&self) -> String {
        let severity = self.severity.map_or("a finding", Severity::as_str);
        let contains = self.contains.as_ref().map(|text| format!(", with {}", quote(text)));
        format!("{severity} at {}{}", quote(&self.at), contains.unwrap_or_default())
    }
}

/// Takes a value as an object, if its keys are known.
fn object<'v>(value: &'v Value, place: &str, known: &[&'static str]) -> Result<&'v Map<String, Value>, TestFileError> {
    let Value::Object(object) = value else { return Err(expected("an object", place)) };
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(unknown(place, "key", key, known)),
        None => Ok(object),
    }
}

fn expected(expected: &'static str, place: impl Into<String>) -> TestFileError {
    TestFileError::Expected { place: place.into(), expected }
}

fn unknown(place: impl Into<String>, what: &'static str, name: &str, known: &[&'static str]) -> TestFileError {
    let suggestion = nearest(name, known.iter().copied());
    TestFileError::Unknown { place: place.into(), what, name: name.to_owned(), suggestion, known: known.to_vec() }
}

/// Finds every call of `report` in a script.
fn reports(script: &Script) -> BTreeSet<Position> {
    let mut found = BTreeSet::new();
    let engine = engine::engine(&script.budget.limits);
    let compiled = script.budget.spend(|| meter::compile(&engine, script.source.text()));
    compiled.ok().and_then(Result::ok).unwrap_or_else(AST::empty).walk(&mut |path: &[ASTNode<'_>]| {
        match path.last() {
            Some(ASTNode::Expr(Expr::MethodCall(call, position) | Expr::FnCall(call, position)))
            | Some(ASTNode::Stmt(Stmt::FnCall(call, position)))
                if call.name == "report" =>
            {
                found.insert(*position);
            }
            _ => {}
        }
        true
    });
    found
}
