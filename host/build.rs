//! Compiles the components in plugins/dist ahead of time, and writes the table of them that wasm/shipped.rs includes.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

#[cfg(feature = "precompiled")]
#[path = "src/wasm/config.rs"]
mod config;

fn main() -> Result<(), Box<dyn Error>> {
    link_at_fixed_addresses()?;
    println!("cargo::rerun-if-changed=host/build.rs");
    println!("cargo::rerun-if-changed=host/src/wasm/config.rs");
    println!("cargo::rerun-if-changed=plugins/dist");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("plugins/dist");
    let compiler = Compiler::new()?;
    let mut table = String::from("&[\n");
    for path in components(&dist)? {
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a component has a name in UTF-8")?;
        let wasm = fs::read(&path)?;
        let (size, interfaces) = (wasm.len(), interfaces(&wasm));
        let code = match compiler.compile(&wasm).map_err(|why| format!("{name}: {why}"))? {
            Some(compiled) => {
                let precompiled = out.join(format!("{name}.cwasm"));
                let made = if interfaces.contains(&"renderer".to_owned()) {
                    fs::write(&precompiled, compiled)?;
                    format!("Plain(include_bytes!({precompiled:?}))")
                } else {
                    fs::write(&precompiled, zstd::bulk::compress(&compiled, LEVEL)?)?;
                    format!("Compressed {{ code: include_bytes!({precompiled:?}), size: {} }}", compiled.len())
                };
                format!("ShippedCode::Precompiled(AheadOfTime::{made})")
            }
            None => {
                let copy = out.join(format!("{name}.wasm"));
                fs::write(&copy, &wasm)?;
                format!("ShippedCode::Component(include_bytes!({copy:?}))")
            }
        };
        let hex = base16ct::lower::encode_string(&Sha256::digest(&wasm));
        // One that was written for an earlier build of the component is left out: then the component is asked.
        let description = fs::read_to_string(path.with_extension("json")).ok().filter(|said| said.contains(&hex));
        writeln!(
            table,
            "    ShippedComponent {{ name: {name:?}, code: {code}, size: {size}, interfaces: &{interfaces:?}, sha256: {hex:?}, \
             description: {description:?} }},"
        )?;
    }
    table.push_str("]\n");
    fs::write(out.join("shipped.rs"), table)?;
    Ok(())
}

/// The level of compression: the highest that is no slower to read than the others.
const LEVEL: i32 = 19;

/// Has the command stand at the same addresses in every process, where that is known to work. Elsewhere the loader adds the
/// address to 66,000 pointers when it starts, which takes longer than everything else that `--version` does.
fn link_at_fixed_addresses() -> Result<(), env::VarError> {
    if (env::var("CARGO_CFG_TARGET_OS")?, env::var("CARGO_CFG_TARGET_ENV")?) == ("linux".to_owned(), "gnu".to_owned()) {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    Ok(())
}

/// Compiles for the target, or makes nothing of a component: that is compiled at its first use, and kept in the cache.
struct Compiler {
    /// `None` where the wasmtime of this machine has no backend for the target.
    #[cfg(feature = "precompiled")]
    engine: Option<wasmtime::Engine>,
}

#[cfg(feature = "precompiled")]
impl Compiler {
    /// A target that is named means its baseline processor: the result runs on every machine of that target.
    fn new() -> Result<Self, Box<dyn Error>> {
        let (target, host) = (env::var("TARGET")?, env::var("HOST")?);
        let mut config = config::config();
        let engine = config.target(&target).and_then(|config| wasmtime::Engine::new(config));
        match engine {
            Ok(engine) => Ok(Self { engine: Some(engine) }),
            Err(why) if target != host => {
                println!(
                    "cargo::warning=components are compiled at their first use, not ahead of time: {target}: {why}"
                );
                Ok(Self { engine: None })
            }
            Err(why) => Err(why.into()),
        }
    }

    fn compile(&self, wasm: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let compiled = self.engine.as_ref().map(|engine| engine.precompile_component(wasm)).transpose();
        compiled.map_err(|why| format!("{why:?}"))
    }
}

#[cfg(not(feature = "precompiled"))]
impl Compiler {
    fn new() -> Result<Self, Box<dyn Error>> {
        Ok(Self {})
    }

    fn compile(&self, _: &[u8]) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }
}

/// The components of a folder, by name; none where there is no such folder.
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

/// The interfaces of the contract that stand in a component, each once: it exports none that is not among them.
fn interfaces(wasm: &[u8]) -> Vec<String> {
    const PACKAGE: &[u8] = b"spec-engine:plugin/";
    let starts = wasm.windows(PACKAGE.len()).enumerate().filter(|(_, window)| *window == PACKAGE);
    let names = starts.filter_map(|(start, _)| {
        let name = wasm[start + PACKAGE.len()..].split(|byte| *byte == b'@').next()?;
        std::str::from_utf8(name).ok().map(str::to_owned)
    });
    names.collect::<BTreeSet<_>>().into_iter().collect()
}
