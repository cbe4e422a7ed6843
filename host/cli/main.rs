//! The command `spec-engine`: arguments, files, reports. Everything else is the library's.

mod arguments;
#[cfg(target_os = "linux")]
mod closed_stdout;
mod compiler;
mod documents;
mod drawing;
mod failure;
mod folder;
mod layout;
mod observed;
mod outcome;
mod output;
mod progress;
mod report;
mod session;
mod sources;
mod trust;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use spec_engine::confined::catches_panics;
use spec_engine::memory::CountingAllocator;

use failure::Result;
use outcome::Outcome;

/// Registers the subcommands: each is a module with its `Arguments`, whose documentation is its help, and a `run`. Those
/// behind the semicolon print the definitions of all.
macro_rules! commands {
    ($($name:ident => $module:ident),*; $($printer:ident => $printing:ident),*) => {
        $(mod $module;)*
        $(mod $printing;)*

        #[derive(Debug, Subcommand)]
        #[command(defer = true)]
        enum Command {
            $($name(Box<$module::Arguments>),)*
            $($printer($printing::Arguments),)*
        }

        fn dispatch(command: &Command) -> Result<Outcome> {
            match command {
                $(Command::$name(arguments) => $module::run(arguments),)*
                $(Command::$printer(arguments) => $printing::run(arguments, definitions()),)*
            }
        }

        /// The definitions of all subcommands. `Program` itself makes those of one when it is asked for.
        fn definitions() -> clap::Command {
            let whole = Program::command();
            $(let whole = define::<$module::Arguments>(whole, stringify!($module));)*
            $(let whole = define::<$printing::Arguments>(whole, stringify!($printing));)*
            whole
        }
    };
}

commands! {
    Validate => validate,
    Lint => lint,
    Render => render,
    Graph => graph,
    Diff => diff,
    Path => path,
    Watch => watch,
    Serve => serve,
    Import => import,
    Drift => drift,
    Schema => schema,
    Plugins => plugins,
    Rules => rules;
    Completions => completions,
    Man => man
}

/// Checks a system-spec document and draws it.
///
/// A document describes a system in JSON: services, images, connections, cloud resources, owners, networks and
/// deployments. Renderers are sandboxed plugins; D2 and Mermaid are built in.
#[derive(Debug, Parser)]
#[command(
    name = "spec-engine",
    version,
    propagate_version = true,
    after_help = "\
Examples:
  spec-engine validate payments.json
  spec-engine render payments.json --plugin d2 -o payments.d2
  spec-engine render payments.json --plugin mermaid --group-by owner
  spec-engine render payments.json --plugin ./my-table.md.tera
  spec-engine graph payments.json | jq '.nodes[].label'
  spec-engine plugins list

Exit status: 0 clean, 1 findings, 2 the command failed."
)]
struct Program {
    /// When to use colour. NO_COLOR and CLICOLOR_FORCE count, too.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Applies it to everything that this process prints.
    fn apply(self) {
        match self {
            Self::Auto => {}
            Self::Always => anstream::ColorChoice::Always.write_global(),
            Self::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() -> ExitCode {
    if let Some(status) = compiler::run_if_asked() {
        return status;
    }
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // A fault of a script or a template is reported as one.
        if !catches_panics() {
            print(panic);
        }
    }));
    let program = match parse() {
        Ok(program) => program,
        Err(error) => return usage(&error),
    };
    program.color.apply();
    match dispatch(&program.command) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(failure) if failure.is_closed_pipe => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(&failure);
            ExitCode::from(2)
        }
    }
}

/// Reads the arguments. Of the subcommands only the one that is asked for is defined; help, and messages on what is
/// wrong, are those of the whole definitions.
fn parse() -> std::result::Result<Program, clap::Error> {
    Program::try_parse().or_else(|error| {
        if error.kind() == ErrorKind::DisplayVersion {
            return Err(error);
        }
        let mut definitions = definitions();
        let matches = definitions.try_get_matches_from_mut(std::env::args_os())?;
        Program::from_arg_matches(&matches).map_err(|error| error.format(&mut definitions))
    })
}

/// Defines a subcommand in the place of one that is defined when it is asked for.
fn define<Arguments: Args>(command: clap::Command, name: &'static str) -> clap::Command {
    command.mut_subcommand(name, |deferred| {
        Arguments::augment_args(clap::Command::new(name).display_order(deferred.get_display_order()))
    })
}

/// Prints the help, the version, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    match error.print() {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => {
            report::failure(&why.into());
            ExitCode::from(2)
        }
        Ok(()) | Err(_) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definitions_hold_together() {
        super::definitions().debug_assert();
    }

    #[test]
    fn a_subcommand_has_the_same_definition_whenever_it_is_made() {
        let (mut whole, mut made) = (super::definitions(), super::Program::command());
        whole.build();
        made.build();
        let order = |command: &clap::Command| {
            let places = command.get_subcommands().map(|one| (one.get_name().to_owned(), one.get_display_order()));
            places.collect::<Vec<_>>()
        };
        assert_eq!(order(&whole), order(&made));
        for (whole, made) in whole.get_subcommands_mut().zip(made.get_subcommands_mut()) {
            let is_help = whole.get_name() == "help";
            assert!(is_help || whole.render_long_help().to_string() == made.render_long_help().to_string());
        }
    }
}
