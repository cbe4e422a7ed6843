//! From the sources of a guest to a component.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wit_component::ComponentEncoder;

use crate::toolchain::{Std, TARGET, Toolchain};
use crate::{Entry, GUESTS, Manifest, sha256, sources_sha256};

/// The components of all guests, and what they were made of.
pub struct BuildOutput {
    /// The bytes of each component, in the order of [`GUESTS`].
    pub components: Vec<(&'static str, Vec<u8>)>,
    /// What they were made of.
    pub manifest: Manifest,
}

impl BuildOutput {
    /// Writes the components and the manifest into a folder, which is made where it does not exist.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for (guest, component) in &self.components {
            let path = folder.join(format!("{guest}.wasm"));
            fs::write(&path, component).with_context(|| format!("cannot write {}", path.display()))?;
        }
        self.manifest.write(folder)
    }
}

/// Builds all guests of the workspace at `root`, with `target` as the folder for what the compiler leaves behind.
///
/// # Errors
/// A guest that does not build, or is no plugin.
pub fn build(root: &Path, target: &Path, toolchain: &Toolchain) -> Result<BuildOutput> {
    compile(root, target, toolchain)?;
    let mut built = BuildOutput { components: Vec::new(), manifest: Manifest { components: Default::default() } };
    for guest in GUESTS {
        let path = target.join(TARGET).join("release").join(format!("spec_engine_{guest}.wasm"));
        let module = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let component = component(&module).with_context(|| format!("{guest} is no plugin"))?;
        let entry = Entry {
            component: sha256(&component),
            sources: sources_sha256(root, guest)?,
            toolchain: toolchain.version.clone(),
        };
        built.manifest.components.insert(guest.to_owned(), entry);
        built.components.push((guest, component));
    }
    Ok(built)
}

/// Turns a core module with the bindings of wit-bindgen in it into a component.
///
/// # Errors
/// Bytes that are not such a module.
pub fn component(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default().validate(true).module(module)?.encode()
}

/// How the guests are compiled, whatever the workspace says of its own profiles.
const PROFILE: [&str; 11] = [
    "opt-level=3",
    "package.libyaml-safer.opt-level=3",
    "lto='fat'",
    "codegen-units=1",
    "panic='abort'",
    "strip=true",
    "debug=false",
    "debug-assertions=false",
    "overflow-checks=false",
    "incremental=false",
    "build-override.opt-level=0",
];

/// The start of variables by which the environment could change what comes out.
const UNWANTED: [&str; 5] = ["CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_TARGET_", "CARGO_INCREMENTAL", "RUSTFLAGS"];

fn compile(root: &Path, target: &Path, toolchain: &Toolchain) -> Result<()> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if UNWANTED.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    cargo.current_dir(root).args(["build", "--release", "--target", TARGET]);
    cargo.args(GUESTS.map(|guest| format!("--package=spec-engine-{guest}")));
    cargo.args(PROFILE.map(|setting| format!("--config=profile.release.{setting}")));
    cargo.env("RUSTC", &toolchain.rustc).env("CARGO_TARGET_DIR", target);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(root, toolchain)?);
    if toolchain.std == Std::FromSource {
        cargo.arg("-Zbuild-std=std,panic_abort");
        cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    }
    let status = cargo.status().context("cannot run cargo")?;
    if !status.success() {
        bail!("cargo could not build the guests");
    }
    Ok(())
}

/// Writes flags that keep the folders of this machine out of the bytes. A later one wins over an earlier one.
fn flags(root: &Path, toolchain: &Toolchain) -> Result<OsString> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("neither CARGO_HOME nor HOME is set")?;
    let mut remaps = vec![
        (home.clone(), "/cargo".to_owned()),
        (root.to_owned(), "/spec-engine".to_owned()),
        (toolchain.std_sources(), format!("/rustc/{}", toolchain.commit)),
    ];
    // Below `src` there is one folder a registry, and its name depends on where that is.
    for registry in fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten() {
        remaps.push((registry.path(), "/cargo/registry".to_owned()));
    }
    let mut flags = OsString::new();
    for (from, to) in remaps {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(from);
        flags.push("=");
        flags.push(to);
    }
    Ok(flags)
}
