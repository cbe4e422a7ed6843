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

    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 2].as_secs_f64() * 1e3
    }

    pub fn show(&self, what: &str, goal: Option<(f64, &str)>) {
        let goal = goal.map(|(goal, unit)| format!(" (goal: at most {goal} {unit})")).unwrap_or_default();
        println!("  {what:<62} {:>8.2} ms{goal}", self.median());
    }

    pub fn show_ratio(&self, what: &str, base: &Self, goal: f64) {
        let ratio = self.median() / base.median();
        println!("  {what:<62} {:>8.2} ms {ratio:>6.2} x (goal: at most {goal} x)", self.median());
    }
}
