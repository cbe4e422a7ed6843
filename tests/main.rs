//! The integration tests, in one binary, since each binary links the engine.

mod abilities;
mod architecture;
mod cli;
mod diff;
mod drawing;
mod fields;
mod guide;
#[cfg(feature = "pictures")]
mod html;
mod import;
mod invalid;
mod kubernetes;
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
