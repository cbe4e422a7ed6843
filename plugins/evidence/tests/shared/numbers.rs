//! Numbers by chance that are the same everywhere, and how long tests by chance go on.

#![allow(dead_code, reason = "each importer asks for some of it")]

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

/// A small generator of numbers.
pub struct Numbers(u64);

impl Numbers {
    /// Those of the seed that somebody set, else of the first.
    pub fn of_seed() -> Self {
        Self(setting("SPEC_ENGINE_RANDOM_SEED").unwrap_or(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number from 0 to below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % most.max(1)
    }

    /// One of several texts.
    pub fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// The number in a variable of the environment.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// How many runs there were, and how many documents came of them.
pub struct Runs {
    all: u64,
    documents: u64,
}

impl Runs {
    /// Checks that the files are not so broken that nothing but the readers is tried.
    #[track_caller]
    pub fn check_share(&self) {
        assert!(self.documents > self.all / 5, "{} documents of {} runs", self.documents, self.all);
    }
}

/// Runs `once` `most` times, or for the seconds that somebody set. It is handed the number of the run, and says whether a
/// document came out.
pub fn runs(most: u64, mut once: impl FnMut(u64) -> bool) -> Runs {
    let (start, seconds) = (Instant::now(), setting("SPEC_ENGINE_RANDOM_SECONDS").map(Duration::from_secs));
    let mut runs = Runs { all: 0, documents: 0 };
    while seconds.map_or(runs.all < most, |seconds| start.elapsed() < seconds) {
        runs.all += 1;
        runs.documents += u64::from(once(runs.all));
    }
    eprintln!("{} runs, {} documents, {:?}", runs.all, runs.documents, start.elapsed());
    runs
}

/// What `check` gives; where it panics, what was tried is printed first.
pub fn holds<T>(tried: impl Fn() -> String, check: impl FnOnce() -> T) -> T {
    match std::panic::catch_unwind(AssertUnwindSafe(check)) {
        Ok(value) => value,
        Err(panic) => {
            eprintln!("{}", tried());
            std::panic::resume_unwind(panic);
        }
    }
}
