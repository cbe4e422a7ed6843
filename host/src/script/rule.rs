//! A rule that is a script.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, EvalAltResult, Position};

use super::budget::ScriptBudget;
use super::call::{Body, Call, CallError};
use super::description::Description;
use super::entry_points::{EntryPoint, entry_points};
use super::failure::ErrorReporter;
use super::files::file_name;
use super::handle::Handle;
use super::meter;
use super::printed::{PrintHook, PrintedLine};
use super::running::{self, RuleRun};
use super::{engine, optional, tree};
use crate::confined;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::position;
use crate::rules::{Context, Param, ParamValue, Rule, RuleFailure};
use crate::source::Source;
use crate::text::quote;

/// A rule that is a script.
pub struct Script {
    pub(super) source: Arc<Source>,
    siblings: Arc<[Arc<Source>]>,
    pub(super) budget: ScriptBudget,
    description: Description,
    entry_points: Vec<EntryPoint>,
    on_print: Option<PrintHook>,
}

/// What a script did.
pub(super) struct Run {
    pub findings: Vec<Diagnostic>,
    /// The calls of `report` in the script itself that were reached.
    pub fired: BTreeSet<Position>,
    pub printed: Vec<PrintedLine>,
    pub failed: Option<Box<RuleFailure>>,
}

impl Script {
    /// Reads a script, without running it. `siblings` are the other scripts of its folder, which it may import; the
    /// last part of a source's name is the name of its file. Rules that are read with the same budget share it.
    ///
    /// # Errors
    /// The script has a syntax error, or the budget is used up; or everything that is wrong with its description and its
    /// entry points.
    pub fn read(
        source: Arc<Source>,
        siblings: impl Into<Arc<[Arc<Source>]>>,
        budget: impl Into<ScriptBudget>,
    ) -> Result<Self, Vec<RuleFailure>> {
        let (siblings, budget) = (siblings.into(), budget.into());
        let reporter = ErrorReporter { source: &source, siblings: &siblings, limits: &budget.limits };
        let ast = parse(&engine::engine(&budget.limits), &budget, reporter).map_err(|failed| vec![*failed])?;
        let (description, entry_points) = match (Description::read(&ast, reporter), entry_points(&ast, reporter)) {
            (Ok(description), Ok(entry_points)) => (description, entry_points),
            (description, entry_points) => {
                let mut errors = description.err().unwrap_or_default();
                errors.extend(entry_points.err().map(|failed| *failed));
                return Err(errors);
            }
        };
        Ok(Self { source, siblings, budget, description, entry_points, on_print: None })
    }

    /// Calls a function with what the rule prints.
    #[must_use]
    pub fn on_print(self, hook: PrintHook) -> Self {
        Self { on_print: Some(hook), ..self }
    }

    fn reporter(&self) -> ErrorReporter<'_> {
        ErrorReporter { source: &self.source, siblings: &self.siblings, limits: &self.budget.limits }
    }

    /// Runs the script on a system.
    pub(super) fn observe(&self, context: Context<'_>) -> Run {
        let running = RuleRun {
            system: context.system,
            graph: &context,
            id: self.id(),
            severity: self.severity(),
            file: file_name(self.source.name()),
            siblings: &self.siblings,
            limits: &self.budget.limits,
            params: context.params.iter().map(|(name, value)| (name, to_dynamic(value))).collect(),
            subject: Cell::new(Handle::SYSTEM),
            findings: RefCell::default(),
            printed: RefCell::default(),
            related: Cell::new(0),
            fired: RefCell::default(),
            loading: RefCell::new(vec![file_name(self.source.name()).to_owned()]),
        };
        // Made before it is counted what the rule uses up.
        let engine = engine::engine(&self.budget.limits);
        let called = self.budget.spend(|| running.lend(|| self.run(&engine, context)));
        let failed = called.map_or_else(
            |limit| Some(self.reporter().stopped(self.id(), limit, Position::NONE)),
            |ran| self.failure(ran),
        );
        let printed = running.printed.into_inner().lines;
        Run { findings: running.findings.into_inner(), fired: running.fired.into_inner(), printed, failed }
    }

    /// What went wrong in a run that kept its limits. The outer error is a panic.
    fn failure<P>(&self, ran: Result<Result<(), CallError>, P>) -> Option<Box<RuleFailure>> {
        match ran {
            Ok(result) => {
                result.err().map(|CallError { error, position }| self.reporter().running(self.id(), error, position))
            }
            Err(_) => {
                let message = format!("the rule {} failed: the script interpreter panicked", quote(self.id()));
                Some(self.reporter().at(Position::NONE, message))
            }
        }
    }

    fn run(&self, engine: &Engine, context: Context<'_>) -> Result<(), CallError> {
        tree::reset();
        optional::reset();
        let mut ast =
            meter::compile(engine, self.source.text()).map_err(|error| Box::new(EvalAltResult::from(error)))?;
        ast.set_source(file_name(self.source.name()));
        tree::add(&ast);
        let mut call = Call::new(engine, &ast)?;
        let system = context.system;
        for &entry_point in &self.entry_points {
            let body = Body::of(&ast, entry_point);
            let mut run = |handle| {
                running::with(|running| running.subject.set(handle));
                call.run(&body, handle)
            };
            match entry_point {
                EntryPoint::Check => run(Handle::SYSTEM)?,
                EntryPoint::Service => {
                    let services = Handle::services(system);
                    for service in 0..position(system.services.len()) {
                        run(services.child(service))?;
                    }
                }
                EntryPoint::Connection => {
                    for (service, value) in (0..).zip(system.services.values()) {
                        let connections = Handle::connections(system, service);
                        for connection in 0..position(value.connections.len()) {
                            run(connections.child(connection))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("source", &self.source.name())
            .field("id", &self.description.id)
            .finish_non_exhaustive()
    }
}

impl Rule for Script {
    fn id(&self) -> &str {
        &self.description.id
    }

    fn severity(&self) -> Severity {
        self.description.severity
    }

    fn summary(&self) -> &str {
        &self.description.summary
    }

    fn docs(&self) -> String {
        match &self.description.docs {
            Some(docs) => format!("{}\n\n{}", self.description.summary, docs.trim()),
            None => self.description.summary.clone(),
        }
    }

    fn tags(&self) -> Vec<&str> {
        self.description.tags.iter().map(String::as_str).collect()
    }

    fn params(&self) -> &[Param] {
        &self.description.params
    }

    fn begin_run(&self) {
        self.budget.begin_run();
    }

    fn check(&self, context: Context<'_>, findings: &mut Vec<Diagnostic>) -> Result<(), Box<RuleFailure>> {
        let mut run = self.observe(context);
        self.budget
            .charge_findings(&run.findings)
            .map_err(|key| self.reporter().stopped(self.id(), key, Position::NONE))?;
        findings.append(&mut run.findings);
        if let Some(hook) = self.on_print.as_ref().filter(|_| !run.printed.is_empty()) {
            hook.call(self.id(), &run.printed);
        }
        run.failed.map_or(Ok(()), Err)
    }
}

/// Parses the text of a script.
pub(super) fn parse(
    engine: &Engine,
    budget: &ScriptBudget,
    reporter: ErrorReporter<'_>,
) -> Result<AST, Box<RuleFailure>> {
    let ErrorReporter { source, limits, .. } = reporter;
    if source.defect().is_some() {
        return Err(reporter.at(Position::NONE, "the script is not valid UTF-8, or starts with a byte order mark"));
    }
    if source.text().len() as u64 > limits.script_size {
        return Err(reporter.exceeding("script-size", Position::NONE));
    }
    budget
        .spend(|| confined::catching(|| meter::compile(engine, source.text())))
        .map_err(|key| reporter.exceeding(key, Position::NONE))?
        .map_err(|_| reporter.at(Position::NONE, "the script cannot be read: its parser panicked"))?
        .map_err(|error| reporter.parsing(&error))
}

fn to_dynamic(value: &ParamValue) -> Dynamic {
    match value {
        ParamValue::Text(text) => text.as_ref().into(),
        ParamValue::Integer(number) => Dynamic::from_int(*number),
        ParamValue::Boolean(value) => Dynamic::from_bool(*value),
        ParamValue::Texts(texts) => {
            Dynamic::from_array(texts.iter().map(|text| Dynamic::from(text.to_string())).collect())
        }
        ParamValue::Integers(numbers) => {
            Dynamic::from_array(numbers.iter().map(|&number| Dynamic::from_int(number)).collect())
        }
    }
}
