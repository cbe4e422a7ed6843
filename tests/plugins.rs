//! The components that ship are those of the sources.

use std::path::Path;

use spec_engine::wasm::SHIPPED;

#[test]
fn the_components_were_built_of_these_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stale = spec_engine_plugins_build::stale(root).unwrap();
    assert!(stale.is_empty(), "build them anew with `cargo plugins`: {stale:?}");
}

#[test]
fn every_component_on_disk_ships() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/dist");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".wasm")?.to_owned()))
        .collect();
    names.sort();
    let shipped: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).collect();
    assert_eq!(names, shipped);
}
