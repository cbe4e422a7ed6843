//! From files to the text of a document.

use spec_engine_evidence::notes::{Note, Notes};

use crate::input::{File, Options};
use crate::project::project;
use crate::sources::Sources;
use crate::system::system;

/// A document, and what should be known of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of a system-spec document.
    pub document: String,
    /// What the format has no field for, what was assumed, and what was not there to be read.
    pub notes: Vec<Note>,
}

/// Turns files into a document.
///
/// # Errors
/// The notes that say why not: YAML that is broken, or files without a service.
pub fn import(files: &[File], options: &Options) -> Result<Imported, Vec<Note>> {
    let mut notes = Notes::default();
    let document = document(files, options, &mut notes);
    match document {
        Some(document) => Ok(Imported { document, notes: notes.into_all() }),
        None => Err(notes.into_all()),
    }
}

fn document(files: &[File], options: &Options, notes: &mut Notes) -> Option<String> {
    let mut sources = Sources::read(files, options, notes)?;
    let mut project = project(&mut sources, &options.name, notes)?;
    let system = system(&mut project, &sources, options, notes);
    project.unset.tell(&sources.variables_of_services(), notes);
    // The text of a large document needs the room that its files took.
    drop((project.tree, sources));
    Some(system?.to_text())
}
