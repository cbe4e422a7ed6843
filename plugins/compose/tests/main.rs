//! Compose files against the documents and the remarks that come of them.

mod bad_input;
mod basics;
mod dependencies;
mod evidence;
mod files;
#[path = "../../evidence/tests/shared/growth.rs"]
mod growth;
#[path = "../../evidence/tests/shared/import.rs"]
mod import;
mod left_out;
mod networks;
#[path = "../../evidence/tests/shared/numbers.rs"]
mod numbers;
mod random;
mod speed;
#[path = "../../evidence/tests/shared/structure.rs"]
mod structure;
mod support;
mod variables;
