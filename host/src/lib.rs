//! spec-engine reads a system-spec document, checks it with rules and renders it through plugins.
//!
//! An [`engine::Engine`] is the front door. It knows the plugins that ship, and those and the rules of a
//! [`project::Project`] if it is given one:
//!
//! ```
//! use spec_engine::engine::{Document, Engine, RenderRequest};
//!
//! let engine = Engine::builder().build()?;
//! let document = Document::parse("shop.json", r#"{"services": {"api": {"image": "example.org/api:1.0"}}}"#);
//! for finding in engine.check(&document)?.located(&document) {
//!     println!("{finding}"); // shop.json:1:1: error[missing-name]: …
//! }
//! # let document = Document::parse("payments.json", include_str!("../../examples/payments.json"));
//! let output = engine.render(&document, "d2", &RenderRequest::default())?;
//! println!("{}", String::from_utf8_lossy(&output.artifacts[0].content));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What else a caller needs is beside it: [`engine::Engine::import`] makes documents of other files, [`diff::Diff`]
//! compares two systems, [`graph::Graph`] answers questions about one, [`schema`] is the JSON Schema of the format.
//! Errors are enums without the words of any command line, and [`diagnostic::Help`] is a next step.
//!
//! The flow is text -> load -> rules -> [`graph::Graph`] -> view -> [`render::Renderer`] -> artifacts. Nothing on it
//! does I/O: that is for [`project::Project::find`], which reads the project, and for building an engine, which reads
//! its plugins and rules.
//!
//! What scripts and templates may take of memory is counted by the allocator of the process: see [`memory`], which a
//! program that reads plugins of others installs.
//!
//! # Features
//! - `cli`: the command, and everything that only the command needs.
//! - `downloads`: `plugins add https://…`.
//! - `modules`: plugins that are core modules, as `cargo build --target wasm32-unknown-unknown` leaves them.
//! - `pictures`: the renderers `svg`, `png` and `pdf`.

pub mod catalogue;
mod clock;
pub mod confined;
pub mod diagnostic;
pub mod diff;
pub mod drift;
pub mod engine;
pub mod file;
pub mod finding;
pub mod fingerprint;
pub mod graph;
pub mod import;
pub mod limits;
pub mod load;
pub mod memory;
pub mod merge;
pub mod model;
pub mod options;
pub mod places;
pub mod plugin;
pub mod policy;
pub mod project;
pub mod registry;
pub mod render;
pub mod rules;
pub mod schema;
pub mod script;
pub mod source;
pub mod text;
pub mod view;
pub mod wasm;

/// Runs the examples of the book's page on the library.
#[cfg(doctest)]
#[doc = include_str!("../../docs/src/embed.md")]
struct Embedding;
