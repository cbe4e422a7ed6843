//! Checks rules without running them: unknown functions and fields, wrong types, on paths that no test reaches.
//!
//! The types of what a rule is called with are known, and the types of fields and functions; from there they are followed
//! through variables, functions and closures. What is not known is not reported, and neither is what `try` catches.

mod analysis;
mod calls;
mod chains;
mod engine_types;
mod expressions;
mod fields;
mod natives;
mod operators;
mod program;
mod signature;
mod statements;
mod types;
mod usage;

use std::sync::Arc;
use std::thread::Builder;

use rhai::Position;

use self::analysis::{Analysis, Mistake};
use self::program::{Program, UnusableReason, UnusableText};
use self::types::{Kind, Type};
use super::budget::ScriptBudget;
use super::description::Description;
use super::entry_points::entry_points;
use super::failure::ErrorReporter;
use super::{engine, file_name, is_rule_file, rule};
use crate::limits::ScriptLimits;
use crate::policy::STACK_BYTES;
use crate::rules::{ParamValue, RuleFailure};
use crate::source::Source;

pub(super) use fields::{ObjectType, shown_type, type_name};
pub(super) use signature::{OF_RHAI, OF_THE_ENGINE, of_the_engine};

/// A script with the other scripts of its folder, which it may import.
pub type ScriptFiles<'s> = (&'s Arc<Source>, &'s [Arc<Source>]);

/// Finds what is wrong with scripts, without running them: a list a script, in the order of its lines. What is wrong with a
/// file that a script imports is in the list of the script.
pub fn check(scripts: &[ScriptFiles<'_>], limits: &ScriptLimits) -> Vec<Vec<RuleFailure>> {
    let budget = ScriptBudget::from(limits.clone());
    let all = || -> Vec<Vec<RuleFailure>> {
        scripts.iter().map(|&(source, siblings)| check_one(source, siblings, &budget)).collect()
    };
    // As deep as a rule may be that runs.
    std::thread::scope(|scope| {
        let thread = Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, all);
        thread.expect("a process may have a thread more").join().expect("a check does not panic")
    })
}

fn check_one(source: &Arc<Source>, siblings: &[Arc<Source>], budget: &ScriptBudget) -> Vec<RuleFailure> {
    let reporter = ErrorReporter { source, siblings, limits: &budget.limits };
    let engine = engine::engine(&budget.limits);
    let ast = match rule::parse(&engine, budget, reporter) {
        Ok(ast) => ast,
        Err(failed) => return vec![*failed],
    };
    let (mut failures, mut settings) = (Vec::new(), None);
    if is_rule_file(file_name(source.name())) {
        match Description::read(&ast, reporter) {
            Ok(description) => {
                let params = description.params.iter();
                settings = Some(params.map(|param| (param.name.to_string(), of_setting(&param.default))).collect());
            }
            Err(errors) => failures.extend(errors),
        }
        failures.extend(entry_points(&ast, reporter).err().map(|failed| *failed));
    }
    let checked = budget.spend(|| {
        let (program, unusable) = Program::read(&engine, reporter, &ast);
        failures.extend(unusable.into_iter().map(|unusable| unusable.failure(reporter)));
        let mistakes = Analysis::mistakes(&program, &engine, settings)?;
        failures.extend(mistakes.into_iter().map(|mistake| mistake.failure(&program, reporter)));
        Ok(())
    });
    if let Err(key) | Ok(Err(key)) = checked {
        failures.push(*reporter.exceeding(key, Position::NONE));
    }
    failures
}

impl Mistake {
    fn failure(self, program: &Program, reporter: ErrorReporter<'_>) -> RuleFailure {
        let reporter = ErrorReporter { source: &program.texts[self.text].source, ..reporter };
        let mut failed = *reporter.at(self.position, self.message);
        failed.finding.help = self.help.map(Into::into);
        failed
    }
}

impl UnusableText {
    fn failure(self, reporter: ErrorReporter<'_>) -> RuleFailure {
        let reporter = ErrorReporter { source: &self.source, ..reporter };
        *match self.reason {
            UnusableReason::Parse(error) => reporter.parsing(&error),
            UnusableReason::TooLarge => reporter.exceeding("script-size", Position::NONE),
            UnusableReason::Import(position, error) => reporter.at(position, error.to_string()),
        }
    }
}

/// The type of a parameter of a rule.
fn of_setting(value: &ParamValue) -> Type {
    let list = |kind| Kind::Array(Box::new(Type::of(kind)));
    Type::of(match value {
        ParamValue::Text(_) => Kind::Text,
        ParamValue::Integer(_) => Kind::Int,
        ParamValue::Boolean(_) => Kind::Bool,
        ParamValue::Texts(_) => list(Kind::Text),
        ParamValue::Integers(_) => list(Kind::Int),
    })
}
