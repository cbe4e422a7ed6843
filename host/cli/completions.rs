//! `completions`: prints a completion script, made of the same definitions as `--help`.

use std::io::Write as _;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Result;
use crate::outcome::Outcome;

/// Print a completion script for a shell.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments, mut definitions: Command) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut definitions, "spec-engine", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Outcome::Clean)
}
