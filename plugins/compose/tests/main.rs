//! Compose files against the documents and the remarks that come of them.

mod bad_input;
mod basics;
mod dependencies;
mod evidence;
mod files;
mod left_out;
mod networks;
mod random;
mod speed;
mod structure;
mod support;
mod variables;
