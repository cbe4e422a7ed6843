//! What goes into an importer, and what comes out.

mod coverage;
mod difference;

use crate::diagnostic::Diagnostic;
use crate::source::Position;

pub use coverage::{Coverage, Extent};
pub use difference::Difference;

/// A file that is to be imported.
#[derive(Clone, Debug)]
pub struct ImportFile {
    /// Its name, as the importer and messages call it.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// What an importer made of files.
#[derive(Clone, Debug)]
pub struct ImportOutput {
    /// The text of a document, unchecked; `None` where the remarks say why there is none.
    pub document: Option<String>,
    /// Which parts of a document the files show; `None` where the importer does not say.
    pub coverage: Option<Coverage>,
    /// The text of the resources that no service of the files binds, unchecked: an object with what a service has for its
    /// providers. Empty where there are none.
    pub unbound: String,
    /// What the importer says of the files.
    pub remarks: Vec<Remark>,
}

/// A remark of an importer on a file.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The file, a position in the list of files, and where in it.
    pub position: Option<(usize, Position)>,
    /// The remark itself. Its place has no meaning.
    pub finding: Diagnostic,
}
