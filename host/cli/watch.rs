//! `watch`: draws a document again whenever it changes.

pub(crate) mod inputs;
pub(crate) mod redraw;
pub(crate) mod watcher;

use std::io::Write as _;
use std::time::Duration;

use anstream::AutoStream;
use clap::Args;

use spec_engine::render::Artifact;

use self::inputs::Inputs;
use self::redraw::{Redraw, Redrawer};
use self::watcher::{Change, WakeReason, Watcher};
use crate::drawing::DrawingArguments;
use crate::failure::{Failure, Result};
use crate::outcome::Outcome;
use crate::{output, report};

/// How long nothing may change before a document is drawn again, in milliseconds.
pub(crate) const DELAY: u64 = 100;

/// Draw a document again whenever it changes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  spec-engine watch payments.json -o payments.svg
  spec-engine watch payments.json --plugin d2 --focus payments-service -o payments.d2
  spec-engine watch payments.json --plugin ./my-table.md.tera -o table.md

The document, the project file, its rules, templates and components are watched. Errors and
warnings are shown; where nothing can be drawn, the last drawing stays. Ctrl-C ends it.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    drawing: DrawingArguments,
    /// The most findings that are shown at each change, errors first; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 10)]
    max_findings: usize,
    /// How long nothing may change before it is drawn again, in milliseconds, 1 to 60000.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = DELAY, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    delay: u64,
}

/// Draws, and draws again at each change, until it is told to stop. The last drawing stays where nothing can be drawn.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut drawing = arguments.drawing.clone();
    let Some(out) = drawing.out.clone().filter(|out| !output::is_stdout(out)) else {
        return Err(Failure::new("`watch` writes into a file").help("name it: --out FILE.svg"));
    };
    let mut watcher = Watcher::start(Duration::from_millis(arguments.delay))?;
    // What is wrong with the command line ends the run; what is wrong later is for the next change to repair.
    let document = inputs::document(&drawing.document)?;
    drawing.document.document = Some(document.clone());
    let mut inputs = Inputs::of(&document, &drawing, None);
    watcher.watch(&inputs);
    let most = if arguments.max_findings == 0 { usize::MAX } else { arguments.max_findings };
    let mut redrawer = Redrawer::new(drawing.clone(), most);
    let mut redraw = redrawer.draw(Change::Project)?;
    let mut written: Option<Vec<Artifact>> = None;
    let mut told = Vec::new();
    loop {
        let mut err = AutoStream::auto(std::io::stderr().lock());
        err.write_all(&redraw.report)?;
        drop(err);
        match redraw.artifacts.take() {
            Some(artifacts) => {
                if written.as_ref() != Some(&artifacts) {
                    let paths = drawing.write(&artifacts, &redrawer.input_files().with([&document]))?;
                    if told != paths {
                        output::tell_written(&paths)?;
                        told = paths;
                    }
                    written = Some(artifacts);
                }
                report::note(&format!("{} is drawn ({}); waiting for a change", out.display(), redraw.time()))?;
            }
            None => report::note(&format!("{} stays as it was; waiting for a change", out.display()))?,
        }
        let change = loop {
            if watcher.wait() == WakeReason::Stop {
                return Ok(Outcome::Clean);
            }
            inputs = Inputs::of(&document, &drawing, Some(&inputs));
            if let Some(change) = watcher.watch(&inputs) {
                break change;
            }
        };
        redraw = redrawer.draw(change).unwrap_or_else(|failure| Redraw::failed(&failure));
    }
}
