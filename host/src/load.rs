//! Reads a document: fast where it is right, thorough where it is wrong.

mod shape;

use crate::diagnostic::Diagnostic;
use crate::model::{JsonObject, System};
use crate::rules::{invalid_encoding, invalid_json, wrong_type};
use crate::source::{Json, Source};

/// A document that was read: the system, and what is wrong with the shape of the document.
#[derive(Debug)]
pub struct LoadResult {
    /// The system, without whatever could not be read; `None` where the text is not JSON.
    pub system: Option<System>,
    /// Every error of shape: a wrong type, an unknown field, a duplicate key. What the format demands beyond shape is
    /// for [`crate::rules`].
    pub findings: Vec<Diagnostic>,
}

/// Reads a document.
pub fn load(source: &Source) -> LoadResult {
    if let Some(defect) = source.defect() {
        return LoadResult { system: None, findings: vec![invalid_encoding::finding(defect)] };
    }
    match serde_json::from_str(source.text()) {
        Ok(JsonObject(system)) => LoadResult { system: Some(system), findings: Vec::new() },
        Err(error) => examine(source, &error),
    }
}

/// Reads a document that has an error: finds every one, and reads what is left without them.
fn examine(source: &Source, first: &serde_json::Error) -> LoadResult {
    let root = match Json::parse(source.text()) {
        Ok(root) => root,
        Err(error) => return LoadResult { system: None, findings: vec![invalid_json::finding(source, &error)] },
    };
    let (rest, mut findings) = shape::check(source, root);
    let system = match serde_json::from_str(&rest) {
        Ok(JsonObject(system)) => Some(system),
        Err(error) => {
            // The schema and the model disagree on this document: an error must not get lost over it.
            findings.push(wrong_type::unreadable(source, first, &error));
            None
        }
    };
    if findings.is_empty() {
        findings.push(wrong_type::unreadable(source, first, first));
    }
    LoadResult { system, findings }
}
