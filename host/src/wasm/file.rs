//! The file of a component: where it is read from, and which bytes it has.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::stamp::Stamp;
use crate::limits::ComponentLimits;
use crate::plugin::{ComponentFault, PluginError};

/// A component that is to be loaded.
pub struct ComponentSource<'a> {
    /// The name of the plugin, as messages call it.
    pub name: &'a str,
    /// What its file looks like from outside. Where the cache knows a file that looks so, it is not read again.
    pub stamp: Option<&'a Stamp>,
    /// The SHA-256 that it must have, in hexadecimal.
    pub pinned: Option<&'a str>,
    /// Reads it, at most so many bytes.
    pub read: &'a dyn Fn(u64) -> Result<Vec<u8>, PluginError>,
}

impl ComponentSource<'_> {
    /// Its bytes. Of a file that is too large, only so much is read that this is seen.
    pub(super) fn bytes(&self, limits: &ComponentLimits) -> Result<Vec<u8>, PluginError> {
        let wasm = (self.read)(limits.component_size.saturating_add(1))?;
        if wasm.len() as u64 > limits.component_size {
            let fault = ComponentFault::TooLarge(limits.exceeded("component-size"));
            return Err(PluginError::component(self.name, fault));
        }
        Ok(wasm)
    }

    /// Compares a file with the pin.
    pub(super) fn check_pin(&self, file: &Identity) -> Result<(), PluginError> {
        match self.pinned {
            Some(pinned) if !pinned.eq_ignore_ascii_case(&file.sha256) => Err(PluginError::NotAsPinned {
                plugin: self.name.to_owned(),
                file: None,
                pinned: pinned.to_owned(),
                found: file.sha256.clone(),
            }),
            _ => Ok(()),
        }
    }
}

/// The bytes of a component, by their sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    /// The SHA-256, in hexadecimal.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
}

impl Identity {
    /// Works out the sum of some bytes.
    pub fn of(wasm: &[u8]) -> Self {
        Self { sha256: sha256(wasm), size: wasm.len() as u64 }
    }
}

/// The SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}
