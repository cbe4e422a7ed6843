//! The integration tests, in one binary, since each binary links the engine.

/// As the command has it: memory is counted.
#[global_allocator]
static ALLOCATOR: spec_engine::memory::CountingAllocator = spec_engine::memory::CountingAllocator;

mod abilities;
mod architecture;
#[cfg(target_os = "linux")]
mod attacks;
mod cli;
mod diff;
mod drawing;
mod fields;
mod guide;
#[cfg(feature = "pictures")]
mod html;
mod import;
mod invalid;
mod manage;
mod oracle;
mod outputs;
mod path;
#[cfg(feature = "pictures")]
mod pictures;
mod plugins;
mod reports;
mod rules;
mod scaffolds;
mod schema;
mod script;
mod support;
mod templates;
mod validate;
mod views;
mod wasm;
#[cfg(all(feature = "pictures", unix))]
mod watch;
