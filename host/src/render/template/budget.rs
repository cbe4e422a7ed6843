//! What all templates take together to be read: each within its limits is no bound where there are many.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock;
use crate::confined::{self, Bounds, StopReason};
use crate::limits::{LimitExceeded, SharedUsage, TemplateLimits};
use crate::memory;

/// The stack of the thread that reads or renders, in bytes. The system hands it out page by page as it is used.
const STACK: usize = 1 << 30;

/// The limits of a template, with what those that share it have used of the limits for all of them.
#[derive(Clone, Debug, Default)]
pub struct TemplateBudget {
    limits: TemplateLimits,
    used: Arc<SharedUsage>,
}

impl From<TemplateLimits> for TemplateBudget {
    /// Nothing is used yet.
    fn from(limits: TemplateLimits) -> Self {
        Self { limits, used: Arc::default() }
    }
}

/// Why a template was not read.
pub(super) enum NotRead {
    Stopped(StopReason),
    Limit(LimitExceeded),
}

impl TemplateBudget {
    /// The same budget for a template with limits of its own.
    #[must_use]
    pub fn with_limits(&self, limits: TemplateLimits) -> Self {
        Self { limits, used: Arc::clone(&self.used) }
    }

    /// The limits of the template.
    pub fn limits(&self) -> &TemplateLimits {
        &self.limits
    }

    /// Reads a template, whose texts have so many bytes, on a thread of its own, and counts its time and what it keeps.
    ///
    /// # Errors
    /// It was stopped, or there is nothing left for it.
    pub(super) fn read<R: Send + 'static>(
        &self,
        file_name: &str,
        text_bytes: u64,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, NotRead> {
        let limits = &self.limits;
        if self.used.time() >= Duration::from_millis(limits.all_read_time) {
            return Err(NotRead::Limit(limits.exceeded("all-read-time")));
        }
        let start = Instant::now();
        let measured = move || {
            let (held, time) = (memory::held(), clock::of_thread());
            let answer = work();
            (answer, memory::held() - held, clock::of_thread().saturating_sub(time))
        };
        let name = format!("template {file_name}");
        match confined::run(&name, bounds(limits), measured) {
            Ok((answer, held, time)) => {
                self.used.add_time(time);
                self.keep(text_bytes.saturating_add(u64::try_from(held).unwrap_or_default()))?;
                Ok(answer)
            }
            Err(stopped) => {
                self.used.add_time(start.elapsed());
                Err(NotRead::Stopped(stopped))
            }
        }
    }

    /// Counts what a template that was read keeps. One that is too much keeps nothing.
    fn keep(&self, bytes: u64) -> Result<(), NotRead> {
        if self.used.add_bytes(bytes) <= self.limits.all_memory {
            return Ok(());
        }
        self.used.remove_bytes(bytes);
        Err(NotRead::Limit(self.limits.exceeded("all-memory")))
    }
}

/// What a thread may take that reads or runs a template.
pub(super) fn bounds(limits: &TemplateLimits) -> Bounds {
    Bounds { stack: STACK, memory: limits.memory, time: Duration::from_millis(limits.time) }
}
