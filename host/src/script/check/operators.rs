//! Operators: what rhai itself says of two values of some types.

use std::cell::RefCell;
use std::collections::HashMap;

use rhai::{Dynamic, Engine, EvalAltResult, FnCallExpr, Position, Scope};

use super::analysis::{Analysis, Frame};
use super::natives::Candidates;
use super::types::{Kind, Type};
use crate::script::meter;

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

impl<'p> Analysis<'p> {
    /// Goes through an operation, and returns the type of its result.
    pub fn operation(&mut self, frame: &mut Frame, call: &'p FnCallExpr, position: Position) -> Type {
        let operator = call.name.as_str();
        match &call.args[..] {
            [operand] if operator == "!" => {
                self.condition(frame, operand);
                Kind::Bool.into()
            }
            [operand] => {
                let value = self.expression(frame, operand);
                let is_number = |kind: &Kind| matches!(kind, Kind::Int | Kind::Float);
                if value.known().is_some_and(|kinds| !kinds.into_iter().any(is_number)) {
                    self.report(frame, position, format!("expected a number, found {value}"), None);
                }
                value
            }
            [left, right] => {
                let (left, right) = (self.expression(frame, left), self.expression(frame, right));
                if COMPARISONS.contains(&operator) {
                    self.comparison(frame, operator, [&left, &right], position);
                } else {
                    self.arithmetic(frame, operator, [&left, &right], position);
                }
                Self::combined(operator, &left, &right)
            }
            operands => {
                operands.iter().for_each(|operand| drop(self.expression(frame, operand)));
                Type::Unknown
            }
        }
    }

    /// Values of different sorts are not equal, and none is less: rhai says so without an error.
    fn comparison(&mut self, frame: &Frame, operator: &str, [left, right]: [&Type; 2], position: Position) {
        let (Some(of_left), Some(of_right)) = (left.known(), right.known()) else { return };
        let differ = |a: &Kind, b: &Kind| matches!((Sort::of(a), Sort::of(b)), (Some(a), Some(b)) if a != b);
        if of_left.iter().all(|a| of_right.iter().all(|b| differ(a, b))) {
            let always = if operator == "!=" { "true" } else { "false" };
            let is_object = |kinds: &[&Kind]| kinds.iter().any(|kind| matches!(kind, Kind::Object(_)));
            let help = (is_object(&of_left) || is_object(&of_right))
                .then(|| "compare a field, or the name that `key()` returns".to_owned());
            let message = format!("`{operator}` of {left} and {right} is always {always}");
            self.report(frame, position, message, help);
        }
    }

    fn arithmetic(&mut self, frame: &Frame, operator: &str, [left, right]: [&Type; 2], position: Position) {
        let (Some(of_left), Some(of_right)) = (left.known(), right.known()) else { return };
        let is_defined = |a: &Kind, b: &Kind| match (sample(a), sample(b)) {
            (Some(_), Some(_)) => is_defined(self.engine, operator, a, b),
            _ => {
                let types = [Type::of(a.clone()), Type::of(b.clone())];
                matches!(self.natives.find(operator, &types), Candidates::Some)
            }
        };
        if !of_left.iter().any(|a| of_right.iter().any(|b| is_defined(a, b))) {
            self.report(frame, position, format!("there is no `{operator}` of {left} and {right}"), None);
        }
    }

    /// The type of the result of an operation.
    pub fn combined(operator: &str, left: &Type, right: &Type) -> Type {
        if COMPARISONS.contains(&operator) {
            return Kind::Bool.into();
        }
        let all = |value: &Type, is: fn(&Kind) -> bool| value.known().is_some_and(|kinds| kinds.into_iter().all(is));
        let is_text = |kind: &Kind| *kind == Kind::Text;
        let is_int = |kind: &Kind| *kind == Kind::Int;
        let is_number = |kind: &Kind| matches!(kind, Kind::Int | Kind::Float);
        match operator {
            _ if [left, right].contains(&&Type::NEVER) => Type::NEVER,
            ".." | "..=" => Kind::Range.into(),
            "+" if all(left, is_text) || all(right, is_text) => Kind::Text.into(),
            _ if all(left, is_int) && all(right, is_int) => Kind::Int.into(),
            "+" | "-" | "*" | "/" | "%" | "**" if all(left, is_number) && all(right, is_number) => {
                Type::of(Kind::Int).or(Kind::Float.into())
            }
            _ => Type::Unknown,
        }
    }

    /// Whether a loop can go through a value of a kind.
    pub fn can_iterate(&self, kind: &Kind) -> bool {
        let Some(value) = sample(kind) else { return true };
        asked("for", kind, &Kind::Unit, || {
            is_run(self.engine, "fn ask(a, b) { for item in a { break; } }", [value, Dynamic::UNIT])
        })
    }
}

/// The sorts of values that rhai compares with their like only.
#[derive(PartialEq, Eq)]
enum Sort {
    Bool,
    Number,
    Text,
    Document,
}

impl Sort {
    fn of(kind: &Kind) -> Option<Self> {
        Some(match kind {
            Kind::Bool => Self::Bool,
            Kind::Int | Kind::Float => Self::Number,
            Kind::Text | Kind::Char => Self::Text,
            Kind::Object(_) => Self::Document,
            _ => return None,
        })
    }
}

/// A value of a kind that rhai has.
fn sample(kind: &Kind) -> Option<Dynamic> {
    Some(match kind {
        Kind::Bool => true.into(),
        Kind::Int => Dynamic::from_int(1),
        Kind::Float => Dynamic::from_float(1.0),
        Kind::Char => 'a'.into(),
        Kind::Text => "a".into(),
        Kind::Range => Dynamic::from(0..1_i64),
        Kind::Map | Kind::Record(_) => Dynamic::from_map(rhai::Map::new()),
        Kind::Array(_) => Dynamic::from_array(rhai::Array::new()),
        Kind::Blob => Dynamic::from_blob(rhai::Blob::new()),
        Kind::Unit | Kind::Function | Kind::Object(_) | Kind::List(_) | Kind::Entries(_) | Kind::Engine(_) => {
            return None;
        }
    })
}

/// Whether rhai has an operator for two kinds of values.
fn is_defined(engine: &Engine, operator: &str, a: &Kind, b: &Kind) -> bool {
    asked(operator, a, b, || {
        let values = [a, b].map(|kind| sample(kind).unwrap_or_default());
        is_run(engine, &format!("fn ask(a, b) {{ a {operator} b }}"), values)
    })
}

/// Whether rhai has what a function asks for.
fn is_run(engine: &Engine, text: &str, [a, b]: [Dynamic; 2]) -> bool {
    let Ok(ast) = meter::compile(engine, text) else { return true };
    let result = engine.call_fn::<Dynamic>(&mut Scope::new(), &ast, "ask", (a, b));
    !result.is_err_and(|error| {
        let inner = match *error {
            EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => inner,
            _ => error,
        };
        matches!(*inner, EvalAltResult::ErrorFunctionNotFound(..) | EvalAltResult::ErrorFor(_))
    })
}

/// Asks rhai, or remembers what it said.
fn asked(operator: &str, a: &Kind, b: &Kind, ask: impl FnOnce() -> bool) -> bool {
    thread_local! {
        static ANSWERS: RefCell<HashMap<String, bool>> = RefCell::default();
    }
    let key = format!("{a} {operator} {b}");
    if let Some(answer) = ANSWERS.with_borrow(|answers| answers.get(&key).copied()) {
        return answer;
    }
    let answer = ask();
    ANSWERS.with_borrow_mut(|answers| answers.insert(key, answer));
    answer
}
