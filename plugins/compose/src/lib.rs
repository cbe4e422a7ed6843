//! The importer `compose`: turns docker-compose files into a system-spec document.
//!
//! [`import()`] gets the text of files and returns the text of a document; [`Compose`] is what the host sees of it. It
//! reads nothing else: no environment, no file that is only named. Of URLs it keeps scheme, host and port, and of
//! variables their names, so no password gets through.
//!
//! The way is: files (`sources`) with their variables (`dotenv`, `template`) become one tree (`project`: `include`,
//! `extends`, `merge`); its services are read (`services`); what they say of each other and of themselves is collected
//! (`evidence`); what they are declared to need is added (`dependents`); the document is put together (`system`,
//! `networks`). What every importer of running systems does is in `spec_engine_evidence`.

mod dependencies;
mod dependents;
mod dotenv;
mod environment;
mod evidence;
mod extends;
mod fields;
mod guest;
mod import;
mod include;
mod input;
mod merge;
mod names;
mod networks;
mod paths;
mod ports;
mod project;
mod reading;
mod service;
mod services;
mod sources;
mod system;
mod unset;

pub use crate::guest::Compose;
pub use crate::import::{Imported, import};
pub use crate::input::{File, Options, Profiles};
pub use spec_engine_evidence::image::Image;
pub use spec_engine_evidence::notes::{Note, Severity};
pub use spec_engine_evidence::tree::Place;
pub use spec_engine_evidence::yaml::{MAX_DEPTH, MAX_VALUES};
