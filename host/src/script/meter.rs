//! The steps, the time and the memory that the rule of this thread has used up.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rhai::{AST, Engine, EvalAltResult, LexError, ParseError, ParseErrorType, Position};

use crate::clock;
use crate::limits::{ScriptLimits, TimeLimit};
use crate::memory::held;

/// The result of a native function.
pub(super) type Native<T> = Result<T, Box<EvalAltResult>>;

/// The steps between two looks at the clock: few, since one step may compare two arrays of a million items.
const STEPS_PER_LOOK: u64 = 16;

struct Meter {
    steps: Cell<u64>,
    most: Cell<u64>,
    /// The tokens of the text that is being read.
    tokens: Cell<u64>,
    most_tokens: Cell<u64>,
    /// The limit at which the parser was ended.
    refused: Cell<Option<&'static str>>,
    /// What the thread may hold, in bytes, by [`held`].
    most_held: Cell<i64>,
    /// What the clock of the thread says when the time is over.
    end: Cell<Duration>,
    /// Before this the time cannot be over: the clock of the thread, which the system is asked for, is not looked at.
    earliest: Cell<Option<Instant>>,
    /// The limit that ends with the time.
    late: Cell<&'static str>,
}

thread_local! {
    static METER: Meter = const {
        Meter {
            steps: Cell::new(0),
            most: Cell::new(u64::MAX),
            tokens: Cell::new(0),
            most_tokens: Cell::new(u64::MAX),
            refused: Cell::new(None),
            most_held: Cell::new(i64::MAX),
            end: Cell::new(Duration::MAX),
            earliest: Cell::new(None),
            late: Cell::new("time"),
        }
    };
}

/// Starts anew, for another rule, which has so much time.
pub(super) fn reset(limits: &ScriptLimits, time: TimeLimit) {
    METER.with(|meter| {
        meter.steps.set(0);
        meter.most.set(limits.operations);
        meter.most_tokens.set(limits.tokens);
        meter.most_held.set(held().saturating_add_unsigned(limits.memory));
        meter.end.set(clock::of_thread().saturating_add(time.left));
        meter.earliest.set(Instant::now().checked_add(time.left));
        meter.late.set(time.limit.limit.key);
    });
}

/// Reads a text of a script, of so many tokens at most.
pub(super) fn compile(engine: &Engine, text: &str) -> Result<AST, ParseError> {
    METER.with(|meter| {
        meter.tokens.set(0);
        meter.refused.set(None);
        engine.compile(text).map_err(|error| match meter.refused.get() {
            // Whatever the parser makes of a text that breaks off.
            Some(key) => {
                let refused = LexError::Runtime(key.to_owned());
                ParseError(Box::new(ParseErrorType::BadInput(refused)), error.position())
            }
            None => error,
        })
    })
}

/// Counts a token; returns the key of the limit that reading exceeds.
pub(super) fn token() -> Option<&'static str> {
    METER.with(|meter| {
        let tokens = meter.tokens.get() + 1;
        meter.tokens.set(tokens);
        let refused = if tokens > meter.most_tokens.get() { Some("tokens") } else { meter.exceeded(tokens) };
        if refused.is_some() {
            meter.refused.set(refused);
        }
        refused
    })
}

/// Counts a step of the script; returns the key of the limit that it exceeds.
pub(super) fn step() -> Option<&'static str> {
    METER.with(|meter| {
        let steps = meter.steps.get() + 1;
        meter.steps.set(steps);
        if steps > meter.most.get() { Some("operations") } else { meter.exceeded(steps) }
    })
}

/// Counts the steps of a native function whose work grows with the document or a text.
pub(super) fn charge(steps: usize) -> Native<()> {
    let exceeded = METER.with(|meter| {
        meter.steps.set(meter.steps.get().saturating_add(steps as u64));
        if meter.steps.get() > meter.most.get() { Some("operations") } else { meter.exceeded(0) }
    });
    exceeded.map_or(Ok(()), |key| Err(exceeds(key)))
}

/// Does work whose memory is not the rule's: what all rules share is made when the first of them asks.
pub(super) fn uncounted<R>(work: impl FnOnce() -> R) -> R {
    let before = held();
    let result = work();
    METER.with(|meter| meter.most_held.set(meter.most_held.get().saturating_add(held() - before)));
    result
}

/// Ends the script, which cannot catch it, for exceeding a limit.
pub(super) fn exceeds(key: &'static str) -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(key.into(), Position::NONE).into()
}

impl Meter {
    /// The key of the limit of memory or time that is exceeded; the clock is looked at now and then.
    fn exceeded(&self, count: u64) -> Option<&'static str> {
        if held() > self.most_held.get() {
            return Some("memory");
        }
        (count.is_multiple_of(STEPS_PER_LOOK) && self.is_late()).then(|| self.late.get())
    }

    /// Whether this thread has run for longer than it may. A thread that had to wait for a processor has not.
    fn is_late(&self) -> bool {
        let now = Instant::now();
        if self.earliest.get().is_none_or(|earliest| now <= earliest) {
            return false;
        }
        let left = self.end.get().saturating_sub(clock::of_thread());
        self.earliest.set(now.checked_add(left));
        left.is_zero()
    }
}

#[cfg(all(test, any(target_os = "linux", target_vendor = "apple")))]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_rule_that_waits_for_a_processor_uses_no_time() {
        let limits = ScriptLimits { time: 50, ..ScriptLimits::default() };
        reset(&limits, TimeLimit::new(limits.exceeded("time")));
        let late = || METER.with(|meter| meter.exceeded(0));
        thread::sleep(Duration::from_millis(100));
        assert_eq!(late(), None);
        let (start, began) = (Instant::now(), clock::of_thread());
        while late().is_none() {
            assert!(start.elapsed() < Duration::from_secs(60));
        }
        assert_eq!(late(), Some("time"));
        assert!(clock::of_thread().saturating_sub(began) > Duration::from_millis(20));
    }
}
