//! Rules as scripts, in [rhai](https://rhai.rs): one file per rule.
//!
//! A script gets values that are positions in the document, and natives that look at it through a scoped thread-local:
//! nothing is copied before it runs. What it may use up is bounded by [`ScriptLimits`](crate::limits::ScriptLimits), and what it may reach is what the
//! modules here register: no file, no network, no clock. Nothing here does I/O: the caller hands in the texts.

mod call;
mod captures;
mod cells;
mod ctx;
mod description;
mod document;
mod engine;
mod entry_points;
mod failure;
mod files;
mod functions;
mod graph;
mod handle;
mod imports;
mod json;
mod links;
mod memory;
mod meter;
mod report;
mod rule;
mod running;
pub mod scaffold;
pub mod testing;
mod text;

pub use files::{file_name, is_rule_file};
pub use functions::functions_for_scripts;
pub use rule::Script;
