//! A document that an importer made: where it goes, and what is said where it is none.

use std::path::{Path, PathBuf};

use spec_engine::engine::Engine;

use crate::failure::{Failure, Result};
use crate::output::{self, InputFiles};

/// Writes a document, which is none of the files that were read.
pub(super) fn write(engine: &Engine, path: &Path, text: &str, inputs: &[PathBuf]) -> Result<()> {
    output::file(path, text.as_bytes(), &InputFiles::of(engine).with(inputs))
}

/// Why what a plugin made is not written.
pub(super) fn broken_document(plugin: &str) -> Failure {
    let failure = Failure::new(format!("the plugin `{plugin}` made a document with errors; nothing was written"));
    failure.help(format!("report it to the author of `{plugin}`, with the files"))
}
