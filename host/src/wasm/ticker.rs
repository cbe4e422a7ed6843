//! The clock that guests are held to: while one runs, its engine's epoch goes on at every tick, and compiled code asks at
//! each tick whether its time is over.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

/// How long a tick is: so much later than its limit a call may end.
const TICK: Duration = Duration::from_millis(20);

/// The engines that guests run on, by the number of the call. One thread of the process ticks for all of them, and sleeps
/// while there is none.
static RUNNING: Mutex<Clock> = Mutex::new(Clock { next: 0, engines: BTreeMap::new() });
static STARTED: Condvar = Condvar::new();

struct Clock {
    next: u64,
    engines: BTreeMap<u64, EngineWeak>,
}

/// A call for which the clock ticks until this is dropped.
#[derive(Debug)]
pub(super) struct ClockGuard(u64);

impl ClockGuard {
    /// Lets the clock tick for a call on an engine.
    ///
    /// # Errors
    /// The thread of the clock cannot be started: no guest may run then.
    pub fn start(engine: &Engine) -> io::Result<Self> {
        static THREAD: OnceLock<Result<(), io::ErrorKind>> = OnceLock::new();
        let start = || {
            let thread = thread::Builder::new().name("wasm-clock".to_owned()).spawn(tick);
            thread.map(drop).map_err(|error| error.kind())
        };
        (*THREAD.get_or_init(start))?;
        let mut running = running();
        let number = running.next;
        running.next += 1;
        running.engines.insert(number, engine.weak());
        STARTED.notify_one();
        Ok(Self(number))
    }
}

impl Drop for ClockGuard {
    fn drop(&mut self) {
        running().engines.remove(&self.0);
    }
}

fn running() -> MutexGuard<'static, Clock> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tick() {
    loop {
        let running = STARTED.wait_while(running(), |running| running.engines.is_empty());
        let running = running.unwrap_or_else(PoisonError::into_inner);
        for engine in running.engines.values().filter_map(EngineWeak::upgrade) {
            engine.increment_epoch();
        }
        drop(running);
        thread::sleep(TICK);
    }
}
