//! How long something took: in time of a processor where the system tells it, so that a busy machine ends nothing that
//! an idle one would not. What is measured does not sleep, so that the time of the wall is bounded with it.

use std::time::Duration;

/// How long the wall is waited for where the time of the processor is what counts: so many times as long.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(crate) const PATIENCE: u32 = 5;

/// How long the wall is waited for where it is all that there is.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(crate) const PATIENCE: u32 = 1;

/// The time that this thread has run so far.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(crate) fn of_thread() -> Duration {
    use nix::time::{ClockId, clock_gettime};
    // Every thread has this clock.
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}

/// The time that the processes have run that this one started, and that have ended.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(crate) fn of_children() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).map(|used| used.user_time() + used.system_time());
    used.map_or(0, |time| time.num_microseconds()).try_into().map(Duration::from_micros).unwrap_or_default()
}

/// The time since this was first asked.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(crate) fn of_thread() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}

/// The time since this was first asked.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(crate) fn of_children() -> Duration {
    of_thread()
}
