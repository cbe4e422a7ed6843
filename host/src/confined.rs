//! Work of somebody else's, on a thread that is left behind where it takes too much memory or time.
//!
//! An interpreter that allocates without asking cannot be told to stop: an allocator must not panic, and what it refuses
//! ends the process. So the thread that asks for too much is stopped where it asks, for ever, before it gets it, and the
//! one that waits for it is told. What the thread holds then stays with it until the process ends. How much that can be,
//! for all of them together, is [`HELD_BY_STOPPED`].

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use crate::memory;

/// The bytes that stopped threads may hold together. Above it no other is started.
pub const HELD_BY_STOPPED: u64 = 2 << 30;

/// The threads that may be confined at one time, those that were stopped included.
const MOST_THREADS: usize = 64;

/// The highest bound of one thread, in bytes: the sum over all threads has to be a number.
const MOST_BYTES: u64 = 1 << 50;

/// The time between two looks at whether the other thread was stopped.
const LOOK: Duration = Duration::from_millis(5);

/// What work may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The address space of its stack, in bytes. The system hands it out page by page as it is used.
    pub stack: usize,
    /// The bytes that it may hold beside what it is given, what is used of its stack included.
    pub memory: u64,
    pub time: Duration,
}

/// Why work did not come to its end.
#[derive(Debug)]
pub(crate) enum StopReason {
    /// It asked for more memory than it may have.
    Memory,
    /// Its time is over.
    Time,
    /// It panicked.
    Panic,
    /// The system has no thread for it.
    NoThread(io::Error),
    /// Threads that were stopped hold too much, or there are too many of them.
    NoRoom,
}

/// A place for a thread.
struct Slot {
    state: AtomicU8,
    /// The bytes that the thread may hold; once it was stopped, those that it holds.
    bytes: AtomicU64,
}

const FREE: u8 = 0;
const RUNNING: u8 = 1;
/// Nobody waits for it any more: it is stopped at its next allocation.
const LEFT: u8 = 2;
/// It asked for too much, and waits for ever.
const STOPPED: u8 = 3;
/// It came to its end, and its answer was not taken yet.
const ENDED: u8 = 4;

static SLOTS: [Slot; MOST_THREADS] =
    [const { Slot { state: AtomicU8::new(FREE), bytes: AtomicU64::new(0) } }; MOST_THREADS];

thread_local! {
    static SLOT: Cell<usize> = const { Cell::new(usize::MAX) };
    /// Where the stack of this thread starts, and the most of it that was seen in use, in bytes.
    static STACK: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught, and reported as a fault of the script or template that runs on it. A panic
/// hook that prints may leave these out.
pub fn catches_panics() -> bool {
    QUIET.get()
}

/// Does work that may panic, on this thread.
pub(crate) fn catching<R>(work: impl FnOnce() -> R) -> Result<R, StopReason> {
    let before = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    result.map_err(|_| StopReason::Panic)
}

/// Does work on a thread of its own.
pub(crate) fn run<R: Send + 'static>(
    name: &str,
    bounds: Bounds,
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<R, StopReason> {
    run_and_drop(name, bounds, move || (work(), ()))
}

/// Does work on a thread of its own, which returns an answer, and what is dropped on that thread when the answer was
/// handed over: nobody waits for that.
pub(crate) fn run_and_drop<R: Send + 'static, D>(
    name: &str,
    bounds: Bounds,
    work: impl FnOnce() -> (R, D) + Send + 'static,
) -> Result<R, StopReason> {
    // Asked here, since it is worked out at the first question, which may allocate.
    let is_counted = memory::is_counted();
    let slot = Slot::take(bounds.memory).ok_or(StopReason::NoRoom)?;
    let (sender, receiver) = mpsc::sync_channel(1);
    let confined = move || {
        SLOT.set(slot);
        STACK.set((stack_position(), 0));
        memory::watch(is_counted.then_some(look));
        let (result, left) = match catching(work) {
            Ok((answer, left)) => (Ok(answer), Some(left)),
            Err(stopped) => (Err(stopped), None),
        };
        memory::watch(None);
        let state = &SLOTS[slot].state;
        match state.compare_exchange(RUNNING, ENDED, Ordering::AcqRel, Ordering::Acquire) {
            // Who waits frees the place, so that nobody else has it before the answer is taken.
            Ok(_) => drop(sender.send(result)),
            Err(_) => state.store(FREE, Ordering::Release),
        }
        drop(left);
    };
    let thread = Builder::new().name(name.to_owned()).stack_size(bounds.stack);
    let result = match thread.spawn(confined) {
        Ok(_) => wait(slot, &receiver, bounds.time),
        Err(error) => Err(StopReason::NoThread(error)),
    };
    if !matches!(result, Err(StopReason::Memory | StopReason::Time)) {
        SLOTS[slot].state.store(FREE, Ordering::Release);
    }
    result
}

/// Waits for the answer of the thread in a place.
fn wait<R>(slot: usize, answer: &Receiver<Result<R, StopReason>>, time: Duration) -> Result<R, StopReason> {
    let state = &SLOTS[slot].state;
    let end = Instant::now().checked_add(time);
    loop {
        let left = end.map_or(LOOK, |end| end.saturating_duration_since(Instant::now()));
        match answer.recv_timeout(left.min(LOOK)) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Disconnected) => return Err(StopReason::Panic),
            Err(RecvTimeoutError::Timeout) if state.load(Ordering::Acquire) == STOPPED => {
                return Err(StopReason::Memory);
            }
            Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                return match state.compare_exchange(RUNNING, LEFT, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => Err(StopReason::Time),
                    Err(STOPPED) => Err(StopReason::Memory),
                    // It ended in this moment.
                    Err(_) => answer.recv().unwrap_or(Err(StopReason::Panic)),
                };
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

impl Slot {
    /// Takes a place for a thread that may hold so many bytes, unless those that were stopped hold too much.
    fn take(memory: u64) -> Option<usize> {
        let stopped = SLOTS.iter().filter(|slot| matches!(slot.state.load(Ordering::Acquire), LEFT | STOPPED));
        if stopped.map(|slot| slot.bytes.load(Ordering::Relaxed)).sum::<u64>() >= HELD_BY_STOPPED {
            return None;
        }
        let is_taken =
            |slot: &Slot| slot.state.compare_exchange(FREE, RUNNING, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        let taken = SLOTS.iter().position(is_taken)?;
        SLOTS[taken].bytes.store(memory.min(MOST_BYTES), Ordering::Relaxed);
        Some(taken)
    }
}

/// About where the stack of this thread ends.
fn stack_position() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

/// Stops this thread where it asks for too much, or where nobody waits for it. Its stack counts as deep as it ever was: the
/// system does not take it back.
fn look(held: i64, more: usize) {
    let slot = &SLOTS[SLOT.get()];
    let (start, deepest) = STACK.get();
    let deepest = deepest.max(start.saturating_sub(stack_position()));
    STACK.set((start, deepest));
    let held = u64::try_from(held).unwrap_or(0).saturating_add(deepest as u64);
    let is_too_much = held.saturating_add(more as u64) > slot.bytes.load(Ordering::Relaxed);
    let is_left = slot.state.load(Ordering::Relaxed) == LEFT;
    // While it panics it may hold a lock that others need, such as that of standard error.
    if (is_too_much || is_left) && !std::thread::panicking() {
        slot.bytes.store(held, Ordering::Relaxed);
        slot.state.store(STOPPED, Ordering::Release);
        loop {
            std::thread::sleep(Duration::from_secs(3_600));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(time: u64) -> Bounds {
        Bounds { stack: 1 << 20, memory: 1 << 20, time: Duration::from_millis(time) }
    }

    #[test]
    fn work_comes_back_and_what_does_not_is_left() {
        assert_eq!(run("a", bounds(60_000), || 1).unwrap(), 1);
        assert!(matches!(run("b", bounds(60_000), || panic!("caught")), Err::<(), _>(StopReason::Panic)));
        let (keep, kept) = mpsc::channel::<()>();
        let left = run("c", bounds(1), move || kept.recv().is_ok());
        assert!(matches!(left, Err(StopReason::Time)), "{left:?}");
        drop(keep);
        for _ in 0..2 * MOST_THREADS {
            assert_eq!(run("d", bounds(60_000), || 2).unwrap(), 2);
        }
    }
}
