//! What the variables of a script hold. rhai limits a value where a function returns it, but neither a map that grows entry
//! by entry, nor how deep values stand inside each other, nor all variables together. The memory of these is counted by
//! the allocator where it does so ([`crate::memory`]), step by step; else by what is found here.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use rhai::{Array, Dynamic, Engine, EvalAltResult, EvalContext, FnPtr, FuncRegistration, Position, Scope};

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

/// Registers what makes much of little.
pub(super) fn register(engine: &mut Engine, limits: &ScriptLimits) {
    let limits = limits.clone();
    let pad = move |array: &mut Array, len: i64, item: Dynamic| pad(array, len, item, &limits);
    // A constant stays as it is.
    FuncRegistration::new("pad").with_purity(false).register_into_engine(engine, pad);
}

/// Measures the variables from time to time, when one is read.
pub(super) fn look(context: &EvalContext<'_, '_, '_, '_, '_, '_>, limits: &ScriptLimits) -> Native<()> {
    match LEFT.get() {
        0 => measure(context, limits),
        left => {
            LEFT.set(left - 1);
            Ok(())
        }
    }
}

/// Fills up an array with copies of an item: what rhai's own weighs without what closures hold.
fn pad(array: &mut Array, len: i64, item: Dynamic, limits: &ScriptLimits) -> Native<()> {
    let Some(more) = usize::try_from(len).ok().and_then(|len| len.checked_sub(array.len())) else { return Ok(()) };
    let mut measurement = Measurement { enters_shared: false, ..Measurement::within(limits) };
    measurement.add(&item, 0)?;
    meter::charge(measurement.parts)?;
    let too_large = |what: &str| Err(EvalAltResult::ErrorDataTooLarge(what.to_owned(), Position::NONE).into());
    if measurement.items.saturating_add(1).saturating_mul(more) as u64 > limits.array_items {
        return too_large("Size of array/BLOB");
    }
    if measurement.entries.saturating_mul(more) as u64 > limits.map_entries {
        return too_large("Size of object map");
    }
    if measurement.text.saturating_mul(more) as u64 > limits.string_bytes {
        return too_large("Length of string");
    }
    if measurement.bytes.saturating_mul(more) as u64 > limits.memory {
        return Err(meter::exceeds("memory"));
    }
    array.resize(array.len() + more, item);
    Ok(())
}

fn measure(context: &EvalContext<'_, '_, '_, '_, '_, '_>, limits: &ScriptLimits) -> Native<()> {
    let scope: &Scope<'_> = context.scope();
    let mut measurement = Measurement::within(limits);
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
    most: u64,
    bytes: usize,
    parts: usize,
    /// The items of arrays, the entries of maps and the bytes of texts.
    items: usize,
    entries: usize,
    text: usize,
    /// How many values stand inside each other in each shared variable that was seen; `None` while it is looked into.
    /// Without, a variable that two closures of a third hold, and so on, would be seen as often as there are ways to it.
    shared: HashMap<*const Dynamic, Option<u64>>,
    /// Whether shared variables are looked into: a copy of a value does not copy them.
    enters_shared: bool,
}

impl Measurement {
    fn within(limits: &ScriptLimits) -> Self {
        let (deepest, most) = (limits.nesting, limits.memory);
        let shared = HashMap::new();
        Self { deepest, most, bytes: 0, parts: 0, items: 0, entries: 0, text: 0, shared, enters_shared: true }
    }

    /// Adds a value that stands inside `depth` others, and returns how many stand inside each other in it. Values that
    /// are too deep would overflow the stack where rhai drops them.
    fn add(&mut self, value: &Dynamic, depth: u64) -> Native<u64> {
        if !value.is_shared() {
            return self.add_inside(value, depth);
        }
        if !self.enters_shared {
            self.bytes += VALUE_BYTES;
            return Ok(0);
        }
        // One that is being written to was measured before that.
        let Some(inside) = value.read_lock::<Dynamic>() else { return Ok(0) };
        match self.shared.insert(&raw const *inside, None) {
            // It holds itself.
            Some(None) => Err(meter::exceeds("nesting")),
            Some(Some(height)) => {
                self.shared.insert(&raw const *inside, Some(height));
                if depth.saturating_add(height) > self.deepest { Err(meter::exceeds("nesting")) } else { Ok(height) }
            }
            None => {
                let height = self.add_inside(&inside, depth)?;
                self.shared.insert(&raw const *inside, Some(height));
                Ok(height)
            }
        }
    }

    fn add_inside(&mut self, value: &Dynamic, depth: u64) -> Native<u64> {
        if depth > self.deepest {
            return Err(meter::exceeds("nesting"));
        }
        self.bytes += VALUE_BYTES;
        self.parts += 1;
        if self.bytes as u64 > self.most {
            return Err(meter::exceeds("memory"));
        }
        // What there is most of.
        if value.is_int() || value.is_unit() || value.is_bool() {
            return Ok(0);
        }
        let mut height = 0;
        // Asked what it is before it is taken as that: rhai words an error where it is not.
        if value.is_string() {
            let length = value.as_immutable_string_ref().map_or(0, |text| text.len());
            self.bytes += length;
            self.text += length;
        } else if value.is_array() {
            for item in value.as_array_ref().iter().flat_map(|items| items.iter()) {
                self.items += 1;
                height = height.max(1 + self.add(item, depth + 1)?);
            }
        } else if value.is_map() {
            for (key, value) in value.as_map_ref().iter().flat_map(|entries| entries.iter()) {
                self.entries += 1;
                self.bytes += ENTRY_BYTES + key.len();
                height = height.max(1 + self.add(value, depth + 1)?);
            }
        } else if value.is_blob() {
            self.bytes += value.as_blob_ref().map_or(0, |blob| blob.len());
        } else if value.is_fnptr() {
            let function = value.read_lock::<FnPtr>();
            for captured in function.iter().flat_map(|function| function.iter_curry()) {
                height = height.max(1 + self.add(captured, depth + 1)?);
            }
        }
        Ok(height)
    }
}
