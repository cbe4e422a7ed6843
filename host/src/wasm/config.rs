//! The one configuration of wasmtime: the build script compiles with it what the host loads.

use wasmtime::Config;

/// The stack of a guest, in bytes. Past it the guest traps; the host's own stack is not touched.
pub const WASM_STACK: usize = 1 << 20;

/// The configuration: deterministic, metered, without threads. Fuel is what ends a guest in the ordinary case; the
/// epoch ends what fuel does not count.
pub fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .max_wasm_stack(WASM_STACK)
        // A backtrace names functions without it, and compiled code is a good deal smaller.
        .generate_address_map(false);
    config
}
