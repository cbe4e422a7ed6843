//! Checks what a guest wants written.

use crate::limits::ComponentLimits;
use crate::plugin::ComponentFault;
use crate::render::{Artifact, ArtifactPathError, check_paths};

/// Checks the number, size and paths of artifacts.
pub(super) fn check(artifacts: &[Artifact], limits: &ComponentLimits) -> Result<(), ComponentFault> {
    if artifacts.len() as u64 > limits.artifacts {
        return Err(ComponentFault::Limit(limits.exceeded("artifacts")));
    }
    let bytes: u64 = artifacts.iter().map(|artifact| artifact.content.len() as u64).sum();
    if bytes > limits.artifact_bytes {
        return Err(ComponentFault::Limit(limits.exceeded("artifact-bytes")));
    }
    let checked = check_paths(artifacts.iter().map(|artifact| artifact.path.as_str()));
    checked.map_err(|ArtifactPathError { path, fault }| ComponentFault::ArtifactPath { path, fault })
}
