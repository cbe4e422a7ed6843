//! The components that ship inside the binary, compiled ahead of time by host/build.rs.

/// A component that ships.
#[derive(Debug)]
pub struct Shipped {
    /// Its name: the file's, without the ending.
    pub name: &'static str,
    /// The component itself: what counts where the compiled form does not fit this machine.
    pub wasm: &'static [u8],
    /// Its compiled form; empty where the build machine could not compile for this one.
    pub(super) precompiled: &'static [u8],
    /// The SHA-256 of `wasm`, in hexadecimal.
    pub sha256: &'static str,
}

/// Every component that ships, by name.
pub static SHIPPED: &[Shipped] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
