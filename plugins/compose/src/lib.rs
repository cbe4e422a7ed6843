//! The importer `compose`: turns docker-compose files into a system-spec document.
//!
//! [`import`] gets the text of files and returns the text of a document; [`Compose`] is what the host sees of it. It reads nothing else: no environment, no
//! `env_file`, no file that is only named. Of URLs it keeps scheme, host and port, so no password gets through.

mod convert;
mod document;
mod guest;
mod image;
mod interpolate;
mod known;
mod merge;
mod notes;
mod ports;
mod project;
mod reference;
mod yaml;

pub use crate::guest::Compose;
pub use crate::image::Image;
pub use crate::notes::{Note, Severity};
pub use crate::yaml::{MAX_DEPTH, MAX_VALUES, Place};

/// A file that was handed in: a compose file, or one of variables, whose name ends in `.env`. A later one is laid over an
/// earlier one.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, as messages and `extends` call it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What the user can set.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the system, where the files do not give one.
    pub name: String,
    /// Whether known images of databases, caches and queues become resources of the services that use them.
    pub resources: bool,
    /// Whether services that have `profiles` are there.
    pub profiles: Profiles,
}

/// Says which services that have `profiles` are there. Those without are there always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profiles {
    /// All.
    All,
    /// Those with one of these profiles.
    Named(Vec<String>),
}

impl Default for Options {
    fn default() -> Self {
        Self { name: "system".to_owned(), resources: true, profiles: Profiles::All }
    }
}

/// A document, and what should be known of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of a system-spec document.
    pub document: String,
    /// What the format could not say, and what was not there to be read.
    pub notes: Vec<Note>,
}

/// Turns files into a document.
///
/// # Errors
/// The notes that say why not: YAML that is broken, or files without a service.
pub fn import(files: &[File], options: &Options) -> Result<Imported, Vec<Note>> {
    let mut notes = notes::Notes::default();
    let Some(project) = project::project(files, &mut notes) else { return Err(notes.into_all()) };
    let Some(system) = convert::convert(&project, options, &mut notes) else { return Err(notes.into_all()) };
    Ok(Imported { document: system.to_text(), notes: notes.into_all() })
}
