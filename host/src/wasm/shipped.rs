//! The components that ship inside the binary, compiled ahead of time by host/build.rs.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};

use super::description::GuestDescription;
use crate::plugin::{Abilities, Description};

/// A component that ships.
#[derive(Debug)]
pub struct ShippedComponent {
    /// Its name: the file's, without the ending.
    pub name: &'static str,
    /// What is in the binary of it.
    pub(super) code: ShippedCode,
    /// The size of the component, in bytes.
    pub size: u64,
    /// The interfaces of the contract that it names: `renderer`.
    pub interfaces: &'static [&'static str],
    /// The SHA-256 of the component, in hexadecimal.
    pub sha256: &'static str,
    /// What it says of itself, a [`KnownDescription`] as JSON: `plugins/dist/NAME.json`, where that is of this component. A test holds
    /// it against the component, and writes it.
    pub(super) description: Option<&'static str>,
}

impl ShippedComponent {
    /// What it can do.
    pub fn abilities(&self) -> Abilities {
        Abilities::by_interface(|name| self.interfaces.contains(&name))
    }

    /// What it says of itself, without loading it; `None` where that is not in the binary.
    pub fn description(&self) -> Option<Description> {
        Some(self.said()?.check(self.name).ok()?.0)
    }

    /// What it says of itself, unchecked.
    pub(super) fn said(&self) -> Option<GuestDescription> {
        serde_json::from_str(self.description?).ok().map(|KnownDescription { description, .. }| description)
    }
}

/// What a component says of itself.
#[derive(Deserialize, Serialize)]
struct KnownDescription {
    /// The SHA-256 of the component, in hexadecimal.
    component: String,
    description: GuestDescription,
}

/// The one form of a component that is in the binary.
#[derive(Debug)]
#[allow(dead_code, reason = "a build has components of one form, and so makes one of the two")]
pub(super) enum ShippedCode {
    /// The code that the build machine made, for every processor of this target.
    Precompiled(AheadOfTime),
    /// The component itself: the build machine did not compile for this target.
    Component(&'static [u8]),
}

/// What `Engine::precompile_component` returned to host/build.rs: only the table below makes one.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "a build that compiles no component ahead of time makes none")]
pub(super) enum AheadOfTime {
    /// As it was returned: what draws is asked for many times, and has to be there at once.
    Plain(&'static [u8]),
    /// Compressed by Zstandard. That costs an importer a few milliseconds, and makes the binary a sixth smaller.
    Compressed { code: &'static [u8], size: usize },
}

impl AheadOfTime {
    /// The compiled code.
    ///
    /// # Errors
    /// None is expected: the build script compressed it.
    pub fn bytes(self) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Plain(code) => Ok(Cow::Borrowed(code)),
            Self::Compressed { code, size } => zstd::bulk::decompress(code, size).map(Cow::Owned),
        }
    }
}

/// Every component that ships, by name.
pub static SHIPPED: &[ShippedComponent] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::component::describe;
    use super::super::{Cache, Host, SHIPPED};
    use super::KnownDescription;
    use crate::limits::ComponentLimits;

    /// `SPEC_ENGINE_UPDATE=1 cargo test --lib shipped` writes the descriptions; the build that follows has them.
    #[test]
    fn what_is_known_of_components_is_what_they_say() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::new(ComponentLimits::default(), Cache::at(folder.path().join("cache")));
        for shipped in SHIPPED {
            let component = host.load_shipped(shipped).unwrap();
            let description = describe(shipped.name, &component.engine, &component.limits, &component.guest).unwrap();
            let said = KnownDescription { component: shipped.sha256.to_owned(), description };
            let made = serde_json::to_string_pretty(&said).unwrap() + "\n";
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("plugins/dist/{}.json", shipped.name));
            if std::env::var_os("SPEC_ENGINE_UPDATE").is_some_and(|value| value == "1") {
                std::fs::write(file, made).unwrap();
                continue;
            }
            let known = shipped.description.unwrap_or_default();
            assert_eq!(known, made, "{} is out of date: run this with SPEC_ENGINE_UPDATE=1", file.display());
            assert_eq!(shipped.abilities(), component.abilities());
            assert_eq!(shipped.description().as_ref(), Some(&component.description));
        }
    }
}
