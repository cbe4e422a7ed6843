//! States and plans of Terraform against the documents and the remarks that come of them.

mod bad_input;
#[path = "../../evidence/tests/shared/growth.rs"]
mod growth;
#[path = "../../evidence/tests/shared/import.rs"]
mod import;
mod networks;
#[path = "../../evidence/tests/shared/numbers.rs"]
mod numbers;
mod observe;
mod public;
mod random;
mod secrets;
mod several;
mod shop;
mod speed;
#[path = "../../evidence/tests/shared/structure.rs"]
mod structure;
mod support;
mod table;
mod uses;
mod workloads;
