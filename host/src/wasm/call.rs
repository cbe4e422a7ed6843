//! One call of a guest: what it used so far, and what ended it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use wasmtime::{ResourceLimiter, Store, Trap, WasmBacktrace};

use super::limits::{Limits, Passed};
use crate::render::PluginError;

/// Fuel that a byte costs when the host makes it for the guest: a guest cannot keep the host busy for longer than
/// itself.
const FUEL_PER_BYTE: u64 = 16;

/// Fuel that a call of the host costs.
const FUEL_PER_CALL: u64 = 1_000;

/// What lifting the values of one call may take beside the content of artifacts, in bytes: the records themselves.
const RECORDS: u64 = 16 << 20;

/// The state of one call.
#[derive(Debug)]
pub(super) struct Call {
    limits: Limits,
    fuel: Passed,
    spent: u64,
    memory: u64,
    table_elements: u64,
    denied: Option<Passed>,
    log: String,
    pub(super) seed: u64,
    start: Instant,
}

/// Says what a call used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// Instructions, in wasmtime's fuel, with what the host did for the guest.
    pub fuel: u64,
    /// The most memory at one time, in bytes. The memory of a guest never shrinks.
    pub memory: u64,
    /// From before the instance was made until the answer was there.
    pub time: Duration,
}

/// Which of the contract's functions is called: each has fuel of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Function {
    /// One that says what the guest is.
    Describe,
    /// `render`, `check` or `convert`.
    Work,
}

/// Says why the host ended a call.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    #[error("it used {}", .0.what())]
    Limit(Passed),
    #[error("it asked for {0}: not granted")]
    NotGranted(String),
    #[error("it ended itself with exit")]
    Exit,
    #[error("it asked for {what} {index} of {count}")]
    OutOfRange { what: &'static str, index: u32, count: usize },
    #[error("it asked for the document where there is none")]
    NoGraph,
}

impl Call {
    /// Makes the store of a call.
    pub fn store(engine: &wasmtime::Engine, limits: &Limits, function: Function) -> wasmtime::Result<Store<Self>> {
        let fuel = match function {
            Function::Describe => Passed { key: "describe-fuel", limit: limits.describe_fuel },
            Function::Work => Passed { key: "fuel", limit: limits.fuel },
        };
        let call = Self {
            limits: limits.clone(),
            fuel,
            spent: 0,
            memory: 0,
            table_elements: 0,
            denied: None,
            log: String::new(),
            seed: 0,
            start: Instant::now(),
        };
        let mut store = Store::new(engine, call);
        store.limiter(|call| call);
        store.set_fuel(fuel.limit)?;
        let lifted = usize::try_from(limits.artifact_bytes.saturating_add(RECORDS)).unwrap_or(usize::MAX);
        store.set_hostcall_fuel(lifted);
        Ok(store)
    }

    /// Returns what a call has used so far.
    pub fn used(store: &Store<Self>) -> Used {
        let call = store.data();
        let rest = store.get_fuel().unwrap_or_default();
        let fuel = call.fuel.limit.saturating_sub(rest).saturating_add(call.spent);
        Used { fuel, memory: call.memory, time: call.start.elapsed() }
    }

    /// Counts what the host does for the guest.
    pub fn spend(&mut self, bytes: usize) -> Result<(), Stop> {
        let cost = FUEL_PER_CALL.saturating_add((bytes as u64).saturating_mul(FUEL_PER_BYTE));
        self.spent = self.spent.saturating_add(cost);
        if self.spent > self.fuel.limit { Err(Stop::Limit(self.fuel)) } else { Ok(()) }
    }

    /// Adds text to the log.
    pub fn log(&mut self, text: &str) -> Result<(), Stop> {
        self.spend(text.len())?;
        if (self.log.len() as u64).saturating_add(text.len() as u64) > self.limits.log {
            return Err(Stop::Limit(Passed { key: "log", limit: self.limits.log }));
        }
        self.log.push_str(text);
        Ok(())
    }

    /// Takes the log out.
    pub fn take_log(&mut self) -> String {
        std::mem::take(&mut self.log)
    }

    fn grow(&mut self, key: &'static str, current: usize, desired: usize) -> bool {
        let (used, limit) = match key {
            "memory" => (&mut self.memory, self.limits.memory),
            _ => (&mut self.table_elements, self.limits.table_elements),
        };
        let wanted = used.saturating_add(desired.saturating_sub(current) as u64);
        if wanted > limit {
            self.denied = Some(Passed { key, limit });
            return false;
        }
        *used = wanted;
        true
    }
}

impl ResourceLimiter for Call {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum) && self.grow("memory", current, desired))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(maximum.is_none_or(|maximum| desired <= maximum) && self.grow("table-elements", current, desired))
    }

    fn instances(&self) -> usize {
        1_000
    }

    fn tables(&self) -> usize {
        1_000
    }

    fn memories(&self) -> usize {
        100
    }
}

/// Turns what wasmtime says of a call that ended into an error in the user's words.
pub(super) fn failure(plugin: &str, store: &mut Store<Call>, why: &wasmtime::Error) -> PluginError {
    let call = store.data_mut();
    let trap = why.downcast_ref::<Trap>().copied();
    let passed = match (trap, why.downcast_ref::<Stop>()) {
        (Some(Trap::OutOfFuel), _) => Some(call.fuel),
        (_, Some(Stop::Limit(passed))) => Some(*passed),
        (_, Some(_)) => None,
        // Past its memory a guest as a rule traps of itself, at `unreachable`: what counts is that growth was denied.
        _ => call.denied,
    };
    let details = details(&call.take_log(), why);
    if let Some(passed) = passed {
        return passed_limit(plugin, passed, details);
    }
    if why.chain().any(|cause| cause.to_string().contains("fuel allocated for hostcalls")) {
        let limit = Passed { key: "artifact-bytes", limit: call.limits.artifact_bytes };
        return passed_limit(plugin, limit, details);
    }
    let (what, help) = match (trap, why.downcast_ref::<Stop>()) {
        (_, Some(stop @ Stop::NotGranted(_))) => (
            stop.to_string(),
            "a plugin gets no files, no network, no clock and no entropy: build it without what needs them".to_owned(),
        ),
        (_, Some(stop)) => (stop.to_string(), format!("report it to the author of `{plugin}`")),
        (Some(Trap::StackOverflow), _) => (
            format!("it used more than {}K of stack", super::config::WASM_STACK >> 10),
            "look for a recursion without end; this limit is fixed".to_owned(),
        ),
        (Some(Trap::UnreachableCodeReached), _) => {
            ("it panicked".to_owned(), format!("report it to the author of `{plugin}`, with what it said"))
        }
        (Some(trap), _) => (trap.to_string(), format!("report it to the author of `{plugin}`")),
        (None, None) => (why.root_cause().to_string(), format!("report it to the author of `{plugin}`")),
    };
    PluginError { message: format!("the plugin `{plugin}` was stopped: {what}"), details, help: Some(help) }
}

/// Says that a plugin passed a limit.
pub(super) fn passed_limit(plugin: &str, passed: Passed, details: Option<String>) -> PluginError {
    PluginError {
        message: format!("the plugin `{plugin}` was stopped: it used {}", passed.what()),
        details,
        help: Some(passed.help()),
    }
}

fn details(log: &str, why: &wasmtime::Error) -> Option<String> {
    let mut text = String::new();
    if !log.is_empty() {
        text.push_str("what it said:\n");
        text.push_str(log);
    }
    if let Some(backtrace) = why.downcast_ref::<WasmBacktrace>().filter(|backtrace| !backtrace.frames().is_empty()) {
        // Writing to a string does not fail.
        let _ = write!(text, "where it was:\n{backtrace}");
    }
    (!text.is_empty()).then_some(text)
}
