//! Kubernetes objects against the documents and the remarks that come of them.

mod bad_input;
mod basics;
mod edges;
mod files;
mod overlays;
mod policies;
mod public;
mod random;
mod routes;
mod speed;
#[path = "../../compose/tests/structure.rs"]
mod structure;
mod support;
