//! What an importer found in files, read and checked.

use super::Document;
use crate::diagnostic::Diagnostic;
use crate::import::{Coverage, ImportOutput, Remark};
use crate::merge::Observation;
use crate::model::ServiceBindings;

/// What an importer found in files.
#[derive(Debug)]
pub struct ObserveOutput {
    /// What runs; `None` where the remarks say why there is nothing.
    pub observation: Option<Result<Observation, Box<UnreadableObservation>>>,
    /// Whether the importer says what its files cover.
    pub is_coverage_known: bool,
    /// What the importer says of the files.
    pub remarks: Vec<Remark>,
}

/// A document of an importer with errors of shape.
#[derive(Debug)]
pub struct UnreadableObservation {
    /// The document.
    pub document: Document,
    /// The errors.
    pub errors: Vec<Diagnostic>,
}

impl ObserveOutput {
    /// Reads what an importer made.
    pub(super) fn of(source: &str, imported: ImportOutput) -> Self {
        let ImportOutput { document, coverage, unbound, remarks } = imported;
        let is_coverage_known = coverage.is_some();
        let observation = document.map(|text| observation(source, text, &unbound, coverage.unwrap_or_default()));
        Self { observation, is_coverage_known, remarks }
    }
}

fn observation(
    source: &str,
    text: String,
    unbound: &str,
    coverage: Coverage,
) -> Result<Observation, Box<UnreadableObservation>> {
    let mut document = Document::parse(format!("<{source}>"), text);
    let errors = document.load_findings().to_vec();
    let Some(system) = document.system.take().filter(|_| errors.is_empty()) else {
        return Err(Box::new(UnreadableObservation { document, errors }));
    };
    let unbound = bindings(source, unbound)?;
    Ok(Observation { source: source.to_owned(), system, unbound, coverage })
}

/// Reads resources as a service has them.
fn bindings(source: &str, text: &str) -> Result<ServiceBindings, Box<UnreadableObservation>> {
    if text.is_empty() {
        return Ok(ServiceBindings::default());
    }
    let text = format!("{{\"name\":\"unbound\",\"services\":{{\"unbound\":{text}}}}}");
    let mut document = Document::parse(format!("<{source}, unbound>"), text);
    let errors = document.load_findings().to_vec();
    let service = document.system.as_mut().and_then(|system| system.services.swap_remove("unbound"));
    match service.filter(|_| errors.is_empty()) {
        Some(service) => Ok(service.bindings),
        None => Err(Box::new(UnreadableObservation { document, errors })),
    }
}
