//! What `plugins new --lang rust` writes compiles, and passes its own tests.

#[path = "../host/cli/plugins/new/rust-importer/src/lib.rs"]
mod importer;
#[path = "../host/cli/plugins/new/rust/src/lib.rs"]
mod renderer;
#[path = "../host/cli/plugins/new/rust-rules/src/lib.rs"]
mod rules;
