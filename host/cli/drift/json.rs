//! Differences for programs.

use serde::Serialize;
use serde_json::Value;

use super::contents::{DriftReport, sentence};
use crate::diff::json::SideJson;
use crate::{observed, output};
use spec_engine::diagnostic::Pointer;
use spec_engine::diff::Section;
use spec_engine::drift::place;
use spec_engine::import::Difference;
use spec_engine::text::{quote, redact};

/// Prints every difference and a summary as one JSON object.
pub(super) fn print(report: &DriftReport<'_, '_>) -> crate::failure::Result<()> {
    let words = report.words(quote, "->");
    let mut differences = Vec::new();
    for (difference, change, position) in report.placed() {
        let at = change.at();
        let value = |side: Option<spec_engine::diff::Side<'_>>| -> std::io::Result<Option<Value>> {
            Ok(side.map(|side| SideJson::of(&side)).transpose()?.map(|side| side.value))
        };
        differences.push(DifferenceJson {
            is: difference,
            what: at.what(),
            section: at.section,
            name: redact(at.name).into_owned(),
            field: at.field(),
            words: sentence(&words, difference, change),
            pointer: pointer(&place(change)),
            line: position.line,
            column: position.column,
            document: value(change.old)?,
            reality: value(change.new)?,
        });
    }
    let states = &report.merged.states;
    let count = |difference| report.drift.count(difference);
    output::json(&DriftJson {
        document: report.document.source().name(),
        sources: report.read.iter().map(|(importer, files)| SourceJson {
            importer,
            files: files.iter().map(|file| file.display().to_string()).collect(),
        }).collect(),
        differences,
        not_observable: states.not_observable.iter().map(|part| pointer(&part.pointer())).collect(),
        remarks: report.merged.remarks.iter().map(observed::words).collect(),
        summary: SummaryJson {
            same: states.same,
            missing: count(Difference::Missing),
            unmanaged: count(Difference::Unmanaged),
            different: count(Difference::Different),
            not_observable: states.not_observable.len(),
            ignored: report.merged.ignored,
            coverage: report.coverage(),
        },
    })
}

/// A pointer without the credentials that a name may have in it.
fn pointer(pointer: &Pointer) -> Pointer {
    Pointer::parse(&redact(pointer.as_str())).unwrap_or_default()
}

#[derive(Serialize)]
struct DriftJson<'a> {
    document: &'a str,
    sources: Vec<SourceJson<'a>>,
    differences: Vec<DifferenceJson>,
    not_observable: Vec<Pointer>,
    remarks: Vec<String>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    importer: &'a str,
    files: Vec<String>,
}

#[derive(Serialize)]
struct DifferenceJson {
    is: Difference,
    what: &'static str,
    section: Section,
    /// The name of the service, owner, network or deployment.
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// The difference in words.
    words: String,
    pointer: Pointer,
    line: usize,
    column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reality: Option<Value>,
}

#[derive(Serialize)]
struct SummaryJson {
    same: usize,
    missing: usize,
    unmanaged: usize,
    different: usize,
    not_observable: usize,
    ignored: usize,
    /// How many of the parts of the document the files cover, in percent.
    coverage: usize,
}
