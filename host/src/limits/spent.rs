//! What several calls used together, and what that leaves of a limit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::LimitExceeded;

/// What several calls used together, on any thread.
#[derive(Debug, Default)]
pub(crate) struct SharedUsage {
    microseconds: AtomicU64,
    bytes: AtomicU64,
}

impl SharedUsage {
    /// Forgets everything.
    pub fn reset(&self) {
        self.microseconds.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }

    /// Adds the time of a call.
    pub fn add_time(&self, time: Duration) {
        self.microseconds.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The time of all calls that have ended.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.microseconds.load(Ordering::Relaxed))
    }

    /// Adds bytes, and returns all of them.
    pub fn add_bytes(&self, bytes: u64) -> u64 {
        self.bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes)
    }

    /// Takes bytes back that were added and are not used.
    pub fn remove_bytes(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What is left of a limit of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    pub limit: LimitExceeded,
    pub left: Duration,
}

impl TimeLimit {
    /// All of it is left.
    pub fn new(limit: LimitExceeded) -> Self {
        Self { limit, left: Duration::from_millis(limit.value) }
    }

    /// What is left of it after something took a time.
    pub fn after(self, time: Duration) -> Self {
        Self { left: self.left.saturating_sub(time), ..self }
    }

    /// The one of which less is left.
    pub fn shorter(self, other: Self) -> Self {
        if other.left < self.left { other } else { self }
    }
}
