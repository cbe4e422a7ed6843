//! The interface `importer` of the contract.

use wasmtime::Engine;

use super::bindings::exports::spec_engine::plugin::importer::{File, Imported, Position, Remark};
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
    /// Calls `convert` on a fresh instance; `None` where the guest does not import. What it returns has not been checked.
    pub fn convert(
        &self,
        engine: &Engine,
        limits: &ComponentLimits,
        files: &[imports::ImportFile],
        options: &str,
    ) -> Option<CallResult<Answer>> {
        let indices = self.importer.as_ref()?;
        Some(Call::store(engine, limits, Function::Work).map(|mut store| {
            let contents: Vec<Content> = files.iter().map(content).collect();
            let lowered = files.iter().zip(&contents).map(|(file, content)| File { name: &file.name, content });
            let files: Vec<File<'_>> = lowered.collect();
            let answer = self.pre.instantiate(&mut store).and_then(|instance| {
                indices.load(&mut store, &instance)?.call_convert(&mut store, &files, request(options))
            });
            (store, answer.map(Answer))
        }))
    }
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
pub(in crate::wasm) struct Answer(Result<Imported, Vec<Remark>>);

impl Answer {
    /// Converts it. `files` is how many there were.
    pub fn into_imported(self, plugin: &str, files: usize) -> imports::Imported {
        let convert = |all: Vec<Remark>| all.into_iter().map(|one| remark(plugin, files, one)).collect::<Vec<_>>();
        match self.0 {
            Ok(imported) => imports::Imported { document: Some(imported.document), remarks: convert(imported.remarks) },
            Err(why) => {
                let mut remarks = convert(why);
                if remarks.iter().all(|remark| remark.finding.severity != Severity::Error) {
                    let finding = super::no_reason(plugin);
                    remarks.push(imports::Remark { position: None, finding });
                }
                imports::Imported { document: None, remarks }
            }
        }
    }
}

fn remark(plugin: &str, files: usize, said: Remark) -> imports::Remark {
    let in_range = |position: &Position| (position.file as usize) < files;
    let position = said.position.filter(in_range).map(|Position { file, line, column }| {
        (file as usize, source::Position { line: line.max(1) as usize, column: column.max(1) as usize })
    });
    let finding = Diagnostic::new(rule(plugin, &said.code), severity(said.severity), Place::File, said.message);
    imports::Remark { position, finding: finding.help_if(said.help) }
}
