//! From files to the text of a document.

use spec_engine_evidence::notes::{Note, Notes};

use crate::files::read;
use crate::input::{File, Options};
use crate::system::system;

/// A document, and what should be known of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of a system-spec document.
    pub document: String,
    /// What the format has no field for, what was not read, and what the files do not tell.
    pub notes: Vec<Note>,
}

/// Turns files into a document.
///
/// # Errors
/// The notes that say why not: a file that cannot be read, or files without anything that the format has.
pub fn import(files: &[File<'_>], options: &Options) -> Result<Imported, Vec<Note>> {
    let mut notes = Notes::default();
    let document = read(files, &mut notes).and_then(|read| Some(system(&read, options, &mut notes)?.to_text()));
    match document {
        Some(document) => Ok(Imported { document, notes: notes.into_all() }),
        None => Err(notes.into_all()),
    }
}
