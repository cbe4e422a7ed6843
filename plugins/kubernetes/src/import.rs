//! From files to the text of a document.

use spec_engine_evidence::notes::{Note, Notes};

use crate::files::objects;
use crate::input::{File, Options};
use crate::system::system;

/// A document, and what should be known of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of a system-spec document.
    pub document: String,
    /// Whether the files have a Service, without which nothing says at which ports a workload is reached.
    pub has_services: bool,
    /// What the format has no field for, what was not read, and what the files do not tell.
    pub notes: Vec<Note>,
}

/// Turns files into a document.
///
/// # Errors
/// The notes that say why not: a file that cannot be read, or files without a workload.
pub fn import(files: &[File<'_>], options: &Options) -> Result<Imported, Vec<Note>> {
    let mut notes = Notes::default();
    let mut has_services = false;
    let document = objects(files, options, &mut notes).and_then(|objects| {
        has_services = objects.iter().any(|object| object.kind == "Service");
        let system = system(&objects, options, &mut notes);
        // The text of a large document needs the room that the objects took.
        drop(objects);
        Some(system?.to_text())
    });
    match document {
        Some(document) => Ok(Imported { document, has_services, notes: notes.into_all() }),
        None => Err(notes.into_all()),
    }
}
