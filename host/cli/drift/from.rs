//! `--from`: importers with their files, which clap's own attributes cannot group.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// Importers with their files.
#[derive(Clone, Debug, Default)]
pub(super) struct FromArguments {
    /// The importers as the user names them, each with its files and folders.
    pub sources: Vec<(String, Vec<PathBuf>)>,
}

impl FromArguments {
    /// The importers as the user names them.
    pub fn importers(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|(importer, _)| importer.as_str())
    }
}

impl FromArgMatches for FromArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sources = Vec::new();
        for occurrence in matches.get_occurrences::<String>("from").into_iter().flatten() {
            let mut values = occurrence.cloned();
            let importer = values.next().unwrap_or_default();
            sources.push((importer, values.map(PathBuf::from).collect()));
        }
        Ok(Self { sources })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for FromArguments {
    fn augment_args(command: Command) -> Command {
        let from = Arg::new("from").long("from").value_names(["NAME|PATH", "FILE|FOLDER"]).num_args(2..);
        command.arg(from.action(ArgAction::Append).required(true).help(
            "An importer and what it reads: a name that `plugins list` shows, or the path of a component (.wasm), then \
             files and folders; `-` for standard input. Can be repeated: what one of them shows is there",
        ))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
