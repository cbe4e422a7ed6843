//! Makes a component of a core module, as `cargo build --target wasm32-unknown-unknown` leaves it.

use crate::plugin::{ComponentFault, ModuleFault, PluginError};

/// Makes a component of a core module.
///
/// # Errors
/// The module was not built with wit-bindgen, or imports what a component cannot have.
#[cfg(feature = "modules")]
pub(super) fn componentize(name: &str, module: &[u8]) -> Result<Vec<u8>, PluginError> {
    use crate::plugin::Details;
    use memchr::memmem;
    use wit_component::ComponentEncoder;

    /// The section in which wit-bindgen describes the component to make.
    const SECTION: &[u8] = b"component-type";

    let failed = |fault, details| PluginError::Component {
        plugin: name.to_owned(),
        fault: ComponentFault::Module(fault),
        details: Box::new(details),
    };
    if memmem::find(module, SECTION).is_none() {
        return Err(failed(ModuleFault::Undescribed, Details::default()));
    }
    let encoded = ComponentEncoder::default().validate(true).module(module).and_then(|mut encoder| encoder.encode());
    encoded.map_err(|why| {
        let trace = format!("{why:?}");
        let is_old_wasi = trace.contains("wasi_snapshot_preview1");
        let fault = if is_old_wasi { ModuleFault::OldWasi } else { ModuleFault::Unusable };
        failed(fault, Details { trace, ..Details::default() })
    })
}

/// Refuses a core module, which this build cannot make a component of.
#[cfg(not(feature = "modules"))]
pub(super) fn componentize(name: &str, _module: &[u8]) -> Result<Vec<u8>, PluginError> {
    Err(PluginError::component(name, ComponentFault::Module(ModuleFault::NotBuilt)))
}
