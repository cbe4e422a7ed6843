//! From files to the text of a document.

use spec_engine_evidence::notes::{Note, Notes};

use crate::files::read;
use crate::input::{File, Options};
use crate::nodes::providers;
use crate::remarks::nothing;
use crate::system::{ObservedSystem, system};

/// A document, and what should be known of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of a system-spec document.
    pub document: String,
    /// What the format has no field for, what was not read, and what the files do not tell.
    pub notes: Vec<Note>,
}

/// What files show of a system, to be held against a document or brought into one.
#[derive(Clone, Debug)]
pub struct ObserveOutput {
    /// The text of a document, which may have no services; what the files do not say is left out of it.
    pub document: String,
    /// The resources that no service of the files uses: the text of a JSON object with the providers of a service. Empty where
    /// there are none.
    pub unbound: String,
    /// The kinds of which the files show some resources, `aws.*`: another state may have more.
    pub shown: Vec<String>,
    /// What should be known.
    pub notes: Vec<Note>,
}

/// Turns files into a document.
///
/// # Errors
/// The notes that say why not: a file that cannot be read, or files without anything that the format has.
pub fn import(files: &[File<'_>], options: &Options) -> Result<Imported, Vec<Note>> {
    let mut notes = Notes::default();
    let document = read(files, &mut notes).and_then(|read| {
        let found = system(&read, options, &mut notes);
        if found.is_empty() {
            nothing(&read, &mut notes);
            return None;
        }
        Some(found.whole().to_text())
    });
    match document {
        Some(document) => Ok(Imported { document, notes: notes.into_all() }),
        None => Err(notes.into_all()),
    }
}

/// Reads files as [`import`] does, and says what they do not: without markers, the resources that no service uses apart.
///
/// # Errors
/// The notes that say why not: a file that cannot be read.
pub fn observe(files: &[File<'_>], options: &Options) -> Result<ObserveOutput, Vec<Note>> {
    let mut notes = Notes::default();
    let Some(read) = read(files, &mut notes) else { return Err(notes.into_all()) };
    let ObservedSystem { system, unbound } = system(&read, options, &mut notes);
    let shown = providers(&read).into_iter().map(|provider| format!("{provider}.*")).collect();
    let unbound = if unbound.has_no_resource() { String::new() } else { unbound.to_text() };
    Ok(ObserveOutput { document: system.to_text(), unbound, shown, notes: notes.into_all() })
}
