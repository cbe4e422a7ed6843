//! Damaged components: bytes are changed, cut out, repeated and moved from one file into another, and what comes of it
//! is loaded. Nothing panics, and each ends soon. `SPEC_ENGINE_FUZZ=3600` does so for an hour.

use std::time::{Duration, Instant};

use spec_engine::limits::ComponentLimits;
use spec_engine::plugin::PluginError;
use spec_engine::wasm::{Cache, Host};

use super::bombs::doubling;
use super::guest::{Ability, Guest};

/// SplitMix64, so that a seed is all that a failure needs.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A part of some bytes, mostly a short one.
    fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        let most = if self.below(4) == 0 { length - start } else { (length - start).min(32) };
        start..start + self.below(most + 1)
    }

    /// Damages some bytes, with parts of others.
    fn damage(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        for _ in 0..=self.below(2) {
            let at = 8 + self.below(bytes.len().saturating_sub(8));
            match self.below(5) {
                0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
                1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = self.next() as u8),
                2 => drop(bytes.drain(self.part(bytes.len()))),
                3 => {
                    let part = bytes[self.part(bytes.len())].to_vec();
                    bytes.splice(at.min(bytes.len())..at.min(bytes.len()), part);
                }
                _ => {
                    let part = other[self.part(other.len())].to_vec();
                    bytes.splice(at.min(bytes.len())..at.min(bytes.len()), part);
                }
            }
        }
    }
}

#[test]
fn a_damaged_component_is_an_error_and_nothing_else() {
    let seconds = std::env::var("SPEC_ENGINE_FUZZ").ok().and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(2));
    let files = [
        Guest::default().build(),
        Guest::with(Ability::HasRules).build(),
        Guest::with(Ability::Imports).module(),
        doubling(6),
        include_bytes!("../fixtures/contract/0.1.1/house-rules.wasm").to_vec(),
    ];
    let limits = ComponentLimits { describe_fuel: 1_000_000, describe_time: 1_000, ..ComponentLimits::default() };
    let host = Host::new(limits, Cache::none());
    let (start, mut loaded, mut refused) = (Instant::now(), 0_u64, 0_u64);
    let mut seed = seconds.map_or(1, |_| std::process::id().into());
    while start.elapsed() < time {
        seed += 1;
        let mut random = Random(seed);
        let mut bytes = files[random.below(files.len())].clone();
        let other = &files[random.below(files.len())];
        random.damage(&mut bytes, other);
        let began = Instant::now();
        match host.load("damaged", &bytes) {
            Ok(_) => loaded += 1,
            Err(PluginError::Component { .. }) => refused += 1,
            Err(other) => panic!("seed {seed}: {other}"),
        }
        assert!(began.elapsed() < Duration::from_secs(20), "seed {seed} took {:?}", began.elapsed());
    }
    eprintln!("{loaded} of {} damaged components were loaded", loaded + refused);
    assert!(refused > 0);
}
