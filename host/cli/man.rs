//! `man`: prints the man page, made of the same definitions as `--help`.

use std::io::Write as _;

use clap::{Args, Command};

use crate::failure::Result;
use crate::outcome::Outcome;

/// Print the man page.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

/// Prints the page: the command, then each subcommand.
pub(crate) fn run(Arguments {}: &Arguments, definitions: Command) -> Result<Outcome> {
    let mut command = definitions.disable_help_subcommand(true);
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands() {
        let man = clap_mangen::Man::new(subcommand.clone());
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    std::io::stdout().write_all(&page)?;
    Ok(Outcome::Clean)
}
