//! A component of any bytes.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spec_engine::limits::{ComponentLimits, LimitTable as _};
use spec_engine::wasm::{Cache, Host};

static HOST: LazyLock<Host> = LazyLock::new(|| {
    let mut limits = ComponentLimits::default();
    limits.set("describe-fuel", "10M").expect("it is a limit");
    Host::new(limits, Cache::none())
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(component) = HOST.load("fuzz", bytes) {
        let _ = component.describe();
    }
});
