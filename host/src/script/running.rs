//! The rule that runs on this thread: what it may look at, what it has found, and what it has used up.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::time::Instant;

use rhai::{Dynamic, EvalAltResult, Position};

use super::graph::Links;
use super::{Limits, Script};
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::model::System;
use crate::rules::Context;

/// The result of a native function.
pub(super) type Native<T> = Result<T, Box<EvalAltResult>>;

/// The steps between two looks at the clock.
const STEPS_PER_LOOK: u64 = 256;

scoped_tls_hkt::scoped_thread_local! {
    /// The rule that runs on this thread, lent to native functions for the time of a call: so the values that scripts
    /// hold are positions and borrow nothing.
    static RUNNING: for<'a> &'a Running<'a>
}

thread_local! {
    static METER: Meter = const { Meter { steps: Cell::new(0), most: Cell::new(u64::MAX), deadline: Cell::new(None) } };
}

/// Holds the state of a rule that runs.
pub(super) struct Running<'a> {
    pub system: &'a System,
    pub graph: &'a dyn HasGraph,
    pub script: &'a Script,
    pub limits: &'a Limits,
    pub params: Vec<(&'a str, Dynamic)>,
    pub findings: RefCell<Vec<Diagnostic>>,
    /// The other places that the findings name.
    pub related: Cell<u64>,
    /// The calls of `report` that were reached.
    pub fired: RefCell<BTreeSet<Position>>,
    /// The files that are being imported, the rule first.
    pub loading: RefCell<Vec<String>>,
    pub links: OnceCell<Links>,
}

/// What has a graph to look at. A [`Context`] cannot be lent as it is: the graph that it makes at the first question ties
/// it to one lifetime.
pub(super) trait HasGraph {
    /// Looks at the graph.
    fn look(&self, look: &mut dyn FnMut(&Graph<'_>));
}

impl HasGraph for Context<'_> {
    fn look(&self, look: &mut dyn FnMut(&Graph<'_>)) {
        look(self.graph());
    }
}

struct Meter {
    steps: Cell<u64>,
    most: Cell<u64>,
    deadline: Cell<Option<Instant>>,
}

impl Running<'_> {
    /// Lends the rule to what `work` calls, and counts what that uses up.
    pub fn lend<R>(&self, work: impl FnOnce() -> R) -> R {
        METER.with(|meter| {
            meter.steps.set(0);
            meter.most.set(self.limits.operations);
            meter.deadline.set(Instant::now().checked_add(self.limits.duration()));
        });
        super::memory::reset();
        RUNNING.set(self, work)
    }
}

/// Looks at the rule that runs.
///
/// # Panics
/// Panics where none does: native functions are called by a script that runs.
pub(super) fn with<R>(look: impl FnOnce(&Running<'_>) -> R) -> R {
    RUNNING.with(look)
}

/// Looks at the system.
pub(super) fn with_system<R>(look: impl FnOnce(&System) -> R) -> R {
    RUNNING.with(|running| look(running.system))
}

/// Counts a step of the script; returns the key of the limit that it passes.
pub(super) fn step() -> Option<&'static str> {
    METER.with(|meter| {
        let steps = meter.steps.get() + 1;
        meter.steps.set(steps);
        if steps > meter.most.get() {
            return Some("operations");
        }
        (steps.is_multiple_of(STEPS_PER_LOOK) && meter.is_late()).then_some("time")
    })
}

/// Counts the steps of a native function whose work grows with the document or a text.
pub(super) fn charge(steps: usize) -> Native<()> {
    let passed = METER.with(|meter| {
        meter.steps.set(meter.steps.get().saturating_add(steps as u64));
        if meter.steps.get() > meter.most.get() { Some("operations") } else { meter.is_late().then_some("time") }
    });
    passed.map_or(Ok(()), |key| Err(passes(key)))
}

/// Ends the script, which cannot catch it, for passing a limit.
pub(super) fn passes(key: &'static str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(key.into(), Position::NONE).into()
}

impl Meter {
    fn is_late(&self) -> bool {
        self.deadline.get().is_some_and(|deadline| Instant::now() > deadline)
    }
}
