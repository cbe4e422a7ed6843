//! What all scripted rules of a run use together: each within its limits is no bound where there are many.

use std::sync::Arc;

use super::meter;
use crate::clock;
use crate::diagnostic::{Diagnostic, Help, Place};
use crate::limits::{ScriptLimits, SharedUsage, TimeLimit};

/// The bytes of a finding beside its texts.
const FINDING_BYTES: usize = 256;

/// The limits of scripted rules, with what those that share it have used of the limits for all of them.
#[derive(Clone, Debug)]
pub struct ScriptBudget {
    pub(super) limits: Arc<ScriptLimits>,
    used: Arc<SharedUsage>,
}

impl From<ScriptLimits> for ScriptBudget {
    /// Nothing is used yet.
    fn from(limits: ScriptLimits) -> Self {
        Self { limits: Arc::new(limits), used: Arc::default() }
    }
}

impl ScriptBudget {
    /// Forgets what was used, for another run.
    pub(super) fn begin_run(&self) {
        self.used.reset();
    }

    /// Does work for a script that the limits end, and counts its time.
    ///
    /// # Errors
    /// Nothing is left for it. The key of the limit is returned.
    pub(super) fn spend<R>(&self, work: impl FnOnce() -> R) -> Result<R, &'static str> {
        let own = TimeLimit::new(self.limits.exceeded("time"));
        let all = TimeLimit::new(self.limits.exceeded("all-rules-time")).after(self.used.time());
        let time = own.shorter(all);
        if time.left.is_zero() {
            return Err(time.limit.limit.key);
        }
        meter::reset(&self.limits, time);
        let start = clock::of_thread();
        let result = work();
        self.used.add_time(clock::of_thread().saturating_sub(start));
        Ok(result)
    }

    /// Counts what a rule has found.
    ///
    /// # Errors
    /// It is too much for all rules together. The key of the limit is returned.
    pub(super) fn charge_findings(&self, findings: &[Diagnostic]) -> Result<(), &'static str> {
        let bytes: usize = findings.iter().map(size).sum();
        let key = "all-findings-bytes";
        if self.used.add_bytes(bytes as u64) > self.limits.all_findings_bytes { Err(key) } else { Ok(()) }
    }
}

/// The bytes of a finding, about.
fn size(finding: &Diagnostic) -> usize {
    let related = finding.related.iter().map(|related| FINDING_BYTES + related.message.len() + pointer(&related.place));
    let (label, help) = (
        finding.label.as_ref().map_or(0, String::len),
        match &finding.help {
            Some(Help::Text(text)) => text.len(),
            _ => 0,
        },
    );
    FINDING_BYTES + finding.message.len() + pointer(&finding.place) + label + help + related.sum::<usize>()
}

fn pointer(place: &Place) -> usize {
    place.pointer().map_or(0, |pointer| pointer.as_str().len())
}
