//! `completions` and `man`: made of the same definitions as `--help`.

use std::io::Write as _;

use clap::Command;
use clap_complete::Shell;

use super::Outcome;

/// Prints a completion script.
pub(super) fn completions(shell: Shell, command: &mut Command) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "spec-engine", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Outcome::Clean)
}

/// Prints the man page: the command, then each subcommand.
pub(super) fn page(command: &Command) -> anyhow::Result<Outcome> {
    let mut command = command.clone().disable_help_subcommand(true);
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
