//! Is it a component, is it one for this contract, and what does it ask for?

use semver::Version;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component as Compiled, Linker};

use super::abilities::Abilities;
use super::limits::Limits;
use super::v0_1::{Guest, VERSION};
use super::wasi;
use crate::render::PluginError;

/// What the names of the contract's interfaces start with.
const PACKAGE: &str = "spec-engine:plugin/";

/// Says what a file of WebAssembly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A component.
    Component,
    /// A core module.
    Module,
}

/// Looks at the first bytes of a file, before anything is compiled.
pub(super) fn check_file(name: &str, wasm: &[u8], limits: &Limits) -> Result<Form, PluginError> {
    let error = |what: &str, help: &str| {
        Err(PluginError { message: format!("the plugin `{name}` {what}"), details: None, help: Some(help.to_owned()) })
    };
    let whole = "build it again, or copy it again";
    if wasm.len() as u64 > limits.component_size {
        return Err(PluginError::too_large(name, limits.component_size));
    }
    match wasm {
        [] => error("is an empty file", whole),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Ok(Form::Module),
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => Ok(Form::Component),
        [b'P', b'K', 3, 4, ..] => error("is a zip archive, not a WebAssembly component", "unpack it first"),
        [0x1f, 0x8b, ..] => error("is a gzip archive, not a WebAssembly component", "unpack it first"),
        [0, b'a', b's', b'm', _, _, _, _, ..] => error(
            "is WebAssembly of a version that this host does not know",
            "build it with a toolchain for components (binary version 0x0d)",
        ),
        _ if b"\0asm\x0d\0\x01\0".starts_with(wasm) => error("is truncated", whole),
        _ => error(
            "is not a WebAssembly component",
            "name a `.wasm` component, or a template, whose name ends in `.tera`",
        ),
    }
}

/// Says why a file that starts like a component did not compile.
pub(super) fn invalid(name: &str, why: &wasmtime::Error) -> PluginError {
    let details = format!("{why:?}");
    let truncated =
        ["unexpected end", "end-of-file", "is out of bounds (bound ="].iter().any(|sign| details.contains(sign));
    let (what, help) = if truncated {
        ("is truncated", "build it again, or copy it again")
    } else {
        ("is not a valid component", "see what `wasm-tools validate` says of it, and build it again")
    };
    PluginError { message: format!("the plugin `{name}` {what}"), details: Some(details), help: Some(help.to_owned()) }
}

/// Checks what a component asks for and gives, and links it.
pub(super) fn link(name: &str, engine: &Engine, compiled: &Compiled) -> Result<Guest, PluginError> {
    check_versions(name, engine, compiled)?;
    let abilities = abilities(name, engine, compiled)?;
    let internal = |why: wasmtime::Error| PluginError {
        message: format!("the plugin `{name}` does not fit the contract spec-engine:plugin@{VERSION}"),
        details: Some(format!("{why:?}")),
        help: Some("build it again with the contract of this host: wit/plugin.wit".to_owned()),
    };
    let refused = |import: &str| PluginError {
        message: format!("the plugin `{name}` asks for `{import}`, which this host does not have"),
        details: None,
        help: Some(format!("a plugin imports spec-engine:plugin/host@{VERSION} and WASI 0.2, nothing else")),
    };
    let mut linker = Linker::new(engine);
    linker.allow_shadowing(true);
    Guest::link(&mut linker).map_err(internal)?;
    for (import, item) in compiled.component_type().imports(engine) {
        match item.ty {
            _ if import.starts_with(PACKAGE) => {}
            ComponentItem::ComponentInstance(instance) if is_wasi(import) => {
                let mut linked = linker.instance(import).map_err(internal)?;
                let defined = wasi::define(engine, &mut linked, import, &instance).map_err(internal)?;
                defined.map_err(|item| refused(&item))?;
            }
            ComponentItem::Type(_) => {}
            _ => return Err(refused(import)),
        }
    }
    Guest::new(linker.instantiate_pre(compiled).map_err(internal)?, abilities).map_err(internal)
}

/// Returns everything that a component imports, by name.
pub(super) fn imports(engine: &Engine, compiled: &Compiled) -> Vec<String> {
    compiled.component_type().imports(engine).map(|(import, _)| import.to_owned()).collect()
}

fn is_wasi(import: &str) -> bool {
    import.starts_with("wasi:") && import.split_once('@').is_none_or(|(_, version)| version.starts_with("0.2."))
}

/// Returns the version of the contract that a component was built for, where it exports something of it.
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
fn check_versions(name: &str, engine: &Engine, compiled: &Compiled) -> Result<(), PluginError> {
    let ty = compiled.component_type();
    let items = ty.imports(engine).map(|(item, _)| item).chain(ty.exports(engine).map(|(item, _)| item));
    let newer = items.filter_map(of_contract).find(|(_, version)| !version.as_ref().is_some_and(is_contained));
    let Some((_, version)) = newer else { return Ok(()) };
    let needed = version.map_or_else(|| "another version".to_owned(), |version| version.to_string());
    Err(PluginError {
        message: format!("the plugin `{name}` needs spec-engine:plugin@{needed}, this host has {VERSION}"),
        details: None,
        help: Some(format!("build it for {VERSION}, or use the spec-engine that it was built for")),
    })
}

/// Says whether this host's version of the contract has all that another version has: below 1.0, a minor version breaks.
fn is_contained(version: &Version) -> bool {
    version.pre.is_empty() && (version.major, version.minor) == (VERSION.major, VERSION.minor) && *version <= VERSION
}

/// Returns what a component can do, which is something.
fn abilities(name: &str, engine: &Engine, compiled: &Compiled) -> Result<Abilities, PluginError> {
    let ty = compiled.component_type();
    let exports: Vec<_> = ty.exports(engine).filter_map(|(export, _)| of_contract(export)).collect();
    let has = |interface: &str| exports.iter().any(|(export, _)| *export == interface);
    let abilities = Abilities::by_interface(has);
    if has("meta") && !abilities.is_empty() {
        return Ok(abilities);
    }
    let what = match ty.exports(engine).next() {
        None => "exports nothing: ".to_owned(),
        Some(_) => "is a component, but not a plugin: ".to_owned(),
    };
    let missing = if has("meta") {
        "one of `renderer`, `rules` and `importer`".to_owned()
    } else {
        format!("`{PACKAGE}meta@{VERSION}`")
    };
    Err(PluginError {
        message: format!("the plugin `{name}` {what}{missing} is missing"),
        details: None,
        help: Some("build it for a world of wit/plugin.wit, such as `renderer-plugin`".to_owned()),
    })
}
