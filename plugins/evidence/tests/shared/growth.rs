//! How the time of an import grows.

use std::time::{Duration, Instant};

/// How often a pair of sizes is measured before the growth counts as too much: what else runs on the machine makes some
/// pairs slow.
const PAIRS: usize = 6;

/// Checks that an import of four times the size takes less than eight times as long: twice what is linear, half of what a
/// square would take.
#[track_caller]
pub fn check_linear<F>(size: usize, files: impl Fn(usize) -> F, import: impl Fn(&F)) {
    let sizes = [files(size), files(size * 4)];
    let time = |files: &F| {
        let start = Instant::now();
        import(files);
        start.elapsed()
    };
    let mut pairs: Vec<[Duration; 2]> = Vec::new();
    while pairs.len() < PAIRS {
        let pair = sizes.each_ref().map(time);
        if pair[1] < pair[0] * 8 {
            return;
        }
        pairs.push(pair);
    }
    panic!("{size}, and four times as many, took {pairs:?}");
}
