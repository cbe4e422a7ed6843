//! Builds the components that ship with spec-engine, and says whether they are those of the sources.

mod manifest;
mod sources;

#[cfg(feature = "tool")]
pub mod build;
#[cfg(feature = "tool")]
pub mod toolchain;

pub use crate::manifest::{Entry, Manifest, stale};
pub use crate::sources::sources_sha256;

/// The guests that ship: the folder in `plugins/`, which is also the name of the component.
pub const GUESTS: [&str; 5] = ["compose", "d2", "kubernetes", "mermaid", "terraform"];

/// Where the components are, below the root of the workspace.
pub const DIST: &str = "plugins/dist";

/// The SHA-256 of bytes as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};

    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
