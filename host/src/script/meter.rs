//! The steps and the time that the rule of this thread has used up.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rhai::{EvalAltResult, Position};

use crate::limits::ScriptLimits;

/// The result of a native function.
pub(super) type Native<T> = Result<T, Box<EvalAltResult>>;

/// The steps between two looks at the clock.
const STEPS_PER_LOOK: u64 = 256;

struct Meter {
    steps: Cell<u64>,
    most: Cell<u64>,
    deadline: Cell<Option<Instant>>,
}

thread_local! {
    static METER: Meter = const { Meter { steps: Cell::new(0), most: Cell::new(u64::MAX), deadline: Cell::new(None) } };
}

/// Starts anew, for another rule.
pub(super) fn reset(limits: &ScriptLimits) {
    METER.with(|meter| {
        meter.steps.set(0);
        meter.most.set(limits.operations);
        meter.deadline.set(Instant::now().checked_add(Duration::from_millis(limits.time)));
    });
}

/// Counts a step of the script; returns the key of the limit that it exceeds.
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
    let exceeded = METER.with(|meter| {
        meter.steps.set(meter.steps.get().saturating_add(steps as u64));
        if meter.steps.get() > meter.most.get() { Some("operations") } else { meter.is_late().then_some("time") }
    });
    exceeded.map_or(Ok(()), |key| Err(exceeds(key)))
}

/// Ends the script, which cannot catch it, for exceeding a limit.
pub(super) fn exceeds(key: &'static str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(key.into(), Position::NONE).into()
}

impl Meter {
    fn is_late(&self) -> bool {
        self.deadline.get().is_some_and(|deadline| Instant::now() > deadline)
    }
}
