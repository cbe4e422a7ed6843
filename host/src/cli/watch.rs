//! `watch`: draws a document again whenever it changes.

pub(super) mod inputs;
pub(super) mod turn;
pub(super) mod watcher;

use std::io::Write as _;
use std::time::Duration;

use anstream::AutoStream;

use self::inputs::Inputs;
use self::turn::Turn;
use self::watcher::{Wake, Watcher};
use super::args::WatchArguments;
use super::{Failure, Outcome, render, report};
use crate::render::Artifact;

/// Draws, and draws again at each change, until it is told to stop. What was drawn last stays where nothing can be drawn.
pub(super) fn run(arguments: &WatchArguments) -> anyhow::Result<Outcome> {
    let mut arguments = arguments.clone();
    if arguments.render.out.is_none() {
        return Err(Failure::new("`watch` writes into a file").help("name it: --out FILE.svg").into());
    }
    let mut watcher = Watcher::start(Duration::from_millis(arguments.delay))?;
    // What is wrong with the command line ends the run; what is wrong later is for the next change to repair.
    let document = inputs::document(&arguments.render.document)?;
    arguments.render.document.document = Some(document.clone());
    let mut inputs = Inputs::of(&document, &arguments.render, None);
    watcher.watch(&inputs);
    let most = if arguments.max_findings == 0 { usize::MAX } else { arguments.max_findings };
    let mut turn = Turn::draw(&arguments.render, most)?;
    let mut written: Option<Vec<Artifact>> = None;
    loop {
        let mut out = AutoStream::auto(std::io::stderr().lock());
        out.write_all(&turn.report)?;
        drop(out);
        match turn.artifacts.take() {
            Some(artifacts) => {
                if written.as_ref() != Some(&artifacts) {
                    render::write(&arguments.render, &artifacts)?;
                    written = Some(artifacts);
                }
                report::note(&format!("{} is drawn ({}); waiting for a change", shown(&arguments), turn.time()))?;
            }
            None => report::note(&format!("{} stays as it was; waiting for a change", shown(&arguments)))?,
        }
        loop {
            if watcher.wait() == Wake::Stop {
                return Ok(Outcome::Clean);
            }
            inputs = Inputs::of(&document, &arguments.render, Some(&inputs));
            if watcher.watch(&inputs) {
                break;
            }
        }
        turn = Turn::draw(&arguments.render, most).unwrap_or_else(|error| Turn::failed(&error));
    }
}

fn shown(arguments: &WatchArguments) -> String {
    arguments.render.out.as_deref().map(|out| out.display().to_string()).unwrap_or_default()
}
