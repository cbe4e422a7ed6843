//! The interfaces `importer` and `observer` of the contract.

use wasmtime::Engine;

use super::bindings::exports::spec_engine::plugin::importer::{File, Imported, Position, Remark};
use super::bindings::exports::spec_engine::plugin::observer::{self, Observation};
use super::types::Content;
use super::{Call, CallResult, Guest, request, rule, severity};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::import as imports;
use crate::limits::ComponentLimits;
use crate::source;
use crate::wasm::call::Function;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

impl Guest {
    /// Calls `observe` where there is a document and the guest has it, else `convert`, on a fresh instance; `None` where the
    /// guest does not import. What it returns has not been checked.
    pub fn import(
        &self,
        engine: &Engine,
        limits: &ComponentLimits,
        files: &[imports::ImportFile],
        document: Option<&str>,
        options: &str,
    ) -> Option<CallResult<Answer>> {
        match document {
            Some(document) => self.observe(engine, limits, files, document, options),
            None => self.convert(engine, limits, files, options),
        }
    }

    fn convert(
        &self,
        engine: &Engine,
        limits: &ComponentLimits,
        files: &[imports::ImportFile],
        options: &str,
    ) -> Option<CallResult<Answer>> {
        let indices = self.importer.as_ref()?;
        Some(Call::store(engine, limits, Function::Import).map(|mut store| {
            let answer = with_lowered(files, |files| {
                let instance = self.pre.instantiate(&mut store)?;
                let importer = indices.load(&mut store, &instance)?;
                importer.call_convert(&mut store, files, request(options)).map(Answer::Converted)
            });
            (store, answer)
        }))
    }

    fn observe(
        &self,
        engine: &Engine,
        limits: &ComponentLimits,
        files: &[imports::ImportFile],
        document: &str,
        options: &str,
    ) -> Option<CallResult<Answer>> {
        let Some(indices) = &self.observer else { return self.convert(engine, limits, files, options) };
        Some(Call::store(engine, limits, Function::Import).map(|mut store| {
            let answer = with_lowered(files, |files| {
                let instance = self.pre.instantiate(&mut store)?;
                let observer = indices.load(&mut store, &instance)?;
                observer.call_observe(&mut store, files, Some(document), request(options)).map(Answer::Observed)
            });
            (store, answer)
        }))
    }

    /// Asks a guest on a fresh instance which files of a folder it reads; `None` where it does not say.
    pub fn wanted_files(&self, engine: &Engine, limits: &ComponentLimits) -> Option<CallResult<Vec<String>>> {
        let indices = self.observer.as_ref()?;
        Some(Call::store(engine, limits, Function::Describe).map(|mut store| {
            let answer = self
                .pre
                .instantiate(&mut store)
                .and_then(|instance| indices.load(&mut store, &instance)?.call_wanted_files(&mut store));
            (store, answer)
        }))
    }
}

/// Hands files to a function as a guest gets them.
fn with_lowered<T>(files: &[imports::ImportFile], call: impl FnOnce(&[File<'_>]) -> T) -> T {
    let contents: Vec<Content> = files.iter().map(content).collect();
    let lowered = files.iter().zip(&contents).map(|(file, content)| File { name: &file.name, content });
    call(&lowered.collect::<Vec<_>>())
}

/// What is in a file, as a guest gets it.
fn content(file: &imports::ImportFile) -> Content {
    let bytes = file.content.as_slice();
    match std::str::from_utf8(bytes.strip_prefix(MARK).unwrap_or(bytes)) {
        Ok(text) => Content::Text(text.to_owned()),
        Err(_) => Content::Bytes(bytes.to_owned()),
    }
}

/// What an importer returned.
pub(in crate::wasm) enum Answer {
    /// From `convert`.
    Converted(Result<Imported, Vec<Remark>>),
    /// From `observe`.
    Observed(Result<Observation, Vec<Remark>>),
}

impl Answer {
    /// Converts it. `files` is how many there were.
    pub fn into_imported(self, plugin: &str, files: usize) -> imports::ImportOutput {
        let convert = |all: Vec<Remark>| all.into_iter().map(|one| remark(plugin, files, one)).collect::<Vec<_>>();
        let why = match self {
            Self::Converted(Ok(Imported { document, remarks })) => {
                let (document, remarks) = (Some(document), convert(remarks));
                return imports::ImportOutput { document, coverage: None, unbound: String::new(), remarks };
            }
            Self::Observed(Ok(Observation { document, coverage, unbound, remarks })) => {
                let (document, remarks) = (Some(document), convert(remarks));
                return imports::ImportOutput { document, coverage: self::coverage(coverage), unbound, remarks };
            }
            Self::Converted(Err(why)) | Self::Observed(Err(why)) => why,
        };
        let mut remarks = convert(why);
        if remarks.iter().all(|remark| remark.finding.severity != Severity::Error) {
            remarks.push(imports::Remark { position: None, finding: super::no_reason(plugin) });
        }
        imports::ImportOutput { document: None, coverage: None, unbound: String::new(), remarks }
    }
}

/// What the files of an importer cover; `None` where it does not say.
fn coverage(said: Vec<observer::Coverage>) -> Option<imports::Coverage> {
    let mut coverage = imports::Coverage::default();
    for observer::Coverage { part, extent } in &said {
        coverage.set(
            part.as_str(),
            match extent {
                observer::Extent::Complete => imports::Extent::Complete,
                observer::Extent::Partial => imports::Extent::Partial,
                observer::Extent::None => imports::Extent::None,
            },
        );
    }
    (!said.is_empty()).then_some(coverage)
}

fn remark(plugin: &str, files: usize, said: Remark) -> imports::Remark {
    let in_range = |position: &Position| (position.file as usize) < files;
    let position = said.position.filter(in_range).map(|Position { file, line, column }| {
        (file as usize, source::Position { line: line.max(1) as usize, column: column.max(1) as usize })
    });
    let finding = Diagnostic::new(rule(plugin, &said.code), severity(said.severity), Place::File, said.message);
    imports::Remark { position, finding: finding.help_if(said.help) }
}
