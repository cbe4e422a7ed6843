//! What all importers of running systems share, as a whole; its parts have tests of their own beside them.

#[path = "../../compose/tests/structure.rs"]
mod structure;
