//! The memory of the variables of a script. rhai limits a value where a function returns it, but neither a map that grows
//! entry by entry nor all variables together.

use std::cell::{Cell, RefCell};

use rhai::{Dynamic, Engine, EvalContext, FnPtr, Scope};

use super::meter::{self, Native};
use crate::limits::ScriptLimits;

/// The reads of variables between two measurements, at least and at most. The more there is to measure, the rarer it is.
const READS: std::ops::RangeInclusive<usize> = 128..=2_048;

/// The parts that are measured for one read of a variable.
const PARTS_PER_READ: usize = 16;

/// The bytes of a value without what it holds, and of an entry of a map beside its value.
const VALUE_BYTES: usize = 16;
const ENTRY_BYTES: usize = 48;

thread_local! {
    /// The reads that are left until the next measurement.
    static LEFT: Cell<usize> = const { Cell::new(*READS.start()) };
    /// The memory of the variables of each function that has called another.
    static CALLERS: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Starts anew, for another rule.
pub(super) fn reset() {
    LEFT.set(*READS.start());
    CALLERS.take();
}

/// Measures the variables of scripts from time to time.
pub(super) fn register(engine: &mut Engine, limits: &ScriptLimits) {
    let limits = limits.clone();
    #[expect(deprecated, reason = "rhai marks what it may still change so; its version is pinned")]
    engine.on_var(move |_, _, context| {
        match LEFT.get() {
            0 => measure(&context, &limits)?,
            left => LEFT.set(left - 1),
        }
        Ok(None)
    });
}

fn measure(context: &EvalContext<'_, '_, '_, '_, '_, '_>, limits: &ScriptLimits) -> Native<()> {
    let scope: &Scope<'_> = context.scope();
    let mut measurement = Measurement { deepest: limits.nesting, bytes: 0, parts: 0, entries: 0 };
    for (_, _, value) in scope.iter_raw() {
        measurement.entries = 0;
        measurement.add(value, 0)?;
        if measurement.entries as u64 > limits.map_entries {
            return Err(meter::exceeds("map-entries"));
        }
    }
    LEFT.set((measurement.parts / PARTS_PER_READ).clamp(*READS.start(), *READS.end()));
    let all = CALLERS.with_borrow_mut(|callers| {
        callers.resize(context.call_level(), 0);
        callers.push(measurement.bytes);
        callers.iter().sum::<usize>()
    });
    if all as u64 > limits.memory { Err(meter::exceeds("memory")) } else { Ok(()) }
}

struct Measurement {
    deepest: u64,
    bytes: usize,
    parts: usize,
    /// The entries of the maps in one variable.
    entries: usize,
}

impl Measurement {
    /// Adds a value that stands inside others. Values that are too deep would overflow the stack where rhai drops them.
    fn add(&mut self, value: &Dynamic, depth: u64) -> Native<()> {
        if depth > self.deepest {
            return Err(meter::exceeds("nesting"));
        }
        self.bytes += VALUE_BYTES;
        self.parts += 1;
        // Asked what it is before it is taken as that: rhai words an error where it is not.
        if value.is_string() {
            self.bytes += value.as_immutable_string_ref().map_or(0, |text| text.len());
        } else if value.is_array() {
            value.as_array_ref().map_or(Ok(()), |items| items.iter().try_for_each(|item| self.add(item, depth + 1)))?;
        } else if value.is_map() {
            let entries = value.as_map_ref();
            for (key, value) in entries.iter().flat_map(|entries| entries.iter()) {
                self.entries += 1;
                self.bytes += ENTRY_BYTES + key.len();
                self.add(value, depth + 1)?;
            }
        } else if value.is_blob() {
            self.bytes += value.as_blob_ref().map_or(0, |blob| blob.len());
        } else if let Some(function) = value.read_lock::<FnPtr>() {
            function.iter_curry().try_for_each(|captured| self.add(captured, depth + 1))?;
        }
        Ok(())
    }
}
