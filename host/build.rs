//! Compiles the components in plugins/dist ahead of time, and writes the table of them that wasm/shipped.rs includes.

#[path = "src/wasm/config.rs"]
mod config;

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=host/build.rs");
    println!("cargo::rerun-if-changed=host/src/wasm/config.rs");
    println!("cargo::rerun-if-changed=plugins/dist");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("plugins/dist");

    let (target, host) = (env::var("TARGET")?, env::var("HOST")?);
    let engine = match engine(&target) {
        Ok(engine) => Some(engine),
        // The host's wasmtime has no backend for another architecture. What is not compiled here is compiled at its first
        // use, and kept in the cache.
        Err(why) if target != host => {
            println!("cargo::warning=components are compiled at their first use, not ahead of time: {target}: {why}");
            None
        }
        Err(why) => return Err(why),
    };

    let mut table = String::from("&[\n");
    for path in components(&dist)? {
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a component has a name in UTF-8")?;
        let wasm = fs::read(&path)?;
        let precompiled = out.join(format!("{name}.cwasm"));
        let compiled = engine.as_ref().map(|engine| engine.precompile_component(&wasm)).transpose();
        fs::write(&precompiled, compiled.map_err(|why| format!("{name}: {why:?}"))?.unwrap_or_default())?;
        let sha256 = Sha256::digest(&wasm);
        let hex = base16ct::lower::encode_string(&sha256);
        writeln!(
            table,
            "    Shipped {{ name: {name:?}, wasm: include_bytes!({path:?}), precompiled: include_bytes!({precompiled:?}), \
             sha256: {hex:?} }},"
        )?;
    }
    table.push_str("]\n");
    fs::write(out.join("shipped.rs"), table)?;
    Ok(())
}

/// Makes the engine that compiles for a target. A target that is named means its baseline processor: the result runs on
/// every machine of that target.
fn engine(target: &str) -> Result<Engine, Box<dyn Error>> {
    let mut config = config::config();
    config.target(target)?;
    Ok(Engine::new(&config)?)
}

/// Returns the components of a folder, by name; none where there is no such folder.
fn components(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "wasm") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
