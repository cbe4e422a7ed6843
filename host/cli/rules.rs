//! `rules`: shows the rules, writes new ones, checks and tests them.

mod check;
mod definitions;
mod explain;
mod list;
mod new;
mod project;
mod scripts;
mod test;

use clap::{Args, Subcommand};

use crate::failure::Result;
use crate::outcome::Outcome;

/// Show, explain, write, check and test rules.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Arguments),
    Explain(explain::Arguments),
    New(new::Arguments),
    Check(check::Arguments),
    Test(test::Arguments),
    Definitions(definitions::Arguments),
}

/// Runs a subcommand of `rules`.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    match &arguments.command {
        Command::List(list) => list::run(list),
        Command::Explain(explain) => explain::run(explain),
        Command::New(new) => new::run(new),
        Command::Check(check) => check::run(check),
        Command::Test(test) => test::run(test),
        Command::Definitions(definitions) => definitions::run(definitions),
    }
}
