//! States and plans of Terraform against the documents and the remarks that come of them.

mod bad_input;
mod networks;
mod observe;
mod public;
mod random;
mod secrets;
mod several;
mod shop;
mod speed;
#[path = "../../compose/tests/structure.rs"]
mod structure;
mod support;
mod table;
mod uses;
mod workloads;
