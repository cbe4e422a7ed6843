//! Builds the renderer components that ship with spec-engine: `cargo plugins`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use spec_engine_plugins_build::build::{BuildOutput, build};
use spec_engine_plugins_build::toolchain::Toolchain;
use spec_engine_plugins_build::{DIST, GUESTS, Manifest, stale};

/// Builds plugins/dist/*.wasm from plugins/, reproducibly.
#[derive(Parser)]
#[command(name = "cargo plugins", bin_name = "cargo plugins")]
struct Arguments {
    /// Writes the components and their manifest into this folder instead of plugins/dist.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["check", "sources"])]
    out: Option<PathBuf>,
    /// Builds in a temporary folder and compares the bytes, where the compiler is the same.
    #[arg(long)]
    check: bool,
    /// Builds nothing, and says whether the sources have changed since the components were built.
    #[arg(long, conflicts_with = "check")]
    sources: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let root = root()?;
    if arguments.sources {
        return Ok(report(&stale(&root)?));
    }
    if arguments.check {
        return check(&root);
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let built = build(&root, &root.join(target).join("plugins"), &Toolchain::find()?)?;
    let out = arguments.out.clone().unwrap_or_else(|| root.join(DIST));
    built.write(&out)?;
    for (guest, component) in &built.components {
        println!("{} ({} bytes)", out.join(format!("{guest}.wasm")).display(), component.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// Finds the root of the workspace, where cargo says that this crate is.
fn root() -> Result<PathBuf> {
    let crate_folder = env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo plugins`")?;
    let root = Path::new(&crate_folder).join("../..");
    root.canonicalize().with_context(|| format!("cannot find {}", root.display()))
}

/// Compares the components that are there with freshly built ones.
fn check(root: &Path) -> Result<ExitCode> {
    let mut found = stale(root)?;
    let shipped = Manifest::read(&root.join(DIST))?;
    let toolchain = Toolchain::find()?;
    let target = tempfile::tempdir().context("cannot make a temporary folder")?;
    let BuildOutput { manifest: fresh, .. } = build(root, target.path(), &toolchain)?;
    for guest in GUESTS {
        let (Some(shipped), Some(fresh)) = (shipped.components.get(guest), fresh.components.get(guest)) else {
            continue;
        };
        if shipped.toolchain != fresh.toolchain {
            println!(
                "{guest}: builds, and is not compared: it was built with {}, this is {}",
                shipped.toolchain, fresh.toolchain
            );
        } else if shipped.component == fresh.component {
            println!("{guest}: the same bytes");
        } else {
            found.push(format!("{guest}: {} gives other bytes than those in {DIST}", toolchain.version));
        }
    }
    Ok(report(&found))
}

fn report(found: &[String]) -> ExitCode {
    for line in found {
        eprintln!("{line}");
    }
    if found.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("Run `cargo plugins` and commit what it writes");
    ExitCode::from(1)
}
