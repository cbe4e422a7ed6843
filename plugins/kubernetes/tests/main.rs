//! Kubernetes objects against the documents and the remarks that come of them.

mod bad_input;
mod basics;
mod edges;
mod files;
#[path = "../../evidence/tests/shared/growth.rs"]
mod growth;
#[path = "../../evidence/tests/shared/import.rs"]
mod import;
#[path = "../../evidence/tests/shared/numbers.rs"]
mod numbers;
mod overlays;
mod policies;
mod public;
mod random;
mod routes;
mod speed;
#[path = "../../evidence/tests/shared/structure.rs"]
mod structure;
mod support;
