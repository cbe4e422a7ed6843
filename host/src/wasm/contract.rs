//! Whether a file is a component, whether it fits this contract, and what it imports.

use semver::Version;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component as Compiled, Linker};

use super::v0_1::{Guest, VERSION};
use super::wasi;
use crate::plugin::{Abilities, ComponentFault, Details, PluginError};

/// What the names of the contract's interfaces start with.
const PACKAGE: &str = "spec-engine:plugin/";

/// What a file of WebAssembly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A component.
    Component,
    /// A core module.
    Module,
}

/// What a file imports and exports, by name. A core module has neither: what it becomes is seen when it is a component.
#[derive(Debug, Default)]
pub(super) struct Interface {
    /// The imports, without those of types.
    pub imports: Vec<String>,
    /// The exports.
    pub exports: Vec<String>,
}

/// Tells a component from a core module by the first bytes of a file, before anything is compiled.
pub(super) fn form(name: &str, wasm: &[u8]) -> Result<Form, PluginError> {
    let fault = match wasm {
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => return Ok(Form::Module),
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => return Ok(Form::Component),
        [] => ComponentFault::Empty,
        [b'P', b'K', 3, 4, ..] => ComponentFault::Zip,
        [0x1f, 0x8b, ..] => ComponentFault::Gzip,
        [0, b'a', b's', b'm', _, _, _, _, ..] => ComponentFault::BinaryVersion,
        _ if b"\0asm\x0d\0\x01\0".starts_with(wasm) => ComponentFault::Truncated,
        _ => ComponentFault::NotWasm,
    };
    Err(PluginError::component(name, fault))
}

/// The error of a file that starts like a component and is none. `trace` is what was reported of it.
pub(super) fn invalid(name: &str, trace: String) -> PluginError {
    let signs = ["unexpected end", "end-of-file", "is out of bounds (bound ="];
    let is_truncated = signs.iter().any(|sign| trace.contains(sign));
    let fault = if is_truncated { ComponentFault::Truncated } else { ComponentFault::Invalid };
    PluginError::Component {
        plugin: name.to_owned(),
        fault,
        details: Box::new(Details { trace, ..Details::default() }),
    }
}

/// The version of the contract that this host has.
pub fn contract_version() -> Version {
    VERSION
}

/// Checks the names of what a component imports and exports, before it is compiled.
pub(super) fn check_names(name: &str, interface: &Interface) -> Result<(), PluginError> {
    let Interface { imports, exports } = interface;
    check_versions(name, imports.iter().chain(exports).map(String::as_str))?;
    abilities(name, &exports.iter().map(String::as_str).collect::<Vec<_>>())?;
    match imports.iter().find(|import| !import.starts_with(PACKAGE) && !is_wasi(import)) {
        Some(import) => Err(refused(name, import)),
        None => Ok(()),
    }
}

/// Checks the imports and exports of a component, and links it.
pub(super) fn link(name: &str, engine: &Engine, compiled: &Compiled) -> Result<Guest, PluginError> {
    let ty = compiled.component_type();
    let exports: Vec<&str> = ty.exports(engine).map(|(export, _)| export).collect();
    check_versions(name, ty.imports(engine).map(|(import, _)| import).chain(exports.iter().copied()))?;
    let abilities = abilities(name, &exports)?;
    let internal = |why: wasmtime::Error| PluginError::Component {
        plugin: name.to_owned(),
        fault: ComponentFault::Contract(VERSION.to_string()),
        details: Box::new(Details { trace: format!("{why:?}"), ..Details::default() }),
    };
    let mut linker = Linker::new(engine);
    linker.allow_shadowing(true);
    Guest::link(&mut linker).map_err(internal)?;
    for (import, item) in ty.imports(engine) {
        match item.ty {
            _ if import.starts_with(PACKAGE) => {}
            ComponentItem::ComponentInstance(instance) if is_wasi(import) => {
                let mut linked = linker.instance(import).map_err(internal)?;
                let undefined = wasi::define(engine, &mut linked, import, &instance).map_err(internal)?;
                if let Some(item) = undefined {
                    return Err(refused(name, &item));
                }
            }
            ComponentItem::Type(_) => {}
            _ => return Err(refused(name, import)),
        }
    }
    Guest::new(linker.instantiate_pre(compiled).map_err(internal)?, abilities).map_err(internal)
}

/// The error of a component that imports what no plugin gets.
fn refused(name: &str, import: &str) -> PluginError {
    let fault = ComponentFault::UnknownImport { import: import.to_owned(), contract: VERSION.to_string() };
    PluginError::component(name, fault)
}

/// Everything that a component imports, by name.
pub(super) fn imports(engine: &Engine, compiled: &Compiled) -> Vec<String> {
    compiled.component_type().imports(engine).map(|(import, _)| import.to_owned()).collect()
}

fn is_wasi(import: &str) -> bool {
    import.starts_with("wasi:") && import.split_once('@').is_none_or(|(_, version)| version.starts_with("0.2."))
}

/// The version of the contract that a component was built for, where it exports something of it.
pub(super) fn version(engine: &Engine, compiled: &Compiled) -> Option<Version> {
    compiled.component_type().exports(engine).find_map(|(export, _)| of_contract(export)?.1)
}

/// Takes the name of an item apart into interface and version, if it is one of the contract.
fn of_contract(item: &str) -> Option<(&str, Option<Version>)> {
    let (interface, version) = item.strip_prefix(PACKAGE)?.split_once('@')?;
    Some((interface, Version::parse(version).ok()))
}

/// Checks that a component is for this contract or an older one that this contains, before wasmtime says so in its own
/// words.
fn check_versions<'a>(name: &str, mut items: impl Iterator<Item = &'a str>) -> Result<(), PluginError> {
    let newer = items.find_map(|item| {
        let (_, version) = of_contract(item)?;
        (!version.as_ref().is_some_and(supports_contract)).then_some(version)
    });
    let Some(version) = newer else { return Ok(()) };
    let needed = version.map(|version| version.to_string());
    let fault = ComponentFault::OtherContract { needed, contract: VERSION.to_string() };
    Err(PluginError::component(name, fault))
}

/// Whether this host's version of the contract has all that another version has: below 1.0, a minor version breaks.
pub fn supports_contract(version: &Version) -> bool {
    version.pre.is_empty() && (version.major, version.minor) == (VERSION.major, VERSION.minor) && *version <= VERSION
}

/// What a component with these exports can do, which is something.
fn abilities(name: &str, exports: &[&str]) -> Result<Abilities, PluginError> {
    let of_contract: Vec<&str> = exports.iter().filter_map(|export| Some(of_contract(export)?.0)).collect();
    let has = |interface: &str| of_contract.contains(&interface);
    let abilities = Abilities::by_interface(has);
    if has("meta") && !abilities.is_empty() {
        return Ok(abilities);
    }
    let missing = if has("meta") {
        "one of `renderer`, `rules` and `importer`".to_owned()
    } else {
        format!("`{PACKAGE}meta@{VERSION}`")
    };
    let fault = if exports.is_empty() {
        ComponentFault::ExportsNothing { missing }
    } else {
        ComponentFault::NotAPlugin { missing }
    };
    Err(PluginError::component(name, fault))
}
