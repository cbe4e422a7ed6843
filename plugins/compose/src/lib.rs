//! The importer `compose`: turns docker-compose files into a system-spec document.
//!
//! [`import()`] gets the text of files and returns the text of a document; [`Compose`] is what the host sees of it. It
//! reads nothing else: no environment, no file that is only named. Of URLs it keeps scheme, host and port, and of
//! variables their names, so no password gets through.
//!
//! The way is: files (`sources`) with their variables (`dotenv`, `template`) become one tree (`project`: `include`,
//! `extends`, `merge`); its services are read (`services`); what they say of each other and of themselves is collected
//! (`evidence`); who connects to whom is decided (`connections`, `dependents`, `resources`); the document is put together
//! (`system`, `networks`).

mod arguments;
mod connections;
mod dependencies;
mod dependents;
mod document;
mod dotenv;
mod encoding;
mod environment;
mod evidence;
mod extends;
mod fields;
mod guest;
mod image;
mod import;
mod include;
mod input;
mod known;
mod merge;
mod names;
mod networks;
mod notes;
mod paths;
mod ports;
mod project;
mod protocol;
mod reading;
mod reference;
mod resources;
mod service;
mod services;
mod sources;
mod spacing;
mod system;
mod template;
mod tree;
mod unset;
mod variable;
mod words;
mod yaml;

pub use crate::guest::Compose;
pub use crate::image::Image;
pub use crate::import::{Imported, import};
pub use crate::input::{File, Options, Profiles};
pub use crate::notes::{Note, Severity};
pub use crate::tree::Place;
pub use crate::yaml::{MAX_DEPTH, MAX_VALUES};
