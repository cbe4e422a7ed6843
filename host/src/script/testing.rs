//! Tests of scripted rules: `NAME.test.json` beside `NAME.rhai`.
//!
//! A case is a document, or a patch on a minimal one, and the findings that the rule has to report: exactly these.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Expr, Position, Stmt};
use serde_json::{Map, Value, json};

use super::{Script, engine};
use crate::diagnostic::{Diagnostic, Pointer, Severity};
use crate::load::load;
use crate::policy::STACK_BYTES;
use crate::rules::{Failed, Params, Rule as _, Shared};
use crate::source::Source;
use crate::text::{nearest, quote};

const KEYS: [&str; 1] = ["cases"];
const CASE_KEYS: [&str; 5] = ["name", "patch", "document", "params", "expect"];
const EXPECTED_KEYS: [&str; 3] = ["at", "severity", "contains"];

/// Holds the cases of a rule.
#[derive(Debug)]
pub struct Tests {
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    name: String,
    given: Given,
    params: Map<String, Value>,
    expected: Vec<Expected>,
}

/// Says what a rule is asked about.
#[derive(Debug)]
enum Given {
    /// The minimal document with a patch.
    Patch(Value),
    /// A file.
    Document(String),
}

/// A finding that a rule has to report.
#[derive(Clone, Debug)]
struct Expected {
    at: String,
    severity: Option<Severity>,
    contains: Option<String>,
}

/// Says how the cases of a rule went.
#[derive(Debug)]
pub struct Tested {
    /// Each case, in the order of the file.
    pub cases: Vec<TestedCase>,
    /// The calls of `report` in the script that no case reached: line and column, both from 1.
    pub never_fired: Vec<(usize, usize)>,
}

impl Tested {
    /// Says whether every case passed.
    pub fn is_passed(&self) -> bool {
        self.cases.iter().all(|case| case.result.is_passed())
    }
}

/// Says how a case went.
#[derive(Debug)]
pub struct TestedCase {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub result: CaseResult,
}

/// Says what came of a case.
#[derive(Debug)]
pub enum CaseResult {
    /// The rule reported what it has to.
    Passed,
    /// It reported something else.
    Differs {
        /// What it has to report and did not, a line each.
        missing: Vec<String>,
        /// What it reported and was not to, a line each.
        unexpected: Vec<String>,
    },
    /// The case cannot be asked: its document, patch or parameters are wrong.
    Wrong(String),
    /// The rule failed.
    Failed(Box<Failed>),
}

impl CaseResult {
    /// Says whether the rule reported what it has to.
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }
}

/// Returns the document that patches change: a system with one service, `api`, that has an image.
pub fn minimal_document() -> Value {
    json!({ "name": "test", "services": { "api": { "image": { "name": "ghcr.io/acme/api" } } } })
}

/// Returns the name of the file with the tests of a script: `image-digest.test.json` of `image-digest.rhai`.
pub fn test_file(script: &str) -> String {
    format!("{}.test.json", script.strip_suffix(".rhai").unwrap_or(script))
}

impl Tests {
    /// Reads the text of a file with tests.
    ///
    /// # Errors
    /// One sentence that names what is wrong with it, and where.
    pub fn read(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
        let root = object(&value, "the file", &KEYS)?;
        let Some(Value::Array(cases)) = root.get("cases") else { return Err("it has no list `cases`".to_owned()) };
        if cases.is_empty() {
            return Err("`cases` is empty".to_owned());
        }
        let mut read: Vec<Case> = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            let case = Case::read(case, &format!("the case {}", index + 1))?;
            if read.iter().any(|other| other.name == case.name) {
                return Err(format!("two cases are called {}", quote(&case.name)));
            }
            read.push(case);
        }
        Ok(Self { cases: read })
    }

    /// Lists the files that the cases name as their documents, as they name them: relative to the file with the tests.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.cases.iter().filter_map(|case| match &case.given {
            Given::Document(name) => Some(name.as_str()),
            Given::Patch(_) => None,
        })
    }

    /// Asks a rule every case. `document` returns the text of a file that [`Tests::documents`] lists, or why there is
    /// none.
    pub fn run(&self, script: &Script, document: impl Fn(&str) -> Result<Vec<u8>, String>) -> Tested {
        let mut fired = BTreeSet::new();
        let cases = self.cases.iter().map(|case| {
            let result = case.source(&document).and_then(|source| case.run(script, &source, &mut fired));
            TestedCase { name: case.name.clone(), result: result.unwrap_or_else(CaseResult::Wrong) }
        });
        let cases = cases.collect();
        let never_fired = reports(script).into_iter().filter(|position| !fired.contains(position));
        let never_fired = never_fired.filter_map(|position| Some((position.line()?, position.position()?)));
        Tested { cases, never_fired: never_fired.collect() }
    }
}

impl Case {
    fn read(value: &Value, place: &str) -> Result<Self, String> {
        let case = object(value, place, &CASE_KEYS)?;
        let name = match case.get("name") {
            Some(Value::String(name)) if !name.trim().is_empty() => name.clone(),
            _ => return Err(format!("{place} has no text `name`")),
        };
        let place = format!("the case {}", quote(&name));
        let given = match (case.get("patch"), case.get("document")) {
            (Some(patch @ (Value::Object(_) | Value::Array(_))), None) => Given::Patch(patch.clone()),
            (Some(_), None) => {
                return Err(format!(
                    "`patch` of {place} is neither an object (a merge patch) nor a list (a JSON Patch)"
                ));
            }
            (None, Some(Value::String(file))) => Given::Document(file.clone()),
            (None, Some(_)) => return Err(format!("`document` of {place} is not the name of a file")),
            (None, None) => Given::Patch(json!({})),
            (Some(_), Some(_)) => return Err(format!("{place} has both `patch` and `document`")),
        };
        let params = match case.get("params") {
            None => Map::new(),
            Some(Value::Object(params)) => params.clone(),
            Some(_) => return Err(format!("`params` of {place} is not an object")),
        };
        let Some(Value::Array(expected)) = case.get("expect") else {
            return Err(format!("{place} has no list `expect`, which is empty where the rule has nothing to report"));
        };
        let expected = expected.iter().map(|expected| Expected::read(expected, &place)).collect::<Result<_, _>>()?;
        Ok(Self { name, given, params, expected })
    }

    fn source(&self, document: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<Source, String> {
        let patch = match &self.given {
            Given::Document(name) => return Ok(Source::new(name.clone(), document(name)?)),
            Given::Patch(patch) => patch,
        };
        let mut patched = minimal_document();
        if patch.is_array() {
            let operations: json_patch::Patch =
                serde_json::from_value(patch.clone()).map_err(|error| format!("`patch` is no JSON Patch: {error}"))?;
            json_patch::patch(&mut patched, &operations)
                .map_err(|error| format!("`patch` does not fit the minimal document: {error}"))?;
        } else {
            json_patch::merge(&mut patched, patch);
        }
        let text = serde_json::to_string_pretty(&patched).expect("a value is JSON");
        Ok(Source::new(self.name.clone(), text.into()))
    }

    fn run(&self, script: &Script, source: &Source, fired: &mut BTreeSet<Position>) -> Result<CaseResult, String> {
        let loaded = load(source);
        if let Some(finding) = loaded.findings.first() {
            let at = finding.place.pointer().map_or_else(String::new, |pointer| format!(" at {}", show(pointer)));
            return Err(format!("the document has an error{at}: {}", finding.message));
        }
        let system = loaded.system.ok_or("the document cannot be read")?;
        let params = self.params(script)?;
        let run = std::thread::scope(|scope| {
            let ask = || script.observe(Shared::of(&system).context(&params));
            let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, ask);
            thread.expect("a process may have a thread more").join().expect("a rule that panics is caught")
        });
        fired.extend(run.fired);
        Ok(match run.failed {
            Some(failed) => CaseResult::Failed(failed),
            None => self.compare(&run.findings),
        })
    }

    fn params(&self, script: &Script) -> Result<Params, String> {
        let mut params = Params::of(script.params());
        for (name, value) in &self.params {
            let Some(param) = script.params().iter().find(|param| param.name == name.as_str()) else {
                let names = script.params().iter().map(|param| param.name.as_ref());
                return Err(unknown("`params`", "parameter", name, names));
            };
            let value = param
                .default
                .like(value)
                .ok_or_else(|| format!("the parameter {} has to be {}", quote(name), param.default.type_name()))?;
            params.set(name, value);
        }
        Ok(params)
    }

    fn compare(&self, findings: &[Diagnostic]) -> CaseResult {
        // What says most is looked for first, so that what says little does not take its finding.
        let mut expected: Vec<&Expected> = self.expected.iter().collect();
        expected.sort_by_key(|expected| std::cmp::Reverse(expected.said()));
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

impl Expected {
    fn read(value: &Value, place: &str) -> Result<Self, String> {
        let place = format!("`expect` of {place}");
        let expected = object(value, &place, &EXPECTED_KEYS)?;
        let text = |key: &str| match expected.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(format!("`{key}` in {place} is not a text")),
        };
        let at = text("at")?.ok_or_else(|| format!("a finding in {place} has no `at`"))?;
        if Pointer::parse(&at).is_none() {
            return Err(format!("{} in {place} is no JSON Pointer such as `/services/api/image`", quote(&at)));
        }
        let severity = match text("severity")?.as_deref() {
            None => None,
            Some("error") => Some(Severity::Error),
            Some("warning") => Some(Severity::Warning),
            Some("info") => Some(Severity::Info),
            Some(other) => return Err(unknown(&place, "severity", other, ["error", "warning", "info"])),
        };
        Ok(Self { at, severity, contains: text("contains")? })
    }

    fn is(&self, finding: &Diagnostic) -> bool {
        finding.place.pointer().is_some_and(|pointer| pointer.as_str() == self.at)
            && self.severity.is_none_or(|severity| severity == finding.severity)
            && self.contains.as_ref().is_none_or(|text| finding.message.contains(text.as_str()))
    }

    /// Returns how much it says: the longer the text that it asks for, the more.
    fn said(&self) -> (usize, bool) {
        (self.contains.as_ref().map_or(0, String::len), self.severity.is_some())
    }

    fn show(&self) -> String {
        let severity = self.severity.map_or("a finding", Severity::as_str);
        let contains = self.contains.as_ref().map(|text| format!(", with {}", quote(text)));
        format!("{severity} at {}{}", quote(&self.at), contains.unwrap_or_default())
    }
}

/// Returns the object that a value is, if its keys are known.
fn object<'v>(value: &'v Value, place: &str, known: &[&str]) -> Result<&'v Map<String, Value>, String> {
    let Value::Object(object) = value else { return Err(format!("{place} is not an object")) };
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(unknown(place, "key", key, known.iter().copied())),
        None => Ok(object),
    }
}

fn unknown<'k>(place: &str, what: &str, name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("there are {}", known.iter().map(|known| quote(known)).collect::<Vec<_>>().join(", ")),
    };
    format!("{place} has an unknown {what} {}; {help}", quote(name))
}

fn show(pointer: &Pointer) -> String {
    quote(pointer.as_str())
}

/// Finds every call of `report` in a script.
fn reports(script: &Script) -> BTreeSet<Position> {
    let mut found = BTreeSet::new();
    let compiled = engine::engine(&script.limits).compile(script.source.text());
    compiled.unwrap_or_else(|_| AST::empty()).walk(&mut |path: &[ASTNode<'_>]| {
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
