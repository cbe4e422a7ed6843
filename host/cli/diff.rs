//! `diff`: reports or draws what changed between two versions of a document.

pub(crate) mod drawing;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod text;
pub(crate) mod words;

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use spec_engine::diff::Diff;
use spec_engine::engine::Document;

use self::drawing::DiagramArguments;
use crate::arguments::{PluginArguments, is_dash};
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::{documents, session};

/// Report what changed between two versions of a document, in words or as a diagram.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine diff old.json new.json
  git show main:system.json | spec-engine diff - system.json
  spec-engine diff old.json new.json --output markdown > comment.md
  spec-engine diff old.json new.json --fail-on breaking
  spec-engine diff old.json new.json --plugin d2 -o changes.d2
  spec-engine diff old.json new.json --plugin svg -o changes.svg
  spec-engine diff old.json new.json --plugin mermaid --focus orders --depth 2

A change is breaking where somebody would notice: a port or protocol that others use changes or goes, a service or a
resource that others use goes or is renamed, a resource has another engine or port, a variable by which a service is
found changes.

Exit status: 0 done, 1 differences with --exit-code or --fail-on, 2 a document is wrong or missing.")]
pub(crate) struct Arguments {
    /// The old version; `-` for standard input.
    old: PathBuf,
    /// The new version; `-` for standard input.
    new: PathBuf,
    /// How to print the changes.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    output: Format,
    /// Exit with status 1 where there are differences: short for --fail-on any.
    #[arg(long)]
    exit_code: bool,
    /// Exit with status 1 where there are differences, or breaking ones.
    #[arg(long, value_name = "WHICH")]
    fail_on: Option<FailOn>,
    /// Draw both versions as one diagram: what was added, removed and changed in three colours and lines. A name that
    /// `plugins list` shows, or the path of a component (.wasm) or template (.tera).
    #[arg(long, short, visible_alias = "format", value_name = "NAME|PATH", conflicts_with = "output")]
    plugin: Option<String>,
    #[command(flatten)]
    diagram: DiagramArguments,
    /// Compare what can be read of documents with errors.
    #[arg(long)]
    allow_errors: bool,
    #[command(flatten)]
    plugins: PluginArguments,
}

/// How changes are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// Which differences make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Any.
    Any,
    /// Those that somebody would notice.
    Breaking,
}

/// Compares two documents, and prints or draws what changed.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if is_dash(&arguments.old) && is_dash(&arguments.new) {
        return Err(Failure::new("standard input has one document, and `-` stands for both")
            .help("write one of them to a file: git show main:system.json | spec-engine diff - system.json"));
    }
    if arguments.plugin.is_none() && !arguments.diagram.settings.settings.is_empty() {
        return Err(Failure::new("--set needs a renderer").help("name one: --plugin d2"));
    }
    arguments.diagram.check(arguments.plugin.as_deref())?;
    let (old_project, old) = documents::find_at(&arguments.old)?;
    let (new_project, new) = documents::find_at(&arguments.new)?;
    // Both are read at the same time, and both are checked, so that whoever has to repair them sees everything.
    let (old, new) = std::thread::scope(|scope| {
        let new = scope.spawn(|| new.read());
        (old.read(), new.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let (old, new) = (old?, new?);
    let old_engine = session::build(arguments.plugins.engine(old_project))?;
    let (engine, plugin) = arguments.plugins.engine_with(new_project, arguments.plugin.as_deref())?;
    let old_system = documents::system(&old_engine, &old, arguments.allow_errors.into())?;
    let new_system = documents::system(&engine, &new, arguments.allow_errors.into())?;
    let (Some(old_system), Some(new_system)) = (old_system, new_system) else { return Ok(Outcome::Incomplete) };
    let diff = Diff::of(old_system, new_system);
    match &plugin {
        Some(plugin) => {
            if drawing::run(&arguments.diagram, &engine, plugin, &diff, [&old, &new])? == Outcome::Incomplete {
                return Ok(Outcome::Incomplete);
            }
        }
        None => print(arguments, &diff, [old.source().name(), new.source().name()])?,
    }
    let outcome = outcome(arguments, &diff);
    // The process ends here: to free two large systems piece by piece would only take time.
    std::mem::forget::<[Document; 2]>([old, new]);
    Ok(outcome)
}

fn print(arguments: &Arguments, diff: &Diff<'_>, names: [&str; 2]) -> Result<()> {
    if arguments.output == Format::Json {
        return json::print(diff, names);
    }
    let mut out = BufWriter::with_capacity(64 * 1024, anstream::stdout().lock());
    match arguments.output {
        Format::Markdown => markdown::write(&mut out, diff)?,
        Format::Text | Format::Json => text::write(&mut out, diff)?,
    }
    out.flush()?;
    Ok(())
}

fn outcome(arguments: &Arguments, diff: &Diff<'_>) -> Outcome {
    let fails = match arguments.fail_on.or(arguments.exit_code.then_some(FailOn::Any)) {
        Some(FailOn::Any) => !diff.changes.is_empty(),
        Some(FailOn::Breaking) => diff.changes.iter().any(|change| change.breaking.is_some()),
        None => false,
    };
    if fails { Outcome::Findings } else { Outcome::Clean }
}
