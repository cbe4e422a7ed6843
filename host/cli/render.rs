//! `render`: draws a document.

use clap::Args;

use crate::drawing::{Drawing, DrawingArguments};
use crate::failure::Result;
use crate::layout::LayoutFile;
use crate::outcome::Outcome;
use crate::output::{self, InputFiles};
use crate::{documents, report};

/// Draw a document through a plugin.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine render payments.json -o payments.svg
  spec-engine render payments.json --plugin d2
  spec-engine render payments.json --plugin d2 --set direction=down --set details=true -o payments.d2
  spec-engine render payments.json --plugin mermaid --group-by owner --set deployments=false
  spec-engine render payments.json --plugin d2 --focus payments-service --direction out
  spec-engine render payments.json --plugin mermaid --split provider -o docs/
  spec-engine render payments.json --split owner -o payments.pdf
  spec-engine render payments.json --keep-layout -o payments.svg
  spec-engine render payments.json --plugin ./my-table.md.tera
  spec-engine render payments.json --plugin ./third-party.wasm
`spec-engine plugins info NAME` shows what --set takes.")]
pub(crate) struct Arguments {
    /// Keep where nodes stand in this drawing in layout.lock, for every later one: new nodes are added, those that are
    /// gone removed. With --fresh-layout, lay it out anew and keep that.
    #[arg(long)]
    keep_layout: bool,
    #[command(flatten)]
    drawing: DrawingArguments,
}

/// Draws a document and writes what came out.
pub(crate) fn run(Arguments { drawing: arguments, keep_layout }: &Arguments) -> Result<Outcome> {
    let (project, input) = documents::find(&arguments.document)?;
    let layout = LayoutFile::of(&project, input.path(), arguments.layout);
    let document = input.read()?;
    let (engine, asked) = arguments.engine(project)?;
    let drawing = Drawing::prepare(arguments, &engine, asked.as_deref(), &layout)?;
    let system = documents::system(&engine, &document, arguments.allow_errors.into())?;
    let Some(system) = system else { return Ok(Outcome::Findings) };
    let mut drawn = drawing.draw(&engine, system, || Ok(engine.check(&document)?.findings))?;
    report::warnings(&drawn.warnings)?;
    document.source().sort(&mut drawn.diagnostics);
    report::to_stderr(document.source(), &drawn.diagnostics)?;
    let Some(artifacts) = drawn.artifacts else { return Ok(Outcome::Findings) };
    let inputs = InputFiles::of(&engine).with(document.path()).with([layout.path()]);
    let written = arguments.write(&artifacts, &inputs)?;
    output::tell_written(&written)?;
    if let Some(remark) = layout.remark(system) {
        report::note(&remark)?;
    }
    if *keep_layout {
        layout.keep(drawn.places)?;
    } else if let Some(damage) = &layout.damage {
        report::failure(damage);
        return Ok(Outcome::Incomplete);
    }
    // The process ends here: to free a large system piece by piece would only take time.
    std::mem::forget(document);
    Ok(Outcome::Clean)
}
