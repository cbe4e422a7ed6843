//! One call of a guest: what it used so far, and what ended it.

use std::time::{Duration, Instant};

use wasmtime::{ResourceLimiter, Store, Trap, UpdateDeadline, WasmBacktrace};

use super::ticker::ClockGuard;
use super::trace::trace;
use crate::clock;
use crate::limits::{ComponentLimits, LimitExceeded, TimeLimit};
use crate::plugin::{ComponentFault, Details, PluginError};

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
    limits: ComponentLimits,
    fuel: LimitExceeded,
    spent: u64,
    memory: Growth,
    table_elements: Growth,
    denied: Option<LimitExceeded>,
    log: String,
    voice: LogStream,
    pub(super) seed: u64,
    start: Instant,
    time: TimeLimit,
    /// The clock of the thread when it began.
    began: Duration,
    /// Lets the guest ask for the time while it runs.
    _ticking: ClockGuard,
}

/// What grows during a call, all of its kind together.
#[derive(Debug)]
struct Growth {
    used: u64,
    limit: LimitExceeded,
}

/// Who writes into the log of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogStream {
    /// The guest, through the contract.
    Guest,
    /// A stream of WASI, by its number.
    Stream(u32),
}

/// What a call used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
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
    /// `render`.
    Render,
    /// `convert` or `observe`.
    Import,
    /// `check`, within what is left of a limit of time.
    Check(TimeLimit),
}

/// Why the host ended a call.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum HostTrap {
    #[error("it used {0}")]
    Limit(LimitExceeded),
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
    pub fn store(
        engine: &wasmtime::Engine,
        limits: &ComponentLimits,
        function: Function,
    ) -> wasmtime::Result<Store<Self>> {
        let [fuel, time, memory] = match function {
            Function::Describe => ["describe-fuel", "describe-time", "memory"],
            Function::Render | Function::Check(_) => ["fuel", "time", "memory"],
            Function::Import => ["import-fuel", "time", "import-memory"],
        };
        let fuel = limits.exceeded(fuel);
        let time = match function {
            Function::Check(left) => left,
            _ => TimeLimit::new(limits.exceeded(time)),
        };
        let call = Self {
            limits: limits.clone(),
            fuel,
            spent: 0,
            memory: Growth { used: 0, limit: limits.exceeded(memory) },
            table_elements: Growth { used: 0, limit: limits.exceeded("table-elements") },
            denied: None,
            log: String::new(),
            voice: LogStream::Guest,
            seed: 0,
            start: Instant::now(),
            time,
            began: clock::of_thread(),
            _ticking: ClockGuard::start(engine)?,
        };
        let mut store = Store::new(engine, call);
        store.limiter(|call| call);
        store.set_fuel(fuel.value)?;
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|context| {
            context.data().check_time()?;
            Ok(UpdateDeadline::Continue(1))
        });
        let lifted = usize::try_from(limits.artifact_bytes.saturating_add(RECORDS)).unwrap_or(usize::MAX);
        store.set_hostcall_fuel(lifted);
        Ok(store)
    }

    /// What a call has used so far.
    pub fn usage(store: &Store<Self>) -> Usage {
        let call = store.data();
        let rest = store.get_fuel().unwrap_or_default();
        let fuel = call.fuel.value.saturating_sub(rest).saturating_add(call.spent);
        Usage { fuel, memory: call.memory.used, time: call.start.elapsed() }
    }

    /// Counts what the host does for the guest.
    pub fn spend(&mut self, bytes: usize) -> Result<(), HostTrap> {
        let cost = FUEL_PER_CALL.saturating_add((bytes as u64).saturating_mul(FUEL_PER_BYTE));
        self.spent = self.spent.saturating_add(cost);
        if self.spent > self.fuel.value { Err(HostTrap::Limit(self.fuel)) } else { Ok(()) }
    }

    /// Ends a call that has taken too long: fuel does not count what the engine does for a guest, such as to copy strings
    /// between components.
    fn check_time(&self) -> Result<(), HostTrap> {
        if clock::of_thread().saturating_sub(self.began) > self.time.left {
            Err(HostTrap::Limit(self.time.limit))
        } else {
            Ok(())
        }
    }

    /// Adds text to the log. Who speaks after another starts on a line of its own.
    pub fn log(&mut self, voice: LogStream, text: &str) -> Result<(), HostTrap> {
        self.spend(text.len())?;
        if std::mem::replace(&mut self.voice, voice) != voice && !self.log.is_empty() && !self.log.ends_with('\n') {
            self.log.push('\n');
        }
        if (self.log.len() as u64).saturating_add(text.len() as u64) > self.limits.log {
            return Err(HostTrap::Limit(self.limits.exceeded("log")));
        }
        self.log.push_str(text);
        Ok(())
    }

    /// Takes the log out.
    pub fn take_log(&mut self) -> String {
        std::mem::take(&mut self.log)
    }

    /// Whether something may grow; a limit that denies it is remembered.
    fn may(&mut self, grown: Result<bool, LimitExceeded>) -> bool {
        self.denied = grown.err().or(self.denied);
        grown.unwrap_or(false)
    }
}

impl Growth {
    /// Counts that one of these grows; `false` where that would pass a maximum of its own.
    ///
    /// # Errors
    /// All together would exceed the limit.
    fn grow(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool, LimitExceeded> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let wanted = self.used.saturating_add(desired.saturating_sub(current) as u64);
        if wanted > self.limit.value {
            return Err(self.limit);
        }
        self.used = wanted;
        Ok(true)
    }
}

impl From<HostTrap> for ComponentFault {
    fn from(trap: HostTrap) -> Self {
        match trap {
            HostTrap::Limit(exceeded) => Self::Limit(exceeded),
            HostTrap::NotGranted(what) => Self::NotGranted(what),
            HostTrap::Exit => Self::Exit,
            HostTrap::OutOfRange { what, index, count } => Self::OutOfRange { what, index, count },
            HostTrap::NoGraph => Self::NoGraph,
        }
    }
}

impl ResourceLimiter for Call {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let grown = self.memory.grow(current, desired, maximum);
        Ok(self.may(grown))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let grown = self.table_elements.grow(current, desired, maximum);
        Ok(self.may(grown))
    }

    fn instances(&self) -> usize {
        usize::try_from(self.limits.instances).unwrap_or(usize::MAX)
    }

    fn tables(&self) -> usize {
        usize::try_from(self.limits.tables).unwrap_or(usize::MAX)
    }

    fn memories(&self) -> usize {
        usize::try_from(self.limits.memories).unwrap_or(usize::MAX)
    }
}

/// The limit on the number of instances, memories or tables that a message of wasmtime is about.
fn count_exceeded(limits: &ComponentLimits, why: &wasmtime::Error) -> Option<LimitExceeded> {
    let text = why.root_cause().to_string();
    let counted = text.strip_prefix("resource limit exceeded: ")?;
    let keys = [("instance", "instances"), ("memory", "memories"), ("table", "tables")];
    keys.into_iter().find(|(what, _)| counted.starts_with(what)).map(|(_, key)| limits.exceeded(key))
}

/// Turns what wasmtime reports of a call that ended into an error in the user's words.
pub(super) fn failure(plugin: &str, store: &mut Store<Call>, why: &wasmtime::Error) -> PluginError {
    let call = store.data_mut();
    let trap = why.downcast_ref::<Trap>().copied();
    let exceeded = match (trap, why.downcast_ref::<HostTrap>()) {
        (Some(Trap::OutOfFuel), _) => Some(call.fuel),
        (_, Some(HostTrap::Limit(exceeded))) => Some(*exceeded),
        (_, Some(_)) => None,
        // Out of memory a guest as a rule traps of itself, at `unreachable`: what counts is that growth was denied.
        _ => call.denied,
    };
    // Only the root: a backtrace is a part of the chain, and becomes text in its own file.
    let lifts_too_much = || why.root_cause().to_string().contains("fuel allocated for hostcalls");
    let exceeded = exceeded.or_else(|| lifts_too_much().then(|| call.limits.exceeded("artifact-bytes")));
    let exceeded = exceeded.or_else(|| count_exceeded(&call.limits, why));
    let fault = match (exceeded, trap, why.downcast_ref::<HostTrap>()) {
        (Some(exceeded), ..) => ComponentFault::Limit(exceeded),
        (_, _, Some(ended)) => ended.clone().into(),
        (_, Some(Trap::StackOverflow), _) => ComponentFault::StackOverflow((super::config::WASM_STACK >> 10) as u64),
        (_, Some(Trap::UnreachableCodeReached), _) => ComponentFault::Panic,
        (_, Some(trap), _) => ComponentFault::Trap(trap.to_string()),
        (_, None, None) => ComponentFault::Trap(why.root_cause().to_string()),
    };
    let backtrace = why.downcast_ref::<WasmBacktrace>().filter(|backtrace| !backtrace.frames().is_empty());
    let trace = backtrace.map(trace).unwrap_or_default();
    PluginError::Component {
        plugin: plugin.to_owned(),
        fault,
        details: Box::new(Details { log: call.take_log(), trace, ..Details::default() }),
    }
}
