//! The components that ship inside the binary, compiled ahead of time by host/build.rs.

/// A component that ships.
#[derive(Debug)]
pub struct Shipped {
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
pub(super) struct AheadOfTime(&'static [u8]);

impl AheadOfTime {
    /// The compiled code.
    pub fn bytes(self) -> &'static [u8] {
        self.0
    }
}

/// Every component that ships, by name.
pub static SHIPPED: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
