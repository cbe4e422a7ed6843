//! Why a script failed, as a finding against it.

use std::sync::Arc;

use rhai::{EvalAltResult, LexError, ParseError, ParseErrorType, Position};

use super::files::file_name;
use super::{functions_for_scripts, instead};
use crate::diagnostic::{Help, Place};
use crate::limits::{LimitTable as _, ScriptLimits};
use crate::rules::{RuleFailure, failed_rule};
use crate::source::Source;
use crate::text::{nearest, quote, visible};

/// The characters of an error of rhai that are shown.
const LONGEST_ERROR: usize = 500;

/// Makes findings against a script and the files beside it.
#[derive(Clone, Copy)]
pub(super) struct ErrorReporter<'a> {
    pub source: &'a Arc<Source>,
    pub siblings: &'a [Arc<Source>],
    pub limits: &'a ScriptLimits,
}

impl ErrorReporter<'_> {
    /// An error at a position of the script.
    pub fn at(self, position: Position, message: impl Into<String>) -> Box<RuleFailure> {
        let place = Place::Bytes(range(self.source, position));
        let finding = failed_rule::finding(place, message);
        Box::new(RuleFailure { source: Arc::clone(self.source), finding })
    }

    /// A syntax error in the script.
    pub fn parsing(self, error: &ParseError) -> Box<RuleFailure> {
        match limit_of_parser(&error.0) {
            Some(key) => self.exceeding(key, error.1),
            None => {
                let mut failed = self.at(error.1, format!("syntax error: {}", shown(&error.0.to_string())));
                failed.finding.help = Some(Help::Text(next_step(&error.0, self.source.text(), error.1)));
                failed
            }
        }
    }

    /// A limit that the text of the script exceeds.
    pub fn exceeding(self, key: &'static str, position: Position) -> Box<RuleFailure> {
        let exceeded = self.limits.exceeded(key);
        let subject = match key {
            "all-rules-time" => "the script was not read: all scripts together need",
            "time" | "memory" => "the script needs",
            _ => "the script has",
        };
        let mut failed = self.at(position, format!("{subject} {exceeded}"));
        failed.finding.help = Some(Help::raise_limit(None, &exceeded));
        failed
    }

    /// A runtime error of the rule with an id. `position` is where, if the error does not know.
    pub fn running(self, id: &str, error: Box<EvalAltResult>, position: Position) -> Box<RuleFailure> {
        let (mut file, mut error, mut position) = (None, error, position);
        loop {
            let inner = error.position();
            if !inner.is_none() {
                position = inner;
            }
            error = match *error {
                EvalAltResult::ErrorInFunctionCall(_, source, inner, _) => {
                    let knows_where = !inner.position().is_none();
                    file = self.sibling(&source).filter(|_| knows_where).or(file);
                    inner
                }
                EvalAltResult::ErrorInModule(name, inner, _) => {
                    let knows_where = !inner.position().is_none();
                    file = self.sibling(&name).filter(|_| knows_where).or(file);
                    inner
                }
                _ => break,
            };
        }
        let source = file.unwrap_or(self.source);
        let reporter = ErrorReporter { source, ..self };
        let passed = match &*error {
            EvalAltResult::ErrorTerminated(key, _) => limit(&key.clone().into_string().unwrap_or_default()),
            EvalAltResult::ErrorTooManyOperations(_) => Some("operations"),
            EvalAltResult::ErrorStackOverflow(_) => Some("call-depth"),
            EvalAltResult::ErrorDataTooLarge(what, _) => Some(data_limit(what)),
            EvalAltResult::ErrorTooManyVariables(_) => Some("variables"),
            EvalAltResult::ErrorTooManyModules(_) => Some("modules"),
            EvalAltResult::ErrorParsing(error, _) => limit_of_parser(error),
            _ => None,
        };
        if let Some(key) = passed {
            return reporter.stopped(id, key, position);
        }
        let (message, help) = words(*error, source.text());
        let mut failed = reporter.at(position, format!("the rule {} failed: {}", quote(id), shown(&message)));
        failed.finding.help = help.map(Help::Text);
        failed
    }

    /// A limit that the rule with an id exceeded while it ran, or that it found used up by others.
    pub fn stopped(self, id: &str, key: &'static str, position: Position) -> Box<RuleFailure> {
        let exceeded = self.limits.exceeded(key);
        let who = if key.starts_with("all-") { "all scripted rules together" } else { "it" };
        let mut failed = self.at(position, format!("the rule {} was stopped: {who} used {exceeded}", quote(id)));
        failed.finding.help = Some(Help::raise_limit(None, &exceeded));
        failed
    }

    fn sibling(&self, name: &str) -> Option<&Arc<Source>> {
        self.siblings.iter().find(|source| file_name(source.name()) == name)
    }
}

/// Words an error, with its next step.
fn words(error: EvalAltResult, text: &str) -> (String, Option<String>) {
    let mut help = match &error {
        EvalAltResult::ErrorParsing(error, position) => Some(next_step(error, text, *position)),
        _ => None,
    };
    let message = match error {
        EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        EvalAltResult::ErrorDotExpr(said, _) => property(&said),
        EvalAltResult::ErrorDataRace(..) => {
            help = Some("take a copy first: `let copy = values;`, and use `copy` in the closure".to_owned());
            "a closure uses a variable while a method that changes the variable runs".to_owned()
        }
        EvalAltResult::ErrorMismatchDataType(wanted, found, _) if found == "()" => {
            help = Some("give another value with `??`: `svc.owner ?? \"\"`".to_owned());
            format!("expected {}, found `()`, which the document does not have", of_rhai(&wanted))
        }
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let name = signature.split(" (").next().unwrap_or_default();
            help = functions_for_scripts().find(|&known| known == name).map_or_else(
                || {
                    instead::of_function(name).map(str::to_owned).or_else(|| {
                        nearest(name, functions_for_scripts()).map(|meant| format!("did you mean {}?", quote(meant)))
                    })
                },
                |_| {
                    Some(
                        "check its parameters in the guide to rules; `??` gives a default for a missing field"
                            .to_owned(),
                    )
                },
            );
            format!("unknown function {}", quote(&signature.replace("&str | ImmutableString | String", "string")))
        }
        mut other => {
            other.set_position(Position::NONE);
            other.to_string()
        }
    };
    (message, help)
}

/// The next step after a syntax error.
fn next_step(error: &ParseErrorType, text: &str, position: Position) -> String {
    if let Some(instead) = instead::of_syntax(text, position) {
        return instead.to_owned();
    }
    match error {
        ParseErrorType::VariableUndefined(name) if text.contains(&format!("const {name}")) => {
            format!("write `global::{name}`: functions read constants that stand outside of them so")
        }
        ParseErrorType::VariableUndefined(_) => "declare it with `let`, or correct its name".to_owned(),
        ParseErrorType::MissingToken(token, _) => format!("add {}", quote(token)),
        _ => "rhai is close to JavaScript; the guide to rules shows what differs".to_owned(),
    }
}

/// The limit that the parser stopped at.
fn limit_of_parser(error: &ParseErrorType) -> Option<&'static str> {
    match error {
        ParseErrorType::ExprTooDeep => Some("expression-depth"),
        ParseErrorType::TooManyFunctions => Some("functions"),
        ParseErrorType::LiteralTooLarge(what, _) => Some(data_limit(what)),
        // A token that was one too many has the key as its error.
        ParseErrorType::BadInput(LexError::Runtime(key)) => limit(key),
        _ => None,
    }
}

/// The key of a limit, if a text is one.
fn limit(text: &str) -> Option<&'static str> {
    ScriptLimits::ROWS.iter().map(|limit| limit.key).find(|&key| key == text)
}

/// The key of the limit that a value is too large for, from what rhai calls it.
fn data_limit(what: &str) -> &'static str {
    if what.contains("string") {
        "string-bytes"
    } else if what.contains("map") {
        "map-entries"
    } else {
        "array-items"
    }
}

/// Words the error of a property from that of rhai: `Unknown property 'x' - a getter is not registered for
/// type 'y'`.
fn property(said: &str) -> String {
    let quoted: Vec<&str> = said.split('\'').skip(1).step_by(2).collect();
    let [name, type_name, ..] = quoted[..] else { return said.to_owned() };
    match type_name {
        _ if said.contains("setter") => format!("cannot set {}: rules only read the document", quote(name)),
        _ => format!("no field {} on a value of type `{type_name}`", quote(name)),
    }
}

/// The name of a type, as people know it.
fn of_rhai(type_name: &str) -> &str {
    match type_name {
        "bool" => "a boolean",
        "i64" => "an integer",
        "string" => "a string",
        other => other,
    }
}

fn shown(message: &str) -> String {
    match message.char_indices().nth(LONGEST_ERROR) {
        Some((end, _)) => format!("{}…", visible(&message[..end])),
        None => visible(message).into_owned(),
    }
}

/// Finds the word, or the character, at a position.
fn range(source: &Source, position: Position) -> std::ops::Range<usize> {
    let Some(line) = position.line() else { return 0..0 };
    let lines = source.position(source.text().len()).line;
    let line = source.line(line.min(lines));
    let text = source.text()[line.clone()].trim_end_matches(['\r', '\n']);
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let start = text.char_indices().nth(column).map_or(text.len(), |(offset, _)| offset);
    // rhai names the dot before a field that it does not know.
    let dots = text[start..].len() - text[start..].trim_start_matches(['?', '.']).len();
    let start = start + dots;
    let rest = &text[start..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
    line.start + start..line.start + start + length
}
