//! spec-engine reads a system-spec document, checks it with rules and renders it through plugins.
//!
//! The flow is text -> load -> rules -> [`graph::Graph`] -> view -> [`render::Renderer`] -> artifacts. Nothing on it
//! does I/O.

pub mod catalogue;
pub mod diagnostic;
pub mod diff;
pub mod engine;
pub mod finding;
pub mod fingerprint;
pub mod graph;
pub mod import;
pub mod limits;
pub mod load;
pub mod model;
pub mod options;
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
