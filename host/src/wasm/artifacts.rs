//! Checks what a guest wants written.

use std::collections::HashSet;

use crate::limits::ComponentLimits;
use crate::plugin::{ComponentFault, PathFault};
use crate::render::Artifact;

/// Checks the number, size and paths of artifacts.
pub(super) fn check(artifacts: &[Artifact], limits: &ComponentLimits) -> Result<(), ComponentFault> {
    if artifacts.len() as u64 > limits.artifacts {
        return Err(ComponentFault::Limit(limits.exceeded("artifacts")));
    }
    let bytes: u64 = artifacts.iter().map(|artifact| artifact.content.len() as u64).sum();
    if bytes > limits.artifact_bytes {
        return Err(ComponentFault::Limit(limits.exceeded("artifact-bytes")));
    }
    let mut seen = HashSet::new();
    for Artifact { path, .. } in artifacts {
        let refused = |fault| ComponentFault::ArtifactPath { path: path.clone(), fault };
        check_path(path).map_err(refused)?;
        if !seen.insert(path.to_lowercase()) {
            return Err(refused(PathFault::Duplicate));
        }
    }
    Ok(())
}

/// Checks a path: it stays inside the output folder on every system.
fn check_path(path: &str) -> Result<(), PathFault> {
    if path.is_empty() {
        return Err(PathFault::Empty);
    }
    if path.len() > 1024 {
        return Err(PathFault::TooLong);
    }
    if path.starts_with('/') {
        return Err(PathFault::Absolute);
    }
    if path.chars().any(char::is_control) {
        return Err(PathFault::ControlCharacter);
    }
    if path.contains('\\') {
        return Err(PathFault::Backslash);
    }
    if path.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err(PathFault::Reserved);
    }
    path.split('/').try_for_each(check_segment)
}

fn check_segment(segment: &str) -> Result<(), PathFault> {
    if segment.is_empty() {
        return Err(PathFault::EmptySegment);
    }
    if segment == "." || segment == ".." {
        return Err(PathFault::DotSegment);
    }
    if segment.ends_with(['.', ' ']) {
        return Err(PathFault::TrailingDot);
    }
    if is_reserved(segment) {
        return Err(PathFault::Device);
    }
    Ok(())
}

/// Whether Windows takes a name for a device, whatever its ending: `con`, `NUL.txt`, `com1`.
fn is_reserved(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment).trim_end().to_ascii_lowercase();
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    number.is_some_and(|number| ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"].contains(&number))
}
