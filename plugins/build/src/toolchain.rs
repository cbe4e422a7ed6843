//! The compiler that the guests are built with.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The target that the guests are built for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler that can build for [`TARGET`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// The compiler.
    pub rustc: PathBuf,
    /// Where its standard library for [`TARGET`] comes from.
    pub std: Std,
    /// What `rustc --version` says.
    pub version: String,
    /// The commit that the compiler was built from.
    pub commit: String,
    /// The folder that the compiler is installed in.
    pub sysroot: PathBuf,
}

/// Where a standard library comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Std {
    /// It is installed.
    Installed,
    /// Its sources are, and it is built with the guests.
    FromSource,
}

impl Toolchain {
    /// Finds a compiler: the one in use where it has the target, else the distribution's with the library's sources.
    ///
    /// # Errors
    /// A message that says what to install.
    pub fn find() -> Result<Self> {
        let rustc = PathBuf::from(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let library = query(&rustc, &["--print", "target-libdir", "--target", TARGET]);
        if library.is_ok_and(|folder| Path::new(&folder).is_dir()) {
            return Self::of(rustc, Std::Installed);
        }
        let rustc = PathBuf::from("/usr/bin/rustc");
        if rustc.is_file() {
            let toolchain = Self::of(rustc, Std::FromSource)?;
            if toolchain.std_sources().join("library/std/Cargo.toml").is_file()
                && query("wasm-ld", &["--version"]).is_ok()
            {
                return Ok(toolchain);
            }
        }
        bail!(
            "no compiler for {TARGET} was found\n\
             With rustup:         rustup target add {TARGET}\n\
             On Debian or Ubuntu: apt-get install rustc-web rust-web-src lld"
        )
    }

    /// The folder that the sources of the standard library are in, where they are installed.
    pub fn std_sources(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust")
    }

    fn of(rustc: PathBuf, std: Std) -> Result<Self> {
        let version = query(&rustc, &["--version"])?;
        let verbose = query(&rustc, &["--version", "--verbose"])?;
        let commit =
            verbose.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown").to_owned();
        let sysroot = query(&rustc, &["--print", "sysroot"])?.into();
        Ok(Self { rustc, std, version, commit, sysroot })
    }
}

/// Runs a program and returns what it says.
fn query(program: impl AsRef<Path>, arguments: &[&str]) -> Result<String> {
    let program = program.as_ref();
    let output = Command::new(program).args(arguments).output();
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    if !output.status.success() {
        bail!("{} {} failed", program.display(), arguments.join(" "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
