//! Checks what a guest wants written.

use std::collections::HashSet;

use super::limits::{Limits, Passed};
use crate::render::Artifact;

/// Says why artifacts are refused.
pub(super) enum Refused {
    /// There are too many, or they are too large.
    Limit(Passed),
    /// A path, and what is wrong with it.
    Path(String, &'static str),
}

/// Checks the number, size and paths of artifacts.
pub(super) fn check(artifacts: &[Artifact], limits: &Limits) -> Result<(), Refused> {
    if artifacts.len() as u64 > limits.artifacts {
        return Err(Refused::Limit(Passed { key: "artifacts", limit: limits.artifacts }));
    }
    let bytes: u64 = artifacts.iter().map(|artifact| artifact.content.len() as u64).sum();
    if bytes > limits.artifact_bytes {
        return Err(Refused::Limit(Passed { key: "artifact-bytes", limit: limits.artifact_bytes }));
    }
    let mut seen = HashSet::new();
    for Artifact { path, .. } in artifacts {
        check_path(path).map_err(|why| Refused::Path(path.clone(), why))?;
        if !seen.insert(path.to_lowercase()) {
            return Err(Refused::Path(path.clone(), "there is one of that name already"));
        }
    }
    Ok(())
}

/// Checks a path: it stays inside the output folder on every system.
fn check_path(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("it is empty");
    }
    if path.len() > 1024 {
        return Err("it is longer than 1024 bytes");
    }
    if path.starts_with('/') {
        return Err("it is absolute");
    }
    if path.chars().any(char::is_control) {
        return Err("it contains a control character");
    }
    if path.contains('\\') {
        return Err("it contains a backslash");
    }
    if path.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err("it contains a character that names a drive or a pattern");
    }
    path.split('/').try_for_each(check_segment)
}

fn check_segment(segment: &str) -> Result<(), &'static str> {
    if segment.is_empty() {
        return Err("it has an empty segment");
    }
    if segment == "." || segment == ".." {
        return Err("it has a segment `.` or `..`");
    }
    if segment.ends_with(['.', ' ']) {
        return Err("it has a segment that ends with a dot or a space");
    }
    if is_reserved(segment) {
        return Err("it has a segment that is a device on Windows");
    }
    Ok(())
}

/// Says whether Windows takes a name for a device, whatever its ending: `con`, `NUL.txt`, `com1`.
fn is_reserved(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment).trim_end().to_ascii_lowercase();
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    number.is_some_and(|number| ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"].contains(&number))
}
