//! Times of one thing, measured many times.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times of one thing.
#[derive(Default)]
pub struct Samples(pub Vec<Duration>);

impl Samples {
    /// Measures once; what comes out is dropped after the clock has stopped.
    pub fn add<T>(&mut self, work: impl FnOnce() -> T) {
        let start = Instant::now();
        let result = black_box(work());
        self.0.push(start.elapsed());
        drop(result);
    }

    /// The median, in milliseconds.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 2].as_secs_f64() * 1e3
    }

    /// The shortest, in milliseconds.
    pub fn least(&self) -> f64 {
        self.0.iter().min().expect("it was measured").as_secs_f64() * 1e3
    }
}
