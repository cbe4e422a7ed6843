//! `plugins`: shows, tests and makes plugins, and keeps those of a project.

mod add;
mod cache;
#[cfg(feature = "downloads")]
mod download;
mod index;
mod info;
mod list;
mod new;
mod newer;
#[cfg(feature = "downloads")]
mod oci;
mod outdated;
mod package;
mod pin;
#[cfg(feature = "downloads")]
mod pull;
mod remove;
mod search;
mod selection;
pub(crate) mod test;
mod trust;
mod update;
mod verify;

use clap::{Args, Subcommand};

use crate::outcome::Outcome;
use crate::failure::Result;

/// Show, test, make, find, add, update and verify plugins: renderers, rules, importers.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Arguments),
    Info(info::Arguments),
    New(new::Arguments),
    Test(test::Arguments),
    Search(search::Arguments),
    Add(add::Arguments),
    Outdated(outdated::Arguments),
    Update(update::Arguments),
    Trust(trust::Arguments),
    Verify(verify::Arguments),
    Remove(remove::Arguments),
    Cache(cache::Arguments),
}

/// Runs a subcommand of `plugins`.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    match &arguments.command {
        Command::List(list) => list::run(list),
        Command::Info(info) => info::run(info),
        Command::New(new) => new::run(new),
        Command::Test(test) => test::run(test),
        Command::Search(search) => search::run(search),
        Command::Add(add) => add::run(add),
        Command::Outdated(outdated) => outdated::run(outdated),
        Command::Update(update) => update::run(update),
        Command::Trust(trust) => trust::run(trust),
        Command::Verify(verify) => verify::run(verify),
        Command::Remove(remove) => remove::run(remove),
        Command::Cache(cache) => cache::run(cache),
    }
}
