//! A core module that wasm-smith makes, with the exports of the contract: it is made a component, scanned, compiled and
//! asked what it is.

#![no_main]

use std::sync::LazyLock;

use arbitrary::{Arbitrary as _, Unstructured};
use libfuzzer_sys::fuzz_target;
use spec_engine::limits::{ComponentLimits, LimitTable as _};
use spec_engine::wasm::{Cache, Host};
use wasm_smith::{Config, Module};
use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, WorldId};

static HOST: LazyLock<Host> = LazyLock::new(|| {
    let mut limits = ComponentLimits::default();
    limits.set("describe-fuel", "10M").expect("it is a limit");
    Host::new(limits, Cache::none())
});

static WORLD: LazyLock<(Resolve, WorldId)> = LazyLock::new(|| {
    let mut resolve = Resolve::default();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    let (package, _) = resolve.push_dir(path).expect("the contract");
    let world = resolve.select_world(&[package], Some("renderer-plugin")).expect("a world of the contract");
    (resolve, world)
});

/// A module with everything that a renderer exports, and nothing in it.
static EXPORTS: LazyLock<Vec<u8>> =
    LazyLock::new(|| dummy_module(&WORLD.0, WORLD.1, ManglingAndAbi::Legacy(wit_parser::LiftLowerAbi::Sync)));

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    let Ok(mut config) = Config::arbitrary(&mut bytes) else { return };
    config.exports = Some(EXPORTS.clone());
    config.available_imports = Some(EXPORTS.clone());
    let Ok(module) = Module::new(config, &mut bytes) else { return };
    let mut module = module.to_bytes();
    embed_component_metadata(&mut module, &WORLD.0, WORLD.1, StringEncoding::UTF8).expect("metadata of the contract");
    if let Ok(component) = HOST.load("fuzz", &module) {
        let _ = component.describe();
    }
});
