//! Makes a component of a core module, as `cargo build --target wasm32-unknown-unknown` leaves it.

use memchr::memmem;
use wit_component::ComponentEncoder;

use crate::render::PluginError;

/// The section in which wit-bindgen leaves what a module is to be.
const SECTION: &[u8] = b"component-type";

/// Makes a component of a core module.
///
/// # Errors
/// When the module was not built with wit-bindgen, or asks for what a component cannot have.
pub(super) fn componentize(name: &str, module: &[u8]) -> Result<Vec<u8>, PluginError> {
    if memmem::find(module, SECTION).is_none() {
        return Err(PluginError {
            message: format!("the plugin `{name}` is a core WebAssembly module that does not say what component it is"),
            details: None,
            help: Some(
                "build it with wit-bindgen (in Rust: `spec-engine-plugin`), or make a component of it: `wasm-tools \
                 component new`; if only a part of it is there, copy it again"
                    .to_owned(),
            ),
        });
    }
    let encoded = ComponentEncoder::default().validate(true).module(module).and_then(|encoder| encoder.encode());
    encoded.map_err(|why| {
        let details = format!("{why:?}");
        let help = if details.contains("wasi_snapshot_preview1") {
            "build it for the target wasm32-unknown-unknown or wasm32-wasip2: this module asks for WASI 0.1"
        } else {
            "see what `wasm-tools validate` says of it, and build it again"
        };
        PluginError {
            message: format!("the plugin `{name}` is a core WebAssembly module that no component can be made of"),
            details: Some(details),
            help: Some(help.to_owned()),
        }
    })
}
