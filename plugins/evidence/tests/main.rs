//! What all importers of running systems share, as a whole; its parts have tests of their own beside them.

#[path = "shared/structure.rs"]
mod structure;
