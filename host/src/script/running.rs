//! The rule that runs on this thread: what it may look at, and what it has found.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{Dynamic, Position};

use super::handle::Handle;
use super::printed::PrintedText;
use super::{cells, memory};
use crate::confined::{self, StopReason};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Graph, Questions};
use crate::limits::ScriptLimits;
use crate::model::System;
use crate::rules::Context;
use crate::source::Source;

scoped_tls_hkt::scoped_thread_local! {
    /// The rule that runs on this thread, lent to native functions for the time of a call: so the values that scripts
    /// hold are positions and borrow nothing.
    static RUNNING: for<'a> &'a RuleRun<'a>
}

/// The state of a rule that runs.
pub(super) struct RuleRun<'a> {
    pub system: &'a System,
    pub graph: &'a dyn GraphAccess,
    pub id: &'a str,
    pub severity: Severity,
    /// The name of the file of the script.
    pub file: &'a str,
    pub siblings: &'a [Arc<Source>],
    pub limits: &'a ScriptLimits,
    pub params: Vec<(&'a str, Dynamic)>,
    /// What the function that runs was called with: the service, the connection or the system.
    pub subject: Cell<Handle>,
    pub findings: RefCell<Vec<Diagnostic>>,
    pub printed: RefCell<PrintedText>,
    /// The other places that the findings name.
    pub related: Cell<u64>,
    /// The calls of `report` in the script itself that were reached.
    pub fired: RefCell<BTreeSet<Position>>,
    /// The files that are being imported, the rule first.
    pub loading: RefCell<Vec<String>>,
}

/// A way to the graph. A [`Context`] cannot be lent as it is: the graph that it makes at the first question ties it to one
/// lifetime.
pub(super) trait GraphAccess {
    /// Looks at the graph, and at the answers to questions about it.
    fn look(&self, look: &mut dyn FnMut(&Graph<'_>, &Questions));
}

impl GraphAccess for Context<'_> {
    fn look(&self, look: &mut dyn FnMut(&Graph<'_>, &Questions)) {
        look(self.graph(), self.questions());
    }
}

impl RuleRun<'_> {
    /// Lends the rule to what `work` calls.
    ///
    /// # Errors
    /// The interpreter panicked.
    pub fn lend<R>(&self, work: impl FnOnce() -> R) -> Result<R, StopReason> {
        memory::reset();
        let result = confined::catching(|| RUNNING.set(self, work));
        cells::clear();
        result
    }
}

/// Looks at the rule that runs.
///
/// # Panics
/// Panics where none does: native functions are called by a script that runs.
pub(super) fn with<R>(look: impl FnOnce(&RuleRun<'_>) -> R) -> R {
    RUNNING.with(look)
}

/// Looks at the system.
pub(super) fn with_system<R>(look: impl FnOnce(&System) -> R) -> R {
    RUNNING.with(|running| look(running.system))
}
