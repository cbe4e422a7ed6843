//! A document: its text, and what could be read of it.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::load::load;
use crate::model::System;
use crate::source::Source;

/// A document that was parsed, right or wrong.
#[derive(Debug)]
pub struct Document {
    source: Source,
    path: Option<PathBuf>,
    pub(super) system: Option<System>,
    findings: Vec<Diagnostic>,
}

impl Document {
    /// Parses the bytes of a document. `name` is what findings call it: its path, or `<stdin>`.
    ///
    /// This never fails: whatever is wrong with the bytes is a finding, and [`Self::system`] is what could be read.
    pub fn parse(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let source = Source::new(name, bytes.into());
        let loaded = load(&source);
        Self { source, path: None, system: loaded.system, findings: loaded.findings }
    }

    /// Names the file of the document, by which exceptions and baselines know it.
    #[must_use]
    pub fn at(self, path: impl Into<PathBuf>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// The text, and where in it things are.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The file; `None` for a document that has none.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What could be read; `None` where the text is not JSON or not an object.
    pub fn system(&self) -> Option<&System> {
        self.system.as_ref()
    }

    /// What is wrong with the text and with the types of its values.
    pub fn load_findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The path of the document from a folder, with forward slashes; its whole path where it is outside of the folder.
    /// Whatever path or link leads to a file, this is one and the same.
    pub fn path_from(&self, folder: &Path) -> String {
        let Some(path) = &self.path else { return self.source.name().to_owned() };
        let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
        let folder = whole(&Path::new(".").join(folder)).unwrap_or_default();
        let path = whole(path).unwrap_or_else(|_| path.clone());
        let path = path.strip_prefix(&folder).unwrap_or(&path);
        path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }
}
