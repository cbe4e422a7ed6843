//! The way to the graph of the rule that runs.

use crate::graph::{Graph, Questions};
use crate::script::meter;
use crate::script::running::{self, RuleRun};

/// Looks at the graph.
pub(super) fn with_graph<R>(look: impl FnOnce(&Graph<'_>, &Questions) -> R) -> R {
    running::with(|running: &RuleRun<'_>| {
        let (mut look, mut result) = (Some(look), None);
        // Made for all rules.
        meter::uncounted(|| running.graph.look(&mut |_, _| {}));
        running.graph.look(&mut |graph, questions| result = look.take().map(|look| look(graph, questions)));
        result.expect("a graph is looked at once")
    })
}
