//! The integration tests, in one binary, since each binary links the engine.

/// As the command has it: memory is counted.
#[global_allocator]
static ALLOCATOR: spec_engine::memory::CountingAllocator = spec_engine::memory::CountingAllocator;

mod abilities;
mod architecture;
mod artifacts;
#[cfg(target_os = "linux")]
mod attacks;
#[cfg(all(feature = "pictures", unix))]
mod book;
mod cli;
mod diff;
mod drawing;
mod drift;
mod fields;
mod graph;
mod guide;
#[cfg(feature = "pictures")]
mod html;
mod import;
mod invalid;
mod kubernetes;
#[cfg(feature = "pictures")]
mod layout_lock;
mod manage;
mod merge;
mod observer;
mod oracle;
mod outputs;
#[cfg(feature = "pictures")]
mod pages;
mod path;
#[cfg(feature = "pictures")]
mod pictures;
mod plugins;
mod questions;
mod reports;
mod rules;
mod scaffolds;
mod schema;
mod schemas;
mod script;
#[cfg(all(feature = "pictures", unix))]
mod serve;
mod support;
mod templates;
mod terraform;
mod testing;
mod trust;
mod validate;
mod views;
mod wasm;
#[cfg(all(feature = "pictures", unix))]
mod watch;
