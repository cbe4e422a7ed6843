//! The command line: the only part that touches files, the environment, standard output and standard error.

mod args;
mod checker;
mod diff;
mod discover;
mod document;
mod folder;
mod graph;
mod import;
mod limits;
mod lock;
mod man;
mod output;
mod path;
mod plugins;
mod progress;
mod project;
mod render;
mod report;
mod rules;
mod schema;
mod scripts;
mod serve;
mod validate;
mod view;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Arguments, Command};
use validate::Warnings;

/// Runs the command line of this process. Exit status: 0 clean, 1 findings, 2 could not do it.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.apply();
    match dispatch(&arguments) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&error);
            ExitCode::from(2)
        }
    }
}

/// Says how a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// There is nothing to complain about.
    Clean,
    /// There are findings that make the run fail.
    Findings,
    /// A part of the work could not be done; what was found says which.
    Incomplete,
}

fn dispatch(arguments: &Arguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        Command::Validate(validate) => validate::run(validate, Warnings::Count),
        Command::Lint(validate) => validate::run(validate, Warnings::Ignore),
        Command::Render(render) => render::run(render),
        Command::Plugins(plugins) => plugins::run(plugins),
        Command::Graph(graph) => graph::run(graph),
        Command::Diff(diff) => diff::run(diff),
        Command::Path(path) => path::run(path),
        Command::Watch(watch) => watch::run(watch),
        Command::Serve(serve) => serve::run(serve),
        Command::Import(import) => import::run(import),
        Command::Schema => schema::run(),
        Command::Rules(rules) => rules::run(rules),
        Command::Completions { shell } => man::completions(*shell, &mut Arguments::command()),
        Command::Man => man::page(&Arguments::command()),
    }
}

/// Holds a mistake of the user or of the environment: what, and the next step.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Failure {
    message: String,
    help: Option<String>,
    details: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, details: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
